#include "examples/page/requests.h"

#include <memory>

#include "examples/page/contest/contest.h"
#include "examples/page/pictures/picture_lesson.h"
#include "examples/page/rules.h"
#include "examples/page/views/in_words.h"
#include "examples/page/views/step_player.h"
#include "examples/page/views/tape_view.h"
#include "nn/attention/choices.h"

namespace heed::page {
namespace {

std::unique_ptr<Session>& kept() {
  static std::unique_ptr<Session> session;
  return session;
}

Session& session() {
  if (!kept()) throw Error("there is no model yet; start one first");
  return *kept();
}

template <class Table>
Json table(const Table& choices) {
  Json list = Json::array();
  for (const auto& choice : choices) list.push_back({{"name", choice.name}, {"help", choice.help}});
  return list;
}

constexpr Choice<bool> kOrders[] = {
    {"before", "before the step (Bahdanau et al.)", false},
    {"after", "after the step (Luong et al.)", true},
};

Json choices(const Json&) {
  return {{"rules", table(rule_words)}, {"orders", table(kOrders)}, {"scores", table(attention_scores)}};
}

std::string as_typed(const Task& task, const std::vector<std::string>& names, const Words& words) {
  std::string text;
  for (const int64_t word : words) text += (text.empty() || task.spelt ? "" : " ") + names[static_cast<size_t>(word)];
  return text;
}

SessionSettings settings_of(const Json& request) {
  SessionSettings s;
  s.task.rule = request.value("rule", s.task.rule);
  s.task.letters = request.value("letters", s.task.letters);
  s.task.shortest = request.value("shortest", s.task.shortest);
  s.task.longest = request.value("longest", s.task.longest);
  s.model.after = choose(kOrders, "order", request.value("order", "before")).make;
  s.model.score = request.value("score", s.model.score);
  s.model.hidden = request.value("hidden", s.model.hidden);
  s.batch = request.value("batch", s.batch);
  s.seed = request.value("seed", s.seed);
  return s;
}

Json start(const Json& request) {
  kept() = std::make_unique<Session>(settings_of(request));
  return {{"parameters", session().parameters()},
          {"symbols", session().task().target.size()},
          {"spelt", session().task().spelt}};
}

Json train(const Json& request) {
  Json losses = Json::array(), right = Json::array();
  for (int64_t step = request.value("steps", int64_t{1}); step > 0; --step) {
    const Session::Learnt learnt = session().train(request.value("rate", 0.005));
    losses.push_back(learnt.loss);
    right.push_back(learnt.right);
  }
  return {{"losses", losses}, {"right", right}, {"steps", session().steps()}};
}

Json measure(const Json&) {
  const Session::Measured found = session().measure();
  return {{"texts", found.texts}, {"symbols", found.symbols}, {"steps", session().steps()}};
}

Json example(const Json& request) {
  const Pair pair = session().example(request.value("index", uint64_t{0}));
  const Task& task = session().task();
  return {{"text", as_typed(task, task.source, pair.read)}, {"right", as_typed(task, task.target, pair.write)}};
}

Json check(const Json& request) {
  const GradcheckReport report = session().check(request.value("fault", 0.0));
  Json failures = Json::array();
  for (const auto& f : report.failures)
    failures.push_back({{"where", f.where}, {"got", f.got}, {"expected", f.expected}});
  return {{"passed", report.passed()}, {"checked", report.checked}, {"worst", report.worst}, {"failures", failures}};
}

Json tape(const Json& request) {
  const Task& task = session().task();
  const Words read = task.parse(request.value("text", ""));
  constexpr size_t kLongest = 6;
  if (read.size() > kLongest)
    throw Error("a tape of more than {} words is too long to be read; take fewer", kLongest);
  return tape_view(session(), {read, task.right(read)});
}

Json play(const Json& request) {
  const Task& task = session().task();
  const Words read = task.parse(request.value("text", ""));
  Json played = page::play(session().model(), task, read, meddling_of(request));
  played["right"] = as_typed(task, task.target, task.right(read));
  return played;
}

std::unique_ptr<Contest>& contest() {
  static std::unique_ptr<Contest> kept;
  return kept;
}

Json start_contest(const Json& request) {
  contest() = std::make_unique<Contest>(settings_of(request));
  return {{"parameters", {contest()->parameters(0), contest()->parameters(1)}}};
}

Json train_contest(const Json& request) {
  if (!contest()) throw Error("there is no contest yet; start one first");
  Json losses = Json::array();
  for (int64_t step = request.value("steps", int64_t{1}); step > 0; --step) {
    const auto [attention, fixed] = contest()->train(request.value("rate", 0.005));
    losses.push_back({attention.loss, fixed.loss});
  }
  return {{"losses", losses}, {"steps", contest()->steps()}};
}

Json measure_contest(const Json& request) {
  if (!contest()) throw Error("there is no contest yet; start one first");
  const Contest::ByLength found =
      contest()->by_length(request.value("longest", int64_t{12}), request.value("count", int64_t{32}));
  return {{"lengths", found.lengths}, {"attention", found.right[0]}, {"fixed", found.right[1]}};
}

std::unique_ptr<PictureLesson>& pictures() {
  static std::unique_ptr<PictureLesson> kept;
  return kept;
}

Json start_pictures(const Json& request) {
  pictures() = std::make_unique<PictureLesson>(request.value("seed", uint64_t{1}));
  return {{"parameters", pictures()->parameters()}};
}

PictureLesson& lesson() {
  if (!pictures()) throw Error("there are no pictures yet; start them first");
  return *pictures();
}

Json train_pictures(const Json& request) {
  Json losses = Json::array();
  for (int64_t step = request.value("steps", int64_t{1}); step > 0; --step)
    losses.push_back(lesson().train(request.value("rate", 0.005)));
  return {{"losses", losses}, {"steps", lesson().steps()}};
}

Json measure_pictures(const Json& request) {
  Json exact = Json::array(), pointing = Json::array();
  for (const auto& [whole, points] : lesson().measure(request.value("count", int64_t{32}))) {
    exact.push_back(whole);
    pointing.push_back(points);
  }
  return {{"exact", exact}, {"pointing", pointing}};
}

Json look_at_picture(const Json& request) { return lesson().look(request.value("index", int64_t{0})); }

constexpr Choice<Json (*)(const Json&)> kRequests[] = {
    {"choices", "", choices},
    {"start", "", start},
    {"train", "", train},
    {"measure", "", measure},
    {"example", "", example},
    {"check", "", check},
    {"tape", "", tape},
    {"play", "", play},
    {"start contest", "", start_contest},
    {"train contest", "", train_contest},
    {"measure contest", "", measure_contest},
    {"start pictures", "", start_pictures},
    {"train pictures", "", train_pictures},
    {"measure pictures", "", measure_pictures},
    {"look at picture", "", look_at_picture},
};

}  // namespace

std::string answer(const std::string& request) { return answer_one_of(kRequests, request); }

}  // namespace heed::page

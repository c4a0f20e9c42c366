// Optimizers, clipping and schedules against reference values computed by another framework in double. The
// files are not part of the source; HEED_GOLDEN names their folder, else one that lies beside the source is
// looked for.
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>

#include "autograd/files/safetensors.h"
#include "optim/clip.h"
#include "optim/gradient_descent.h"
#include "optim/schedule.h"
#include "tests/catch.hpp"
#include "tests/optim/models.h"

using namespace heed;
namespace fs = std::filesystem;

namespace {

fs::path golden_folder() {
  const char* named = std::getenv("HEED_GOLDEN");
  return named ? fs::path(named) : fs::path(HEED_SOURCE_DIR) / ".." / "shared" / "golden";
}

// One case: its tensors, and its attributes, which are one flat JSON object.
struct Case {
  fs::path path;
  TensorFile file;

  explicit Case(const fs::path& p) : path(p), file(load_tensors(p)) {}
  std::string operation() const { return file.metadata.at("op"); }
  bool has(const std::string& name) const { return file.tensors.count(name) > 0; }
  const Tensor& tensor(const std::string& name) const { return file.tensors.at(name); }

  // What stands behind "name": in the attributes.
  std::string text(const std::string& name) const {
    const std::string& attributes = file.metadata.at("attrs");
    const std::string key = "\"" + name + "\": ";
    const size_t at = attributes.find(key);
    if (at == std::string::npos) throw Error("{} has no attribute {}", path.string(), name);
    return attributes.substr(at + key.size());
  }
  double number(const std::string& name) const { return std::stod(text(name)); }
  int64_t whole(const std::string& name) const { return std::stoll(text(name)); }
  bool flag(const std::string& name) const { return text(name).rfind("true", 0) == 0; }
  std::string word(const std::string& name) const {
    const std::string quoted = text(name);
    return quoted.substr(1, quoted.find('"', 1) - 1);
  }
  std::vector<double> list(const std::string& name) const {
    std::string rest = text(name).substr(1);
    std::vector<double> numbers;
    for (size_t used = 0; !rest.empty() && rest[0] != ']'; rest = rest.substr(used)) {
      numbers.push_back(std::stod(rest, &used));
      if (rest[used] == ',') ++used;
    }
    return numbers;
  }
};

void check_close(const Case& c, const std::string& name, const std::vector<double>& found,
                 const std::vector<double>& expected, bool single) {
  INFO(c.path.filename().string() << " " << name << (single ? " in f32" : " in f64"));
  REQUIRE(found.size() == expected.size());
  double largest = 1;
  for (double r : expected) largest = std::max(largest, std::min(std::abs(r), 1000.0));
  const double rtol = single ? 1e-4 : 1e-10, atol = single ? 1e-5 : 1e-12;
  for (size_t i = 0; i < found.size(); ++i)
    CHECK(std::abs(found[i] - expected[i]) <= rtol * std::abs(expected[i]) + atol * largest);
}

std::unique_ptr<Optimizer> make_optimizer(const Case& c, const Parameters& parameters) {
  const std::string operation = c.operation();
  const double rate = c.number("lr"), decay = c.number("weight_decay");
  if (operation == "sgd")
    return std::make_unique<Sgd>(
        parameters, rate, SgdOptions{c.number("momentum"), c.number("dampening"), decay, c.flag("nesterov")});
  if (operation == "adagrad")
    return std::make_unique<Adagrad>(
        parameters, rate,
        AdagradOptions{c.number("lr_decay"), decay, c.number("initial_accumulator_value"), c.number("eps")});
  if (operation == "adadelta")
    return std::make_unique<Adadelta>(parameters, rate,
                                      AdadeltaOptions{c.number("rho"), c.number("eps"), decay});
  if (operation == "rmsprop")
    return std::make_unique<RmsProp>(
        parameters, rate,
        RmsPropOptions{c.number("alpha"), c.number("eps"), c.number("momentum"), decay, c.flag("centered")});
  const std::vector<double> betas = c.list("betas");
  const AdamOptions options{betas.at(0), betas.at(1), c.number("eps"), decay, c.flag("amsgrad")};
  if (operation == "adam") return std::make_unique<Adam>(parameters, rate, options);
  return std::make_unique<AdamW>(parameters, rate, options);
}

void check_optimizer(const Case& c, DType dtype) {
  const bool single = dtype == DType::f32;
  test::Pair model(dtype, c.tensor("param.a").shape(), c.tensor("param.b").shape());
  Parameters parameters(model);
  copy_into(model.a, c.tensor("param.a"));
  copy_into(model.b, c.tensor("param.b"));
  auto optimizer = make_optimizer(c, parameters);
  for (int64_t t = 0; t < c.whole("steps"); ++t) {
    optimizer->step(test::flat_gradients(parameters, {c.tensor("in.grad_a")[t], c.tensor("in.grad_b")[t]}));
    check_close(c, "a", model.a.to_vector(), c.tensor("out.traj_a")[t].to_vector(), single);
    check_close(c, "b", model.b.to_vector(), c.tensor("out.traj_b")[t].to_vector(), single);
  }
  size_t checked = 0;
  for (const auto& [name, tensor] : optimizer->state()) {
    const size_t slash = name.find('/');
    if (slash == std::string::npos) continue;
    const std::string reference = "out." + name.substr(0, slash) + "_" + name.substr(slash + 1);
    check_close(c, reference, tensor.to_vector(), c.tensor(reference).to_vector(), single);
    ++checked;
  }
  size_t given = 0;
  for (const auto& [name, tensor] : c.file.tensors) given += name.rfind("out.", 0) == 0;
  CHECK(checked + 2 == given);
}

void check_clipping(const Case& c) {
  std::vector<Tensor> values;
  for (int64_t i = 0; i < c.whole("count"); ++i) values.push_back(c.tensor("in.grad" + std::to_string(i)));
  Gradients gradients({}, values);
  if (c.operation() == "clip_grad_value") {
    clip_value(gradients, c.number("clip_value"));
  } else {
    const bool largest = c.text("norm_type")[0] == '"';
    const double order = largest ? std::numeric_limits<double>::infinity() : c.number("norm_type");
    const double before = clip_norm(gradients, c.number("max_norm"), order);
    check_close(c, "total_norm", {before}, c.tensor("out.total_norm").to_vector(), false);
  }
  for (size_t i = 0; i < values.size(); ++i) {
    const std::string name = "out.grad" + std::to_string(i);
    check_close(c, name, gradients[i].to_vector(), c.tensor(name).to_vector(), false);
  }
}

LearningRate make_schedule(const Case& c) {
  const std::string kind = c.word("kind");
  const double base = c.number("base_lr");
  if (kind == "step") return schedule::step(base, c.whole("step_size"), c.number("gamma"));
  if (kind == "exponential") return schedule::exponential(base, c.number("gamma"));
  if (kind == "cosine") return schedule::cosine(base, c.whole("t_max"), c.number("eta_min"));
  if (kind == "noam") return schedule::noam(c.whole("d_model"), c.whole("warmup"), base * c.number("factor"));
  if (kind == "linear_warmup") return schedule::linear_warmup(base, c.whole("warmup"));
  REQUIRE(kind == "multistep");
  const std::vector<double> milestones = c.list("milestones");
  return schedule::multistep(base, {milestones.begin(), milestones.end()}, c.number("gamma"));
}

void check_schedule(const Case& c) {
  std::vector<double> rates;
  if (c.operation() == "lr_plateau") {
    Plateau plateau(c.number("base_lr"), {.maximize = c.word("mode") == "max",
                                          .factor = c.number("factor"),
                                          .patience = static_cast<int>(c.whole("patience")),
                                          .threshold = c.number("threshold"),
                                          .absolute = c.word("threshold_mode") == "abs",
                                          .cooldown = static_cast<int>(c.whole("cooldown")),
                                          .lowest = c.number("min_lr"),
                                          .eps = c.number("eps")});
    for (double metric : c.tensor("in.metrics").to_vector()) rates.push_back(plateau(metric));
  } else {
    const LearningRate rate = make_schedule(c);
    for (int64_t k = 0; k < c.whole("steps"); ++k) rates.push_back(rate(k));
  }
  check_close(c, "lr", rates, c.tensor("out.lr").to_vector(), false);
}

}  // namespace

TEST_CASE("golden: optimizers, clipping and schedules agree with the reference values") {
  if (!fs::is_directory(golden_folder())) {
    WARN("skipped: no reference values in " << golden_folder().string()
                                            << "; name their folder in HEED_GOLDEN");
    return;
  }
  int cases = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(golden_folder())) {
    if (entry.path().filename().string().rfind("optim__", 0) != 0) continue;
    const Case c(entry.path());
    const std::string operation = c.operation();
    if (operation.rfind("clip_", 0) == 0) {
      check_clipping(c);
    } else if (operation.rfind("lr_", 0) == 0) {
      check_schedule(c);
    } else {
      check_optimizer(c, DType::f64);
      check_optimizer(c, DType::f32);
    }
    ++cases;
  }
  CHECK(cases >= 46);
}

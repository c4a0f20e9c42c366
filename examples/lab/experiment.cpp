#include "examples/lab/experiment.h"

#include <algorithm>

#include "autograd/base/error.h"
#include "examples/support/program/json_file.h"

namespace heed::lab {
namespace {

using nlohmann::json;

// A part of an experiment with the place where it stands, for messages.
class Part {
 public:
  Part(const json& value, std::string place) : value_(value), place_(std::move(place)) {
    if (!value.is_object()) throw Error("{}: an object is wanted", place_);
  }
  template <class T>
  T get(const char* name) const {
    if (!value_.contains(name)) throw Error("{}: \"{}\" is missing", place_, name);
    try {
      return value_.at(name).get<T>();
    } catch (const json::exception&) {
      throw Error("{}: \"{}\" is of the wrong kind: {}", place_, name, value_.at(name).dump());
    }
  }
  template <class T>
  T get(const char* name, T usual) const {
    return value_.contains(name) ? get<T>(name) : usual;
  }
  std::vector<Part> list(const char* name) const {
    std::vector<Part> parts;
    if (!value_.contains(name)) return parts;
    if (!value_.at(name).is_array()) throw Error("{}: \"{}\" must be a list", place_, name);
    for (const json& element : value_.at(name))
      parts.emplace_back(element, place_ + ": " + name + " " + std::to_string(parts.size() + 1));
    return parts;
  }
  const std::string& place() const { return place_; }

 private:
  const json& value_;
  std::string place_;
};

void append(Words& to, const Words& more) { to.insert(to.end(), more.begin(), more.end()); }

Column column_of(const Part& part, const std::string& title) {
  return {title, part.get<std::string>("figure"), part.get<int>("digits", 2), part.get<double>("scale", 1)};
}

// Throws unless the models that this one begins with are listed before it.
void find_basis(Model& model, const std::vector<Model>& before, const std::string& place) {
  for (const std::string& name : models_named(model.flags)) {
    const auto found =
        std::find_if(before.begin(), before.end(), [&](const Model& other) { return other.name == name; });
    if (found == before.end())
      throw Error("{}: \"{}\" begins with {{run:{}}}, and no model of that name stands before it", place, model.name,
                  name);
    append(model.basis, found->basis);
    append(model.basis, found->flags);
  }
}

std::vector<Model> models_of(const Part& file) {
  std::vector<Model> models;
  for (const Part& part : file.list("models")) {
    Model model;
    model.name = part.get<std::string>("name");
    model.program = part.get<std::string>("program", file.get<std::string>("program", "translate"));
    model.flags = file.get<Words>("train", {});
    append(model.flags, part.get<Words>("flags", {}));
    model.run = part.get<std::string>("run", model.name);
    model.measured = part.get<Words>("measured", {});
    model.trained = file.get<bool>("trained", true);
    for (const Model& other : models)
      if (other.run == model.run && (other.flags != model.flags || other.program != model.program))
        throw Error("{} and {} have one run, {}, and other flags of training", other.name, model.name, model.run);
    find_basis(model, models, part.place());
    models.push_back(std::move(model));
  }
  return models;
}

std::vector<Measure> measures_of(const Part& file, const char* name) {
  std::vector<Measure> measures;
  for (const Part& part : file.list(name))
    measures.push_back({part.get<std::string>("name"), part.get<Words>("flags")});
  return measures;
}

std::vector<Headline> headlines_of(const Part& file) {
  std::vector<Headline> headlines;
  for (const Part& part : file.list("headlines")) {
    Headline headline{part.get<std::string>("says"), {}, {}};
    for (const Part& value : part.list("values")) {
      headline.models.push_back(value.get<std::string>("model"));
      headline.figures.push_back(column_of(value, ""));
    }
    headlines.push_back(std::move(headline));
  }
  return headlines;
}

}  // namespace

Experiment load_experiment(const std::filesystem::path& path, bool brief) {
  json content = support::read_json_file(path);
  if (brief) {
    if (!content.contains("short")) throw Error("{}: it has no short form", path.string());
    const json shorter = content["short"];
    content.merge_patch(shorter);
  }
  const Part file(content, path.string());
  Experiment e;
  e.name = path.stem().string();
  e.title = file.get<std::string>("title");
  e.question = file.get<std::vector<std::string>>("question");
  e.findings = file.get<std::vector<std::string>>("findings", {});
  e.prepare = file.get<std::vector<Words>>("prepare", {});
  e.seeds = file.get<std::vector<uint64_t>>("seeds");
  e.models = models_of(file);
  e.measures = measures_of(file, "measures");
  e.once = measures_of(file, "once");
  for (const Part& part : file.list("table")) e.columns.push_back(column_of(part, part.get<std::string>("title")));
  e.headlines = headlines_of(file);
  for (const Part& part : file.list("plots"))
    e.plots.push_back({part.get<std::string>("title"), part.get<std::string>("file"), part.get<std::string>("x"),
                       part.get<std::string>("y"), part.get<std::string>("x_label", ""),
                       part.get<std::string>("y_label", ""), part.get<Words>("models", {})});
  for (const Part& part : file.list("goal"))
    e.goal = {column_of(part, part.get<std::string>("title")), part.get<double>("least")};
  if (e.models.empty() || e.seeds.empty()) throw Error("{}: it has no models, or no seeds", path.string());
  return e;
}

std::vector<std::string> experiments_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

Words filled(Words words, const std::vector<std::pair<std::string, std::string>>& places) {
  for (std::string& word : words)
    for (const auto& [name, value] : places)
      for (size_t at = word.find(name); at != std::string::npos; at = word.find(name, at + value.size()))
        word.replace(at, name.size(), value);
  return words;
}

Words models_named(const Words& flags) {
  const std::string open = "{run:";
  Words names;
  for (const std::string& flag : flags)
    for (size_t at = flag.find(open); at != std::string::npos; at = flag.find(open, at + 1)) {
      const size_t begin = at + open.size(), end = flag.find('}', begin);
      if (end == std::string::npos) throw Error("{}: the word {{run:NAME}} has no end", flag);
      const std::string name = flag.substr(begin, end - begin);
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  return names;
}

}  // namespace heed::lab

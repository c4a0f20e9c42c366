#include "examples/lab/tables.h"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "autograd/base/error.h"
#include "examples/support/report/report_static.h"

namespace heed::lab {
namespace {

using nlohmann::json;
using support::escape_html;

// "41.2 ± 0.3", "41.2", or "-".
std::string cell(const Column& column, const std::vector<const json*>& rows) {
  std::vector<double> values;
  for (const json* row : rows)
    for (const double value : numbers_at(*row, column.figure))
      if (std::isfinite(value)) values.push_back(value * column.scale);
  if (values.empty()) return "-";
  const Spread spread = spread_of(values);
  const std::string mean = fmt::format("{:.{}f}", spread.mean, column.digits);
  return spread.count > 1 ? fmt::format("{} ± {:.{}f}", mean, spread.deviation, column.digits) : mean;
}

// Titles, then a line of cells for each model that has rows.
std::vector<std::vector<std::string>> cells(const Experiment& experiment, const Figures& figures) {
  std::vector<std::vector<std::string>> lines(1, {"model"});
  for (const Column& column : experiment.columns) lines[0].push_back(column.title);
  lines[0].push_back("seeds");
  for (const Model& model : experiment.models) {
    const std::vector<const json*> rows = figures.rows_of(experiment, model);
    std::vector<std::string>& line = lines.emplace_back(1, model.name);
    for (const Column& column : experiment.columns) line.push_back(cell(column, rows));
    line.push_back(std::to_string(rows.size()));
  }
  return lines;
}

// On what, when and from what the rows were made, each said once.
std::string made_by(const Experiment& experiment, const Figures& figures) {
  std::set<std::string> machines, commits, dates;
  for (const Model& model : experiment.models)
    for (const json* row : figures.rows_of(experiment, model)) {
      machines.insert(row->value("machine", "?") + " (" + row->value("simd", "?") + ")");
      commits.insert(row->value("commit", "?"));
      dates.insert(row->value("date", "?").substr(0, 10));
    }
  const auto list = [](const std::set<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
  };
  return fmt::format("Trained on {}; {}; commit {}.", list(machines), list(dates), list(commits));
}

const Model* model_named(const Experiment& experiment, const std::string& name) {
  for (const Model& model : experiment.models)
    if (model.name == name) return &model;
  return nullptr;
}

std::string how(const Experiment& experiment) { return fmt::format("./run lab {}", experiment.name); }

}  // namespace

std::string markdown_table(const Experiment& experiment, const Figures& figures) {
  std::string text;
  const auto lines = cells(experiment, figures);
  for (size_t i = 0; i < lines.size(); ++i) {
    text += "|";
    for (const std::string& word : lines[i]) text += " " + word + " |";
    text += "\n";
    if (i > 0) continue;
    text += "| --- |";
    for (size_t k = 1; k < lines[0].size(); ++k) text += " ---: |";
    text += "\n";
  }
  return text;
}

std::string markdown_page(const Experiment& experiment, const Figures& figures,
                          const std::vector<std::string>& plots) {
  std::string text = "# " + experiment.title + "\n\n";
  for (const std::string& paragraph : experiment.question) text += paragraph + "\n\n";
  text += markdown_table(experiment, figures) + "\n";
  text += "Means over seeds, ± the standard deviation of one run.\n\n";
  for (const std::string& plot : plots) text += fmt::format("![{}]({})\n\n", plot, plot);
  if (!experiment.findings.empty()) text += "## What it says\n\n";
  for (const std::string& paragraph : experiment.findings) text += paragraph + "\n\n";
  text += "## How it was made\n\n    " + how(experiment) + "\n\n";
  text += fmt::format(
      "The experiment is [{0}.json](../../examples/lab/experiments/{0}.json), its figures are [{0}.json]"
      "({0}.json). {1}\n",
      experiment.name, made_by(experiment, figures));
  return text;
}

std::string headline_rows(const Experiment& experiment, const Figures& figures) {
  std::string text;
  for (const Headline& headline : experiment.headlines) {
    std::string says = headline.says;
    bool complete = true;
    for (size_t i = 0; i < headline.models.size(); ++i) {
      const Model* model = model_named(experiment, headline.models[i]);
      const size_t at = says.find("{}");
      if (!model || at == std::string::npos)
        throw Error("{}: the headline '{}' has no place for {}, or there is no such model", experiment.name,
                    headline.says, headline.models[i]);
      const std::string figure = cell(headline.figures[i], figures.rows_of(experiment, *model));
      complete &= figure != "-";
      says.replace(at, 2, figure);
    }
    if (complete)
      text += fmt::format("| [{}](docs/lab/{}.md) | {} | `{}` |\n", experiment.title, experiment.name, says,
                          how(experiment));
  }
  return text;
}

std::string readme_table(const std::filesystem::path& experiments, const std::filesystem::path& docs) {
  std::string rows = "| question | answer | command |\n| --- | --- | --- |\n";
  for (const std::string& name : experiments_in(experiments))
    rows += headline_rows(load_experiment(experiments / (name + ".json"), false), Figures(docs / (name + ".json")));
  return rows;
}

std::string with_part(const std::string& text, const std::string& name, const std::string& part) {
  const std::string opens = "<!-- " + name + " -->\n", closes = "<!-- end of " + name + " -->";
  const size_t begin = text.find(opens), end = text.find(closes);
  if (begin == std::string::npos || end == std::string::npos || end < begin)
    throw Error("there is no part between {} and {}", opens.substr(0, opens.size() - 1), closes);
  return text.substr(0, begin + opens.size()) + part + text.substr(end);
}

std::string html_page(const Experiment& experiment, const Figures& figures, const std::vector<std::string>& svgs) {
  std::string text = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>{0}</title>\n<style>\n"
      "body {{ font: 16px/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }}\n"
      "table {{ border-collapse: collapse; }}\ntd, th {{ padding: .2rem .7rem; border-bottom: 1px solid #ddd; "
      "text-align: right; }}\ntd:first-child, th:first-child {{ text-align: left; }}\nsvg {{ max-width: 100%; }}\n"
      "</style>\n<h1>{0}</h1>\n",
      escape_html(experiment.title));
  for (const std::string& paragraph : experiment.question) text += "<p>" + escape_html(paragraph) + "</p>\n";
  text += "<table>\n";
  const auto lines = cells(experiment, figures);
  for (size_t i = 0; i < lines.size(); ++i) {
    const char* tag = i == 0 ? "th" : "td";
    text += "<tr>";
    for (const std::string& word : lines[i]) text += fmt::format("<{0}>{1}</{0}>", tag, escape_html(word));
    text += "</tr>\n";
  }
  text += "</table>\n";
  for (const std::string& svg : svgs)
    text += "<figure>" + svg.substr(std::min(svg.find("<svg"), svg.size())) + "</figure>\n";
  for (const std::string& paragraph : experiment.findings) text += "<p>" + escape_html(paragraph) + "</p>\n";
  return text + "<p>" + escape_html(made_by(experiment, figures)) + " <code>" + escape_html(how(experiment)) +
         "</code></p>\n</html>\n";
}

}  // namespace heed::lab

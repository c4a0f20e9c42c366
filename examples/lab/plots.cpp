#include "examples/lab/plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "autograd/files/atomic_file.h"
#include "examples/support/process/child.h"
#include "examples/support/process/interrupt.h"

namespace heed::lab {
namespace {

using nlohmann::json;

// Readable also by those who do not see red and green apart (Okabe and Ito 2008).
constexpr const char* kColours[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00",
                                    "#56B4E9", "#000000", "#882255", "#999933", "#117733"};

struct Point {
  double x;
  Spread y;
};

// Of the places along x that all seeds have.
std::vector<Point> points_of(const Plot& plot, const std::vector<const json*>& rows) {
  std::vector<Point> points;
  if (rows.empty()) return points;
  const std::vector<double> x = numbers_at(*rows[0], plot.x);
  for (size_t i = 0; i < x.size(); ++i) {
    std::vector<double> values;
    for (const json* row : rows) {
      const std::vector<double> y = numbers_at(*row, plot.y);
      if (i < y.size() && std::isfinite(y[i])) values.push_back(y[i]);
    }
    if (!values.empty()) points.push_back({x[i], spread_of(values)});
  }
  return points;
}

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) result += (c == '"' || c == '\\' ? "\\" : "") + std::string(1, c);
  return result + "\"";
}

}  // namespace

bool can_plot() {
  try {
    support::run_child({"gnuplot", "--version"}, "/dev/null", [](const std::string&) {});
    return true;
  } catch (const support::Interrupted&) {
    throw;
  } catch (const Error&) {
    return false;
  }
}

bool draw(const Plot& plot, const Experiment& experiment, const Figures& figures,
          const std::filesystem::path& folder) {
  std::string data, bands, lines;
  size_t number = 0;
  for (const Model& model : experiment.models) {
    if (!plot.models.empty() && std::find(plot.models.begin(), plot.models.end(), model.name) == plot.models.end())
      continue;
    const std::vector<Point> points = points_of(plot, figures.rows_of(experiment, model));
    if (points.empty()) continue;
    const char* colour = kColours[number % std::size(kColours)];
    data += fmt::format("$m{} << EOD\n", number);
    bool several = false;
    for (const auto& [x, y] : points) {
      data += fmt::format("{} {} {} {}\n", x, y.mean, y.mean - y.deviation, y.mean + y.deviation);
      several |= y.count > 1;
    }
    data += "EOD\n";
    if (several)
      bands += fmt::format("$m{} using 1:3:4 with filledcurves fc rgb '{}' fs transparent solid 0.18 notitle, ",
                           number, colour);
    lines += fmt::format("{}$m{} using 1:2 with linespoints lw 2 pt 7 ps 0.5 lc rgb '{}' title {}",
                         lines.empty() ? "" : ", ", number, colour, quoted(model.name));
    ++number;
  }
  if (number == 0) return false;
  const std::filesystem::path script = folder / (plot.file + ".gnuplot");
  write_file_atomically(
      script, fmt::format("set terminal svg size 760,520 font 'sans-serif,13' background 'white'\nset output {}\n"
                          "set title {}\nset xlabel {}\nset ylabel {}\nset grid lc rgb '#dddddd'\n"
                          "set key below maxcols 2 noenhanced\nset yrange [0:*]\n{}plot {}{}\n",
                          quoted((folder / plot.file).string()), quoted(plot.title), quoted(plot.x_label),
                          quoted(plot.y_label), data, bands, lines));
  support::run_child({"gnuplot", script.string()}, (folder / "gnuplot.log").string(), [](const std::string&) {});
  std::filesystem::remove(script);
  std::filesystem::remove(folder / "gnuplot.log");
  return true;
}

}  // namespace heed::lab

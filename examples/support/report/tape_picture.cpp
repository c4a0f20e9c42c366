#include "examples/support/report/tape_picture.h"

#include <algorithm>

#include "autograd/check/print.h"
#include "examples/support/report/report_static.h"

namespace heed::support {
namespace {

// A vertex with its place in the picture.
struct Box : TapeVertex {
  size_t layer = 0;
  double x = 0;       // of its centre
  bool bend = false;  // of an edge that passes a layer: nothing is drawn but the edge
};

constexpr double kLetter = 7, kLine = 15, kGap = 16, kMargin = 12, kNotes = 60;

// The lines of a vertex with their classes: what it is, its value, its gradient.
std::vector<std::pair<const char*, std::string>> lines_of(const TapeVertex& vertex) {
  std::vector<std::pair<const char*, std::string>> lines = {{"title", vertex.title}};
  if (!vertex.detail.empty()) lines.emplace_back("detail", vertex.detail);
  if (!vertex.value.empty()) lines.emplace_back("value", "= " + vertex.value);
  if (!vertex.gradient.empty()) lines.emplace_back("gradient", "∂ " + vertex.gradient);
  return lines;
}

double width_of(const Box& vertex) {
  size_t letters = 0;
  for (const auto& [kind, line] : lines_of(vertex)) letters = std::max(letters, line.size());
  return kLetter * static_cast<double>(letters) + 16;
}

// All boxes are as high as the highest; edges that carry numbers are longer.
struct Heights {
  double box = 40, layer = 76;
  double beside = 0;  // room for the numbers at the outermost edges
  explicit Heights(const std::vector<Box>& graph) {
    size_t most = 2;
    bool numbers = false;
    for (const Box& vertex : graph) {
      most = std::max(most, lines_of(vertex).size());
      numbers |= !vertex.value.empty() || !vertex.shares.empty();
    }
    box = kLine * static_cast<double>(most) + 10;
    layer = box + (numbers ? 56 : 36);
    beside = numbers ? kNotes : 0;
  }
};

// Where an edge from `from` comes to the layer above `layer`: boxes that it passes lie beside it.
size_t bend_around(std::vector<Box>& graph, size_t from, size_t layer) {
  while (graph[from].layer + 1 < layer) {
    Box bend;
    bend.value = graph[from].value;
    bend.from = {from};
    bend.layer = graph[from].layer + 1;
    bend.bend = true;
    graph.push_back(bend);
    from = graph.size() - 1;
  }
  return from;
}

// Operations as high as their inputs allow, leaves right above the first operation that needs them.
std::vector<std::vector<size_t>> layers_of(std::vector<Box>& graph) {
  for (Box& vertex : graph)
    for (const size_t from : vertex.from) vertex.layer = std::max(vertex.layer, graph[from].layer + 1);
  std::vector<size_t> first(graph.size(), graph.size() + 1);
  for (const Box& vertex : graph)
    for (const size_t from : vertex.from) first[from] = std::min(first[from], vertex.layer);
  for (size_t v = 0; v < graph.size(); ++v)
    if (!graph[v].operation && first[v] <= graph.size()) graph[v].layer = first[v] - 1;
  for (size_t v = 0, count = graph.size(); v < count; ++v)
    for (size_t i = 0; i < graph[v].from.size(); ++i) {
      const size_t end = bend_around(graph, graph[v].from[i], graph[v].layer);
      graph[v].from[i] = end;
    }
  std::vector<std::vector<size_t>> layers;
  for (size_t v = 0; v < graph.size(); ++v) {
    if (layers.size() <= graph[v].layer) layers.resize(graph[v].layer + 1);
    layers[graph[v].layer].push_back(v);
  }
  return layers;
}

// Puts the vertices of each layer side by side, ordered by where their neighbours stand,
// which keeps crossings few.
double place(std::vector<Box>& graph, std::vector<std::vector<size_t>>& layers) {
  std::vector<std::vector<size_t>> to(graph.size());
  for (size_t v = 0; v < graph.size(); ++v)
    for (const size_t from : graph[v].from) to[from].push_back(v);
  double widest = 0;
  const auto line_up = [&](std::vector<size_t>& layer) {
    double x = kMargin;
    for (const size_t v : layer) {
      const double width = width_of(graph[v]);
      graph[v].x = x + width / 2;
      x += width + kGap;
    }
    widest = std::max(widest, x - kGap + kMargin);
  };
  for (auto& layer : layers) line_up(layer);
  for (int pass = 0; pass < 4; ++pass)
    for (size_t k = 0; k < layers.size(); ++k) {
      auto& layer = layers[pass % 2 ? layers.size() - 1 - k : k];
      std::vector<std::pair<double, size_t>> wish;
      for (const size_t v : layer) {
        double sum = 0;
        for (const auto* neighbours : {&graph[v].from, &to[v]})
          for (const size_t other : *neighbours) sum += graph[other].x;
        const size_t count = graph[v].from.size() + to[v].size();
        wish.emplace_back(count ? sum / static_cast<double>(count) : graph[v].x, v);
      }
      std::stable_sort(wish.begin(), wish.end());
      for (size_t i = 0; i < layer.size(); ++i) layer[i] = wish[i].second;
      line_up(layer);
    }
  for (const auto& layer : layers) {  // centred
    const double right = graph[layer.back()].x + width_of(graph[layer.back()]) / 2 + kMargin;
    for (const size_t v : layer) graph[v].x += (widest - right) / 2;
  }
  return widest;
}

std::string draw(const Box& vertex, const Heights& height) {
  const double y = kMargin + height.layer * static_cast<double>(vertex.layer), width = width_of(vertex);
  const char* kind = vertex.operation ? "operation" : vertex.labelled ? "parameter" : "leaf";
  std::string text =
      fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{}\" rx=\"{}\"/>\n", kind,
                  vertex.x - width / 2, y, width, height.box, vertex.operation ? 14 : 2);
  const auto lines = lines_of(vertex);
  double baseline = y + (height.box - kLine * static_cast<double>(lines.size())) / 2 + 12;
  for (const auto& [name, line] : lines) {
    text += fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", name, vertex.x, baseline,
                        escape_html(line));
    baseline += kLine;
  }
  return text;
}

// Input number i of `to`, with the value that goes down and the share of the gradient that comes back.
std::string draw_edge(const Box& from, const Box& to, size_t i, const Heights& height) {
  // Edges that end at one box end side by side.
  const double apart = (static_cast<double>(i) - static_cast<double>(to.from.size() - 1) / 2) * 2 * kLetter;
  const double x0 = from.x, x1 = to.x + apart;
  const double y0 = kMargin + height.layer * static_cast<double>(from.layer) + height.box;
  const double y1 = kMargin + height.layer * static_cast<double>(to.layer), bend = (y1 - y0) / 2;
  std::string text = fmt::format("<path d=\"M{:.1f} {:.1f}C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}\"/>\n", x0, y0,
                                 x0, y0 + bend, x1, y1 - bend, x1, y1);
  if (to.bend) return text + fmt::format("<path d=\"M{0:.1f} {1:.1f}V{2:.1f}\"/>\n", x1, y1, y1 + height.box);
  const auto note = [&](const char* kind, const std::string& line, double y) {
    const bool left = apart < 0 || (apart == 0 && x0 < x1);
    text += fmt::format("<text class=\"{} {}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", kind,
                        left ? "before" : "after", x1 + (left ? -5 : 5), y, escape_html(line));
  };
  if (!from.value.empty()) note("value", from.value, y1 - 22);
  if (i < to.shares.size() && !to.shares[i].empty()) note("gradient", "∂ " + to.shares[i], y1 - 8);
  return text;
}

}  // namespace

std::string to_svg(const Tape& tape, const Tensor& loss) {
  constexpr size_t most = 300;
  if (tape.size() > most)
    throw Error(
        "to_svg: the tape has {} operations, more than the {} that make a readable picture; use to_dot() and "
        "Graphviz, or a shorter sequence",
        tape.size(), most);
  std::vector<Box> graph;
  for (TapeVertex& vertex : graph_of(tape, loss)) graph.push_back({std::move(vertex)});
  std::vector<std::vector<size_t>> layers = layers_of(graph);
  const double width = place(graph, layers);
  const Heights heights(graph);
  const double height =
      2 * kMargin + heights.layer * static_cast<double>(std::max<size_t>(layers.size(), 1) - 1) + heights.box;
  std::string text = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{2:.0f} 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" "
      "height=\"{1:.0f}\">\n<style>\n"
      "text {{ font: 12px monospace; text-anchor: middle; }}\n.detail {{ font-size: 11px; fill: #555; }}\n"
      ".value {{ fill: #1b5e20; }}\n.gradient {{ fill: #b3261e; }}\n"
      ".before {{ text-anchor: end; }}\n.after {{ text-anchor: start; }}\n"
      "rect {{ stroke: #444; fill: #fff; }}\n.operation {{ fill: #e6f0fa; }}\n.parameter {{ fill: #fdf0d5; "
      "}}\n"
      "path {{ stroke: #888; fill: none; }}\n</style>\n",
      width + 2 * heights.beside, height, -heights.beside);
  for (const Box& vertex : graph)
    for (size_t i = 0; i < vertex.from.size(); ++i) text += draw_edge(graph[vertex.from[i]], vertex, i, heights);
  for (const Box& vertex : graph)
    if (!vertex.bend) text += draw(vertex, heights);
  return text + "</svg>\n";
}

}  // namespace heed::support

#include "examples/support/report/tape_picture.h"

#include <algorithm>

#include "autograd/check/print.h"
#include "examples/support/report/report_static.h"

namespace heed::support {
namespace {

// A vertex with its place in the picture.
struct Box : TapeVertex {
  size_t layer = 0;
  double x = 0;  // of its centre
};

constexpr double kLetter = 7, kBoxHeight = 40, kLayerHeight = 76, kGap = 16, kMargin = 12;

double width_of(const Box& vertex) {
  return kLetter * static_cast<double>(std::max(vertex.title.size(), vertex.detail.size())) + 16;
}

// Operations as high as their inputs allow, leaves right above the first operation that needs them.
std::vector<std::vector<size_t>> layers_of(std::vector<Box>& graph) {
  for (Box& vertex : graph)
    for (const size_t from : vertex.from) vertex.layer = std::max(vertex.layer, graph[from].layer + 1);
  std::vector<size_t> first(graph.size(), graph.size() + 1);
  for (const Box& vertex : graph)
    for (const size_t from : vertex.from) first[from] = std::min(first[from], vertex.layer);
  std::vector<std::vector<size_t>> layers;
  for (size_t v = 0; v < graph.size(); ++v) {
    if (!graph[v].operation && first[v] <= graph.size()) graph[v].layer = first[v] - 1;
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

std::string draw(const Box& vertex) {
  const double y = kMargin + kLayerHeight * static_cast<double>(vertex.layer), width = width_of(vertex);
  const char* kind = vertex.operation ? "operation" : vertex.labelled ? "parameter" : "leaf";
  std::string text =
      fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{}\" rx=\"{}\"/>\n",
                  kind, vertex.x - width / 2, y, width, kBoxHeight, vertex.operation ? 14 : 2);
  text += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", vertex.x,
                      y + (vertex.detail.empty() ? 24 : 17), escape_html(vertex.title));
  if (!vertex.detail.empty())
    text += fmt::format("<text class=\"detail\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", vertex.x, y + 32,
                        escape_html(vertex.detail));
  return text;
}

std::string draw_edge(const Box& from, const Box& to) {
  const double y0 = kMargin + kLayerHeight * static_cast<double>(from.layer) + kBoxHeight;
  const double y1 = kMargin + kLayerHeight * static_cast<double>(to.layer), bend = (y1 - y0) / 2;
  return fmt::format("<path d=\"M{:.1f} {:.1f}C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}\"/>\n", from.x, y0,
                     from.x, y0 + bend, to.x, y1 - bend, to.x, y1);
}

}  // namespace

std::string to_svg(const Tape& tape) {
  constexpr size_t most = 300;
  if (tape.size() > most)
    throw Error(
        "to_svg: the tape has {} operations, more than the {} that make a readable picture; use to_dot() and "
        "Graphviz, or a shorter sequence",
        tape.size(), most);
  std::vector<Box> graph;
  for (TapeVertex& vertex : graph_of(tape)) graph.push_back({std::move(vertex)});
  std::vector<std::vector<size_t>> layers = layers_of(graph);
  const double width = place(graph, layers);
  const double height =
      2 * kMargin + kLayerHeight * static_cast<double>(layers.size()) - (kLayerHeight - kBoxHeight);
  std::string text = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" "
      "height=\"{1:.0f}\">\n<style>\n"
      "text {{ font: 12px monospace; text-anchor: middle; }}\n.detail {{ font-size: 11px; fill: #555; }}\n"
      "rect {{ stroke: #444; fill: #fff; }}\n.operation {{ fill: #e6f0fa; }}\n.parameter {{ fill: #fdf0d5; "
      "}}\n"
      "path {{ stroke: #888; fill: none; }}\n</style>\n",
      width, height);
  for (const Box& vertex : graph)
    for (const size_t from : vertex.from) text += draw_edge(graph[from], vertex);
  for (const Box& vertex : graph) text += draw(vertex);
  return text + "</svg>\n";
}

}  // namespace heed::support

#include "autograd/check/print.h"

#include <algorithm>
#include <array>
#include <map>

#include "autograd/tape/record.h"

namespace heed {
namespace {

// The graph on a tape, with the tensors that came from outside as vertices of their own.
struct Vertex {
  std::string title, detail;
  bool operation = false, labelled = false;
  size_t layer = 0;
  double x = 0;  // of its centre, in the picture
  std::vector<size_t> from;
  std::vector<std::string> shapes;  // what flows in, one for each of `from`
};

std::string outputs_of(const Node& node) {
  std::string text = heed::to_string(node.dtype);
  for (int k = 0; k < node.output_count; ++k) text += (k ? ", " : " ") + to_string(node.shapes[k]);
  return text;
}

std::string name_of(const NodeInput& input) {
  if (input.node >= 0)
    return input.output ? fmt::format("#{}.{}", input.node, input.output) : fmt::format("#{}", input.node);
  if (!input.leaf) return "integers";
  return input.leaf->label().empty() ? describe(*input.leaf) : input.leaf->label();
}

std::vector<Vertex> graph_of(const Tape& tape) {
  const std::vector<Node*>& nodes = tape.roll().nodes();
  std::vector<Vertex> graph;
  std::map<std::pair<const void*, int32_t>, size_t> known;  // a leaf's identity, or an operation's number
  const auto outside = [&](const NodeInput& input) {
    const auto key = input.node >= 0 ? std::pair<const void*, int32_t>(nullptr, input.node)
                                     : std::pair<const void*, int32_t>(input.leaf->identity(), -1);
    const auto [found, fresh] = known.emplace(key, graph.size());
    if (!fresh) return found->second;
    Vertex leaf;
    leaf.title = input.node >= 0 ? nodes[static_cast<size_t>(input.node)]->name : name_of(input);
    leaf.labelled = input.leaf && !input.leaf->label().empty();
    if (leaf.labelled)
      leaf.detail = fmt::format("{} {}", to_string(input.leaf->dtype()), to_string(input.leaf->shape()));
    graph.push_back(leaf);
    return graph.size() - 1;
  };
  for (size_t n = tape.begin(); n < nodes.size(); ++n) {
    const Node& node = *nodes[n];
    Vertex vertex{fmt::format("#{} {}", n, node.name), outputs_of(node), true, false, 0, 0, {}, {}};
    if (node.time_step >= 0) vertex.detail += fmt::format(", t = {}", node.time_step);
    for (int i = 0; i < node.input_count; ++i) {
      const NodeInput& input = node.inputs[i];
      if (input.node < 0 && !input.leaf) continue;
      vertex.from.push_back(outside(input));
      vertex.shapes.push_back(to_string(input.node >= 0
                                            ? nodes[static_cast<size_t>(input.node)]->shapes[input.output]
                                            : input.leaf->shape()));
    }
    known[{nullptr, static_cast<int32_t>(n)}] = graph.size();
    graph.push_back(std::move(vertex));
  }
  return graph;
}

std::string escaped(const std::string& text, const std::map<char, std::string>& escapes) {
  std::string result;
  for (const char c : text) {
    const auto found = escapes.find(c);
    result += found == escapes.end() ? std::string(1, c) : found->second;
  }
  return result;
}
std::string for_dot(const std::string& text) { return escaped(text, {{'"', "\\\""}, {'\\', "\\\\"}}); }
std::string for_svg(const std::string& text) {
  return escaped(text, {{'<', "&lt;"}, {'>', "&gt;"}, {'&', "&amp;"}, {'"', "&quot;"}});
}

// --- the picture

constexpr double kLetter = 7, kBoxHeight = 40, kLayerHeight = 76, kGap = 16, kMargin = 12;

double width_of(const Vertex& vertex) {
  return kLetter * static_cast<double>(std::max(vertex.title.size(), vertex.detail.size())) + 16;
}

// Operations as high as their inputs allow, leaves right above the first operation that needs them.
std::vector<std::vector<size_t>> layers_of(std::vector<Vertex>& graph) {
  for (Vertex& vertex : graph)
    for (const size_t from : vertex.from) vertex.layer = std::max(vertex.layer, graph[from].layer + 1);
  std::vector<size_t> first(graph.size(), graph.size() + 1);
  for (const Vertex& vertex : graph)
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
double place(std::vector<Vertex>& graph, std::vector<std::vector<size_t>>& layers) {
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

std::string draw(const Vertex& vertex) {
  const double y = kMargin + kLayerHeight * static_cast<double>(vertex.layer), width = width_of(vertex);
  const char* kind = vertex.operation ? "operation" : vertex.labelled ? "parameter" : "leaf";
  std::string text =
      fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{}\" rx=\"{}\"/>\n",
                  kind, vertex.x - width / 2, y, width, kBoxHeight, vertex.operation ? 14 : 2);
  text += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", vertex.x,
                      y + (vertex.detail.empty() ? 24 : 17), for_svg(vertex.title));
  if (!vertex.detail.empty())
    text += fmt::format("<text class=\"detail\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", vertex.x, y + 32,
                        for_svg(vertex.detail));
  return text;
}

std::string draw_edge(const Vertex& from, const Vertex& to) {
  const double y0 = kMargin + kLayerHeight * static_cast<double>(from.layer) + kBoxHeight;
  const double y1 = kMargin + kLayerHeight * static_cast<double>(to.layer), bend = (y1 - y0) / 2;
  return fmt::format("<path d=\"M{:.1f} {:.1f}C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}\"/>\n", from.x, y0,
                     from.x, y0 + bend, to.x, y1 - bend, to.x, y1);
}

}  // namespace

std::string print(const Tape& tape) {
  const std::vector<Node*>& nodes = tape.roll().nodes();
  std::vector<std::array<std::string, 5>> rows;
  std::array<size_t, 5> width{};
  for (size_t n = tape.begin(); n < nodes.size(); ++n) {
    const Node& node = *nodes[n];
    std::string from;
    for (int i = 0; i < node.input_count; ++i) from += (i ? ", " : "from ") + name_of(node.inputs[i]);
    rows.push_back({fmt::format("#{}", n), node.name, outputs_of(node), from,
                    node.time_step >= 0 ? fmt::format("at time step {}", node.time_step) : ""});
    for (size_t column = 0; column < 5; ++column)
      width[column] = std::max(width[column], rows.back()[column].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (size_t column = 0; column < 5; ++column) line += fmt::format("{:<{}}  ", row[column], width[column]);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string to_dot(const Tape& tape) {
  const std::vector<Vertex> graph = graph_of(tape);
  std::string text = "digraph tape {\n  node [fontname=\"sans-serif\"];\n";
  for (size_t v = 0; v < graph.size(); ++v) {
    const Vertex& vertex = graph[v];
    const std::string label =
        for_dot(vertex.title) + (vertex.detail.empty() ? "" : "\\n" + for_dot(vertex.detail));
    const char* style = vertex.operation  ? "shape=ellipse"
                        : vertex.labelled ? "shape=box, style=filled"
                                          : "shape=plaintext";
    text += fmt::format("  v{} [label=\"{}\", {}];\n", v, label, style);
  }
  for (size_t v = 0; v < graph.size(); ++v)
    for (size_t i = 0; i < graph[v].from.size(); ++i)
      text += fmt::format("  v{} -> v{} [label=\"{}\"];\n", graph[v].from[i], v, graph[v].shapes[i]);
  return text + "}\n";
}

std::string to_svg(const Tape& tape) {
  constexpr size_t most = 300;
  if (tape.size() > most)
    throw Error(
        "to_svg: the tape has {} operations, more than the {} that make a readable picture; use to_dot() and "
        "Graphviz, or a shorter sequence",
        tape.size(), most);
  std::vector<Vertex> graph = graph_of(tape);
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
  for (const Vertex& vertex : graph)
    for (const size_t from : vertex.from) text += draw_edge(graph[from], vertex);
  for (const Vertex& vertex : graph) text += draw(vertex);
  return text + "</svg>\n";
}

}  // namespace heed

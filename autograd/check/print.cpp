#include "autograd/check/print.h"

#include <algorithm>
#include <array>
#include <map>

#include "autograd/tape/record.h"

namespace heed {
namespace {

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

// Inside a string of Graphviz's.
std::string for_dot(const std::string& text) {
  std::string result;
  for (const char c : text) result += (c == '"' || c == '\\' ? "\\" : "") + std::string(1, c);
  return result;
}

}  // namespace

std::string print(const Tape& tape) {
  const std::vector<Node*>& nodes = tape.reel().nodes();
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

std::vector<TapeVertex> graph_of(const Tape& tape) {
  const std::vector<Node*>& nodes = tape.reel().nodes();
  std::vector<TapeVertex> graph;
  std::map<std::pair<const void*, int32_t>, size_t> known;  // a leaf's identity, or an operation's number
  const auto outside = [&](const NodeInput& input) {
    const auto key = input.node >= 0 ? std::pair<const void*, int32_t>(nullptr, input.node)
                                     : std::pair<const void*, int32_t>(input.leaf->identity(), -1);
    const auto [found, fresh] = known.emplace(key, graph.size());
    if (!fresh) return found->second;
    TapeVertex leaf;
    leaf.title = input.node >= 0 ? nodes[static_cast<size_t>(input.node)]->name : name_of(input);
    leaf.labelled = input.leaf && !input.leaf->label().empty();
    if (leaf.labelled)
      leaf.detail = fmt::format("{} {}", to_string(input.leaf->dtype()), to_string(input.leaf->shape()));
    graph.push_back(leaf);
    return graph.size() - 1;
  };
  for (size_t n = tape.begin(); n < nodes.size(); ++n) {
    const Node& node = *nodes[n];
    TapeVertex vertex{fmt::format("#{} {}", n, node.name), outputs_of(node), true, false, {}, {}};
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

std::string to_dot(const Tape& tape) {
  const std::vector<TapeVertex> graph = graph_of(tape);
  std::string text = "digraph tape {\n  node [fontname=\"sans-serif\"];\n";
  for (size_t v = 0; v < graph.size(); ++v) {
    const TapeVertex& vertex = graph[v];
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

}  // namespace heed

#include "autograd/check/print.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>

#include "autograd/check/trace.h"

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

std::string brief(const Tensor& x) {
  if (!x) return "";
  const std::vector<double> values = x.to_vector();
  if (x.rank() == 0) return fmt::format("{:.4g}", values[0]);
  if (values.size() <= 4) {
    std::string text;
    for (const double value : values) text += fmt::format("{}{:.4g}", text.empty() ? "[" : ", ", value);
    return text.empty() ? "[]" : text + "]";
  }
  double squares = 0;
  for (const double value : values) squares += value * value;
  return fmt::format("|{:.4g}|", std::sqrt(squares));
}

// The gradients, if a loss is named.
std::optional<Trace> trace_of(const Tape& tape, const Tensor& loss) {
  return loss ? std::optional<Trace>(std::in_place, tape, loss) : std::nullopt;
}

}  // namespace

std::string print(const Tape& tape, const Tensor& loss) {
  constexpr size_t columns = 7;
  const std::optional<Trace> trace = trace_of(tape, loss);
  const Reel& reel = tape.reel();
  std::vector<std::array<std::string, columns>> rows;
  std::array<size_t, columns> width{};
  for (size_t n = tape.begin(); n < reel.nodes().size(); ++n) {
    const Node& node = *reel.nodes()[n];
    std::string from;
    for (int i = 0; i < node.input_count; ++i) from += (i ? ", " : "from ") + name_of(node.inputs[i]);
    const Tensor value = reel.watched(node.first_slot), gradient = trace ? trace->of_output(n, 0) : Tensor();
    rows.push_back({fmt::format("#{}", n), node.name, outputs_of(node), from,
                    node.time_step >= 0 ? fmt::format("at time step {}", node.time_step) : "",
                    value ? "= " + brief(value) : "", gradient ? "d " + brief(gradient) : ""});
    for (size_t column = 0; column < columns; ++column)
      width[column] = std::max(width[column], rows.back()[column].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (size_t column = 0; column < columns; ++column)
      if (width[column] > 0) line += fmt::format("{:<{}}  ", row[column], width[column]);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

namespace {

class Graph {
 public:
  Graph(const Tape& tape, const Tensor& loss) : reel_(tape.reel()), trace_(trace_of(tape, loss)) {
    for (size_t n = tape.begin(); n < reel_.nodes().size(); ++n) add(n);
  }
  std::vector<TapeVertex> vertices;

 private:
  using Key = std::pair<const void*, int32_t>;  // a leaf's identity, or an operation's number
  static Key key_of(const NodeInput& input) {
    return input.node >= 0 ? Key(nullptr, input.node) : Key(input.leaf->identity(), -1);
  }
  size_t vertex_of(const NodeInput& input);
  void add(size_t node);

  const Reel& reel_;
  std::optional<Trace> trace_;
  std::map<Key, size_t> known_;
};

// What came from outside gets a vertex before the first operation that needs it.
size_t Graph::vertex_of(const NodeInput& input) {
  const auto [found, fresh] = known_.emplace(key_of(input), vertices.size());
  if (!fresh) return found->second;
  TapeVertex leaf;
  leaf.title = input.node >= 0 ? reel_.nodes()[static_cast<size_t>(input.node)]->name : name_of(input);
  leaf.labelled = input.leaf && !input.leaf->label().empty();
  if (leaf.labelled)
    leaf.detail = fmt::format("{} {}", to_string(input.leaf->dtype()), to_string(input.leaf->shape()));
  if (trace_ && input.leaf) leaf.gradient = brief(trace_->of(*input.leaf));
  if (input.leaf && (trace_ || reel_.watch)) leaf.value = brief(*input.leaf);
  vertices.push_back(leaf);
  return vertices.size() - 1;
}

void Graph::add(size_t n) {
  const Node& node = *reel_.nodes()[n];
  TapeVertex vertex{fmt::format("#{} {}", n, node.name), outputs_of(node), true, false, {}, {}, "", "", {}};
  if (node.time_step >= 0) vertex.detail += fmt::format(", t = {}", node.time_step);
  vertex.value = brief(reel_.watched(node.first_slot));
  if (trace_) vertex.gradient = brief(trace_->of_output(n, 0));
  for (int i = 0; i < node.input_count; ++i) {
    const NodeInput& input = node.inputs[i];
    if (input.node < 0 && !input.leaf) continue;
    vertex.from.push_back(vertex_of(input));
    vertex.shapes.push_back(to_string(reel_.shape_of(input)));
    if (trace_) vertex.shares.push_back(brief(trace_->to_input(n, i)));
  }
  known_[{nullptr, static_cast<int32_t>(n)}] = vertices.size();
  vertices.push_back(std::move(vertex));
}

}  // namespace

std::vector<TapeVertex> graph_of(const Tape& tape, const Tensor& loss) {
  return std::move(Graph(tape, loss).vertices);
}

std::string to_dot(const Tape& tape, const Tensor& loss) {
  const std::vector<TapeVertex> graph = graph_of(tape, loss);
  std::string text = "digraph tape {\n  node [fontname=\"sans-serif\"];\n";
  for (size_t v = 0; v < graph.size(); ++v) {
    const TapeVertex& vertex = graph[v];
    std::string label = for_dot(vertex.title);
    for (const auto& [mark, line] : {std::pair("", vertex.detail), {"= ", vertex.value}, {"d ", vertex.gradient}})
      if (!line.empty()) label += "\\n" + std::string(mark) + for_dot(line);
    const char* style = vertex.operation  ? "shape=ellipse"
                        : vertex.labelled ? "shape=box, style=filled"
                                          : "shape=plaintext";
    text += fmt::format("  v{} [label=\"{}\", {}];\n", v, label, style);
  }
  for (size_t v = 0; v < graph.size(); ++v)
    for (size_t i = 0; i < graph[v].from.size(); ++i) {
      std::string label = graph[v].shapes[i];
      if (const std::string& value = graph[graph[v].from[i]].value; !value.empty()) label += "\\n" + value;
      if (!graph[v].shares.empty() && !graph[v].shares[i].empty()) label += "\\nd " + graph[v].shares[i];
      text += fmt::format("  v{} -> v{} [label=\"{}\"];\n", graph[v].from[i], v, label);
    }
  return text + "}\n";
}

}  // namespace heed

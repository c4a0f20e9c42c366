#include "examples/page/views/tape_view.h"

#include <cmath>
#include <span>
#include <string_view>

#include "autograd/check/trace.h"

namespace heed::page {
namespace {

struct PaperLine {
  const char* name;    // as the model notes it (paper_lines.h), or a finer one of an operation below
  const char* before;  // the formula with attention before the step, and its source
  const char* before_source;
  const char* after;  // and after it
  const char* after_source;
};

constexpr PaperLine kLines[] = {
    {"annotations", "h_j = [→h_j ; ←h_j]", "Bahdanau et al. (7), A.1.1", "h̄_s, the encoder's states",
     "Luong et al. 2; both directions as in Bahdanau et al. (7)"},
    {"state", "s_0 = tanh(W_s ←h_1)", "Bahdanau et al. A.2.2", "h_0 = tanh(W_s ←h_1)", "Bahdanau et al. A.2.2"},
    {"keys", "U_a h_j, once for all steps", "Bahdanau et al. A.1.2", "what score(h_t, h̄_s) needs of h̄_s, once",
     "Luong et al. (8)"},
    {"scores", "e_ij = a(s_{i-1}, h_j)", "Bahdanau et al. (6), A.1.2", "score(h_t, h̄_s)", "Luong et al. (8)"},
    {"softmax", "α_ij = exp(e_ij) / Σ_k exp(e_ik)", "Bahdanau et al. (6)", "a_t(s) = exp(score) / Σ exp(score)",
     "Luong et al. (7)"},
    {"context", "c_i = Σ_j α_ij h_j", "Bahdanau et al. (5)", "c_t = Σ_s a_t(s) h̄_s", "Luong et al. 3.1"},
    {"cell", "s_i = f(s_{i-1}, y_{i-1}, c_i)", "Bahdanau et al. (4), A.1.1", "h_t = f(h_{t-1}, [y_{t-1}; h̃_{t-1}])",
     "Luong et al. 3.3"},
    {"readout", "", "", "h̃_t = tanh(W_c [c_t; h_t])", "Luong et al. (5)"},
    {"word", "p(y_i) = softmax(g(y_{i-1}, s_i, c_i))", "Bahdanau et al. (4)", "p(y_t) = softmax(W_s h̃_t)",
     "Luong et al. (6)"},
    {"loss", "-log p(y), a mean over the words", "Bahdanau et al. (2)", "-log p(y), a mean over the words",
     "Luong et al. (4)"},
};

// Attention is three lines of a paper: what comes before the softmax, it, and what reads with it.
const char* line_of(std::string_view noted, std::string_view operation, bool& weighed) {
  for (const PaperLine& line : kLines)
    if (noted == line.name) return line.name;
  const bool softmax = operation.find("softmax") != std::string_view::npos;
  weighed |= softmax;
  return softmax ? "softmax" : weighed ? "context" : "scores";
}

Json shape_of(const Shape& shape) {
  Json sizes = Json::array();
  for (int axis = 0; axis < shape.rank(); ++axis) sizes.push_back(shape[axis]);
  return sizes;
}

Json seen(const Tensor& x) {
  if (!x) return nullptr;
  double squares = 0;
  for (const double value : x.to_vector()) squares += value * value;
  return {{"norm", number(std::sqrt(squares))}, {"numbers", numbers(x, 96)}};
}

Json inputs_of(const Node& node) {
  Json list = Json::array();
  for (const NodeInput& input : std::span(node.inputs, static_cast<size_t>(node.input_count))) {
    if (input.node >= 0) list.push_back({{"node", input.node}});
    else if (input.leaf) list.push_back({{"leaf", input.leaf->label()}, {"shape", shape_of(input.leaf->shape())}});
  }
  return list;
}

Json nodes_of(const Tape& tape, const Tensor& loss, const std::vector<PaperMark>& marks) {
  const Trace trace(tape, loss);
  const Reel& reel = tape.reel();
  Json list = Json::array();
  size_t mark = 0;
  bool weighed = false;
  for (size_t n = 0; n < reel.nodes().size(); ++n) {
    while (mark + 1 < marks.size() && marks[mark + 1].node <= n) ++mark, weighed = false;
    const Node& node = *reel.nodes()[n];
    list.push_back({{"name", node.name},
                    {"line", line_of(marks[mark].line, node.name, weighed)},
                    {"t", node.time_step},
                    {"shape", shape_of(node.shapes[0])},
                    {"from", inputs_of(node)},
                    {"value", seen(reel.watched(node.first_slot))},
                    {"gradient", seen(trace.of_output(n, 0))}});
  }
  return list;
}

Json names(const std::vector<std::string>& vocabulary, const Words& words) {
  Json list = Json::array();
  for (const int64_t word : words) list.push_back(vocabulary[static_cast<size_t>(word)]);
  return list;
}

}  // namespace

Json tape_view(const Session& session, const Pair& pair) {
  const Batch batch = batch_of(session.task(), {pair});
  std::vector<PaperMark> marks;
  Tape tape({.keep = true, .watch = true});
  const PaperListener listener(marks);
  const Tensor loss = session.model().judge(batch).loss;
  Json lines = Json::object();
  for (const PaperLine& line : kLines)
    lines[line.name] = {{"formula", session.model().after ? line.after : line.before},
                        {"source", session.model().after ? line.after_source : line.before_source}};
  return {{"source", names(session.task().source, pair.read)},
          {"target", names(session.task().target, pair.write)},
          {"loss", number(loss.item())},
          {"nodes", nodes_of(tape, loss, marks)},
          {"lines", lines}};
}

}  // namespace heed::page

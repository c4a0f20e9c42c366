#include "autograd/ops/einsum/equation.h"

#include <algorithm>

namespace heed {
namespace {

constexpr char kEllipsis = '.';  // stands for "..." until it is known how many axes that is

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Reads an equation; all that is thrown quotes it.
class Reader {
 public:
  Reader(const std::string& text, const std::vector<Tensor>& operands) : text_(text), operands_(operands) {
    check_operands();
    split();
  }

  Equation read() {
    Equation equation;
    equation.text = text_;
    for (size_t i = 0; i < terms_.size(); ++i) widest_ = std::max(widest_, under_ellipsis(i));
    for (size_t i = 0; i < terms_.size(); ++i) {
      equation.operands.push_back(spelled_out(terms_[i], under_ellipsis(i)));
      measure(equation, i);
    }
    equation.result = spelled_out(arrow_ ? checked_result() : implied_result(), widest_);
    return equation;
  }

 private:
  template <class... Args>
  [[noreturn]] void fail(fmt::format_string<Args...> format, Args&&... args) const {
    throw Error("einsum \"{}\": {}", text_, fmt::format(format, std::forward<Args>(args)...));
  }

  void check_operands() const {
    if (operands_.empty()) fail("wants at least one operand");
    for (size_t i = 0; i < operands_.size(); ++i) {
      const Tensor& x = operands_[i];
      if (!x) fail("operand {} is undefined", i);
      if (!is_float(x.dtype())) fail("operand {} is {}; all must be f32, or all f64", i, describe(x));
      if (x.dtype() != operands_[0].dtype())
        fail("operand {} is {} and operand 0 is {}; all must be f32, or all f64", i, describe(x),
             describe(operands_[0]));
    }
  }

  void split() {
    std::string equation;
    for (const char c : text_)
      if (c != ' ') equation += c;
    const size_t arrow = equation.find("->");
    arrow_ = arrow != std::string::npos;
    const std::string left = equation.substr(0, arrow);
    for (size_t at = 0, end; at <= left.size(); at = end + 1) {
      end = std::min(left.find(',', at), left.size());
      terms_.push_back(checked_term(left.substr(at, end - at)));
    }
    if (arrow_) result_ = checked_term(equation.substr(arrow + 2));
    if (terms_.size() != operands_.size()) fail("names {} operands, got {}", terms_.size(), operands_.size());
  }

  // Letters and at most one ellipsis, which becomes one character.
  std::string checked_term(std::string term) const {
    const size_t ellipsis = term.find("...");
    if (ellipsis != std::string::npos) term.erase(ellipsis, 3);
    for (const char c : term)
      if (!is_letter(c))
        fail("\"{}\" stands where a letter is wanted, or one \"...\", or between such a comma, or one \"->\"", c);
    return ellipsis == std::string::npos ? term : term.insert(ellipsis, 1, kEllipsis);
  }

  int under_ellipsis(size_t i) const {
    const std::string& term = terms_[i];
    const bool open = has(term, kEllipsis);
    const int letters = static_cast<int>(term.size()) - (open ? 1 : 0), rank = operands_[i].rank();
    if (open ? rank < letters : rank != letters)
      fail("names {} {} axes of operand {}, which is {}", open ? "at least" : "exactly", letters, i,
           describe(operands_[i]));
    return rank - letters;
  }

  // "a.b" with two axes under the ellipsis of at most three: "a12b".
  std::string spelled_out(std::string term, int count) const {
    const size_t at = term.find(kEllipsis);
    if (at == std::string::npos) return term;
    std::string digits;
    for (int k = widest_ - count; k < widest_; ++k) digits += static_cast<char>('0' + k);
    return term.replace(at, 1, digits);
  }

  void measure(Equation& equation, size_t i) const {
    const std::string& axes = equation.operands[i];
    for (size_t k = 0; k < axes.size(); ++k) {
      const char axis = axes[k];
      const int64_t size = operands_[i].shape()[static_cast<int>(k)];
      const size_t first = axes.find(axis);
      if (const int64_t other = operands_[i].shape()[static_cast<int>(first)]; other != size)
        fail("a diagonal wants equal lengths, \"{}\" of operand {}, {}, is {} and {}", axis, i,
             describe(operands_[i]), other, size);
      int64_t& length = equation.lengths[static_cast<size_t>(axis)];
      const bool seen = std::any_of(equation.operands.begin(), equation.operands.begin() + static_cast<int64_t>(i),
                                    [axis](const std::string& earlier) { return has(earlier, axis); });
      if (seen && size != length && size != 1 && length != 1) fail_lengths(equation, i, axis, size);
      if (!seen || length == 1) length = size;
    }
  }

  [[noreturn]] void fail_lengths(const Equation& equation, size_t i, char axis, int64_t size) const {
    std::string all;
    for (const Tensor& x : operands_) all += (all.empty() ? "" : ", ") + describe(x);
    fail("{} is {} in operand {} and {} before it; the operands are {}",
         is_letter(axis) ? fmt::format("\"{}\"", axis) : "an axis under \"...\"", size, i, equation.length(axis),
         all);
  }

  std::string checked_result() const {
    for (const char axis : result_) {
      if (std::count(result_.begin(), result_.end(), axis) > 1) fail("names \"{}\" twice in the result", axis);
      if (std::none_of(terms_.begin(), terms_.end(), [axis](const auto& term) { return has(term, axis); }))
        fail("names {} in the result but in no operand", axis == kEllipsis ? "\"...\"" : std::string(1, axis));
    }
    if (widest_ > 0 && !has(result_, kEllipsis)) fail("leaves \"...\" out of the result; its axes cannot be summed");
    return result_;
  }

  // "..." and, in alphabetical order, the letters that stand once on the left.
  std::string implied_result() const {
    std::string all, once;
    for (const std::string& term : terms_) all += term;
    std::sort(all.begin(), all.end());
    for (const char axis : all)
      if (axis != kEllipsis && std::count(all.begin(), all.end(), axis) == 1) once += axis;
    return has(all, kEllipsis) ? kEllipsis + once : once;
  }

  const std::string& text_;
  const std::vector<Tensor>& operands_;
  std::vector<std::string> terms_;
  std::string result_;
  bool arrow_ = false;
  int widest_ = 0;  // axes under the longest "..."
};

}  // namespace

Equation read_equation(const std::string& text, const std::vector<Tensor>& operands) {
  return Reader(text, operands).read();
}

}  // namespace heed

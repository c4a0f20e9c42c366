#include "examples/caption/encoders/weights/pickle.h"

#include <algorithm>
#include <unordered_map>

#include "examples/caption/encoders/weights/pickle_opcodes.h"

namespace heed::caption {
namespace {

using namespace pickled;

constexpr int64_t kMostSteps = 1 << 20;  // each takes about 100 bytes of memory, so that is 100 MiB
constexpr int64_t kLongestGlobal = 1000;
constexpr std::string_view kOrderedDict = "collections.OrderedDict";
constexpr const char* kAdvice =
    "heed reads the tensors of a pickle and runs nothing. If you trust the file, save its tensors alone, in Python: "
    "torch.save(model.state_dict(), FILE)";

class Machine {
 public:
  Machine(std::deque<PickleValue>& values, ByteCursor& from, std::span<const PickleGlobal> allowed)
      : values_(values), from_(from), allowed_(allowed) {}

  const PickleValue* run() {
    while (true) {
      begin_ = from_.at();
      charge(1);
      const uint8_t opcode = from_.byte();
      if (opcode == STOP) break;
      if (!plain(opcode) && !text(opcode) && !container(opcode) && !memory(opcode) && !call(opcode))
        fail(fmt::format("the pickle's instruction {} is refused: {}", name_of_refused(opcode), kAdvice));
    }
    if (stack_.size() != 1 || !marks_.empty()) fail("the pickle stops with more than its value, or without one");
    return stack_[0];
  }

 private:
  // --- the stack

  [[noreturn]] void fail(std::string_view what) const { from_.fail_at(begin_, what); }
  void charge(size_t steps) {
    steps_ += static_cast<int64_t>(steps);
    if (steps_ > kMostSteps) fail(fmt::format("the pickle takes more than {} steps; no state dict does", kMostSteps));
  }
  PickleValue& push(PickleKind kind) {
    stack_.push_back(&values_.emplace_back());
    stack_.back()->kind = kind;
    return *stack_.back();
  }
  void push_whole(int64_t number) { push(PickleKind::whole).whole = number; }
  void need(size_t count) const {
    const size_t floor = marks_.empty() ? 0 : marks_.back();
    if (stack_.size() < floor + count) fail("the pickle takes from its stack what is not there");
  }
  PickleValue* pop() {
    need(1);
    PickleValue* top = stack_.back();
    stack_.pop_back();
    return top;
  }
  PickleValue& top() {
    need(1);
    return *stack_.back();
  }
  std::vector<const PickleValue*> pop_some(size_t count) {
    need(count);
    const auto begin = stack_.end() - static_cast<std::ptrdiff_t>(count);
    std::vector<const PickleValue*> items(begin, stack_.end());
    stack_.erase(begin, stack_.end());
    return items;
  }
  std::vector<const PickleValue*> pop_to_mark() {
    if (marks_.empty()) fail("the pickle looks for a mark that is not there");
    auto items = pop_some(stack_.size() - marks_.back());
    marks_.pop_back();
    return items;
  }

  // --- the instructions; false for those of another kind

  bool plain(uint8_t opcode) {
    switch (opcode) {
      case PROTO: from_.byte(); return true;
      case FRAME: from_.pass(8); return true;
      case NONE: push(PickleKind::none); return true;
      case NEWTRUE: push(PickleKind::boolean).whole = 1; return true;
      case NEWFALSE: push(PickleKind::boolean).whole = 0; return true;
      case BININT: push_whole(from_.number<int32_t>()); return true;
      case BININT1: push_whole(from_.byte()); return true;
      case BININT2: push_whole(from_.number<uint16_t>()); return true;
      case LONG1: push_long(from_.text(from_.byte())); return true;
      case BINFLOAT:
        from_.pass(8);
        push(PickleKind::real);
        return true;
      default: return false;
    }
  }
  // Two's complement, little-endian, as many bytes as it takes.
  void push_long(const std::string& bytes) {
    PickleValue& value = push(PickleKind::whole);
    if (bytes.size() > 8) {
      value.text = bytes;
      return;
    }
    uint64_t bits = !bytes.empty() && (bytes.back() & 0x80) ? ~uint64_t{0} : 0;
    for (size_t i = bytes.size(); i-- > 0;) bits = bits << 8 | static_cast<uint8_t>(bytes[i]);
    value.whole = static_cast<int64_t>(bits);
  }
  bool text(uint8_t opcode) {
    uint64_t length = 0;
    switch (opcode) {
      case SHORT_BINUNICODE:
      case SHORT_BINSTRING: length = from_.byte(); break;
      case BINUNICODE: length = from_.number<uint32_t>(); break;
      case BINUNICODE8: length = from_.number<uint64_t>(); break;
      case BINSTRING: length = from_.number<uint32_t>(); break;
      default: return false;
    }
    std::string bytes = from_.text(length);
    push(PickleKind::text).text = std::move(bytes);
    return true;
  }
  bool container(uint8_t opcode) {
    switch (opcode) {
      case MARK: marks_.push_back(stack_.size()); return true;
      case EMPTY_TUPLE:
      case EMPTY_LIST: push(PickleKind::sequence); return true;
      case EMPTY_DICT: push(PickleKind::dictionary); return true;
      case TUPLE: push_sequence(pop_to_mark()); return true;
      case TUPLE1:
      case TUPLE2:
      case TUPLE3: push_sequence(pop_some(opcode - TUPLE1 + 1)); return true;
      case APPEND: extend(PickleKind::sequence, pop_some(1)); return true;
      case APPENDS: extend(PickleKind::sequence, pop_to_mark()); return true;
      case SETITEM: extend(PickleKind::dictionary, pop_some(2)); return true;
      case SETITEMS: extend(PickleKind::dictionary, pop_to_mark()); return true;
      default: return false;
    }
  }
  void push_sequence(std::vector<const PickleValue*> items) { push(PickleKind::sequence).items = std::move(items); }
  void extend(PickleKind kind, const std::vector<const PickleValue*>& items) {
    PickleValue& to = top();
    if (to.kind != kind) fail("the pickle adds to what is no list or dictionary");
    if (kind == PickleKind::dictionary && items.size() % 2 != 0) fail("the pickle has a key without a value");
    to.items.insert(to.items.end(), items.begin(), items.end());
  }
  bool memory(uint8_t opcode) {
    switch (opcode) {
      case BINPUT: memo_[from_.byte()] = &top(); return true;
      case LONG_BINPUT: memo_[from_.number<uint32_t>()] = &top(); return true;
      case MEMOIZE: memo_[memo_.size()] = &top(); return true;
      case BINGET: recall(from_.byte()); return true;
      case LONG_BINGET: recall(from_.number<uint32_t>()); return true;
      default: return false;
    }
  }
  void recall(uint64_t number) {
    const auto found = memo_.find(number);
    if (found == memo_.end()) fail(fmt::format("the pickle recalls value {}, which it has not kept", number));
    stack_.push_back(found->second);
  }
  bool call(uint8_t opcode) {
    switch (opcode) {
      case GLOBAL: {
        const std::string module = from_.line(kLongestGlobal);
        push_global("GLOBAL", module + "." + from_.line(kLongestGlobal));
        return true;
      }
      case STACK_GLOBAL: {
        const auto names = pop_some(2);
        if (names[0]->kind != PickleKind::text || names[1]->kind != PickleKind::text)
          fail("the pickle's instruction STACK_GLOBAL has no names");
        push_global("STACK_GLOBAL", names[0]->text + "." + names[1]->text);
        return true;
      }
      case REDUCE: reduce(); return true;
      case BUILD: build(); return true;
      case BINPERSID: {
        const PickleValue* id = pop();
        push(PickleKind::persistent).items = {id};
        return true;
      }
      default: return false;
    }
  }
  void push_global(std::string_view opcode, const std::string& name) {
    if (name != kOrderedDict && std::ranges::find(allowed_, name, &PickleGlobal::name) == allowed_.end())
      fail(fmt::format("the pickle's instruction {} wants {}, which is refused: {}", opcode, shown(name), kAdvice));
    push(PickleKind::global).text = name;
  }
  void reduce() {
    auto operands = pop_some(2);
    const PickleValue &function = *operands[0], &arguments = *operands[1];
    const auto known = std::ranges::find(allowed_, function.text, &PickleGlobal::name);
    const bool is_dictionary = function.text == kOrderedDict;
    if (function.kind != PickleKind::global || (!is_dictionary && (known == allowed_.end() || !known->is_function)))
      fail(fmt::format("the pickle's instruction REDUCE calls {}, which is no function: {}",
                       function.kind == PickleKind::global ? function.text : "a value", kAdvice));
    if (arguments.kind != PickleKind::sequence) fail("the pickle calls a function without a tuple of arguments");
    if (is_dictionary) return push_ordered(arguments);
    charge(arguments.items.size());
    PickleValue& made = push(PickleKind::call);
    made.text = function.text;
    made.items = arguments.items;
  }
  // OrderedDict() or, from Python 2, OrderedDict([[key, value], ..]).
  void push_ordered(const PickleValue& arguments) {
    PickleValue& made = push(PickleKind::dictionary);
    if (arguments.items.empty()) return;
    if (arguments.items.size() > 1 || arguments.items[0]->kind != PickleKind::sequence)
      fail("the pickle makes an OrderedDict of something else than pairs");
    charge(2 * arguments.items[0]->items.size());
    for (const PickleValue* pair : arguments.items[0]->items) {
      if (pair->kind != PickleKind::sequence || pair->items.size() != 2)
        fail("the pickle makes an OrderedDict of something else than pairs");
      made.items.insert(made.items.end(), pair->items.begin(), pair->items.end());
    }
  }
  // A state dict has an attribute, _metadata, which is not needed. BUILD is harmless only because nothing here has a
  // __setstate__ that it could call.
  void build() {
    const PickleValue* state = pop();
    if (top().kind != PickleKind::dictionary || state->kind != PickleKind::dictionary)
      fail(fmt::format("the pickle's instruction BUILD sets the state of an object, which is refused: {}", kAdvice));
  }

  std::deque<PickleValue>& values_;
  ByteCursor& from_;
  std::span<const PickleGlobal> allowed_;
  std::vector<PickleValue*> stack_;
  std::vector<size_t> marks_;
  std::unordered_map<uint64_t, PickleValue*> memo_;
  int64_t steps_ = 0;
  int64_t begin_ = 0;  // of the instruction at hand
};

}  // namespace

Pickle::Pickle(ByteCursor& from, std::span<const PickleGlobal> allowed) {
  value_ = Machine(values_, from, allowed).run();
}

}  // namespace heed::caption

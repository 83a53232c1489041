#include "features/inspection/pickle_machine.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "features/inspection/json_reader.hpp"

namespace atelier::inspection {

/// Far above what the largest checkpoints need (SDXL: 60 000 values), far below what hurts.
struct PickleMachine::Limits {
  static constexpr std::uint64_t steps = 10'000'000;
  static constexpr std::size_t stack = 1'000'000;
  static constexpr std::size_t marks = 100'000;
  static constexpr std::size_t memo = 1'000'000;
  static constexpr std::size_t values = 2'000'000;
  static constexpr std::uint64_t held = 30'000'000;
  static constexpr std::uint64_t work = 20'000'000;
  static constexpr std::uint64_t text = 64 * 1024;
  static constexpr std::size_t line = 64 * 1024;
};

bool PickleMachine::malformed(std::string_view code, std::string_view text) {
  worsen(out_, Verdict::malformed, code, std::string(text));
  return false;
}

bool PickleMachine::dangerous(std::string_view code, std::string text) {
  worsen(out_, Verdict::dangerous, code, std::move(text));
  return true;
}

bool PickleMachine::spend(std::uint64_t work) {
  spent_ += work;
  return spent_ <= Limits::work ||
         malformed("pickle_too_large", "The pickle holds more than any model does.");
}

bool PickleMachine::push(Ref value) {
  if (stack_.size() >= Limits::stack || heap_.size() >= Limits::values ||
      held_ >= Limits::held)
    return malformed("pickle_too_large", "The pickle holds more than any model does.");
  stack_.push_back(value);
  return true;
}

bool PickleMachine::pop(Ref& value) {
  if (!top(value)) return false;
  stack_.pop_back();
  return true;
}

bool PickleMachine::top(Ref& value) {
  if (stack_.size() <= fence())
    return malformed("stack_underflow", "The pickle takes more from its stack than is there.");
  value = stack_.back();
  return true;
}

bool PickleMachine::pop_mark(std::vector<Ref>& items) {
  if (marks_.empty()) return malformed("no_mark", "The pickle ends a group that never began.");
  const auto first = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
  items.assign(first, stack_.end());
  stack_.erase(first, stack_.end());
  marks_.pop_back();
  held_ += items.size();
  return true;
}

bool PickleMachine::pop_items(std::size_t count, std::vector<Ref>& items) {
  if (stack_.size() - fence() < count)
    return malformed("stack_underflow", "The pickle takes more from its stack than is there.");
  items.assign(stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end());
  stack_.resize(stack_.size() - count);
  held_ += count;
  return true;
}

bool PickleMachine::run() {
  constexpr std::uint8_t stop = '.';
  std::uint8_t opcode = 0;
  for (std::uint64_t i = 0; i < Limits::steps; ++i) {
    if (!in_.byte(opcode)) return cut_off();
    if (opcode != stop) {
      if (!step(opcode, i == 0)) return false;
      continue;
    }
    if (!pop(root_)) return false;
    if (!stack_.empty() || !marks_.empty())
      return malformed("leftover", "The pickle leaves hidden values behind.");
    return true;
  }
  return malformed("pickle_too_large", "The pickle is longer than any model's.");
}

bool PickleMachine::step(std::uint8_t opcode, bool first) {
  bool known = true;
  bool good = step_atom(opcode, known);
  if (!known) good = step_text(opcode, known = true);
  if (!known) good = step_container(opcode, known = true);
  if (!known) good = step_memo(opcode, known = true);
  if (!known) good = step_call(opcode, known = true);
  if (!known) good = step_frame(opcode, first, known = true);
  if (!known) return malformed("unknown_opcode", "The pickle has an unknown opcode.");
  return good;
}

bool PickleMachine::step_atom(std::uint8_t opcode, bool& known) {
  switch (opcode) {
    case 'N': return push_new(Kind::none);
    case 0x88: return push_new(Kind::boolean, 1);
    case 0x89: return push_new(Kind::boolean, 0);
    case 'K': return push_whole(1, false);
    case 'M': return push_whole(2, false);
    case 'J': return push_whole(4, true);
    case 0x8a: return push_big(1);
    case 0x8b: return push_big(4);
    case 'I': return push_decimal(false);
    case 'L': return push_decimal(true);
    case 'G': return (in_.skip(8) || cut_off()) && push_new(Kind::opaque);
    case 'F': {
      std::string line;
      if (!in_.line(line, 400)) return cut_off();
      return (parse_real(trim(line)) || line.find_first_of("nN") != std::string::npos ||
              malformed("bad_number", "The pickle has a number that is none.")) &&
             push_new(Kind::opaque);
    }
    default: known = false; return false;
  }
}

bool PickleMachine::push_whole(unsigned bytes, bool is_signed) {
  std::uint64_t number = 0;
  if (!in_.number(bytes, number)) return cut_off();
  return push_new(Kind::whole, is_signed ? static_cast<std::int32_t>(number)
                                         : static_cast<std::int64_t>(number));
}

/// LONG1 and LONG4: two's complement, little endian. More than 8 bytes are never a shape.
bool PickleMachine::push_big(unsigned length_bytes) {
  std::uint64_t length = 0;
  std::uint64_t number = 0;
  if (!in_.number(length_bytes, length)) return cut_off();
  if (length > 8) return (in_.skip(length) || cut_off()) && push_new(Kind::opaque);
  if (!in_.number(static_cast<unsigned>(length), number)) return cut_off();
  if (length > 0 && length < 8 && (number >> (8 * length - 1)) & 1)
    number |= ~std::uint64_t{0} << (8 * length);
  return push_new(Kind::whole, static_cast<std::int64_t>(number));
}

bool PickleMachine::push_decimal(bool is_long) {
  std::string line;
  if (!in_.line(line, Limits::line)) return cut_off();
  if (!is_long && (line == "00" || line == "01")) return push_new(Kind::boolean, line == "01");
  std::string_view digits = trim(line);
  if (is_long && digits.ends_with('L')) digits.remove_suffix(1);
  if (const auto number = parse_whole(digits)) return push_new(Kind::whole, *number);
  const std::size_t sign = digits.starts_with('-') ? 1 : 0;
  if (digits.size() == sign ||
      digits.substr(sign).find_first_not_of("0123456789_") != std::string_view::npos)
    return malformed("bad_number", "The pickle has a number that is none.");
  return push_new(Kind::opaque);
}

bool PickleMachine::step_text(std::uint8_t opcode, bool& known) {
  switch (opcode) {
    case 'S':
    case 'V': return push_line(opcode);
    case 'U': return push_counted(1, Kind::text);
    case 'T': return push_counted(4, Kind::text);
    case 0x8c: return push_counted(1, Kind::text);
    case 'X': return push_counted(4, Kind::text);
    case 0x8d: return push_counted(8, Kind::text);
    case 'C': return push_counted(1, Kind::bytes);
    case 'B': return push_counted(4, Kind::bytes);
    case 0x8e: return push_counted(8, Kind::bytes);
    case 0x96: return push_counted(8, Kind::bytes);
    case 0x97:
    case 0x98: return malformed("outside_buffer", "The pickle wants a buffer from elsewhere.");
    default: known = false; return false;
  }
}

bool PickleMachine::push_counted(unsigned length_bytes, Kind kind) {
  std::uint64_t length = 0;
  if (!in_.number(length_bytes, length)) return cut_off();
  if (kind != Kind::text || length > Limits::text)
    return (in_.skip(length) || cut_off()) &&
           push_new(kind == Kind::text ? Kind::opaque : kind);
  std::string text;
  if (!in_.take(length, text)) return cut_off();
  held_ += length;
  if (!well_formed_utf8(text)) return push_new(Kind::opaque);
  return push(heap_.add_text(std::move(text)));
}

/// Texts with escapes are kept opaque: whoever uses one as a name hides that name.
bool PickleMachine::push_line(std::uint8_t opcode) {
  std::string line;
  if (!in_.line(line, Limits::line)) return cut_off();
  std::string_view text = line;
  if (opcode == 'S') {
    text = trim(text);
    const bool quotes = text.size() >= 2 && (text[0] == '\'' || text[0] == '"') &&
                        text.back() == text[0];
    if (!quotes) return malformed("bad_string", "The pickle has a string without its quotes.");
    text = text.substr(1, text.size() - 2);
  }
  held_ += text.size();
  if (text.find('\\') != std::string_view::npos || !well_formed_utf8(text))
    return push_new(Kind::opaque);
  return push(heap_.add_text(std::string(text)));
}

bool PickleMachine::step_container(std::uint8_t opcode, bool& known) {
  std::vector<Ref> items;
  Ref target = 0;
  auto tuple_of = [&](std::size_t count) {
    return pop_items(count, items) && push(heap_.add_items(Kind::tuple, items));
  };
  switch (opcode) {
    case '(':
      if (marks_.size() >= Limits::marks)
        return malformed("pickle_too_large", "The pickle is nested deeper than any model's.");
      marks_.push_back(stack_.size());
      return true;
    case ')': return push(heap_.add_items(Kind::tuple, {}));
    case ']': return push(heap_.add_items(Kind::list, {}));
    case '}': return push(heap_.add_items(Kind::dict, {}));
    case 0x8f: return push(heap_.add_items(Kind::set, {}));
    case 't': return pop_mark(items) && push(heap_.add_items(Kind::tuple, std::move(items)));
    case 'l': return pop_mark(items) && push(heap_.add_items(Kind::list, std::move(items)));
    case 0x91: return pop_mark(items) && push(heap_.add_items(Kind::set, std::move(items)));
    case 0x85: return tuple_of(1);
    case 0x86: return tuple_of(2);
    case 0x87: return tuple_of(3);
    case 'd': return pop_mark(items) && make_dict(items);
    case 'a': return pop_items(1, items) && top(target) && append_to(target, items);
    case 'e': return pop_mark(items) && top(target) && append_to(target, items);
    case 0x90: return pop_mark(items) && top(target) && append_to(target, items);
    case 's': return pop_items(2, items) && top(target) && set_items(target, items);
    case 'u': return pop_mark(items) && top(target) && set_items(target, items);
    default: known = false; return false;
  }
}

bool PickleMachine::make_dict(const std::vector<Ref>& items) {
  if (items.size() % 2 != 0)
    return malformed("odd_items", "The pickle has a dictionary with a key without a value.");
  return push(heap_.add_items(Kind::dict, items));
}

bool PickleMachine::append_to(Ref target, const std::vector<Ref>& items) {
  const Kind kind = heap_.kind(target);
  if (kind == Kind::opaque || kind == Kind::object) return true;
  if (kind != Kind::list && kind != Kind::set)
    return malformed("bad_append", "The pickle appends to what is no list.");
  auto& held = heap_.items(target);
  held.insert(held.end(), items.begin(), items.end());
  return true;
}

bool PickleMachine::set_items(Ref target, const std::vector<Ref>& items) {
  if (items.size() % 2 != 0)
    return malformed("odd_items", "The pickle has a dictionary with a key without a value.");
  const Kind kind = heap_.kind(target);
  if (kind == Kind::opaque) return true;
  if (kind != Kind::dict)
    return malformed("bad_item", "The pickle sets items of what is no dictionary.");
  auto& held = heap_.items(target);
  held.insert(held.end(), items.begin(), items.end());
  return true;
}

bool PickleMachine::memoize(std::uint64_t key) {
  Ref value = 0;
  if (!top(value)) return false;
  memo_[key] = value;
  return memo_.size() <= Limits::memo ||
         malformed("pickle_too_large", "The pickle remembers more than any model's.");
}

bool PickleMachine::recall(std::uint64_t key) {
  const auto found = memo_.find(key);
  if (found == memo_.end())
    return malformed("no_memo", "The pickle recalls what it never remembered.");
  return push(found->second);
}

bool PickleMachine::step_memo(std::uint8_t opcode, bool& known) {
  std::uint64_t key = 0;
  Ref value = 0;
  std::vector<Ref> items;
  auto from_line = [&] {
    std::string line;
    if (!in_.line(line, 30)) return cut_off();
    const auto number = parse_whole(trim(line));
    if (!number || *number < 0) return malformed("bad_number", "The pickle has a broken memo key.");
    key = static_cast<std::uint64_t>(*number);
    return true;
  };
  switch (opcode) {
    case 'p': return from_line() && memoize(key);
    case 'q': return (in_.number(1, key) || cut_off()) && memoize(key);
    case 'r': return (in_.number(4, key) || cut_off()) && memoize(key);
    case 0x94: return memoize(memo_.size());
    case 'g': return from_line() && recall(key);
    case 'h': return (in_.number(1, key) || cut_off()) && recall(key);
    case 'j': return (in_.number(4, key) || cut_off()) && recall(key);
    case '0':
      if (!marks_.empty() && marks_.back() == stack_.size()) {
        marks_.pop_back();
        return true;
      }
      return pop(value);
    case '1': return pop_mark(items);
    case '2': return top(value) && push(value);
    default: known = false; return false;
  }
}

bool PickleMachine::step_frame(std::uint8_t opcode, bool first, bool& known) {
  std::uint64_t number = 0;
  switch (opcode) {
    case 0x80:
      if (!in_.number(1, number)) return cut_off();
      if (number > 5) return malformed("unknown_protocol", "The pickle's protocol is unknown.");
      return first || malformed("second_protocol", "The pickle changes its protocol midway.");
    case 0x95:
      if (!in_.number(8, number)) return cut_off();
      return number <= in_.left() || cut_off();
    default: known = false; return false;
  }
}

}  // namespace atelier::inspection

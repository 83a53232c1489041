#include "features/recipes/json_value.hpp"

#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "features/recipes/texts.hpp"
#include "schema/json.hpp"

namespace atelier::recipes {

class JsonReading {
 public:
  explicit JsonReading(std::string_view text) : text_(text) {}

  bool value(JsonValue& into, int depth) {
    skip_space();
    if (at_ >= text_.size() || depth > 128 || ++values_ > 400'000) return false;
    const std::size_t start = at_;
    const char first = text_[at_];
    bool good = false;
    if (first == '{' || first == '[') {
      good = group(into, depth);
    } else if (first == '"') {
      into.kind_ = JsonValue::Kind::text;
      good = string(into.text_);
    } else {
      good = word(into);
    }
    into.start_ = start;
    into.end_ = at_;
    return good;
  }

  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' ||
                                  text_[at_] == '\t'))
      ++at_;
  }
  std::size_t at() const { return at_; }

 private:
  bool group(JsonValue& into, int depth) {
    const bool object = text_[at_++] == '{';
    const char closing = object ? '}' : ']';
    into.kind_ = object ? JsonValue::Kind::object : JsonValue::Kind::list;
    into.text_.clear();
    for (;;) {
      skip_space();
      if (take(closing)) return true;
      if (object) {
        if (at_ >= text_.size() || text_[at_] != '"' || !string(into.names_.emplace_back()))
          return false;
        skip_space();
        if (!take(':')) return false;
      }
      if (!value(into.items_.emplace_back(), depth + 1)) return false;
      skip_space();
      if (take(',')) continue;
      return take(closing);
    }
  }

  bool take(char expected) {
    if (at_ >= text_.size() || text_[at_] != expected) return false;
    ++at_;
    return true;
  }

  bool word(JsonValue& into) {
    const std::size_t start = at_;
    const auto belongs = [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
             c == '+' || c == '-' || c == '.';
    };
    while (at_ < text_.size() && belongs(text_[at_])) ++at_;
    const std::string_view found = text_.substr(start, at_ - start);
    into.text_ = found;
    if (found == "true" || found == "false") into.kind_ = JsonValue::Kind::boolean;
    else if (found == "null") into.kind_ = JsonValue::Kind::null;
    else if (found == "NaN" || found == "Infinity" || found == "-Infinity" || parse_real(found))
      into.kind_ = JsonValue::Kind::number;
    else return false;
    return true;
  }

  bool string(std::string& into) {
    into.clear();
    ++at_;
    while (at_ < text_.size()) {
      const std::size_t end = text_.find_first_of("\"\\", at_);
      if (end == std::string_view::npos) return false;
      into += text_.substr(at_, end - at_);
      at_ = end + 1;
      if (text_[end] == '"') {
        into = clean(into);
        return true;
      }
      if (!escape(into)) return false;
    }
    return false;
  }

  bool escape(std::string& into) {
    if (at_ >= text_.size()) return false;
    const char kind = text_[at_++];
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    if (const auto found = letters.find(kind); found != std::string_view::npos) {
      into += meanings[found];
      return true;
    }
    std::uint32_t unit = 0;
    if (kind != 'u' || !hex_unit(unit)) return false;
    if (unit >= 0xD800 && unit < 0xDC00 && text_.substr(at_).starts_with("\\u")) {
      const std::size_t before = at_;
      std::uint32_t low = 0;
      at_ += 2;
      if (!hex_unit(low)) return false;
      if (low >= 0xDC00 && low < 0xE000) unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
      else at_ = before;
    }
    append_code_point(into, unit);
    return true;
  }

  bool hex_unit(std::uint32_t& unit) {
    if (text_.size() - at_ < 4) return false;
    const char* const start = text_.data() + at_;
    const auto read = std::from_chars(start, start + 4, unit, 16);
    at_ += 4;
    return read.ec == std::errc() && read.ptr == start + 4;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t values_ = 0;
};

std::optional<JsonValue> JsonValue::parse_front(std::string_view text, std::size_t& used) {
  JsonReading reading(text);
  JsonValue value;
  if (!reading.value(value, 0)) return std::nullopt;
  used = reading.at();
  return value;
}

std::optional<JsonValue> JsonValue::parse(std::string_view text) {
  while (!text.empty() && text.back() == '\0') text.remove_suffix(1);
  std::size_t used = 0;
  auto value = parse_front(text, used);
  if (!value || !trim(text.substr(used)).empty()) return std::nullopt;
  return value;
}

void JsonValue::append_string(std::string& out, std::string_view text) {
  schema::write_json_string(out, text);
}

std::string JsonValue::written() const {
  if (kind_ == Kind::text) {
    std::string out;
    schema::write_json_string(out, text_);
    return out;
  }
  if (kind_ != Kind::list && kind_ != Kind::object) return text_;
  std::string out(1, is_list() ? '[' : '{');
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (i > 0) out += ", ";
    if (is_object()) {
      schema::write_json_string(out, names_[i]);
      out += ": ";
    }
    out += items_[i].written();
  }
  return out += is_list() ? ']' : '}';
}

std::optional<double> JsonValue::real() const {
  if (kind_ != Kind::number && kind_ != Kind::text) return std::nullopt;
  const auto value = parse_real(trim(text_));
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<std::int64_t> JsonValue::whole() const {
  if (kind_ != Kind::number && kind_ != Kind::text) return std::nullopt;
  return whole_of(trim(text_));
}

std::optional<std::string> JsonValue::natural() const {
  if (kind_ != Kind::number && kind_ != Kind::text) return std::nullopt;
  return natural_of(trim(text_));
}

const JsonValue* JsonValue::find(std::string_view name) const {
  for (std::size_t i = names_.size(); i-- > 0;)
    if (names_[i] == name && i < items_.size()) return &items_[i];
  return nullptr;
}

const JsonValue* JsonValue::find_any(std::initializer_list<std::string_view> names) const {
  for (const std::string_view name : names)
    if (const JsonValue* found = find(name)) return found;
  return nullptr;
}

std::string JsonValue::text_of(std::string_view name) const {
  const JsonValue* found = find(name);
  if (found == nullptr || (!found->is_text() && !found->is_number())) return {};
  return found->text_;
}

std::optional<std::string> natural_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec == std::errc() && read.ptr == text.data() + text.size())
    return std::to_string(number);
  if (text.find_first_of(".eE") == std::string_view::npos) return std::nullopt;
  const auto whole = whole_of(text);
  if (!whole || *whole < 0) return std::nullopt;
  return std::to_string(*whole);
}

std::optional<std::int64_t> whole_of(std::string_view text) {
  if (const auto whole = parse_whole(text)) return whole;
  const auto real = parse_real(text);
  if (!real || std::abs(*real) > 9e15 || *real != std::floor(*real)) return std::nullopt;
  return static_cast<std::int64_t>(*real);
}

}  // namespace atelier::recipes

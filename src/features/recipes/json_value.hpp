#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atelier::recipes {

/// JSON as image tools write it: members in their order, numbers as their digits (seeds need all
/// 64 bits), NaN and Infinity let through (Python writes them), control characters in strings and
/// commas before a closing bracket too. Limits: 128 levels, 400,000 values.
class JsonValue {
 public:
  enum class Kind : unsigned char { null, boolean, number, text, list, object };

  /// The whole text, white space around it allowed.
  static std::optional<JsonValue> parse(std::string_view text);
  /// The value that `text` begins with; `used` becomes its length.
  static std::optional<JsonValue> parse_front(std::string_view text, std::size_t& used);

  Kind kind() const { return kind_; }
  bool is_object() const { return kind_ == Kind::object; }
  bool is_list() const { return kind_ == Kind::list; }
  bool is_text() const { return kind_ == Kind::text; }
  bool is_number() const { return kind_ == Kind::number; }
  bool is_true() const { return kind_ == Kind::boolean && text_ == "true"; }
  bool is_false() const { return kind_ == Kind::boolean && text_ == "false"; }

  /// A string's characters (UTF-8 without NUL), or a number's, boolean's or null's own letters.
  const std::string& text() const { return text_; }
  /// Appends a JSON string.
  static void append_string(std::string& out, std::string_view text);
  /// As JSON again, compact.
  std::string written() const;
  /// A real number, also when it stands in quotes.
  std::optional<double> real() const;
  /// A whole number, also as `20.0` or in quotes.
  std::optional<std::int64_t> whole() const;
  /// Decimal digits of a number from 0 to 2^64−1, also in quotes.
  std::optional<std::string> natural() const;

  const std::vector<JsonValue>& items() const { return items_; }        ///< of lists and objects
  const std::vector<std::string>& names() const { return names_; }      ///< of objects
  /// A member; of several with one name the last; nullptr if absent or not an object.
  const JsonValue* find(std::string_view name) const;
  /// The first of these members that is there.
  const JsonValue* find_any(std::initializer_list<std::string_view> names) const;
  /// Where the value stood in the text that was parsed: its very bytes, for what must stay so.
  std::string_view in(std::string_view text) const { return text.substr(start_, end_ - start_); }
  /// A string member's text, a number's digits; else empty.
  std::string text_of(std::string_view name) const;

 private:
  friend class JsonReading;
  Kind kind_ = Kind::null;
  std::string text_ = "null";
  std::vector<JsonValue> items_;
  std::vector<std::string> names_;
  std::size_t start_ = 0;
  std::size_t end_ = 0;
};

/// Decimal digits of 0…2^64−1 without leading zeros, from text like "0042"; else nothing.
std::optional<std::string> natural_of(std::string_view text);
/// Also of "1.0", "1e3" and "-3"; else nothing.
std::optional<std::int64_t> whole_of(std::string_view text);

}  // namespace atelier::recipes

#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace atelier::inspection {

/// Strict RFC 8259 reader that pulls one value after another, so that 100 MB of header never
/// become a tree. Checks UTF-8, escapes and numbers, and limits depth. The first error sticks:
/// from then on every call returns false and `error()` says why. Duplicate keys are the caller's
/// to find: it sees every key.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text, std::size_t max_depth = 32)
      : text_(text), max_depth_(max_depth) {}

  bool begin_object();
  bool next_key(std::string& key);  ///< false at the closing brace (consumed) or on error
  bool begin_array();
  bool next_item();  ///< true before an item; false at the closing bracket or on error
  bool read_string(std::string& value);
  bool read_whole(std::uint64_t& value);  ///< digits only: no sign, fraction or exponent
  bool skip_value();                      ///< any value, checked
  bool at_object();                       ///< what comes next, nothing consumed
  bool at_string();
  bool finish();                          ///< only white space follows

  bool failed() const { return !error_.empty(); }
  const std::string& error() const { return error_; }

 private:
  bool reject(std::string_view why);
  void skip_space();
  bool take(char expected);
  bool open(char bracket);
  bool next(char closing);
  bool read_escape(std::string& value);
  bool read_hex(std::uint32_t& unit);
  bool skip_number();
  bool skip_word(std::string_view word);

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t max_depth_;
  std::vector<bool> started_;  ///< per open bracket: has it had an item?
  std::string error_;
};

/// True if `text` is well-formed UTF-8. Unlike `is_text`, NUL is let through.
bool well_formed_utf8(std::string_view text);

}  // namespace atelier::inspection

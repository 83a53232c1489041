#include "features/inspection/json_reader.hpp"

#include <cstring>

#include "base/text.hpp"

namespace atelier::inspection {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

}  // namespace

bool well_formed_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\0');
    if (!is_text(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
  return true;
}

bool JsonReader::reject(std::string_view why) {
  if (error_.empty()) error_ = std::string(why) + " at byte " + std::to_string(at_);
  return false;
}

void JsonReader::skip_space() {
  while (at_ < text_.size() && std::strchr(" \t\r\n", text_[at_]) && text_[at_] != '\0') ++at_;
}

bool JsonReader::take(char expected) {
  if (failed()) return false;
  skip_space();
  if (at_ >= text_.size()) return reject("the text ends too early");
  if (text_[at_] != expected) return reject(std::string("expected '") + expected + "'");
  ++at_;
  return true;
}

bool JsonReader::open(char bracket) {
  if (!take(bracket)) return false;
  if (started_.size() >= max_depth_) return reject("nested too deep");
  started_.push_back(false);
  return true;
}

bool JsonReader::next(char closing) {
  if (failed()) return false;
  skip_space();
  if (at_ >= text_.size()) return reject("the text ends too early");
  if (text_[at_] == closing) {
    ++at_;
    started_.pop_back();
    return false;
  }
  if (started_.back() && !take(',')) return false;
  started_.back() = true;
  return true;
}

bool JsonReader::begin_object() { return open('{'); }
bool JsonReader::begin_array() { return open('['); }
bool JsonReader::next_item() { return next(']'); }

bool JsonReader::next_key(std::string& key) { return next('}') && read_string(key) && take(':'); }

bool JsonReader::at_object() {
  skip_space();
  return !failed() && at_ < text_.size() && text_[at_] == '{';
}

bool JsonReader::at_string() {
  skip_space();
  return !failed() && at_ < text_.size() && text_[at_] == '"';
}

bool JsonReader::finish() {
  if (failed()) return false;
  skip_space();
  return at_ == text_.size() || reject("text after the value");
}

bool JsonReader::read_hex(std::uint32_t& unit) {
  if (text_.size() - at_ < 4) return reject("broken \\u escape");
  unit = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = text_[at_++];
    unsigned digit = 0;
    if (is_digit(c)) {
      digit = static_cast<unsigned>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<unsigned>(c - 'a') + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<unsigned>(c - 'A') + 10;
    } else {
      return reject("broken \\u escape");
    }
    unit = unit * 16 + digit;
  }
  return true;
}

bool JsonReader::read_escape(std::string& value) {
  if (at_ >= text_.size()) return reject("the text ends too early");
  static constexpr std::string_view names = "\"\\/bfnrt";
  static constexpr std::string_view means = "\"\\/\b\f\n\r\t";
  const char c = text_[at_++];
  if (c != 'u') {
    const std::size_t which = names.find(c);
    if (which == std::string_view::npos) return reject("unknown escape");
    value += means[which];
    return true;
  }
  std::uint32_t code = 0;
  if (!read_hex(code)) return false;
  if (code >= 0xDC00 && code <= 0xDFFF) return reject("lone surrogate");
  if (code >= 0xD800 && code <= 0xDBFF) {
    std::uint32_t low = 0;
    if (text_.substr(at_, 2) != "\\u") return reject("lone surrogate");
    at_ += 2;
    if (!read_hex(low)) return false;
    if (low < 0xDC00 || low > 0xDFFF) return reject("lone surrogate");
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  }
  append_utf8(value, code);
  return true;
}

bool JsonReader::read_string(std::string& value) {
  value.clear();
  if (!take('"')) return false;
  while (at_ < text_.size()) {
    const std::size_t run = at_;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
           static_cast<unsigned char>(text_[at_]) >= 0x20)
      ++at_;
    const std::string_view plain = text_.substr(run, at_ - run);
    if (!is_text(plain)) return reject("not UTF-8");
    value += plain;
    if (at_ >= text_.size()) break;
    const char c = text_[at_];
    if (c != '"' && c != '\\') return reject("control character in a string");
    ++at_;
    if (c == '"') return true;
    if (!read_escape(value)) return false;
  }
  return reject("the text ends too early");
}

bool JsonReader::read_whole(std::uint64_t& value) {
  if (failed()) return false;
  skip_space();
  value = 0;
  const std::size_t start = at_;
  for (; at_ < text_.size() && is_digit(text_[at_]); ++at_) {
    if (__builtin_mul_overflow(value, std::uint64_t{10}, &value) ||
        __builtin_add_overflow(value, static_cast<std::uint64_t>(text_[at_] - '0'), &value))
      return reject("number too large");
  }
  if (at_ == start) return reject("expected a whole number");
  if (at_ - start > 1 && text_[start] == '0') return reject("leading zero");
  if (at_ < text_.size() && std::strchr(".eE", text_[at_]) && text_[at_] != '\0')
    return reject("expected a whole number");
  return true;
}

bool JsonReader::skip_number() {
  auto digits = [&] {
    const std::size_t start = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return at_ - start;
  };
  auto here = [&](char c) { return at_ < text_.size() && text_[at_] == c; };
  if (here('-')) ++at_;
  const bool zero = here('0');
  const std::size_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) return reject("broken number");
  if (here('.')) {
    ++at_;
    if (digits() == 0) return reject("broken number");
  }
  if (here('e') || here('E')) {
    ++at_;
    if (here('+') || here('-')) ++at_;
    if (digits() == 0) return reject("broken number");
  }
  return true;
}

bool JsonReader::skip_word(std::string_view word) {
  if (text_.substr(at_, word.size()) != word) return reject("unknown word");
  at_ += word.size();
  return true;
}

bool JsonReader::skip_value() {
  if (failed()) return false;
  skip_space();
  if (at_ >= text_.size()) return reject("the text ends too early");
  std::string scratch;
  switch (text_[at_]) {
    case '{':
      if (!begin_object()) return false;
      while (next_key(scratch))
        if (!skip_value()) return false;
      return !failed();
    case '[':
      if (!begin_array()) return false;
      while (next_item())
        if (!skip_value()) return false;
      return !failed();
    case '"': return read_string(scratch);
    case 't': return skip_word("true");
    case 'f': return skip_word("false");
    case 'n': return skip_word("null");
    default: return skip_number();
  }
}

}  // namespace atelier::inspection

#include "features/search/query.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"

namespace atelier::search {
namespace {

using ports::search::Clause;

constexpr std::size_t hash_min = 6, hash_max = 64;

/// As `trim` has them.
bool is_space(char c) { return std::string_view(" \t\r\n\f\v").contains(c); }

bool is_hash(std::string_view text) {
  const auto digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.size() >= hash_min && text.size() <= hash_max && std::ranges::all_of(text, digit);
}

class Parser {
 public:
  Parser(std::string_view text, bool typing) : text_(text), typing_(typing) {}

  Result<ParsedQuery> parse() {
    while (true) {
      while (at_ < text_.size() && is_space(text_[at_])) ++at_;
      if (at_ == text_.size()) break;
      item();
    }
    flush_words();
    if (!error_.fields.empty()) return std::unexpected(std::move(error_));
    if (typing_ && ends_in_word_) parsed_.clauses.back().prefix = true;
    return std::move(parsed_);
  }

 private:
  void item() {
    ends_in_word_ = false;
    // A minus is one only before something; "a - b" is how people write lists.
    const bool minus = text_[at_] == '-' && at_ + 1 < text_.size() && !is_space(text_[at_ + 1]) &&
                       text_[at_ + 1] != '-';
    if (minus) ++at_;
    if (text_[at_] == '"') {
      const std::size_t begin = at_;
      if (auto phrase = quoted()) add_phrase(std::move(*phrase), minus);
      else fault(begin, "quote_open", "This quotation mark is not closed.");
      return;
    }
    if (const auto field = field_name()) return value_of(*field, minus);
    add_word(std::string(rest_of_word()), minus);
  }

  /// From a quote to the next; none if there is no other.
  std::optional<std::string> quoted() {
    const std::size_t end = text_.find('"', at_ + 1);
    if (end == text_.npos) {
      at_ = text_.size();
      return std::nullopt;
    }
    std::string inside(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return inside;
  }

  std::string_view rest_of_word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && !is_space(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  /// Steps over "name:" if it is one we know.
  std::optional<QueryField> field_name() {
    constexpr auto names = std::to_array<std::pair<std::string_view, QueryField>>(
        {{"type", QueryField::type},
         {"base", QueryField::base},
         {"by", QueryField::by},
         {"tag", QueryField::tag},
         {"hash", QueryField::hash}});
    for (const auto& [name, field] : names) {
      if (text_.size() - at_ <= name.size() || text_[at_ + name.size()] != ':') continue;
      if (!equal_ignoring_case(text_.substr(at_, name.size()), name)) continue;
      at_ += name.size() + 1;
      return field;
    }
    return std::nullopt;
  }

  void value_of(QueryField field, bool minus) {
    const std::size_t begin = at_;
    std::string value;
    if (at_ < text_.size() && text_[at_] == '"') {
      auto inside = quoted();
      if (!inside) return fault(begin, "quote_open", "This quotation mark is not closed.");
      value = trim(*inside);
    } else {
      value = rest_of_word();
    }
    if (value.empty()) return fault(begin, "value_missing", "Something must follow the colon.");
    if (field == QueryField::tag || field == QueryField::hash) value = lower_ascii(value);
    if (field == QueryField::hash && !is_hash(value))
      return fault(begin, "hash_bad", "A hash is 6 to 64 digits from 0 to 9 and a to f.");
    parsed_.fields.push_back({field, std::move(value), minus});
  }

  void add_word(std::string word, bool minus) {
    if (minus) {
      flush_words();
      Clause clause;
      clause.text = std::move(word);
      clause.excluded = true;
      parsed_.clauses.push_back(std::move(clause));
      return;
    }
    say(word);
    words_ += (words_.empty() ? "" : " ") + word;
    ends_in_word_ = at_ == text_.size();
  }

  void add_phrase(std::string phrase, bool minus) {
    if (trim(phrase).empty()) return;
    flush_words();
    if (!minus) say(trim(phrase));
    Clause clause;
    clause.kind = Clause::Kind::phrase;
    clause.text = std::move(phrase);
    clause.excluded = minus;
    parsed_.clauses.push_back(std::move(clause));
  }

  /// Words beside each other are one clause: an engine may read them together.
  void flush_words() {
    if (words_.empty()) return;
    Clause clause;
    clause.text = std::move(words_);
    words_.clear();
    parsed_.clauses.push_back(std::move(clause));
  }

  void say(std::string_view words) {
    parsed_.words += (parsed_.words.empty() ? "" : " ") + std::string(words);
  }

  void fault(std::size_t byte, std::string_view code, std::string_view detail) {
    const int position = static_cast<int>(code_points(text_.substr(0, byte)));
    error_.fields.push_back({"/q", std::string(code), std::string(detail), position});
  }

  std::string_view text_;
  bool typing_;
  std::size_t at_ = 0;
  bool ends_in_word_ = false;
  std::string words_;
  ParsedQuery parsed_;
  Error error_{Fault::invalid, "query_invalid", "The search cannot be read.", {}, 0};
};

}  // namespace

Result<ParsedQuery> parse_query(std::string_view text, bool typing) {
  return Parser(text, typing).parse();
}

}  // namespace atelier::search

#include "platform/sql_text.hpp"

#include <algorithm>

namespace atelier::platform {
namespace {

using Kind = SqlPiece::Kind;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::size_t after(std::string_view text, std::string_view end, std::size_t from) {
  const std::size_t found = text.find(end, from);
  return found == std::string_view::npos ? text.size() : found + end.size();
}

/// The length of a `$tag$` at the beginning, or 0.
std::size_t dollar_tag(std::string_view text) {
  std::size_t at = 1;
  if (at < text.size() && text[at] >= '0' && text[at] <= '9') return 0;  // a placeholder
  while (at < text.size() && is_word(text[at])) ++at;
  return at < text.size() && text[at] == '$' ? at + 1 : 0;
}

/// The piece that begins at `text`, if that is no code; length 0 if it is.
SqlPiece special(std::string_view text) {
  if (text.starts_with('\'')) return {Kind::quoted, text.substr(0, after(text, "'", 1))};
  if (text.starts_with('"')) return {Kind::quoted, text.substr(0, after(text, "\"", 1))};
  if (text.starts_with("--")) return {Kind::comment, text.substr(0, after(text, "\n", 2))};
  if (text.starts_with("/*")) return {Kind::comment, text.substr(0, after(text, "*/", 2))};
  if (text.starts_with('$'))
    if (const std::size_t tag = dollar_tag(text); tag != 0)
      return {Kind::quoted, text.substr(0, after(text, text.substr(0, tag), tag))};
  return {Kind::code, {}};
}

}  // namespace

std::vector<SqlPiece> sql_pieces(std::string_view text) {
  std::vector<SqlPiece> pieces;
  std::size_t code = 0;
  for (std::size_t at = 0; at < text.size();) {
    const bool inside_word = at > 0 && is_word(text[at - 1]) && text[at] == '$';
    const SqlPiece piece = inside_word ? SqlPiece{} : special(text.substr(at));
    if (piece.text.empty()) {
      ++at;
      continue;
    }
    if (at > code) pieces.push_back({Kind::code, text.substr(code, at - code)});
    pieces.push_back(piece);
    code = at += piece.text.size();
  }
  if (code < text.size()) pieces.push_back({Kind::code, text.substr(code)});
  return pieces;
}

}  // namespace atelier::platform

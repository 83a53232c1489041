#pragma once
#include <string_view>
#include <vector>

namespace atelier::platform {

/// A stretch of SQL text. Quoted text and comments keep their delimiters.
struct SqlPiece {
  enum class Kind : unsigned char { code, quoted, comment } kind;
  std::string_view text;
};

/// Cuts SQL into code, quoted text ('…', "…", $tag$…$tag$) and comments (-- and /* */), so that
/// only code is rewritten. Joined, the pieces are the text again. Backslash strings (E'…') are not
/// understood; the subset has none.
std::vector<SqlPiece> sql_pieces(std::string_view text);

}  // namespace atelier::platform

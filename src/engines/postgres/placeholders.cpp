#include "engines/postgres/placeholders.hpp"

#include "platform/sql_text.hpp"

namespace atelier::postgres {

std::string with_dollars(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const auto& [kind, piece] : platform::sql_pieces(text)) {
    for (std::size_t at = 0; at < piece.size(); ++at) {
      const bool placeholder = kind == platform::SqlPiece::Kind::code && piece[at] == '?' &&
                               at + 1 < piece.size() && piece[at + 1] >= '1' &&
                               piece[at + 1] <= '9';
      out.push_back(placeholder ? '$' : piece[at]);
    }
  }
  return out;
}

}  // namespace atelier::postgres

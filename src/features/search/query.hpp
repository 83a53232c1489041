#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "ports/search.hpp"

namespace atelier::search {

/// What may stand before a colon.
enum class QueryField : unsigned char { type, base, by, tag, hash };

struct FieldTerm {
  QueryField field = QueryField::type;
  std::string value;        ///< without quotes; of `tag` and `hash` in lower case
  bool excluded = false;
};

struct ParsedQuery {
  std::vector<ports::search::Clause> clauses;
  std::vector<FieldTerm> fields;
  std::string words;        ///< the words and phrases that are looked for, without syntax
};

/// Words, "phrases" and `field:value` with `type`, `base`, `by`, `tag` and `hash`, each excluded by
/// a minus before it; `field:"a value"`. What looks like another field is a word ("re:zero"), and a
/// quote within a word is a letter. `typing`: the last word may be the beginning of one, unless a
/// space follows it. Pure, and total over any UTF-8.
///
/// Errors: `query_invalid`, with each fault's position in characters under the path "/q":
/// `quote_open`, `value_missing`, `hash_bad`.
Result<ParsedQuery> parse_query(std::string_view text, bool typing);

}  // namespace atelier::search

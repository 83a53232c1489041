#pragma once
#include <string_view>

#include "base/check.hpp"
#include "base/text.hpp"
#include "features/search/query.hpp"

namespace atelier::fuzz {

/// Any bytes as a search. What holds for each: nothing empty is looked for, only the last words may
/// be half typed, and every fault is at a character of the text.
inline void parse_bytes(std::string_view bytes) {
  for (const bool typing : {false, true}) {
    const auto parsed = search::parse_query(bytes, typing);
    if (!parsed) {
      CHECK(parsed.error().code == "query_invalid" && !parsed.error().fields.empty());
      for (const FieldFault& fault : parsed.error().fields)
        CHECK(fault.position >= 0 && std::size_t(fault.position) <= bytes.size());
      continue;
    }
    for (const auto& clause : parsed->clauses) {
      CHECK(!trim(clause.text).empty());
      CHECK(!clause.prefix || (typing && &clause == &parsed->clauses.back() && !clause.excluded));
    }
    for (const auto& field : parsed->fields) CHECK(!field.value.empty());
  }
}

}  // namespace atelier::fuzz

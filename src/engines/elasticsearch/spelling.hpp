#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engines/elasticsearch/searching.hpp"

namespace atelier::engines::elasticsearch {

/// How many edits a word may be away from what was meant: none up to three letters or with a
/// digit, one up to seven, else two. The native engine's rule.
int edits_of(std::string_view word);

/// Words of the index near each of `words`, the nearest first, then the most frequent: from the
/// server's term suggester.
Result<std::vector<std::vector<std::string>>> near_words(const Place& place,
                                                         const std::vector<std::string>& words);

/// The query with words that no document has replaced by the nearest that some have; nothing if
/// there are none.
Result<std::optional<ports::search::Query>> mended(const Place& place,
                                                   const ports::search::Query& query,
                                                   const AskedText& text);

/// Words that begin with `text`, then words near it.
Result<std::vector<std::string>> suggest(const Place& place, std::string_view text, int limit);

/// The clauses as somebody would type them.
std::string asked_words(const ports::search::Query& query);

}  // namespace atelier::engines::elasticsearch

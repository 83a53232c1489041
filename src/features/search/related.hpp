#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "ports/search.hpp"

/// Words and meaning together: what has the words stands first, as it is ranked and counted, and
/// where that is less than a page, what is about the same follows. Joining both lists by their
/// ranks instead can take the first place from an exact name, and no total would be true of it
/// (`make bench NAME=relevance` shows all three).
namespace atelier::search {

constexpr int related_max = 10;

/// The least score (`Hit::score` of vectors alone) of what is about the same as `vector`; something
/// is always the nearest. At least a cosine of 0.5, and three deviations of chance: cosines of
/// random directions scatter around 0 by 1/√d, where d is how many dimensions say something. A hub
/// with few texts has few.
double related_score(std::span<const float> vector);

/// Whether words are asked for and nothing more exact: who quotes, leaves out or has not finished
/// a word, sorts or turns pages wants what has the words.
bool only_words(const ports::search::Query& query);

/// What is near `vector` under the filters of `by_words`, apart from what that found. `room` is how
/// many are still wanted.
ports::search::Query related_query(ports::search::Query by_words,
                                   const ports::search::Answer& found, std::vector<float> vector,
                                   int room);
/// Of its answer what is near enough.
void keep_related(std::span<const float> vector, std::vector<ports::search::Hit>& hits);

/// Holds of every document but these.
ports::search::Condition all_but(std::vector<std::int64_t> ids);

}  // namespace atelier::search

#include "features/search/related.hpp"

#include <algorithm>
#include <cmath>

namespace atelier::search {

using ports::search::Clause;
using ports::search::Condition;
using ports::search::Hit;
using ports::search::Query;

bool only_words(const Query& query) {
  return query.order.field.empty() && query.after.empty() && query.offset == 0 &&
         query.clauses.size() == 1 && query.clauses[0].kind == Clause::Kind::words &&
         !query.clauses[0].excluded && !query.clauses[0].prefix;
}

Query related_query(Query by_words, const ports::search::Answer& found, std::vector<float> vector,
                    int room) {
  std::vector<std::int64_t> ids;
  for (const Hit& hit : found.hits) ids.push_back(hit.id);
  by_words.filter.children.push_back(all_but(std::move(ids)));
  by_words.clauses.clear();
  by_words.facets.clear();
  by_words.vector = std::move(vector);
  by_words.limit = std::min(room, related_max);
  return by_words;
}

double related_score(std::span<const float> vector) {
  constexpr double least = 0.5, deviations = 3;
  const auto zeros = std::ranges::count(vector, 0.0F);
  const double dimensions = static_cast<double>(std::ssize(vector) - zeros);
  return (1 + std::max(least, deviations / std::sqrt(std::max(dimensions, 1.0)))) / 2;
}

void keep_related(std::span<const float> vector, std::vector<Hit>& hits) {
  std::erase_if(hits, [least = related_score(vector)](const Hit& hit) {
    return hit.score < least;
  });
}

Condition all_but(std::vector<std::int64_t> ids) {
  Condition those, others;
  those.kind = Condition::Kind::terms;
  those.field = "id";
  those.ids = std::move(ids);
  others.kind = Condition::Kind::none;
  others.children.push_back(std::move(those));
  return others;
}

}  // namespace atelier::search

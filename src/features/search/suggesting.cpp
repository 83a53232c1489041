#include <algorithm>
#include <map>

#include "features/search/conditions.hpp"
#include "features/search/related.hpp"
#include "platform/subjects.hpp"

// What may be asked next, and what is like something.
namespace atelier::search {
namespace {

using platform::HitCard;
using platform::Searchable;

/// What is nearest to the document by its vector, as far as the viewer sees it.
Result<std::vector<HitCard>> nearest(Context& context, const Searchable& searchable,
                                     std::int64_t id, std::size_t wanted) {
  constexpr int more = 2;  // hits that vanish leave gaps
  platform::Indexing& indexing = *context.services.indexing;
  std::vector<HitCard> items;
  ports::search::Query query;
  query.vector = TRY(indexing.vector(searchable.kind, id));
  if (query.vector.empty()) return items;
  query.filter = TRY(conditions_of(context, searchable, {}, {})).filter;
  query.filter.children.push_back(all_but({id}));
  query.limit = static_cast<int>(wanted) * more;
  const auto answer = TRY(indexing.search(searchable.kind, query));
  std::vector<std::int64_t> ids;
  for (const ports::search::Hit& hit : answer.hits) ids.push_back(hit.id);
  std::map<std::int64_t, HitCard> cards;
  for (HitCard& card : TRY(sql::ask(*context.services.database, [&](sql::Tx& tx) {
         return searchable.cards(tx, context.viewer, ids);
       })))
    cards.emplace(card.id, std::move(card));
  for (const std::int64_t found : ids)
    if (const auto card = cards.find(found); card != cards.end() && items.size() < wanted)
      items.push_back(std::move(card->second));
  return items;
}

Result<SimilarReply> similar(Context& context, SearchKind kind, platform::SubjectKind subject,
                             const Similar& in) {
  constexpr std::int64_t usual = 12;
  (void)TRY(sql::ask(*context.services.database, [&](sql::Tx& tx) {
    return context.services.subjects->need(tx, subject, in.id.value, context.viewer);
  }));
  SimilarReply reply;
  const Searchable* searchable = context.services.searchables->find(kind);
  const std::int64_t wanted = in.limit ? in.limit->value : usual;
  auto items = nearest(context, *searchable, in.id.value, static_cast<std::size_t>(wanted));
  if (items) reply.items = std::move(*items);
  else if (items.error().code == "search_unavailable") reply.state = SearchState::unavailable;
  else return std::unexpected(items.error());
  return reply;
}

}  // namespace

Result<SimilarReply> similar_models(Context& context, const Similar& in) {
  return similar(context, SearchKind::models, platform::SubjectKind::model, in);
}

Result<SimilarReply> similar_images(Context& context, const Similar& in) {
  return similar(context, SearchKind::images, platform::SubjectKind::image, in);
}

Result<Suggestions> suggest(Context& context, const Suggest& in) {
  constexpr int limit = 8, looked_at = 3;
  const SearchKind kind = in.in.value_or(SearchKind::models);
  const std::size_t wanted = in.limit ? static_cast<std::size_t>(in.limit->value) : limit;
  Suggestions out;
  const std::string_view typed = in.q.value;
  const auto space = typed.find_last_of(" \t");
  const std::string before(space == typed.npos ? "" : typed.substr(0, space + 1));
  const std::string_view last = space == typed.npos ? typed : typed.substr(space + 1);
  const Searchable* searchable = context.services.searchables->find(kind);
  if (searchable == nullptr || last.empty()) return out;
  for (const std::string& word : TRY(context.services.indexing->suggest(
           kind, last, static_cast<int>(wanted) * looked_at))) {
    if (out.items.size() == wanted) break;
    Search whole;
    whole.q = QueryText{before + word};
    const auto parsed = parse_query(whole.q->value, false);
    if (!parsed) continue;
    // A word that stands only in what this viewer does not see is none of theirs.
    ports::search::Query query;
    query.clauses = parsed->clauses;
    query.filter = TRY(conditions_of(context, *searchable, whole, *parsed)).filter;
    query.limit = 0;
    query.typos = false;
    if (TRY(context.services.indexing->search(kind, query)).total > 0)
      out.items.push_back(whole.q->value);
  }
  return out;
}

}  // namespace atelier::search

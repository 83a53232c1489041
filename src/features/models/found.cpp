#include <algorithm>
#include <array>
#include <map>

#include "base/text.hpp"
#include "features/models/facets.hpp"
#include "features/models/store.hpp"
#include "features/visibility/visibility.hpp"
#include "platform/indexing.hpp"

// Lists and counts of models that have some words, by the search index.
namespace atelier::models {
namespace {

namespace search = ports::search;
using platform::SearchKind;
using search::Condition;

constexpr int rounds_max = 8;  // a page is filled up when hits vanish, but not for ever

/// Whether an index knows all that is asked for.
bool index_knows(const Filter& filter) {
  return !filter.query.empty() && filter.ids.empty() && filter.version_ids.empty() &&
         !filter.followed && !filter.collection && !filter.archived && !filter.deleted &&
         (!filter.owner || filter.status == Status::Published) && !filter.allow_no_credit &&
         !filter.allow_derivatives && !filter.allow_different_license &&
         filter.allow_commercial_use.empty();
}

Condition among(std::string field, std::vector<std::string> values) {
  Condition condition;
  condition.kind = Condition::Kind::terms;
  condition.field = std::move(field);
  condition.values = std::move(values);
  return condition;
}

Condition since(Millis at) {
  Condition condition;
  condition.kind = Condition::Kind::range;
  condition.field = "published";
  condition.low = at;
  return condition;
}

void add_beside(search::Query& query, const char* field, std::vector<std::string> values) {
  if (!values.empty()) query.filters.emplace_back(field, among(field, std::move(values)));
}

std::vector<std::string> labels(const std::vector<ModelType>& types) {
  std::vector<std::string> out;
  for (const ModelType type : types) out.emplace_back(schema::label_of(type));
  return out;
}

/// Everything but the period, the order and the page.
Result<search::Query> query_of(Context& context, const Filter& filter) {
  search::Query query;
  search::Clause& words = query.clauses.emplace_back();
  words.text = filter.query;
  words.prefix = true;  // "copper" finds Copperplate, as it does on Civitai
  query.filter.children.push_back(
      TRY(visibility::narrowing(context.tx(), context.viewer, SearchKind::models)));
  auto& also = query.filter.children;
  if (!filter.tag.empty()) also.push_back(among("tag", {lower_ascii(filter.tag)}));
  if (filter.owner)
    also.push_back(among("owner", {platform::keyword_of(filter.owner->value)}));
  if (filter.levels) {
    Condition levels;
    levels.kind = Condition::Kind::bits;
    levels.field = "nsfwLevel";
    levels.mask = *filter.levels;
    also.push_back(std::move(levels));
  }
  add_beside(query, "type", labels(filter.types));
  add_beside(query, "baseModel", filter.base_models);
  add_beside(query, "format", filter.formats);
  if (filter.checkpoint_type)
    add_beside(query, "checkpointType", {schema::label_of(*filter.checkpoint_type)});
  const platform::Searchable* models = context.services.searchables->find(SearchKind::models);
  query.popularity = models->popularity;
  query.popularity_weight = models->popularity_weight;
  return query;
}

search::Order order_of(const Filter& filter) {
  if (filter.by_relevance) return {};
  switch (filter.sort) {
    case Sort::newest: return {"published", true};
    case Sort::oldest: return {"published", false};
    case Sort::mostDownloaded: return {"downloads", true};
    case Sort::highestRated:
    case Sort::mostLiked: return {"likes", true};
    case Sort::mostDiscussed: return {"comments", true};
    case Sort::mostCollected: return {"collected", true};
    case Sort::mostImages: return {"images", true};
  }
  return {};
}

/// Those of the hits that SQL lists too, in the order of the hits.
Result<void> add_models(Context& context, const Filter& filter,
                        const std::vector<search::Hit>& hits, std::vector<Model>& out) {
  if (hits.empty()) return {};
  Filter same = filter;
  same.query.clear();
  same.cursor.clear();
  same.offset = 0;
  same.limit = static_cast<int>(hits.size());
  for (const search::Hit& hit : hits) same.ids.push_back(ModelId{hit.id});
  std::map<std::int64_t, Model> models;
  for (Model& model : TRY(list(context.tx(), same, context.viewer, context.now)).models)
    models.emplace(model.id.value, std::move(model));
  for (const search::Hit& hit : hits)
    if (const auto model = models.find(hit.id); model != models.end())
      out.push_back(std::move(model->second));
  return {};
}

Result<Page> found(Context& context, const Filter& filter) {
  context.services.indexing->settle(context.viewer.user, SearchKind::models);
  search::Query query = TRY(query_of(context, filter));
  if (filter.period != Period::AllTime)
    query.filter.children.push_back(since(context.now - store::period_ms(filter.period)));
  query.order = order_of(filter);
  query.after = filter.cursor;
  query.offset = filter.offset;
  Page page;
  for (int round = 0; round < rounds_max; ++round) {
    query.limit = filter.limit - static_cast<int>(page.models.size());
    const auto answer = TRY(context.services.indexing->search(SearchKind::models, query));
    TRY(add_models(context, filter, answer.hits, page.models));
    query.after = answer.next;
    query.offset = 0;
    if (answer.next.empty() || static_cast<int>(page.models.size()) >= filter.limit) break;
  }
  // Never a cursor behind an empty page: clients take that for "no results".
  if (!page.models.empty()) page.next_cursor = query.after;
  return page;
}

Result<Facets> counted(Context& context, const Filter& filter) {
  constexpr std::array shown = {Period::Year, Period::Month, Period::Week, Period::Day};
  constexpr int values_max = 100;
  platform::Indexing& indexing = *context.services.indexing;
  search::Query query = TRY(query_of(context, filter));
  query.limit = 0;
  Facets out;
  for (const Period period : shown) {
    search::Query within = query;
    within.filter.children.push_back(since(context.now - store::period_ms(period)));
    if (const auto models = TRY(indexing.search(SearchKind::models, within)).total; models > 0)
      out.periods.emplace_back(schema::label_of(period), models);
  }
  if (filter.period != Period::AllTime)
    query.filter.children.push_back(since(context.now - store::period_ms(filter.period)));
  query.facets = {{"type", values_max}, {"baseModel", values_max}, {"format", values_max},
                  {"checkpointType", values_max}};
  const auto answer = TRY(indexing.search(SearchKind::models, query));
  out.total = answer.total;
  const std::array into = {&out.types, &out.base_models, &out.formats, &out.checkpoint_types};
  for (std::size_t i = 0; i < into.size(); ++i)
    for (const auto& [value, count] : answer.facets.at(i).second)
      into[i]->emplace_back(value, count);
  return out;
}

/// From the index if it knows the answer; none: SQL has to be asked. `away`: it should have known.
template <class T, class Ask>
Result<std::optional<T>> by_index(Context& context, const Filter& filter, Ask&& ask, bool& away) {
  if (!index_knows(filter) || context.services.indexing == nullptr) return std::optional<T>{};
  TRY(context.leave_loop());
  context.reply.keep = false;  // an index follows its events a moment later
  Result<T> answer = ask(context, filter);
  if (answer) return std::optional<T>(std::move(*answer));
  away = answer.error().code == "search_unavailable";
  if (!away) return std::unexpected(answer.error());
  return std::optional<T>{};
}

}  // namespace

Result<Page> list(Context& context, const Filter& filter) {
  bool away = false;
  auto page = TRY(by_index<Page>(context, filter, found, away));
  if (page) return std::move(*page);
  Page by_name = TRY(list(context.tx(), filter, context.viewer, context.now));
  by_name.plain = away;
  return by_name;
}

Result<Facets> facets(Context& context, const Filter& filter) {
  bool away = false;
  auto counts = TRY(by_index<Facets>(context, filter, counted, away));
  if (counts) return std::move(*counts);
  return facets_for(context.services, context.tx(), filter, context.viewer, context.now);
}

}  // namespace atelier::models

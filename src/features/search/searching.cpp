#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "features/search/conditions.hpp"
#include "features/search/related.hpp"

namespace atelier::search {
namespace {

using platform::HitCard;
using platform::Searchable;
using ports::search::FieldKind;

constexpr int limit_default = 20, facet_values = 50;
constexpr int rounds_max = 8;  // a page is filled up when hits vanish, but not for ever

int limit_of(const Search& in) {
  return in.limit ? static_cast<int>(in.limit->value) : limit_default;
}

std::unexpected<Error> bad(std::string_view path, std::string_view code, std::string_view detail) {
  Error error{Fault::invalid, "invalid_request", "The search cannot be made like this.", {}, 0};
  error.fields.push_back({std::string(path), std::string(code), std::string(detail)});
  return std::unexpected(std::move(error));
}

std::vector<const Searchable*> kinds_of(const Context& context, const Search& in) {
  const platform::Searchables& all = *context.services.searchables;
  if (!in.in || in.in->value.empty()) return all.all();
  std::vector<const Searchable*> kinds;
  for (const SearchKind kind : in.in->value)
    if (const Searchable* found = all.find(kind);
        found != nullptr && std::ranges::find(kinds, found) == kinds.end())
      kinds.push_back(found);
  return kinds;
}

HitSnippet shown(const ports::search::Snippet& snippet) {
  HitSnippet out{snippet.field, {}};
  std::size_t at = 0;
  const auto add = [&](std::size_t end, bool match) {
    if (end > at) out.parts.push_back({snippet.text.substr(at, end - at), match});
    at = end;
  };
  for (const auto& [begin, end] : snippet.marks) {
    add(begin, false);
    add(end, true);
  }
  add(snippet.text.size(), false);
  return out;
}

/// Of those the index found, the ones SQL lets this viewer see, in the index's order.
Result<void> add_hits(Context& context, const Searchable& searchable,
                      const std::vector<ports::search::Hit>& found, std::vector<SearchHit>& out) {
  std::vector<std::int64_t> ids;
  for (const ports::search::Hit& hit : found) ids.push_back(hit.id);
  std::map<std::int64_t, HitCard> cards;
  for (HitCard& card : TRY(sql::ask(*context.services.database, [&](sql::Tx& tx) {
         return searchable.cards(tx, context.viewer, ids);
       })))
    cards.emplace(card.id, std::move(card));
  for (const ports::search::Hit& hit : found) {
    const auto card = cards.find(hit.id);
    if (card == cards.end()) continue;
    SearchHit& shown_hit = out.emplace_back();
    static_cast<HitCard&>(shown_hit) = std::move(card->second);
    for (const ports::search::Snippet& snippet : hit.snippets)
      shown_hit.snippets.push_back(shown(snippet));
  }
  return {};
}

/// One request to one index. What it finds is put behind what the reply holds already.
class Section {
 public:
  Section(Context& context, const Searchable& searchable, const Search& in,
          const ParsedQuery& parsed, SearchReply& reply)
      : context_(context), searchable_(searchable), in_(in), parsed_(parsed), reply_(reply),
        before_(reply.hits.size()) {
    out_.kind = searchable.kind;
  }

  Result<void> ask() {
    const Result<void> asked = from_index();
    if (!asked) {
      if (asked.error().code != "search_unavailable") return std::unexpected(asked.error());
      TRY(from_sql());
    }
    reply_.sections.push_back(std::move(out_));
    return {};
  }

 private:
  Result<void> from_index() {
    context_.services.indexing->settle(context_.viewer.user, searchable_.kind);
    Conditions conditions = TRY(conditions_of(context_, searchable_, in_, parsed_));
    if (conditions.nothing) return {};
    ports::search::Query query;
    query.clauses = parsed_.clauses;
    query.filter = std::move(conditions.filter);
    query.filters = std::move(conditions.beside);
    query.highlight = !query.clauses.empty();
    query.popularity = searchable_.popularity;
    query.popularity_weight = searchable_.popularity_weight;
    if (in_.cursor) query.after = in_.cursor->value;
    order(query);
    add_facets(query);
    return fill(std::move(query));
  }

  void order(ports::search::Query& query) const {
    const SearchSort usual = query.clauses.empty() ? SearchSort::newest : SearchSort::relevance;
    const Ordering ordering = ordering_of(in_.sort.value_or(usual));
    // Relevance of nothing is the order of ids.
    if (!has_field(searchable_, ordering.field, FieldKind::number)) return;
    query.order = {ordering.field, ordering.descending};
  }

  void add_facets(ports::search::Query& query) const {
    if (!in_.facets) return;
    for (const FacetField facet : in_.facets->value) {
      const std::string field = schema::label_of(facet);
      if (std::ranges::find(searchable_.facets, field) == searchable_.facets.end()) continue;
      query.facets.push_back({field, facet_values});
    }
  }

  Result<void> fill(ports::search::Query query) {
    const std::size_t wanted = static_cast<std::size_t>(limit_of(in_));
    for (int round = 0; round < rounds_max; ++round) {
      query.limit = static_cast<int>(wanted - found());
      const auto answer = TRY(context_.services.indexing->search(searchable_.kind, query));
      TRY(add_hits(context_, searchable_, answer.hits, reply_.hits));
      if (round == 0) {
        describe(answer);
        if (answer.next.empty() && found() < wanted) return add_related(query, answer);
      }
      query.facets.clear();
      query.after = answer.next;
      if (answer.next.empty() || found() >= wanted) break;
    }
    if (!query.after.empty() && found() > 0) out_.nextCursor = query.after;
    return {};
  }

  Result<void> add_related(const ports::search::Query& query,
                           const ports::search::Answer& by_words) {
    if (in_.typing.value_or(false) || !parsed_.fields.empty() || !only_words(query)) return {};
    platform::Indexing& indexing = *context_.services.indexing;
    const std::vector<float> vector = indexing.meaning(
        searchable_.kind, by_words.corrected.empty() ? parsed_.words : by_words.corrected);
    if (vector.empty()) return {};
    const int room = limit_of(in_) - static_cast<int>(found());
    auto answer = indexing.search(
        searchable_.kind, related_query(query, by_words, vector, room));
    // A search server may compare no vectors.
    if (!answer && answer.error().code == "search_unavailable") return {};
    if (!answer) return std::unexpected(answer.error());
    keep_related(vector, answer->hits);
    const std::size_t before = reply_.hits.size();
    TRY(add_hits(context_, searchable_, answer->hits, reply_.hits));
    for (std::size_t i = before; i < reply_.hits.size(); ++i) reply_.hits[i].related = true;
    return {};
  }

  void describe(const ports::search::Answer& answer) {
    out_.total = answer.total;
    // Only words that stand in something this viewer sees are told.
    if (!answer.corrected.empty() && found() > 0) out_.corrected = answer.corrected;
    for (const auto& [field, counts] : answer.facets) {
      SearchFacet& facet = reply_.facets.emplace_back();
      facet.kind = searchable_.kind;
      facet.field = schema::from_label<FacetField>(field).value_or(FacetField::type);
      for (const auto& [value, count] : counts) facet.values.push_back({value, count});
    }
  }

  Result<void> from_sql() {
    out_ = {};
    out_.kind = searchable_.kind;
    out_.state = SearchState::unavailable;
    reply_.hits.resize(before_);
    std::erase_if(reply_.facets, [&](const auto& facet) { return facet.kind == out_.kind; });
    if (searchable_.plain == nullptr || in_.cursor || narrows(in_, parsed_)) return {};
    for (HitCard& card : TRY(sql::ask(*context_.services.database, [&](sql::Tx& tx) {
           return searchable_.plain(tx, context_.viewer, parsed_.words, limit_of(in_));
         }))) {
      SearchHit& hit = reply_.hits.emplace_back();
      static_cast<HitCard&>(hit) = std::move(card);
    }
    out_.state = SearchState::plain;
    out_.total = static_cast<std::int64_t>(found());
    return {};
  }

  std::size_t found() const { return reply_.hits.size() - before_; }

  Context& context_;
  const Searchable& searchable_;
  const Search& in_;
  const ParsedQuery& parsed_;
  SearchReply& reply_;
  std::size_t before_;
  SearchSection out_;
};

Result<void> check(const Search& in, const std::vector<const Searchable*>& kinds) {
  if (in.cursor && kinds.size() != 1)
    return bad("/cursor", "cursor_of_one", "A cursor goes with one kind in `in`.");
  if (!in.sort || kinds.size() != 1) return {};
  const std::string field = ordering_of(*in.sort).field;
  if (field.empty() || has_field(*kinds.front(), field, FieldKind::number)) return {};
  return bad("/sort", "sort_unfit", "This kind is not counted so.");
}

}  // namespace

Result<SearchReply> search(Context& context, const Search& in) {
  const ParsedQuery parsed =
      TRY(parse_query(in.q ? in.q->value : std::string(), in.typing.value_or(false)));
  const std::vector<const Searchable*> kinds = kinds_of(context, in);
  TRY(check(in, kinds));
  SearchReply reply;
  for (const Searchable* searchable : kinds)
    TRY(Section(context, *searchable, in, parsed, reply).ask());
  const bool none = !reply.sections.empty() &&
                    std::ranges::all_of(reply.sections, [](const SearchSection& section) {
                      return section.state == SearchState::unavailable;
                    });
  if (none)
    return std::unexpected(Error{Fault::unavailable, "search_unavailable",
                                 "Search is unavailable at the moment.", {}, 2});
  return reply;
}

}  // namespace atelier::search

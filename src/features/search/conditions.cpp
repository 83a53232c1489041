#include "features/search/conditions.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/accounts/accounts.hpp"
#include "features/visibility/visibility.hpp"

namespace atelier::search {
namespace {

using platform::Searchable;
using ports::search::Condition;
using ports::search::FieldKind;

constexpr int values_max = 1000;  // of a facet that a value is looked up in

Condition among(std::string field, std::vector<std::string> values) {
  Condition condition;
  condition.kind = Condition::Kind::terms;
  condition.field = std::move(field);
  condition.values = std::move(values);
  return condition;
}

Condition not_any(Condition inner) {
  Condition condition;
  condition.kind = Condition::Kind::none;
  condition.children.push_back(std::move(inner));
  return condition;
}

std::vector<std::string> given(const std::optional<FilterValues>& list) {
  std::vector<std::string> values;
  if (list)
    for (const auto& value : list->value) values.push_back(value.value);
  return values;
}

/// "SDXL 1.0" → "sdxl10": how people shorten names.
std::string squeezed(std::string_view text) {
  std::string out;
  for (const char c : lower_ascii(text))
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80)
      out += c;
  return out;
}

/// The values of the index that somebody means: exactly that one in any case, else all that begin
/// so: "sdxl" is every SDXL.
Result<std::vector<std::string>> meant(Context& context, const Searchable& searchable,
                                       const std::string& field, const std::string& value) {
  ports::search::Query query;
  query.limit = 0;
  query.facets = {{field, values_max}};
  const auto answer = TRY(context.services.indexing->search(searchable.kind, query));
  std::vector<std::string> beginning;
  const std::string wanted = squeezed(value);
  for (const auto& [known, count] : answer.facets.front().second) {
    if (equal_ignoring_case(known, value)) return std::vector{known};
    if (!wanted.empty() && squeezed(known).starts_with(wanted)) beginning.push_back(known);
  }
  if (beginning.empty()) beginning.push_back(value);
  return beginning;
}

Result<std::string> owner_named(Context& context, const std::string& username) {
  const auto user = TRY(sql::ask(*context.services.database, [&](sql::Tx& tx) {
    return accounts::find_user(tx, username);
  }));
  return platform::keyword_of(user ? user->id.value : 0);
}

/// A `field:value` of the query. None: this kind has no such field.
Result<std::optional<Condition>> condition_of(Context& context, const Searchable& searchable,
                                              const FieldTerm& term) {
  const auto lacks = [&](std::string_view field) {
    return !has_field(searchable, field, FieldKind::keyword);
  };
  switch (term.field) {
    case QueryField::type:
    case QueryField::base: {
      const std::string field = term.field == QueryField::type ? "type" : "baseModel";
      if (lacks(field)) return std::optional<Condition>{};
      return std::optional(among(field, TRY(meant(context, searchable, field, term.value))));
    }
    case QueryField::by:
      return std::optional(among("owner", {TRY(owner_named(context, term.value))}));
    case QueryField::tag: return std::optional(among("tag", {term.value}));
    case QueryField::hash:
      if (lacks("hash")) return std::optional<Condition>{};
      return std::optional(among("hash", {term.value}));
  }
  return std::optional<Condition>{};
}

Result<void> add_terms(Context& context, const Searchable& searchable, const ParsedQuery& parsed,
                       Conditions& out) {
  for (const FieldTerm& term : parsed.fields) {
    auto condition = TRY(condition_of(context, searchable, term));
    if (!condition) {
      out.nothing = out.nothing || !term.excluded;
      continue;
    }
    out.filter.children.push_back(term.excluded ? not_any(std::move(*condition))
                                                : std::move(*condition));
  }
  return {};
}

/// A filter of which any value will do, which its facet counts beside.
void add_any(const Searchable& searchable, FacetField facet,
             const std::optional<FilterValues>& list, Conditions& out) {
  auto values = given(list);
  if (values.empty()) return;
  const std::string field = schema::label_of(facet);
  if (!has_field(searchable, field, FieldKind::keyword)) out.nothing = true;
  else out.beside.emplace_back(field, among(field, std::move(values)));
}

Millis length_of(SearchPeriod period) {
  constexpr Millis day = 86'400'000;
  constexpr std::array<Millis, 5> lengths = {day, 7 * day, 30 * day, 365 * day, 0};
  return lengths[static_cast<std::size_t>(period)];
}

}  // namespace

bool has_field(const Searchable& searchable, std::string_view name, FieldKind kind) {
  return std::ranges::any_of(searchable.schema.fields, [&](const auto& field) {
    return field.name == name && field.kind == kind;
  });
}

bool narrows(const Search& in, const ParsedQuery& parsed) {
  return !parsed.fields.empty() || in.type || in.baseModel || in.format || in.checkpointType ||
         in.tool || in.username || in.tag || in.levels ||
         (in.period && *in.period != SearchPeriod::AllTime);
}

Result<Conditions> conditions_of(Context& context, const Searchable& searchable, const Search& in,
                                 const ParsedQuery& parsed) {
  Conditions out;
  out.filter.children.push_back(
      TRY(sql::ask(*context.services.database, [&](sql::Tx& tx) {
        return visibility::narrowing(tx, context.viewer, searchable.kind);
      })));
  TRY(add_terms(context, searchable, parsed, out));
  add_any(searchable, FacetField::type, in.type, out);
  add_any(searchable, FacetField::baseModel, in.baseModel, out);
  add_any(searchable, FacetField::format, in.format, out);
  add_any(searchable, FacetField::checkpointType, in.checkpointType, out);
  add_any(searchable, FacetField::tool, in.tool, out);
  add_any(searchable, FacetField::username, in.username, out);
  for (const std::string& tag : given(in.tag))
    out.filter.children.push_back(among("tag", {lower_ascii(tag)}));
  if (in.levels) {
    Condition levels;
    levels.kind = Condition::Kind::bits;
    levels.field = "nsfwLevel";
    levels.mask = in.levels->value;
    out.filter.children.push_back(std::move(levels));
  }
  const Millis length = length_of(in.period.value_or(SearchPeriod::AllTime));
  if (length > 0 && has_field(searchable, "published", FieldKind::number)) {
    Condition since;
    since.kind = Condition::Kind::range;
    since.field = "published";
    since.low = context.now - length;
    out.filter.children.push_back(std::move(since));
  }
  return out;
}

Ordering ordering_of(SearchSort sort) {
  switch (sort) {
    case SearchSort::relevance: return {"", true};
    case SearchSort::newest: return {"published", true};
    case SearchSort::oldest: return {"published", false};
    case SearchSort::mostDownloaded: return {"downloads", true};
    case SearchSort::mostLiked: return {"likes", true};
    case SearchSort::mostDiscussed: return {"comments", true};
    case SearchSort::mostCollected: return {"collected", true};
    case SearchSort::mostImages: return {"images", true};
    case SearchSort::mostItems: return {"items", true};
    case SearchSort::mostFollowed: return {"followers", true};
  }
  return {"", true};
}

}  // namespace atelier::search

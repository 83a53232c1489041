#pragma once
#include <string>
#include <utility>
#include <vector>

#include "features/search/endpoints.hpp"
#include "features/search/query.hpp"

/// What a request asks of one kind, in the words of the search port.
namespace atelier::search {

/// True if the schema has a field of this name and kind.
bool has_field(const platform::Searchable& searchable, std::string_view name,
               ports::search::FieldKind kind);

/// Whether the request asks for more than words.
bool narrows(const Search& in, const ParsedQuery& parsed);

struct Conditions {
  ports::search::Condition filter;  ///< with what the viewer may see
  /// By facet field: a facet counts beside its own.
  std::vector<std::pair<std::string, ports::search::Condition>> beside;
  bool nothing = false;  ///< this kind has not what is asked for: nothing can match
};
Result<Conditions> conditions_of(Context& context, const platform::Searchable& searchable,
                                 const Search& in, const ParsedQuery& parsed);

/// The number field a sort runs over; "" = relevance. `published` falls: newest.
struct Ordering {
  std::string field;
  bool descending = true;
};
Ordering ordering_of(SearchSort sort);

}  // namespace atelier::search

#pragma once
#include <optional>
#include <string>
#include <vector>

#include "platform/context.hpp"
#include "platform/indexing.hpp"
#include "platform/jobs.hpp"
#include "platform/searchables.hpp"
#include "schema/types.hpp"

/// What the endpoints of search take and give. Members are the JSON names.
namespace atelier::search {

using platform::SearchKind;

/// `ready`: from the index. `plain`: there is none to be believed, so this is what has the words in
/// its name, newest first, without filters and facets. `unavailable`: not even that.
enum class SearchState : unsigned char { ready, plain, unavailable };
BOOST_DESCRIBE_ENUM(SearchState, ready, plain, unavailable)
enum class SearchSort : unsigned char {
  relevance, newest, oldest, mostDownloaded, mostLiked, mostDiscussed, mostCollected, mostImages,
  mostItems, mostFollowed,
};
BOOST_DESCRIBE_ENUM(SearchSort, relevance, newest, oldest, mostDownloaded, mostLiked,
                    mostDiscussed, mostCollected, mostImages, mostItems, mostFollowed)
enum class SearchPeriod : unsigned char { Day, Week, Month, Year, AllTime };
BOOST_DESCRIBE_ENUM(SearchPeriod, Day, Week, Month, Year, AllTime)
/// What may be filtered by and counted. Not every kind has every one.
enum class FacetField : unsigned char {
  type, baseModel, tag, format, checkpointType, tool, username,
};
BOOST_DESCRIBE_ENUM(FacetField, type, baseModel, tag, format, checkpointType, tool, username)

using QueryText = schema::Text<0, 300>;
using FilterValues = schema::List<schema::Text<1, 100>, 50>;

struct Search {
  std::optional<QueryText> q;
  std::optional<schema::List<SearchKind, 6>> in;  ///< sections, in this order; all kinds
  std::optional<bool> typing;             ///< the last word may be the beginning of one
  std::optional<FilterValues> type;       ///< these: any of the values
  std::optional<FilterValues> baseModel, format, checkpointType, tool, username;
  std::optional<FilterValues> tag;        ///< all of them
  std::optional<schema::Whole<1, 31>> levels;  ///< maturity bits: narrows what one browses
  std::optional<SearchPeriod> period;     ///< published within
  std::optional<schema::List<FacetField, 7>> facets;
  std::optional<SearchSort> sort;         ///< relevance; without words: newest
  std::optional<schema::Text<0, 300>> cursor;  ///< of a section; with one kind in `in`
  std::optional<schema::Whole<1, 100>> limit;  ///< hits of each section; 20
};
BOOST_DESCRIBE_STRUCT(Search, (),
                      (q, in, typing, type, baseModel, format, checkpointType, tool, username, tag,
                       levels, period, facets, sort, cursor, limit))

struct SnippetPart {
  std::string text;
  bool match = false;
};
BOOST_DESCRIBE_STRUCT(SnippetPart, (), (text, match))
struct HitSnippet {
  std::string field;                      ///< "name", "triggers", "description" …
  std::vector<SnippetPart> parts;         ///< together the text
};
BOOST_DESCRIBE_STRUCT(HitSnippet, (), (field, parts))
struct SearchHit : platform::HitCard {
  std::vector<HitSnippet> snippets;       ///< where the words stand
  /// Has not all of the words, but is about the same. In no total and no facet.
  bool related = false;
};
BOOST_DESCRIBE_STRUCT(SearchHit, (platform::HitCard), (snippets, related))

struct FacetValue {
  std::string value;
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(FacetValue, (), (value, count))
struct SearchFacet {
  SearchKind kind = SearchKind::models;
  FacetField field = FacetField::type;
  std::vector<FacetValue> values;         ///< most frequent first, beside the other filters
};
BOOST_DESCRIBE_STRUCT(SearchFacet, (), (kind, field, values))

struct SearchSection {
  SearchKind kind = SearchKind::models;
  SearchState state = SearchState::ready;
  std::int64_t total = 0;                 ///< exact; of `plain` what is listed
  std::optional<std::string> corrected;   ///< what was looked for instead of misspelt words
  std::optional<std::string> nextCursor;
};
BOOST_DESCRIBE_STRUCT(SearchSection, (), (kind, state, total, corrected, nextCursor))
struct SearchReply {
  std::vector<SearchHit> hits;            ///< section after section
  std::vector<SearchFacet> facets;
  std::vector<SearchSection> sections;    ///< one of each kind that was asked for
};
BOOST_DESCRIBE_STRUCT(SearchReply, (), (hits, facets, sections))

struct Similar {
  schema::Whole<1, 2'147'483'647> id;
  std::optional<schema::Whole<1, 50>> limit;  ///< 12
};
BOOST_DESCRIBE_STRUCT(Similar, (), (id, limit))
struct SimilarReply {
  SearchState state = SearchState::ready;  ///< `unavailable`: not known now; else nothing is alike
  std::vector<platform::HitCard> items;   ///< the most alike first
};
BOOST_DESCRIBE_STRUCT(SimilarReply, (), (state, items))

struct Suggest {
  schema::Text<0, 100> q;
  std::optional<SearchKind> in;           ///< models
  std::optional<schema::Whole<1, 20>> limit;  ///< 8
};
BOOST_DESCRIBE_STRUCT(Suggest, (), (q, in, limit))
struct Suggestions {
  std::vector<std::string> items;         ///< whole queries; each finds something
};
BOOST_DESCRIBE_STRUCT(Suggestions, (), (items))

// ---- for administrators
struct SearchIndex {
  SearchKind kind = SearchKind::models;
  bool serving = false;                   ///< searches are answered from it
  std::string reason;                     ///< why it is not, or is being rebuilt; "" = all is well
  std::int64_t documents = 0, bytes = 0;
  std::int64_t position = 0;              ///< of the last event it holds durably
  std::int64_t behind = 0;                ///< events it does not know yet
  std::int64_t queued = 0, indexing = 0, failed = 0;
  std::optional<std::int64_t> lagMs;      ///< age of the oldest queued change
  std::int64_t perMinute = 0;             ///< changes applied in the last minute
  bool rebuilding = false;
  std::int64_t rebuildDone = 0, rebuildTotal = 0;  ///< documents; the total is an estimate
  std::optional<schema::Time> rebuiltAt, auditedAt;
  std::int64_t drifted = 0;               ///< documents that the last audit had to mend
};
BOOST_DESCRIBE_STRUCT(SearchIndex, (),
                      (kind, serving, reason, documents, bytes, position, behind, queued, indexing,
                       failed, lagMs, perMinute, rebuilding, rebuildDone, rebuildTotal, rebuiltAt,
                       auditedAt, drifted))
struct SearchStatus {
  std::vector<SearchIndex> indexes;
  std::string embedder;                   ///< identity of the vectors; "" = none yet
};
BOOST_DESCRIBE_STRUCT(SearchStatus, (), (indexes, embedder))

struct IndexPath {
  SearchKind kind = SearchKind::models;
};
BOOST_DESCRIBE_STRUCT(IndexPath, (), (kind))
struct IndexFailureRow {
  std::int64_t id = 0;
  std::int64_t attempts = 0;
  std::string reason;
  schema::Time nextAt;
};
BOOST_DESCRIBE_STRUCT(IndexFailureRow, (), (id, attempts, reason, nextAt))
struct IndexFailures {
  std::vector<IndexFailureRow> items;     ///< at most 200, the next to be tried first
};
BOOST_DESCRIBE_STRUCT(IndexFailures, (), (items))
struct StartedJob {
  JobId job;
};
BOOST_DESCRIBE_STRUCT(StartedJob, (), (job))
struct Retried {
  std::int64_t documents = 0;
};
BOOST_DESCRIBE_STRUCT(Retried, (), (documents))

// ---- the functions behind routes.cpp
Result<SearchReply> search(Context& context, const Search& in);
Result<SimilarReply> similar_models(Context& context, const Similar& in);
Result<SimilarReply> similar_images(Context& context, const Similar& in);
Result<Suggestions> suggest(Context& context, const Suggest& in);
Result<SearchStatus> search_status(Context& context, const schema::Nothing& in);
Result<IndexFailures> index_failures(Context& context, const IndexPath& in);
Result<StartedJob> reindex(Context& context, const IndexPath& in);
Result<StartedJob> audit_index(Context& context, const IndexPath& in);
Result<StartedJob> train_embedder(Context& context, const schema::Nothing& in);
Result<Retried> retry_failures(Context& context, const IndexPath& in);
void jobs(platform::Jobs& jobs);

}  // namespace atelier::search

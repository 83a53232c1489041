#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

/// Full-text search with exact filters, facets and sorts over named indexes. What is in an index
/// comes from SQL and can be built again from it: an engine may lose an index, but it must say so
/// (`Standing::damaged`) and never answer from half of one.
namespace atelier::ports::search {

/// How a text becomes terms. Every text is also kept as its exact, lower-cased words, so that
/// an exact match ranks above one by stem.
enum class Analysis : unsigned char {
  prose,  ///< words and stems (English; other languages by their script), CJK as two-letter pieces
  name,   ///< as prose, and CamelCase, digits and `_-.` also split: "epicRealism_v5" has "epic"
};

enum class FieldKind : unsigned char {
  text,     ///< searched; also highlighted
  keyword,  ///< exact values, any number a document; filter and facet. At most 255 bytes each
  number,   ///< one int64; filter by range, sort, changed in place by `patch`
  bits,     ///< one int64 of flags; filter by "any of these bits", changed in place by `patch`
};

struct Field {
  std::string name;
  FieldKind kind = FieldKind::text;
  float weight = 1;  ///< of text: BM25F; a change needs no new index
  Analysis analysis = Analysis::prose;
};

/// The shape of an index. Fields are told apart by name.
struct Schema {
  std::string index;               ///< "models": lower-case letters and digits
  std::uint32_t version = 1;       ///< another version than the stored one: build it again
  std::vector<Field> fields;
  int dimensions = 0;              ///< of the vectors; 0 = documents have none
};

struct Document {
  std::int64_t id = 0;
  std::int64_t version = 0;        ///< of the row it was read from; an older one is passed over
  std::vector<std::pair<std::string, std::string>> texts;  ///< field → text, UTF-8; may repeat
  std::vector<std::pair<std::string, std::vector<std::string>>> keywords;
  std::vector<std::pair<std::string, std::int64_t>> numbers;  ///< also of kind bits
  std::vector<float> vector;       ///< unit length, `dimensions` long; empty = has none
};

/// One step of keeping an index true.
struct Change {
  enum class Kind : unsigned char { put, erase, patch };
  Kind kind = Kind::put;
  Document document;  ///< erase: only `id` and `version`; patch: `id` and the numbers that changed
};

/// Why one change was refused; the others of the batch hold.
struct Refusal {
  std::size_t change = 0;  ///< its place in the batch
  std::string reason;
};

/// A predicate over documents, apart from their rank.
struct Condition {
  enum class Kind : unsigned char { all, any, none, terms, range, bits };
  Kind kind = Kind::all;               ///< all of no children: true
  std::vector<Condition> children;     ///< of all, any, none
  std::string field;                   ///< of terms, range, bits; "id" = the document's id
  std::vector<std::string> values;     ///< terms: any of them
  std::vector<std::int64_t> ids;       ///< terms with field "id": any of them
  std::optional<std::int64_t> low, high;  ///< range, both inclusive
  std::int64_t mask = 0;               ///< bits: (value & mask) != 0
};

/// A piece of the text that is looked for.
struct Clause {
  enum class Kind : unsigned char { words, phrase };
  Kind kind = Kind::words;
  std::string text;
  bool excluded = false;
  /// words: the last one may be the beginning of a word (as-you-type).
  bool prefix = false;
  std::vector<std::string> fields;     ///< empty: every text field
};

struct Facet {
  std::string field;                   ///< keyword
  int limit = 20;                      ///< most frequent values, then by name
};

struct Order {
  std::string field;                   ///< number; "" = by relevance, or "id" without a text
  bool descending = true;              ///< ties: the higher id first, in both directions
};

struct Query {
  std::string index;
  std::vector<Clause> clauses;         ///< all must match; none: everything matches
  Condition filter;
  /// What each facet leaves out of `filter`: a facet counts beside all other filters that are on.
  /// `filters[i]` belongs to the facets of that name; they are part of the whole condition.
  std::vector<std::pair<std::string, Condition>> filters;
  std::vector<Facet> facets;
  Order order;
  /// Relevance is multiplied by 1 + weight·log2(1 + value) of a number field; "" = is not.
  std::string popularity;
  float popularity_weight = 0;
  bool typos = true;                   ///< words nobody wrote stand for near ones
  /// Beside the text: nearest vectors, joined by reciprocal rank (k = 60). With no clauses and a
  /// vector, nearest first. Applies to order by relevance only.
  std::vector<float> vector;
  int limit = 20;                      ///< 0–1000
  std::string after;                   ///< `Answer::next` of the page before
  std::int64_t offset = 0;             ///< for faces with page numbers; at most 100,000
  bool highlight = false;
  bool explain = false;
};

/// A part of a text with the places of what matched, as byte offsets into `text`.
struct Snippet {
  std::string field, text;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> marks;  ///< [begin, end), rising
};

struct Hit {
  std::int64_t id = 0;
  double score = 0;                    ///< 0 when not ordered by relevance; of vectors alone:
                                       ///< (1 + cosine) / 2
  std::vector<Snippet> snippets;       ///< with `highlight`
  std::string explanation;             ///< with `explain`: terms, frequencies, weights, lines
};

struct FacetCount {
  std::string value;
  std::int64_t count = 0;
};

struct Answer {
  std::vector<Hit> hits;
  std::int64_t total = 0;              ///< exact
  std::vector<std::pair<std::string, std::vector<FacetCount>>> facets;  ///< as asked, exact
  std::string next;                    ///< opaque; "" = the end
  std::string corrected;               ///< the text with its typos mended, where that was done
  std::int64_t took_us = 0;
};

/// What an index can do now.
enum class State : unsigned char { absent, building, ready, damaged };

struct Standing {
  State state = State::absent;
  std::uint32_t version = 0;           ///< of its schema
  std::string origin;                  ///< identity of the database it was built from
  std::int64_t position = 0;           ///< the last event whose changes it holds durably
  std::int64_t documents = 0;
  std::int64_t bytes = 0;              ///< on disk; 0 = the engine does not tell
  std::string reason;                  ///< of damaged
};

/// Thread-safe. Searches never wait for changes. A change is seen by every search that begins after
/// `apply` returned. Errors: `invalid` with `search_field` (no such field or not of that kind),
/// `search_cursor`, `search_limit`; `unavailable` with `search_unavailable` (the index is absent,
/// being built or damaged, or its server does not answer); `unavailable` with `storage_full`.
class Engine {
 public:
  virtual ~Engine() = default;

  /// Servers that were given the same account search the same indexes.
  virtual bool shared() const { return false; }

  /// Opens or creates. Never fails for a damaged index: `standing` says it. May be called again
  /// with another schema of the same name.
  virtual Result<void> open(const Schema& schema) = 0;
  virtual Result<Standing> standing(std::string_view index) = 0;

  /// In order, all or what is not refused. Durable by the time a `position` beyond it is
  /// returned by `standing`; after a crash the events since that come again.
  virtual Result<std::vector<Refusal>> apply(std::string_view index,
                                             std::span<const Change> changes) = 0;
  /// The changes so far are what `position` of the database `origin` says; written soon.
  virtual Result<void> mark(std::string_view index, std::string_view origin,
                            std::int64_t position) = 0;
  /// Until it returns, everything marked is durable.
  virtual Result<void> flush(std::string_view index) = 0;

  /// A new, empty index beside the one that is searched. `apply` to its name plus "+" fills it,
  /// `finish_rebuild` puts it in the old one's place in one step, `abandon_rebuild` drops it.
  virtual Result<void> begin_rebuild(const Schema& schema) = 0;
  virtual Result<void> finish_rebuild(std::string_view index, std::string_view origin,
                                      std::int64_t position) = 0;
  virtual Result<void> abandon_rebuild(std::string_view index) = 0;

  virtual Result<Answer> search(const Query& query) = 0;
  /// Words of the index that begin with or are near `text`, most frequent first.
  virtual Result<std::vector<std::string>> suggest(std::string_view index, std::string_view text,
                                                   int limit) = 0;
  /// The vector that a document was put with; empty = none.
  virtual Result<std::vector<float>> vector(std::string_view index, std::int64_t id) = 0;
  /// (id, version) of documents with id > `after`, rising: what the audit compares with SQL.
  virtual Result<std::vector<std::pair<std::int64_t, std::int64_t>>> scan(
      std::string_view index, std::int64_t after, int limit) = 0;
  /// Words that mean the same, for queries: each group may stand for any of its members.
  virtual Result<void> synonyms(std::vector<std::vector<std::string>> groups) = 0;
};

}  // namespace atelier::ports::search

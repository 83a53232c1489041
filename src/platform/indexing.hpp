#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "platform/searchables.hpp"

namespace atelier {
struct Services;
}

namespace atelier::platform {

struct IndexingOptions {
  int poll_ms = 500;          ///< a signal can be lost, and counts are waited for
  int batch = 500;            ///< documents read and applied together
  int flush_every_ms = 2'000;  ///< between two times that indexes write down what they hold
  Millis retry_first_ms = 30'000, retry_max_ms = 3'600'000;  ///< of a refused document
};

/// What one index is doing, for administrators.
struct IndexReport {
  SearchKind kind = SearchKind::models;
  ports::search::Standing standing;
  bool serving = false;       ///< searches are answered from it
  std::string reason;         ///< why not, or why it is being rebuilt
  bool rebuilding = false;
  std::int64_t rebuilt = 0, to_rebuild = 0;  ///< documents, while it is rebuilt
  std::int64_t queued = 0, indexing = 0, failed = 0;
  std::optional<Millis> oldest;  ///< since when the oldest queued change waits
  std::int64_t behind = 0;       ///< events that it does not hold yet
  std::int64_t per_minute = 0;   ///< changes applied in the last minute
  std::optional<Millis> rebuilt_at, audited_at;
  std::int64_t drifted = 0;      ///< documents the last audit had to mend
};

struct IndexFailure {
  std::int64_t id = 0;
  std::int64_t attempts = 0;
  std::string reason;
  Millis next_at = 0;
};

/// What an audit found different from SQL and asked to be made right.
struct Audited {
  std::int64_t documents = 0, missing = 0, surplus = 0, different = 0;
};

/// Keeps the search indexes true. A durable consumer turns events into rows of `search_changes`,
/// one per document and action, in the transaction that moves its cursor; a thread reads the
/// documents from SQL, applies them, and deletes the rows when the index has written them down. So
/// a change is made at least once whatever ends the server, and one that an index refuses stays, as
/// failed with its reason, and is tried again with backoff.
///
/// An index of another database, of another shape, behind or ahead of what SQL knows of it,
/// damaged or absent is rebuilt beside the old one by the job `search.reindex`. Of several servers
/// on one database one keeps the indexes, by a lease. The others search them too where the engine
/// is shared; where it is not they say that search is unavailable.
/// Thread-safe.
class Indexing {
 public:
  using Progress = std::function<void(std::int64_t done, std::int64_t total)>;
  using Stop = std::function<bool()>;

  virtual ~Indexing() = default;
  /// Opens the indexes and follows, in threads of its own; returns at once. After the features
  /// registered and before the events start.
  virtual void start() = 0;
  virtual void stop() = 0;

  /// `unavailable` with `search_unavailable` while this index is not to be believed.
  virtual Result<ports::search::Answer> search(SearchKind kind, ports::search::Query query) = 0;
  virtual Result<std::vector<std::string>> suggest(SearchKind kind, std::string_view text,
                                                   int limit) = 0;
  /// Empty = the document has none.
  virtual Result<std::vector<float>> vector(SearchKind kind, std::int64_t id) = 0;
  /// What words mean, to be compared with the vectors of this index. Empty = they say nothing, or
  /// there is nothing to compare them with: no embedder, none that answers, or another one than
  /// the index was built with.
  virtual std::vector<float> meaning(SearchKind kind, const std::string& words) = 0;

  /// This person's transaction was committed: what they search next is to know it.
  virtual void wrote(UserId user) = 0;
  /// Waits until what they wrote through this server can be found, at most some 200 ms.
  virtual void settle(UserId user, SearchKind kind) = 0;

  /// Whether this server is the one that keeps the indexes now.
  virtual bool keeps() const = 0;
  /// The work of jobs. `unavailable` with `stopped` when `stop` said so, with `search_elsewhere`
  /// where another server keeps the indexes; then nothing has changed.
  virtual Result<void> rebuild(SearchKind kind, const Progress& progress, const Stop& stop) = 0;
  virtual Result<Audited> audit(SearchKind kind, const Progress& progress, const Stop& stop) = 0;
  /// Has the embedder learn from every text that has a vector; indexes with other vectors are
  /// rebuilt afterwards. Nothing happens with an embedder that does not learn. Errors: as
  /// `rebuild`, `texts_too_few`.
  virtual Result<void> train(const Progress& progress, const Stop& stop) = 0;

  virtual Result<IndexReport> report(sql::Tx& tx, SearchKind kind) = 0;
  virtual Result<std::vector<IndexFailure>> failures(sql::Tx& tx, SearchKind kind, int limit) = 0;
  /// Failed documents are tried at once. Returns how many there are.
  virtual Result<std::int64_t> retry(sql::Tx& tx, SearchKind kind) = 0;
};

/// Registers the consumer: before the events start, after `services.searchables` is filled.
std::unique_ptr<Indexing> make_indexing(Services& services, const IndexingOptions& options = {});

/// Arguments of the job `search.reindex`, whose unique key is the kind.
struct Reindex {
  SearchKind kind = SearchKind::models;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(Reindex, (), (kind, reason))
inline constexpr std::string_view reindex_job = "search.reindex";
/// In the caller's transaction; the same job again while it is not finished.
Result<JobId> ask_reindex(sql::Tx& tx, Millis now, SearchKind kind, const std::string& reason);

}  // namespace atelier::platform

#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/file_handle.hpp"
#include "engines/native_search/manifest.hpp"
#include "engines/native_search/snapshot.hpp"
#include "engines/native_search/spelling.hpp"
#include "engines/native_search/synonyms.hpp"
#include "engines/native_search/vectors.hpp"

namespace atelier::engines::native_search {

/// One index in one folder: segments that never change, and which of their documents still live.
///
/// A batch of changes becomes a small segment of its own, in memory; whoever writes merges small
/// ones at once (a few milliseconds in all), a thread of this class the larger ones. So there is
/// one form of everything, no second way to search what is new, and a reader needs nothing but a
/// pointer: it takes the current snapshot, which a lock guards for as long as copying takes, and
/// never waits for a change, a merge or the disk. Deletions copy the bits of the segments they
/// touch; numbers are patched where they stand.
///
/// On disk: `manifest`, and files with one or more segments that it names. New files are there,
/// whole and durable, before a manifest names them, and go after one no longer does; so at every
/// moment the manifest is true. What a crash leaves unnamed is removed at the next start.
///
/// Thread-safe.
class Index {
 public:
  /// Reads what is there, or begins anew where nothing is. A folder that cannot be read whole gives
  /// an index that is damaged and only says so. `schema` replaces the weights of the stored one
  /// where both have the same version; another version is left to `begin_rebuild`.
  static Result<std::shared_ptr<Index>> open(const std::filesystem::path& folder,
                                             ports::search::Schema schema, int flush_every_ms);
  ~Index();
  Index(const Index&) = delete;
  Index& operator=(const Index&) = delete;

  ports::search::Standing standing();
  Result<std::vector<ports::search::Refusal>> apply(
      std::span<const ports::search::Change> changes);
  void mark(std::string_view origin, std::int64_t position);
  Result<void> flush();
  Result<ports::search::Answer> search(const ports::search::Query& query);
  Result<std::vector<std::string>> suggest(std::string_view text, int limit);
  Result<std::vector<float>> vector(std::int64_t id);
  Result<std::vector<std::pair<std::int64_t, std::int64_t>>> scan(std::int64_t after, int limit);
  void synonyms(std::shared_ptr<const Synonyms> words);
  /// Nothing is written once it returns. Whoever still searches it may go on. One caller.
  void close();

 private:
  /// A segment of the newest snapshot, and where on disk it is.
  struct Held {
    Part part;
    std::uint64_t file = 0;             ///< 0 = only in memory
    std::uint64_t begin = 0, size = 0;  ///< in that file
    bool merging = false;               ///< by the thread
    bool patched = false;               ///< its numbers are not those of the file
  };
  using Patched = std::pair<const Segment*, std::uint32_t>;
  class Batch;
  using Clock = std::chrono::steady_clock;

  Index(Shape shape, int flush_every_ms);

  // index.cpp
  std::shared_ptr<const Snapshot> snapshot() const;
  void publish();  ///< with writing_
  void wait_for_spelling();

  // index_files.cpp
  std::filesystem::path file(const std::string& name) const;
  Result<void> load(const Manifest& manifest);
  Result<void> load_parts(const Manifest& manifest);
  void load_vectors(const Manifest& manifest);
  Result<void> store_parts(std::vector<Held>& parts);
  bool vectors_grown() const;
  Result<void> store_vectors(Manifest& manifest, std::uint64_t stamp);
  Manifest describe(const std::vector<Held>& parts) const;
  void remove_unnamed(const Manifest& manifest);

  // index_merges.cpp
  void work(const std::stop_token& stop);
  void learn_words();
  bool merge_one(bool idle);
  void merge_small();  ///< with writing_
  void learn(const Segment& segment);
  std::shared_ptr<Segment> merged(std::vector<Held>& sources,
                                  std::vector<std::vector<std::uint32_t>>& places, Held& out);
  void take_over(const std::vector<Held>& sources,
                 const std::vector<std::vector<std::uint32_t>>& places, Held made,
                 std::span<const Patched> since);

  const Shape shape_;
  const int flush_every_ms_;
  std::shared_ptr<FileHandle> folder_;
  std::atomic<ports::search::State> state_{ports::search::State::ready};
  std::string reason_;                  ///< written before anybody else sees the index
  std::unique_ptr<Vectors> vectors_;    ///< null without dimensions
  Spelling spelling_;

  mutable std::mutex reading_;          ///< of the two pointers; taken last
  std::shared_ptr<const Snapshot> snapshot_;
  std::shared_ptr<const Synonyms> synonyms_;

  std::mutex writing_;                  ///< of what follows; taken after storing_
  std::vector<Held> held_;
  std::string origin_;
  std::int64_t position_ = 0, stored_position_ = 0;
  std::uint64_t next_file_ = 1, stamp_ = 0, changes_ = 0, stored_changes_ = 0;
  bool merging_ = false;
  std::vector<Patched> patched_since_;  ///< the merge has begun
  Clock::time_point merge_after_{};
  std::set<std::uint64_t> being_written_;
  Clock::time_point last_change_{}, last_flush_{};
  std::chrono::milliseconds last_flush_took_{0};
  bool spelling_ready_ = false;
  std::condition_variable spelling_known_;
  std::condition_variable_any wake_;

  std::mutex storing_;                  ///< one flush at a time; taken first
  std::uint64_t vectors_file_ = 0, vectors_stamp_ = 0;
  std::atomic<std::size_t> vectors_settled_{0};  ///< in the graph of that file; read by anybody

  std::atomic<bool> stopping_{false};
  std::jthread thread_;
};

/// Version, weights and the rest in the form that files keep.
std::string written(const ports::search::Schema& schema);
/// Nothing if the bytes are no schema.
std::optional<ports::search::Schema> read_schema(std::string_view bytes);

}  // namespace atelier::engines::native_search

#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "engines/native_search/rows.hpp"

namespace atelier::engines::native_search {

/// What a search may find: the same set, said in two ways.
struct Passing {
  std::size_t count = 0;  ///< documents that pass; those without a vector may be counted
  std::function<bool(std::int64_t id)> holds;
  std::function<void(const std::function<void(std::int64_t id)>& visit)> each;
};

struct Neighbour {
  std::int64_t id = 0;
  float similarity = 0;  ///< cosine
};

/// Vectors of documents by id, one byte for each dimension. Where few pass a filter, or few are
/// there, all of them are compared; else a graph is asked for more than is wanted (half as many
/// again, with a filter three times as many, over what that and deletions let through), and what it
/// gives is filtered. New vectors are compared one by one until a thread of this class has put them
/// into the graph, and seen at once; when more than a quarter of the graph is deleted, that thread
/// makes a new one.
///
/// Thread-safe. Searches run beside each other and wait for one insertion at most (under a
/// millisecond), but for all of a resize, which moves the graph in memory.
class Vectors {
 public:
  static constexpr std::size_t compared_max = 30'000;
  /// `compared_max` is where the graph begins to pay; tests make it small.
  explicit Vectors(std::size_t dimensions, std::size_t few = compared_max);
  ~Vectors();
  Vectors(const Vectors&) = delete;
  Vectors& operator=(const Vectors&) = delete;

  /// Replaces. Errors: `search_vector` (invalid): another size, or no direction.
  Result<void> put(std::int64_t id, std::span<const float> vector);
  void erase(std::int64_t id);
  /// What was put, to one byte; nothing if there is none.
  std::optional<std::vector<float>> get(std::int64_t id) const;

  /// The nearest first; equally near ones by falling id. Errors as `put`.
  Result<std::vector<Neighbour>> nearest(std::span<const float> vector, std::size_t count,
                                         const Passing* passing = nullptr) const;

  std::size_t size() const;   ///< vectors that can be found
  std::size_t settled() const;  ///< in the graph, deleted ones too
  std::vector<std::int64_t> ids() const;  ///< of all of them
  std::size_t bytes() const;  ///< memory
  /// Returns when all vectors are in the graph, if there is to be one, and it has no need to be
  /// made anew.
  void settle();

  /// Whole or not at all, with the graph as far as it is; changes may go on meanwhile.
  Result<void> save(const std::filesystem::path& path) const;
  /// Errors: `file_damaged` also for another number of dimensions; `file_missing`.
  static Result<std::unique_ptr<Vectors>> load(const std::filesystem::path& path,
                                               std::size_t dimensions,
                                               std::size_t few = compared_max);

 private:
  class Store;
  struct Best;

  void work(const std::stop_token& stop);
  void settle_in_background();
  bool wants_graph() const;
  bool wants_rebuild() const;
  bool step();
  void rebuild();
  std::vector<Neighbour> compare(const std::byte* row, std::size_t count,
                                 const Passing* passing) const;
  std::optional<std::vector<Neighbour>> ask_graph(const std::byte* row, std::size_t count,
                                                  const Passing* passing) const;

  RowShape shape_;
  std::size_t few_;
  /// Whoever changes or saves the graph holds it; taken before `lock_`.
  mutable std::mutex growing_;
  mutable std::shared_mutex lock_;
  mutable std::atomic<int> waiting_{0};  ///< callers who want lock_ or have it
  std::unique_ptr<Store> store_;
  std::mutex idle_lock_;
  std::condition_variable_any wake_, settled_;
  bool busy_ = false;
  std::jthread thread_;
};

}  // namespace atelier::engines::native_search

#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engines/native_search/graph.hpp"
#include "engines/native_search/rows.hpp"
#include "engines/native_search/vectors.hpp"

namespace atelier::engines::native_search {

/// Rows by the order in which they came ("slots"); the first `settled()` are in the graph. A slot
/// is never used again. No lock of its own: see Vectors.
class Vectors::Store {
 public:
  static constexpr std::uint32_t none = 0xffffffff;

  explicit Store(const RowShape& shape) : shape_(shape) {}

  void put(std::int64_t id, const std::byte* row);
  void erase(std::int64_t id);
  std::uint32_t find(std::int64_t id) const;  ///< its living slot, or none

  std::uint32_t slots() const { return static_cast<std::uint32_t>(ids_.size()); }
  std::uint32_t settled() const { return graph_ ? graph_->size() : 0; }
  std::uint32_t dead() const { return dead_count_; }
  std::uint32_t living() const { return slots() - dead_count_; }
  bool lives(std::uint32_t slot) const { return (dead_[slot / 64] >> slot % 64 & 1) == 0; }
  std::int64_t id(std::uint32_t slot) const { return ids_[slot]; }
  const std::byte* row(std::uint32_t slot) const;
  const Graph* graph() const { return graph_.get(); }

  /// Puts the next slot into the graph.
  void settle_one();
  /// This was made of the first `count` slots of `from` without those in `dead_then`: takes over
  /// what died and what came since.
  void catch_up(const Store& from, std::uint32_t count,
                std::span<const std::uint64_t> dead_then);

  std::size_t bytes() const;
  void save_tail(disk::CheckedWriter& out) const;
  void set_graph(std::unique_ptr<Graph> graph) { graph_ = std::move(graph); }
  std::span<const std::int64_t> ids() const { return ids_; }
  std::span<const std::uint64_t> dead_bits() const { return dead_; }
  /// Fills an empty store; false for what cannot be one of ours.
  bool load(disk::CheckedReader& in);

 private:
  static constexpr std::uint32_t chunk_rows = 1024;
  std::size_t place_of(std::int64_t id) const;
  void remember(std::uint32_t slot);
  void kill(std::uint32_t slot);

  RowShape shape_;
  std::vector<std::int64_t> ids_;
  std::vector<std::uint64_t> dead_;
  std::uint32_t dead_count_ = 0;
  std::vector<std::uint32_t> places_;  ///< open addressing: slot + 1 by id, the newest of an id
  std::size_t known_ = 0;              ///< places in use
  std::vector<std::unique_ptr<std::byte[]>> chunks_;  ///< rows that are not in the graph
  std::unique_ptr<Graph> graph_;
};

}  // namespace atelier::engines::native_search

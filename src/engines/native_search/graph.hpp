#pragma once
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "engines/disk/checked_file.hpp"
#include "engines/native_search/rows.hpp"

namespace atelier::engines::native_search {

/// A navigable small world of rows (Malkov and Yashunin 2016; hnswlib: M 16, efConstruction 200),
/// numbered as they come. Nothing is taken out. `add` needs the graph alone; any number of
/// threads may search and read rows while it does not run.
class Graph {
 public:
  explicit Graph(const RowShape& shape);
  ~Graph();
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  void add(const std::byte* row);  ///< becomes number size()
  std::uint32_t size() const;
  const std::byte* row(std::uint32_t number) const;
  /// About the `count` nearest, the nearest first: (similarity, number).
  std::vector<std::pair<float, std::uint32_t>> nearest(const std::byte* row,
                                                       std::size_t count) const;
  std::size_t bytes() const;  ///< memory

  void save(disk::CheckedWriter& out) const;
  /// Null for what cannot be one of ours.
  static std::unique_ptr<Graph> load(const RowShape& shape, disk::CheckedReader& in);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace atelier::engines::native_search

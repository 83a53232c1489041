#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "engines/native_search/selected.hpp"
#include "ports/search.hpp"

namespace atelier::engines::native_search {

class Columns;

/// What the last conditions that one segment was asked hold of: who may see what is the same for
/// nearly everybody, and most choose among few filters. What stands on numbers that were patched
/// since is made anew; who was deleted is in it, the segment never changes. Of many the ones go
/// that were not asked for again (CLOCK: Corbató, A Paging Experiment with the Multics System,
/// 1968). At most 18 bytes for each document, and 17 for each of the orders that a set is kept
/// in (`OrdersOfSet`), if all of it was walked through.
///
/// Thread-safe. The lock is held to look through the list, not while something is made.
class KeptSelections {
 public:
  static constexpr std::size_t most = 128;

  /// Null = it is not kept. `columns` are those of the segment, each time.
  std::shared_ptr<const Selected> find(const Columns& columns,
                                       const ports::search::Condition& condition);
  /// Makes what is not kept, and keeps it.
  std::shared_ptr<const Selected> get(const Columns& columns,
                                      const ports::search::Condition& condition);
  /// Whom they all hold of; at least one.
  std::shared_ptr<const Selected> get(
      const Columns& columns, std::span<const ports::search::Condition* const> conditions);

 private:
  struct Kept {
    std::size_t hash = 0;
    std::string key;
    std::shared_ptr<const Selected> selected;
    bool asked = false;  ///< since the hand passed it
  };
  std::shared_ptr<const Selected> find(const std::string& key);
  void keep(std::string key, std::shared_ptr<const Selected> selected);
  std::vector<Kept>::iterator place_of(std::size_t hash, const std::string& key);

  std::mutex lock_;
  std::vector<Kept> kept_;
  std::size_t hand_ = 0;
};

}  // namespace atelier::engines::native_search

#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "engines/native_search/bitset.hpp"
#include "engines/native_search/columns_numbers.hpp"
#include "ports/search.hpp"

namespace atelier::engines::native_search {

class Columns;

/// Whom a condition holds of in one segment.
struct Selected {
  Bitset bits;
  std::uint32_t count = 0;
  /// The numbers that it asks, and how often they had been changed before it was made.
  std::vector<std::pair<const NumberColumn*, std::uint64_t>> numbers;
};

/// What the last conditions that one segment was asked hold of: who may see what is the same for
/// nearly everybody, and most choose among few filters. What stands on numbers that were patched
/// since is made anew; who was deleted is in it, the segment never changes. Of many the ones go
/// that were not asked for again (CLOCK: Corbató, A Paging Experiment with the Multics System,
/// 1968). At most 16 bytes for each document.
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

 private:
  struct Kept {
    std::string key;
    std::shared_ptr<const Selected> selected;
    bool asked = false;  ///< since the hand passed it
  };
  std::shared_ptr<const Selected> find(const std::string& key);
  void keep(std::string key, std::shared_ptr<const Selected> selected);

  std::mutex lock_;
  std::vector<Kept> kept_;
  std::size_t hand_ = 0;
};

}  // namespace atelier::engines::native_search

#include "engines/native_search/selected.hpp"

namespace atelier::engines::native_search {

std::uint32_t CountOfLiving::of(const Bitset& set, const std::shared_ptr<const Bitset>& living) {
  {
    const std::lock_guard held(lock_);
    if (!living_.owner_before(living) && !living.owner_before(living_)) return count_;
  }
  const auto count = set.count_and(living->words());
  const std::lock_guard held(lock_);
  living_ = living;
  count_ = count;
  return count;
}

}  // namespace atelier::engines::native_search

#pragma once
#include <functional>
#include <optional>

#include "features/inspection/pickle_machine.hpp"

namespace atelier::inspection {

/// Where a storage's bytes lie in the file.
struct StoragePlace {
  std::int64_t offset = 0;  ///< 0 = not in one piece (compressed)
  std::int64_t bytes = 0;
};
using FindStorage = std::function<std::optional<StoragePlace>(const std::string& key)>;

/// Adds the tensors of the unpickled value to `work.out.tensors`, named by their path through the
/// dictionaries ("state_dict" and its like left away). False, with the reason, if one lies
/// outside of its storage.
bool collect_tensors(Work& work, PickleHeap& heap, Ref root, const FindStorage& find);

}  // namespace atelier::inspection

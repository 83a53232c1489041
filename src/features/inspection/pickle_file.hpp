#pragma once
#include <string_view>

#include "features/inspection/pickle_heap.hpp"
#include "features/inspection/work.hpp"

namespace atelier::inspection {

/// A file that is pickles from its first byte on: torch's legacy layout (five pickles, then the
/// storages) or a plain pickle, which must end with the file.
Result<> read_pickle(Work& work);

/// Would a loader that unpickles whatever it is given find a pickle that imports something?
/// For files whose name or first bytes promise something else.
Result<bool> probe_pickle(const Source& source);

/// Scans one complete plain pickle for what it imports and calls.
void scan_pickle(std::string_view content, Inspection& out);

/// For archives that are too broken to be read by their directory: scans what its first local
/// header, which torch's own reader may still accept, holds.
Result<> scan_embedded_pickle(Work& work);

/// Do `bytes` hold the storage's elements?
bool storage_fits(const StorageView& storage, std::int64_t bytes);

}  // namespace atelier::inspection

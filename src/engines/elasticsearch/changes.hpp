#pragma once
#include <span>
#include <string>
#include <vector>

#include "engines/elasticsearch/server.hpp"
#include "engines/native_search/shape.hpp"

/// Batches of changes as bulk requests.
///
/// The server's own versions cannot be the rows': a partial update raises them by one, and the next
/// put would look old. So the row's version is a field, a batch reads those of its documents first,
/// and each write holds only if the document has not changed since (`if_seq_no`, or `create` where
/// there was none); what another writer was faster with is done again.
namespace atelier::engines::elasticsearch {

struct Target {
  std::string alias;
  std::string name;         ///< of the index that the alias led to when its shape was read
  bool seen_at_once = true; ///< false while an index is built
};

/// `unavailable` where the alias leads to another index by now: then nothing is known of its shape.
/// What was written may be written again.
Result<std::vector<ports::search::Refusal>> apply_changes(
    Server& server, const Target& target, const native_search::Shape& shape,
    std::span<const ports::search::Change> changes);

}  // namespace atelier::engines::elasticsearch

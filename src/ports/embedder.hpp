#pragma once
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace atelier::ports {

/// Turns texts into vectors whose angle tells how near their meanings are. Thread-safe; blocks.
class Embedder {
 public:
  virtual ~Embedder() = default;
  /// Changes whenever the vectors of the same text would: documents are then embedded again.
  /// "" = there is none yet (not trained, not reachable); `embed` is `unavailable` then.
  virtual std::string identity() = 0;
  virtual int dimensions() = 0;
  /// One vector of unit length for each text; an empty vector where a text says nothing.
  virtual Result<std::vector<std::vector<float>>> embed(std::span<const std::string> texts) = 0;
};

}  // namespace atelier::ports

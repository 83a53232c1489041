#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace atelier::ports {

/// Turns texts into vectors whose angle tells how near their meanings are. Thread-safe; blocks.
class Embedder {
 public:
  /// One text after the other; nothing at the end.
  using Texts = std::function<std::optional<std::string>()>;

  virtual ~Embedder() = default;
  /// Changes whenever the vectors of the same text would: documents are then embedded again.
  /// "" = there is none yet (not trained, not reachable); `embed` is `unavailable` then.
  virtual std::string identity() = 0;
  virtual int dimensions() = 0;
  /// One vector of unit length for each text; an empty vector where a text says nothing.
  virtual Result<std::vector<std::vector<float>>> embed(std::span<const std::string> texts) = 0;

  /// Of a search that somebody waits for: gives up soon where `embed` is patient.
  virtual Result<std::vector<float>> embed_query(const std::string& text) {
    auto vectors = TRY(embed({&text, 1}));
    return vectors.empty() ? std::vector<float>{} : std::move(vectors.front());
  }

  /// True for one that is made from the texts of this place; others need no training.
  virtual bool learns() const { return false; }
  /// Learns anew; until it returns, the old vectors are given. `unavailable` with `texts_too_few`.
  virtual Result<void> train(const Texts&) { return {}; }
};

}  // namespace atelier::ports

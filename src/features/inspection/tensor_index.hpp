#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "features/inspection/inspection.hpp"

namespace atelier::inspection {

/// Finds tensors by name. Borrows the tensors.
class TensorIndex {
 public:
  explicit TensorIndex(const std::vector<Tensor>& tensors);

  const Tensor* find(std::string_view name) const;
  const Tensor* with_prefix(std::string_view prefix) const;  ///< the first in name order
  const Tensor* containing(std::string_view part) const;     ///< scans
  /// Scans for a name that contains `part` and, somewhere, `other`.
  const Tensor* containing(std::string_view part, std::string_view other) const;
  const Tensor* ending(std::string_view suffix) const;  ///< scans
  std::size_t count_containing(std::string_view part) const;
  bool empty() const { return by_name_.empty(); }
  std::size_t size() const { return by_name_.size(); }
  const std::vector<const Tensor*>& by_name() const { return by_name_; }

 private:
  std::vector<const Tensor*> by_name_;
};

/// The same, seen through a prefix such as "model.diffusion_model.".
struct Stem {
  const TensorIndex& index;
  std::string prefix;

  const Tensor* find(std::string_view name) const { return index.find(prefix + std::string(name)); }
  const Tensor* with_prefix(std::string_view start) const {
    return index.with_prefix(prefix + std::string(start));
  }
};

/// `tensor`'s dimension `at` (negative: from the end); 0 if there is no such tensor or dimension.
std::int64_t dimension(const Tensor* tensor, int at);

/// "name [320, 768]" for evidence.
std::string described(const Tensor& tensor);

}  // namespace atelier::inspection

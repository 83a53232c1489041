#include "features/inspection/tensor_index.hpp"

#include <algorithm>

#include "features/inspection/work.hpp"

namespace atelier::inspection {

TensorIndex::TensorIndex(const std::vector<Tensor>& tensors) {
  by_name_.reserve(tensors.size());
  for (const Tensor& tensor : tensors) by_name_.push_back(&tensor);
  std::sort(by_name_.begin(), by_name_.end(),
            [](const Tensor* a, const Tensor* b) { return a->name < b->name; });
}

const Tensor* TensorIndex::with_prefix(std::string_view prefix) const {
  const auto before = [](const Tensor* tensor, std::string_view key) { return tensor->name < key; };
  const auto at = std::lower_bound(by_name_.begin(), by_name_.end(), prefix, before);
  return at != by_name_.end() && (*at)->name.starts_with(prefix) ? *at : nullptr;
}

const Tensor* TensorIndex::find(std::string_view name) const {
  const Tensor* first = with_prefix(name);
  return first && first->name == name ? first : nullptr;
}

const Tensor* TensorIndex::containing(std::string_view part) const {
  return containing(part, {});
}

const Tensor* TensorIndex::containing(std::string_view part, std::string_view other) const {
  for (const Tensor* tensor : by_name_)
    if (tensor->name.find(part) != std::string::npos &&
        tensor->name.find(other) != std::string::npos)
      return tensor;
  return nullptr;
}

const Tensor* TensorIndex::ending(std::string_view suffix) const {
  for (const Tensor* tensor : by_name_)
    if (tensor->name.ends_with(suffix)) return tensor;
  return nullptr;
}

std::size_t TensorIndex::count_containing(std::string_view part) const {
  return static_cast<std::size_t>(
      std::count_if(by_name_.begin(), by_name_.end(), [&](const Tensor* tensor) {
        return tensor->name.find(part) != std::string::npos;
      }));
}

std::int64_t dimension(const Tensor* tensor, int at) {
  if (!tensor) return 0;
  const int rank = static_cast<int>(tensor->shape.size());
  const int index = at < 0 ? rank + at : at;
  return index >= 0 && index < rank ? tensor->shape[static_cast<std::size_t>(index)] : 0;
}

std::string described(const Tensor& tensor) {
  std::string text = quoted(tensor.name, 160) + " [";
  for (std::size_t i = 0; i < tensor.shape.size(); ++i)
    text += (i ? ", " : "") + std::to_string(tensor.shape[i]);
  return text + "]";
}

}  // namespace atelier::inspection

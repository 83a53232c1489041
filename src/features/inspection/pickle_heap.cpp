#include "features/inspection/pickle_heap.hpp"

#include <utility>

namespace atelier::inspection {

Ref PickleHeap::add(Kind kind, std::int64_t number) {
  values_.push_back({kind, 0, number});
  return static_cast<Ref>(values_.size() - 1);
}

Ref PickleHeap::add_text(std::string text) {
  texts_.push_back(std::move(text));
  values_.push_back({Kind::text, static_cast<std::uint32_t>(texts_.size() - 1), 0});
  return static_cast<Ref>(values_.size() - 1);
}

Ref PickleHeap::add_items(Kind kind, std::vector<Ref> items) {
  items_.push_back(std::move(items));
  values_.push_back({kind, static_cast<std::uint32_t>(items_.size() - 1), 0});
  return static_cast<Ref>(values_.size() - 1);
}

Ref PickleHeap::add_global(std::string module, std::string name) {
  texts_.push_back(std::move(module));
  texts_.push_back(std::move(name));
  values_.push_back({Kind::global, static_cast<std::uint32_t>(texts_.size() - 2), 0});
  return static_cast<Ref>(values_.size() - 1);
}

Ref PickleHeap::add_storage(StorageView storage) {
  storages_.push_back(std::move(storage));
  values_.push_back({Kind::storage, static_cast<std::uint32_t>(storages_.size() - 1), 0});
  return static_cast<Ref>(values_.size() - 1);
}

Ref PickleHeap::add_tensor(TensorView tensor) {
  tensors_.push_back(std::move(tensor));
  values_.push_back({Kind::tensor, static_cast<std::uint32_t>(tensors_.size() - 1), 0});
  return static_cast<Ref>(values_.size() - 1);
}

bool PickleHeap::holds_items(Ref ref) const {
  const Kind kind = values_[ref].kind;
  return kind == Kind::tuple || kind == Kind::list || kind == Kind::dict || kind == Kind::set;
}

}  // namespace atelier::inspection

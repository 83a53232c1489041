#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace atelier::inspection {

/// What the abstract machine knows about a value that unpickling would make.
enum class Kind : unsigned char {
  none, boolean, whole, text, bytes, tuple, list, dict, set, global, tensor, storage,
  object,  ///< made by an allowed call; its contents are not followed
  opaque,  ///< anything else, such as the result of a call that is not allowed
};

using Ref = std::uint32_t;  ///< a value's place in the heap

/// A storage that a tensor views: the archive's member `key`.
struct StorageView {
  std::string key;
  std::string dtype;
  std::int64_t elements = 0;
};

struct TensorView {
  Ref storage = 0;
  std::string dtype;
  std::int64_t offset = 0;  ///< elements into the storage
  std::vector<std::int64_t> shape;
};

/// The values of one pickle. Grows only: the machine bounds its size.
class PickleHeap {
 public:
  struct Value {
    Kind kind;
    std::uint32_t side = 0;   ///< index into the table of its kind
    std::int64_t number = 0;  ///< of whole and boolean; of dict: 1 = an OrderedDict or Counter
  };

  Ref add(Kind kind, std::int64_t number = 0);
  Ref add_text(std::string text);
  Ref add_items(Kind kind, std::vector<Ref> items);  ///< dict: key, value, key, value …
  Ref add_global(std::string module, std::string name);
  Ref add_storage(StorageView storage);
  Ref add_tensor(TensorView tensor);

  const Value& operator[](Ref ref) const { return values_[ref]; }
  Kind kind(Ref ref) const { return values_[ref].kind; }
  bool holds_items(Ref ref) const;
  std::vector<Ref>& items(Ref ref) { return items_[values_[ref].side]; }
  const std::vector<Ref>& items(Ref ref) const { return items_[values_[ref].side]; }
  const std::string& text(Ref ref) const { return texts_[values_[ref].side]; }
  const std::string& module(Ref ref) const { return texts_[values_[ref].side]; }
  const std::string& name(Ref ref) const { return texts_[values_[ref].side + 1]; }
  StorageView& storage(Ref ref) { return storages_[values_[ref].side]; }
  const StorageView& storage(Ref ref) const { return storages_[values_[ref].side]; }
  const TensorView& tensor(Ref ref) const { return tensors_[values_[ref].side]; }
  const std::vector<StorageView>& storages() const { return storages_; }
  std::size_t size() const { return values_.size(); }

 private:
  std::vector<Value> values_;
  std::vector<std::string> texts_;
  std::vector<std::vector<Ref>> items_;
  std::vector<StorageView> storages_;
  std::vector<TensorView> tensors_;
};

}  // namespace atelier::inspection

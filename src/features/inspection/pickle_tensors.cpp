#include "features/inspection/pickle_tensors.hpp"

#include <algorithm>
#include <unordered_set>

#include "features/inspection/safetensors.hpp"

namespace atelier::inspection {

namespace {

constexpr int max_depth = 12;

/// Walks the dictionaries and lists below the root, each once: pickles may share and loop.
class TensorCollector {
 public:
  TensorCollector(Work& work, PickleHeap& heap, const FindStorage& find)
      : work_(work), heap_(heap), find_(find) {}

  bool visit(Ref value, const std::string& path, int depth);

 private:
  bool visit_dict(Ref value, const std::string& path, int depth);
  bool add(Ref value, const std::string& path);
  bool malformed(std::string_view code, std::string text) {
    worsen(work_.out, Verdict::malformed, code, std::move(text));
    return false;
  }

  Work& work_;
  PickleHeap& heap_;
  const FindStorage& find_;
  std::unordered_set<Ref> seen_;
  std::unordered_set<std::string> names_;
};

/// What trainers wrap around the weights.
bool is_wrapper(std::string_view key) {
  static constexpr std::string_view names[] = {"state_dict", "params_ema", "params", "params-ema",
                                               "model_state_dict"};
  return std::find(std::begin(names), std::end(names), key) != std::end(names);
}

bool TensorCollector::visit(Ref value, const std::string& path, int depth) {
  if (heap_.kind(value) == Kind::tensor) return add(value, path);
  if (!heap_.holds_items(value) || depth > max_depth || !seen_.insert(value).second) return true;
  if (heap_.kind(value) == Kind::dict) return visit_dict(value, path, depth);
  const std::vector<Ref> items = heap_.items(value);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Kind kind = heap_.kind(items[i]);
    if (kind != Kind::tensor && !heap_.holds_items(items[i])) continue;
    const std::string name = (path.empty() ? "" : path + ".") + std::to_string(i);
    if (!visit(items[i], name, depth + 1)) return false;
  }
  return true;
}

bool TensorCollector::visit_dict(Ref value, const std::string& path, int depth) {
  const std::vector<Ref> items = heap_.items(value);
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    const Kind kind = heap_.kind(items[i + 1]);
    if (kind != Kind::tensor && !heap_.holds_items(items[i + 1])) continue;
    std::string key = "?";
    if (heap_.kind(items[i]) == Kind::text) key = quoted(heap_.text(items[i]), 1000);
    if (heap_.kind(items[i]) == Kind::whole) key = std::to_string(heap_[items[i]].number);
    std::string name = path.empty() ? key : path + "." + key;
    if (depth == 0 && kind != Kind::tensor && is_wrapper(key)) name.clear();
    if (name.size() > 4000) continue;
    if (!visit(items[i + 1], name, depth + 1)) return false;
  }
  return true;
}

bool TensorCollector::add(Ref value, const std::string& path) {
  if (work_.out.tensors.size() >= max_tensors)
    return malformed("too_many_tensors", "The pickle has too many tensors.");
  const TensorView& view = heap_.tensor(value);
  Tensor tensor{path.empty() ? "tensor" : path, view.dtype, view.shape, 0, 0};
  // "params" and "params_ema" hold the same names.
  if (!names_.insert(tensor.name).second) return true;
  const std::int64_t width = dtype_bits(view.dtype) / 8;
  std::int64_t elements = 1;
  for (std::int64_t extent : view.shape)
    if (__builtin_mul_overflow(elements, extent, &elements))
      return malformed("shape_overflow", "The shape of '" + quoted(path) + "' overflows.");
  if (__builtin_mul_overflow(elements, width, &tensor.bytes))
    return malformed("shape_overflow", "The shape of '" + quoted(path) + "' overflows.");
  if (heap_.kind(view.storage) == Kind::storage) {
    const auto place = find_(heap_.storage(view.storage).key);
    if (!place)
      return malformed("missing_storage", "The data of '" + quoted(path) + "' is not there.");
    std::int64_t start = 0;
    if (__builtin_mul_overflow(view.offset, width, &start) || start > place->bytes)
      return malformed("bad_tensor", "'" + quoted(path) + "' lies outside of its storage.");
    if (place->offset != 0) tensor.offset = place->offset + start;
  }
  work_.out.tensors.push_back(std::move(tensor));
  return true;
}

}  // namespace

bool collect_tensors(Work& work, PickleHeap& heap, Ref root, const FindStorage& find) {
  return TensorCollector(work, heap, find).visit(root, "", 0);
}

bool PickleMachine::read_shape(Ref value, std::vector<std::int64_t>& shape) {
  if (heap_.kind(value) != Kind::tuple && heap_.kind(value) != Kind::list) return false;
  if (heap_.items(value).size() > max_rank) return false;
  for (Ref item : heap_.items(value)) {
    if (heap_.kind(item) != Kind::whole || heap_[item].number < 0) return false;
    shape.push_back(heap_[item].number);
  }
  return true;
}

/// _rebuild_tensor(storage, offset, size, stride); _v2 and _v3 append flags, hooks and, v3, the
/// dtype; _rebuild_meta_tensor_no_storage(dtype, size, stride, …).
bool PickleMachine::rebuild(Callee callee, const std::vector<Ref>& arguments) {
  const auto bad = [&] {
    return malformed("bad_tensor", "The pickle makes a tensor of parts that do not fit.");
  };
  TensorView tensor;
  std::vector<std::int64_t> strides;
  if (callee == Callee::tensor_meta) {
    if (arguments.size() < 3 || !read_shape(arguments[1], tensor.shape)) return bad();
    tensor.dtype = dtype_of(arguments[0]);
    tensor.storage = arguments[0];
    return tensor.dtype.empty() ? bad() : push(heap_.add_tensor(std::move(tensor)));
  }
  if (arguments.size() < 4 || arguments.size() > 10) return bad();
  const Ref storage = arguments[0];
  if (heap_.kind(storage) == Kind::opaque) return push_new(Kind::opaque);
  if (heap_.kind(storage) != Kind::storage || heap_.kind(arguments[1]) != Kind::whole) return bad();
  tensor.storage = storage;
  tensor.offset = heap_[arguments[1]].number;
  if (tensor.offset < 0 || !read_shape(arguments[2], tensor.shape) ||
      !read_shape(arguments[3], strides) || strides.size() != tensor.shape.size())
    return bad();
  const StorageView& view = heap_.storage(storage);
  tensor.dtype = view.dtype;
  std::int64_t capacity = view.elements;
  if (callee == Callee::tensor_v3) {
    if (arguments.size() < 7) return bad();
    tensor.dtype = dtype_of(arguments[6]);
    if (tensor.dtype.empty()) return bad();
    if (__builtin_mul_overflow(capacity, dtype_bits(view.dtype) / 8, &capacity)) return bad();
    capacity /= dtype_bits(tensor.dtype) / 8;
  }
  std::int64_t last = tensor.offset;
  bool empty = false;
  for (std::size_t i = 0; i < strides.size(); ++i) {
    std::int64_t reach = 0;
    if (tensor.shape[i] == 0) empty = true;
    if (tensor.shape[i] > 0 && (__builtin_mul_overflow(tensor.shape[i] - 1, strides[i], &reach) ||
                                __builtin_add_overflow(last, reach, &last)))
      return bad();
  }
  if (!empty && last >= capacity) return bad();
  return push(heap_.add_tensor(std::move(tensor)));
}

}  // namespace atelier::inspection

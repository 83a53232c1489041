#include "features/inspection/precision.hpp"

#include <algorithm>
#include <map>

namespace atelier::inspection {

namespace {

std::int64_t elements(const Tensor& tensor) {
  std::int64_t count = 1;
  for (std::int64_t dimension : tensor.shape)
    if (__builtin_mul_overflow(count, dimension, &count)) return INT64_MAX;
  return count;
}

void add(std::int64_t& sum, std::int64_t value) {
  if (__builtin_add_overflow(sum, value, &sum)) sum = INT64_MAX;
}

struct Marks {
  bool scaled = false;
  bool second_scale = false;
  bool nf4 = false;
};

/// Quantised weights carry their scales under names of their own.
Marks marks_of(const Inspection& out) {
  Marks marks;
  for (const Tensor& tensor : out.tensors) {
    const std::string& name = tensor.name;
    if (name.ends_with(".scale_weight") || name.ends_with(".weight_scale") ||
        name.ends_with("scaled_fp8"))
      marks.scaled = true;
    if (name.ends_with(".weight_scale_2")) marks.second_scale = true;
    if (name.find("bitsandbytes__nf4") != std::string::npos) marks.nf4 = true;
  }
  return marks;
}

std::string name_of(const DtypeTotal& most, const Marks& marks, double share) {
  const std::string& dtype = most.dtype;
  if (marks.nf4) return "nf4";
  if (dtype == "F32") return "fp32";
  if (dtype == "F16") return "fp16";
  if (dtype == "BF16") return "bf16";
  if (dtype.starts_with("F8_")) {
    if (marks.scaled) return "fp8_scaled";
    return share < 0.9 ? "fp8_mixed" : "fp8";
  }
  if (dtype == "U8" && marks.second_scale) return "nvfp4";
  if (dtype == "F4") return "nvfp4";
  if (dtype == "I8") return "int8";
  return {};
}

}  // namespace

void summarise_tensors(Work& work) {
  Inspection& out = work.out;
  std::map<std::string, DtypeTotal> totals;
  for (const Tensor& tensor : out.tensors) {
    DtypeTotal& total = totals[tensor.dtype];
    total.dtype = tensor.dtype;
    add(total.tensors, 1);
    add(total.parameters, elements(tensor));
    add(total.bytes, tensor.bytes);
    add(out.parameters, elements(tensor));
    add(out.tensor_bytes, tensor.bytes);
  }
  for (auto& [dtype, total] : totals) out.dtypes.push_back(std::move(total));
  std::stable_sort(out.dtypes.begin(), out.dtypes.end(),
                   [](const DtypeTotal& a, const DtypeTotal& b) { return a.bytes > b.bytes; });
  if (out.dtypes.empty() || out.tensor_bytes == 0 || out.format == Format::gguf) return;
  const double share =
      static_cast<double>(out.dtypes[0].bytes) / static_cast<double>(out.tensor_bytes);
  out.precision = name_of(out.dtypes[0], marks_of(out), share);
}

}  // namespace atelier::inspection

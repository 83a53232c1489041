#include "features/inspection/safetensors.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_set>
#include <utility>

#include "features/inspection/json_reader.hpp"

namespace atelier::inspection {

namespace {

constexpr std::uint64_t max_header = 100'000'000;  // the reference implementation's cap

constexpr std::array<std::pair<std::string_view, unsigned>, 23> dtypes = {{
    {"BOOL", 8},        {"U8", 8},      {"I8", 8},          {"F8_E4M3", 8}, {"F8_E5M2", 8},
    {"F8_E8M0", 8},     {"F4", 4},      {"F6_E2M3", 6},     {"F6_E3M2", 6}, {"I16", 16},
    {"U16", 16},        {"F16", 16},    {"BF16", 16},       {"I32", 32},    {"U32", 32},
    {"F32", 32},        {"I64", 64},    {"U64", 64},        {"F64", 64},    {"C64", 64},
    {"F8_E4M3FNUZ", 8}, {"C128", 128},  {"F8_E5M2FNUZ", 8},
}};

/// The header's JSON on its way into `Work`. Each member returns false once the file is known
/// to be malformed.
class HeaderReader {
 public:
  HeaderReader(Work& work, std::string_view header, std::uint64_t data_bytes)
      : work_(work), json_(header), data_bytes_(data_bytes) {}

  bool read();

 private:
  bool malformed(std::string_view code, std::string text) {
    worsen(work_.out, Verdict::malformed, code, std::move(text));
    return false;
  }
  bool broken_json() {
    return malformed("header_json", "The header is not valid JSON: " + json_.error() + ".");
  }
  bool read_metadata();
  bool read_tensor(const std::string& name);
  bool read_field(Tensor& tensor, std::array<std::uint64_t, 2>& offsets, const std::string& field);
  bool check_extent(Tensor& tensor, const std::array<std::uint64_t, 2>& offsets);
  bool check_layout();

  Work& work_;
  JsonReader json_;
  std::uint64_t data_bytes_;
};

bool HeaderReader::read_metadata() {
  if (!json_.at_object()) return malformed("metadata_type", "__metadata__ is not an object.");
  json_.begin_object();
  std::string key;
  std::string value;
  while (json_.next_key(key)) {
    if (!json_.at_string())
      return malformed("metadata_type", "The metadata of '" + quoted(key) + "' is not a string.");
    if (!json_.read_string(value)) break;
    if (work_.metadata.size() >= max_metadata_entries)
      return malformed("too_much_metadata", "The header has too many metadata entries.");
    if (!work_.metadata.emplace(key, std::move(value)).second)
      return malformed("duplicate_key", "The metadata has '" + quoted(key) + "' twice.");
  }
  return json_.failed() ? broken_json() : true;
}

bool HeaderReader::read_field(Tensor& tensor, std::array<std::uint64_t, 2>& offsets,
                              const std::string& field) {
  std::uint64_t number = 0;
  if (field == "dtype") return json_.read_string(tensor.dtype);
  if (field == "shape") {
    json_.begin_array();
    while (json_.next_item()) {
      if (!json_.read_whole(number)) return false;
      if (tensor.shape.size() == max_rank)
        return malformed("too_many_dimensions",
                         "'" + quoted(tensor.name) + "' has too many dimensions.");
      if (number > static_cast<std::uint64_t>(INT64_MAX))
        return malformed("shape_overflow",
                         "A dimension of '" + quoted(tensor.name) + "' is too large.");
      tensor.shape.push_back(static_cast<std::int64_t>(number));
    }
    return !json_.failed();
  }
  if (field == "data_offsets") {
    std::size_t count = 0;
    json_.begin_array();
    while (json_.next_item()) {
      if (!json_.read_whole(number)) return false;
      if (count < 2) offsets[count] = number;
      ++count;
    }
    if (json_.failed()) return false;
    return count == 2 || malformed("bad_offsets", "The data_offsets of '" + quoted(tensor.name) +
                                                      "' are not two numbers.");
  }
  return json_.skip_value();
}

bool HeaderReader::read_tensor(const std::string& name) {
  if (work_.out.tensors.size() >= max_tensors)
    return malformed("too_many_tensors", "The header lists too many tensors.");
  Tensor tensor{name, {}, {}, 0, 0};
  std::array<std::uint64_t, 2> offsets{};
  std::vector<std::string> seen;
  std::string field;
  json_.begin_object();
  while (json_.next_key(field)) {
    if (seen.size() > 16 || std::find(seen.begin(), seen.end(), field) != seen.end())
      return malformed("duplicate_key",
                       "'" + quoted(name) + "' has the field '" + quoted(field) + "' twice.");
    seen.push_back(field);
    if (!read_field(tensor, offsets, field)) break;
  }
  if (json_.failed()) return broken_json();
  if (work_.out.verdict == Verdict::malformed) return false;
  for (std::string_view needed : {"dtype", "shape", "data_offsets"}) {
    if (std::find(seen.begin(), seen.end(), needed) == seen.end())
      return malformed("missing_field",
                       "'" + quoted(name) + "' lacks '" + std::string(needed) + "'.");
  }
  if (!check_extent(tensor, offsets)) return false;
  work_.out.tensors.push_back(std::move(tensor));
  return true;
}

/// Leaves offsets relative to the data for `check_layout`.
bool HeaderReader::check_extent(Tensor& tensor, const std::array<std::uint64_t, 2>& offsets) {
  const std::string name = "'" + quoted(tensor.name) + "'";
  const unsigned bits = dtype_bits(tensor.dtype);
  if (bits == 0)
    return malformed("unknown_dtype", name + " has the unknown dtype '" + quoted(tensor.dtype) +
                                          "'.");
  if (offsets[0] > offsets[1] || offsets[1] > data_bytes_)
    return malformed("bad_offsets", name + " lies outside of the file.");
  std::uint64_t total = bits;
  for (std::int64_t extent : tensor.shape) {
    if (__builtin_mul_overflow(total, extent, &total))
      return malformed("shape_overflow", "The shape of " + name + " overflows.");
  }
  if (total % 8 != 0)
    return malformed("bad_shape", name + " does not fill whole bytes.");
  tensor.offset = static_cast<std::int64_t>(offsets[0]);
  tensor.bytes = static_cast<std::int64_t>(offsets[1] - offsets[0]);
  if (offsets[1] - offsets[0] != total / 8)
    return malformed("size_mismatch", "The shape and dtype of " + name + " need " +
                                          std::to_string(total / 8) + " bytes, its offsets give " +
                                          std::to_string(tensor.bytes) + ".");
  return true;
}

/// No holes, no overlap, and the last byte belongs to the last tensor.
bool HeaderReader::check_layout() {
  auto& tensors = work_.out.tensors;
  std::sort(tensors.begin(), tensors.end(), [](const Tensor& a, const Tensor& b) {
    return std::pair(a.offset, a.bytes) < std::pair(b.offset, b.bytes);
  });
  std::int64_t end = 0;
  for (Tensor& tensor : tensors) {
    if (tensor.offset < end)
      return malformed("overlap", "'" + quoted(tensor.name) + "' overlaps another tensor.");
    if (tensor.offset > end)
      return malformed("hole", "There are bytes of no tensor before '" + quoted(tensor.name) +
                                   "'.");
    end = tensor.offset + tensor.bytes;
    tensor.offset += work_.out.tensor_span;
  }
  if (static_cast<std::uint64_t>(end) != data_bytes_)
    return malformed("trailing_bytes", "There are bytes of no tensor at the end of the file.");
  return true;
}

bool HeaderReader::read() {
  std::unordered_set<std::string> names;
  std::string name;
  json_.begin_object();
  while (json_.next_key(name)) {
    if (!names.insert(name).second)
      return malformed("duplicate_key", "The header has '" + quoted(name) + "' twice.");
    if (name == "__metadata__") {
      if (!read_metadata()) return false;
    } else if (!json_.at_object()) {
      return malformed("bad_entry", "'" + quoted(name) + "' is not an object.");
    } else if (!read_tensor(name)) {
      return false;
    }
  }
  if (!json_.finish()) return broken_json();
  return check_layout();
}

std::uint64_t little_endian(std::span<const std::byte, 8> bytes) {
  std::uint64_t value = 0;
  for (int i = 7; i >= 0; --i) value = (value << 8) | std::to_integer<std::uint64_t>(bytes[i]);
  return value;
}

}  // namespace

unsigned dtype_bits(std::string_view dtype) {
  for (const auto& [name, bits] : dtypes)
    if (name == dtype) return bits;
  return 0;
}

Result<bool> looks_like_safetensors(const Source& source) {
  if (source.size() < 9) return false;
  std::array<std::byte, 9> start{};
  TRY(source.read(0, start));
  const std::uint64_t length = little_endian(std::span(start).first<8>());
  return length <= max_header && start[8] == std::byte{'{'};
}

Result<> read_safetensors(Work& work) {
  Inspection& out = work.out;
  out.format = Format::safe_tensor;
  if (work.source.size() < 8) {
    worsen(out, Verdict::malformed, "truncated", "The file ends before its header.");
    return {};
  }
  std::array<std::byte, 8> start{};
  TRY(work.source.read(0, start));
  const std::uint64_t length = little_endian(start);
  if (length > max_header) {
    worsen(out, Verdict::malformed, "header_too_large",
           "The header claims to be larger than 100 MB.");
    return {};
  }
  if (length > work.source.size() - 8) {
    worsen(out, Verdict::malformed, "truncated", "The file ends within its header.");
    return {};
  }
  std::string header(length, '\0');
  TRY(work.source.read(8, std::as_writable_bytes(std::span(header))));
  if (!header.starts_with('{')) {
    worsen(out, Verdict::malformed, "header_start", "The header does not begin with '{'.");
    return {};
  }
  out.tensor_span = static_cast<std::int64_t>(8 + length);
  if (!HeaderReader(work, header, work.source.size() - 8 - length).read()) {
    out.tensors.clear();
    out.tensor_span = 0;
  }
  return {};
}

}  // namespace atelier::inspection

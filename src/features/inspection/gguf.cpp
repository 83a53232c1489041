#include "features/inspection/gguf.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <unordered_set>

#include "base/text.hpp"
#include "features/inspection/byte_stream.hpp"
#include "features/inspection/json_reader.hpp"

namespace atelier::inspection {

namespace {

constexpr std::uint64_t max_entries = 100'000;
constexpr std::uint64_t max_key = 65'535;              // the format's own limit
constexpr std::uint64_t max_string = 16 * 1024 * 1024;
constexpr std::uint64_t max_text = 256 * 1024 * 1024;  // all strings together
constexpr std::uint64_t max_items = 16'000'000;        // of all arrays; vocabularies: 300 000
constexpr std::uint64_t max_dimensions = 4;            // GGML_MAX_DIMS
constexpr std::size_t shown_items = 16;

/// How ggml stores a type: so many bytes for each block of so many elements.
struct GgmlType {
  std::uint32_t number;
  std::string_view name;
  std::uint32_t block, bytes;
};
constexpr std::array<GgmlType, 36> ggml_types = {{
    {0, "F32", 1, 4},         {1, "F16", 1, 2},         {2, "Q4_0", 32, 18},
    {3, "Q4_1", 32, 20},      {6, "Q5_0", 32, 22},      {7, "Q5_1", 32, 24},
    {8, "Q8_0", 32, 34},      {9, "Q8_1", 32, 36},      {10, "Q2_K", 256, 84},
    {11, "Q3_K", 256, 110},   {12, "Q4_K", 256, 144},   {13, "Q5_K", 256, 176},
    {14, "Q6_K", 256, 210},   {15, "Q8_K", 256, 292},   {16, "IQ2_XXS", 256, 66},
    {17, "IQ2_XS", 256, 74},  {18, "IQ3_XXS", 256, 98}, {19, "IQ1_S", 256, 50},
    {20, "IQ4_NL", 32, 18},   {21, "IQ3_S", 256, 110},  {22, "IQ2_S", 256, 82},
    {23, "IQ4_XS", 256, 136}, {24, "I8", 1, 1},         {25, "I16", 1, 2},
    {26, "I32", 1, 4},        {27, "I64", 1, 8},        {28, "F64", 1, 8},
    {29, "IQ1_M", 256, 56},   {30, "BF16", 1, 2},       {34, "TQ1_0", 256, 54},
    {35, "TQ2_0", 256, 66},   {39, "MXFP4", 32, 17},    {36, "IQ4_NL_4_4", 32, 18},
    {37, "IQ4_NL_4_8", 32, 18}, {40, "NVFP4", 64, 36},  {41, "Q1_0", 128, 18},
}};

/// `general.file_type` → the name that people use for the file's quantisation.
constexpr std::array<std::pair<std::uint32_t, std::string_view>, 35> file_types = {{
    {0, "F32"},      {1, "F16"},      {2, "Q4_0"},    {3, "Q4_1"},   {7, "Q8_0"},
    {8, "Q5_0"},     {9, "Q5_1"},     {10, "Q2_K"},   {11, "Q3_K_S"}, {12, "Q3_K_M"},
    {13, "Q3_K_L"},  {14, "Q4_K_S"},  {15, "Q4_K_M"}, {16, "Q5_K_S"}, {17, "Q5_K_M"},
    {18, "Q6_K"},    {19, "IQ2_XXS"}, {20, "IQ2_XS"}, {21, "Q2_K_S"}, {22, "IQ3_XS"},
    {23, "IQ3_XXS"}, {24, "IQ1_S"},   {25, "IQ4_NL"}, {26, "IQ3_S"},  {27, "IQ3_M"},
    {28, "IQ2_S"},   {29, "IQ2_M"},   {30, "IQ4_XS"}, {31, "IQ1_M"},  {32, "BF16"},
    {36, "TQ1_0"},   {37, "TQ2_0"},   {38, "MXFP4"},  {39, "NVFP4"},  {40, "Q1_0"},
}};

enum Kind : std::uint32_t {
  kind_u8, kind_i8, kind_u16, kind_i16, kind_u32, kind_i32, kind_f32, kind_bool, kind_string,
  kind_array, kind_u64, kind_i64, kind_f64, kind_count,
};
constexpr std::array<unsigned, kind_count> widths = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

const GgmlType* ggml_type(std::uint64_t number) {
  for (const GgmlType& type : ggml_types)
    if (type.number == number) return &type;
  return nullptr;
}

std::string shown_number(std::uint32_t kind, std::uint64_t bits) {
  char text[40];
  switch (kind) {
    case kind_i8: return std::to_string(static_cast<std::int8_t>(bits));
    case kind_i16: return std::to_string(static_cast<std::int16_t>(bits));
    case kind_i32: return std::to_string(static_cast<std::int32_t>(bits));
    case kind_i64: return std::to_string(static_cast<std::int64_t>(bits));
    case kind_bool: return bits ? "true" : "false";
    case kind_f32:
      std::snprintf(text, sizeof text, "%.9g",
                    static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits))));
      return text;
    case kind_f64:
      std::snprintf(text, sizeof text, "%.17g", std::bit_cast<double>(bits));
      return text;
    default: return std::to_string(bits);
  }
}

class GgufReader {
 public:
  explicit GgufReader(Work& work) : work_(work), in_(work.source, 0, work.source.size()) {}

  void read() {
    if (!read_header() || !read_entries() || !read_tensors()) {
      work_.out.tensors.clear();
      if (work_.out.verdict == Verdict::safe) malformed("truncated", "The file ends too early.");
    }
  }
  const Result<>& failure() const { return in_.failure(); }

 private:
  bool malformed(std::string_view code, std::string text) {
    worsen(work_.out, Verdict::malformed, code, std::move(text));
    return false;
  }
  bool read_header();
  bool read_entries();
  bool read_text(std::string& text, std::uint64_t most);
  bool read_value(const std::string& key, std::uint32_t kind);
  bool read_array(const std::string& key);
  bool read_tensors();
  bool read_tensor();
  bool restore_shape(Tensor& tensor);
  bool place_tensors();

  Work& work_;
  ByteStream in_;
  std::uint64_t tensors_ = 0;
  std::uint64_t entries_ = 0;
  std::uint64_t text_left_ = max_text;
  std::uint64_t items_left_ = max_items;
  std::uint64_t alignment_ = 32;
  std::unordered_set<std::string> names_;
};

bool GgufReader::read_header() {
  std::uint64_t version = 0;
  if (!in_.skip(4) || !in_.number(4, version)) return false;
  if (version != 2 && version != 3)
    return malformed("gguf_version", "This GGUF version is not known.");
  if (!in_.number(8, tensors_) || !in_.number(8, entries_)) return false;
  // Each takes at least 24 and 13 bytes: counts beyond the file's size are lies.
  if (tensors_ > max_tensors || tensors_ > in_.left() / 24)
    return malformed("too_many_tensors", "The header claims too many tensors.");
  if (entries_ > max_entries || entries_ > in_.left() / 13)
    return malformed("too_much_metadata", "The header claims too many metadata entries.");
  return true;
}

bool GgufReader::read_text(std::string& text, std::uint64_t most) {
  std::uint64_t length = 0;
  if (!in_.number(8, length)) return false;
  if (length > in_.left()) return false;
  if (length > most || length > text_left_)
    return malformed("string_too_long", "The header has a string that is too long.");
  text_left_ -= length;
  if (!in_.take(length, text)) return false;
  return well_formed_utf8(text) || malformed("not_utf8", "The header has text that is not UTF-8.");
}

bool GgufReader::read_value(const std::string& key, std::uint32_t kind) {
  if (kind == kind_array) return read_array(key);
  std::string text;
  if (kind == kind_string) {
    if (!read_text(text, max_string)) return false;
  } else {
    std::uint64_t bits = 0;
    if (!in_.number(widths[kind], bits)) return false;
    if (kind == kind_bool && bits > 1)
      return malformed("bad_boolean", "'" + quoted(key) + "' is neither true nor false.");
    if (key == "general.alignment") {
      if (kind != kind_u32 || bits == 0 || !std::has_single_bit(bits) || bits > (1u << 20))
        return malformed("bad_alignment", "The alignment is not a small power of two.");
      alignment_ = bits;
    }
    text = shown_number(kind, bits);
  }
  return work_.metadata.emplace(key, std::move(text)).second ||
         malformed("duplicate_key", "The metadata has '" + quoted(key) + "' twice.");
}

/// Keeps the first items as text ("1, 2, 3"): enough for shapes, too little for vocabularies.
bool GgufReader::read_array(const std::string& key) {
  std::uint64_t kind = 0;
  std::uint64_t count = 0;
  if (!in_.number(4, kind) || !in_.number(8, count)) return false;
  if (kind >= kind_count || kind == kind_array)
    return malformed("bad_array", "'" + quoted(key) + "' is an array of an unknown type.");
  if (count > items_left_)
    return malformed("array_too_long", "'" + quoted(key) + "' has too many items.");
  items_left_ -= count;
  std::string shown;
  std::string item;
  const bool strings = kind == kind_string;
  for (std::uint64_t i = 0; i < count; ++i) {
    std::uint64_t bits = 0;
    if (!strings && i > shown_items) {
      if (!in_.skip((count - i) * widths[kind])) return false;
      break;
    }
    if (strings ? !read_text(item, max_string) : !in_.number(widths[kind], bits)) return false;
    if (i > shown_items) continue;
    shown += i ? ", " : "";
    if (i == shown_items) shown += "…";
    else shown += strings ? quoted(item) : shown_number(static_cast<std::uint32_t>(kind), bits);
  }
  return work_.metadata.emplace(key, std::move(shown)).second ||
         malformed("duplicate_key", "The metadata has '" + quoted(key) + "' twice.");
}

bool GgufReader::read_entries() {
  std::string key;
  std::uint64_t kind = 0;
  for (std::uint64_t i = 0; i < entries_; ++i) {
    if (!read_text(key, max_key) || !in_.number(4, kind)) return false;
    if (kind >= kind_count)
      return malformed("bad_value_type", "'" + quoted(key) + "' has an unknown type.");
    if (!read_value(key, static_cast<std::uint32_t>(kind))) return false;
  }
  return true;
}

bool GgufReader::restore_shape(Tensor& tensor) {
  const auto found = work_.metadata.find("comfy.gguf.orig_shape." + tensor.name);
  if (found == work_.metadata.end()) return true;
  std::vector<std::int64_t> shape;
  std::int64_t product = 1;
  std::int64_t stored = 1;
  for (std::int64_t extent : tensor.shape) stored *= extent;
  for (std::string_view part : split(found->second, ',')) {
    const auto extent = parse_whole(trim(part));
    if (!extent || *extent < 0 || __builtin_mul_overflow(product, *extent, &product))
      return malformed("bad_shape", "The original shape of '" + quoted(tensor.name) +
                                        "' is not a shape.");
    shape.push_back(*extent);
  }
  if (product != stored)
    return malformed("bad_shape", "'" + quoted(tensor.name) + "' has two different shapes.");
  tensor.shape = std::move(shape);
  return true;
}

bool GgufReader::read_tensor() {
  Tensor tensor;
  std::uint64_t rank = 0;
  std::uint64_t number = 0;
  if (!read_text(tensor.name, max_key) || !in_.number(4, rank)) return false;
  const std::string name = "'" + quoted(tensor.name) + "'";
  if (rank > max_dimensions)
    return malformed("too_many_dimensions", name + " has too many dimensions.");
  std::int64_t elements = 1;
  std::int64_t row = 1;
  for (std::uint64_t i = 0; i < rank; ++i) {
    if (!in_.number(8, number)) return false;
    if (number > INT64_MAX || __builtin_mul_overflow(elements, number, &elements))
      return malformed("shape_overflow", "The shape of " + name + " overflows.");
    if (i == 0) row = static_cast<std::int64_t>(number);
    tensor.shape.insert(tensor.shape.begin(), static_cast<std::int64_t>(number));
  }
  if (!in_.number(4, number)) return false;
  const GgmlType* type = ggml_type(number);
  if (!type) return malformed("unknown_dtype", name + " has an unknown ggml type.");
  if (row % type->block != 0)
    return malformed("bad_shape", "The rows of " + name + " do not fill whole blocks.");
  if (__builtin_mul_overflow(elements / type->block, std::int64_t{type->bytes}, &tensor.bytes))
    return malformed("shape_overflow", "The shape of " + name + " overflows.");
  tensor.dtype = type->name;
  if (!in_.number(8, number)) return false;
  if (number > INT64_MAX || number % alignment_ != 0)
    return malformed("bad_offsets", name + " does not begin at the alignment.");
  tensor.offset = static_cast<std::int64_t>(number);
  if (!restore_shape(tensor)) return false;
  if (!names_.insert(tensor.name).second)
    return malformed("duplicate_key", "The header has the tensor " + name + " twice.");
  work_.out.tensors.push_back(std::move(tensor));
  return true;
}

bool GgufReader::place_tensors() {
  const std::uint64_t start = (in_.position() + alignment_ - 1) / alignment_ * alignment_;
  const std::uint64_t size = work_.source.size();
  std::uint64_t end = start;
  auto& tensors = work_.out.tensors;
  std::stable_sort(tensors.begin(), tensors.end(),
                   [](const Tensor& a, const Tensor& b) { return a.offset < b.offset; });
  for (Tensor& tensor : tensors) {
    std::uint64_t at = 0;
    if (__builtin_add_overflow(start, static_cast<std::uint64_t>(tensor.offset), &at) ||
        at > size || static_cast<std::uint64_t>(tensor.bytes) > size - at)
      return malformed("bad_offsets", "'" + quoted(tensor.name) + "' lies outside of the file.");
    if (at < end)
      return malformed("overlap", "'" + quoted(tensor.name) + "' overlaps another tensor.");
    if (at - end >= alignment_)
      return malformed("hole", "There are bytes of no tensor before '" + quoted(tensor.name) +
                                   "'.");
    end = at + static_cast<std::uint64_t>(tensor.bytes);
    tensor.offset = static_cast<std::int64_t>(at);
  }
  // Writers pad the last tensor too; anything more is not GGUF.
  if (size > end && size - end >= alignment_)
    return malformed("trailing_bytes", "There are bytes of no tensor at the end of the file.");
  work_.out.tensor_span = static_cast<std::int64_t>(std::min(start, size));
  return true;
}

bool GgufReader::read_tensors() {
  for (std::uint64_t i = 0; i < tensors_; ++i)
    if (!read_tensor()) return false;
  return place_tensors();
}

/// The file's own word if it has one, else what most of the quantised bytes are stored as: norms
/// and embeddings stay floats in every file.
std::string quantisation(const Work& work) {
  const auto claimed = work.metadata.find("general.file_type");
  if (claimed != work.metadata.end())
    for (const auto& [number, name] : file_types)
      if (claimed->second == std::to_string(number)) return std::string(name);
  std::map<std::string, std::int64_t> floats;
  std::map<std::string, std::int64_t> quantised;
  for (const Tensor& tensor : work.out.tensors) {
    const bool plain = tensor.dtype == "F32" || tensor.dtype == "F16" || tensor.dtype == "BF16";
    (plain ? floats : quantised)[tensor.dtype] += tensor.bytes;
  }
  const auto& counted = quantised.empty() ? floats : quantised;
  const auto fewer = [](const auto& a, const auto& b) { return a.second < b.second; };
  const auto most = std::max_element(counted.begin(), counted.end(), fewer);
  return most == counted.end() ? "" : most->first;
}

}  // namespace

Result<bool> looks_like_gguf(const Source& source) {
  if (source.size() < 4) return false;
  std::array<std::byte, 4> start{};
  TRY(source.read(0, start));
  return std::string_view(reinterpret_cast<const char*>(start.data()), 4) == "GGUF";
}

Result<> read_gguf(Work& work) {
  work.out.format = Format::gguf;
  GgufReader reader(work);
  reader.read();
  TRY(reader.failure());
  work.out.quant_type = quantisation(work);
  return {};
}

}  // namespace atelier::inspection

#pragma once
#include <boost/describe.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// What a model file is, whether it is safe, and what it contains, by reading its bytes only:
/// nothing is executed, imported or unpickled. Formats: safetensors, GGUF v2/v3, PyTorch zip and
/// legacy pickle, plain pickle. Pure and free of shared state: call it from any thread.
namespace atelier::inspection {

/// Bytes that can be read at any offset.
class Source {
 public:
  virtual ~Source() = default;
  virtual std::uint64_t size() const = 0;
  /// Fills `into` wholly from `offset` on, or fails: `unavailable`/`read_failed` when the medium
  /// does, `invalid`/`out_of_range` beyond the end.
  virtual Result<> read(std::uint64_t offset, std::span<std::byte> into) const = 0;
};

/// Borrows the bytes: they must outlive it.
class MemorySource final : public Source {
 public:
  explicit MemorySource(std::span<const std::byte> bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<> read(std::uint64_t offset, std::span<std::byte> into) const override;

 private:
  std::span<const std::byte> bytes_;
};

/// A regular file, read by `pread`: positions are not shared with other users of the file.
class FileSource final : public Source {
 public:
  static Result<FileSource> open(const std::string& path);
  FileSource(FileSource&& other) noexcept;
  FileSource& operator=(FileSource&&) = delete;
  ~FileSource() override;
  std::uint64_t size() const override { return size_; }
  Result<> read(std::uint64_t offset, std::span<std::byte> into) const override;

 private:
  FileSource(int file, std::uint64_t size) : file_(file), size_(size) {}
  int file_;
  std::uint64_t size_;
};

enum class Format : unsigned char { safe_tensor, pickle_tensor, gguf, onnx, zip, text, other };
BOOST_DESCRIBE_ENUM(Format, safe_tensor, pickle_tensor, gguf, onnx, zip, text, other)

/// From best to worst. `malformed` is treated like `dangerous`: nobody can tell what a broken
/// file does in a loader that is less strict.
enum class Verdict : unsigned char { safe, unknown_import, malformed, dangerous };
BOOST_DESCRIBE_ENUM(Verdict, safe, unknown_import, malformed, dangerous)

/// Civitai's `metadata.format`: SafeTensor, PickleTensor, GGUF, ONNX, Other.
std::string_view format_name(Format format);
std::string_view verdict_name(Verdict verdict);  ///< "safe", "unknown_import", …

struct Reason {
  std::string code;  ///< stable, e.g. "header_too_large", "dangerous_import"
  std::string text;  ///< one sentence for people
};
BOOST_DESCRIBE_STRUCT(Reason, (), (code, text))

struct Import {
  std::string module;
  std::string name;
  std::string judged;  ///< allowed | unknown | dangerous
};
BOOST_DESCRIBE_STRUCT(Import, (), (module, name, judged))

struct MetadataEntry {
  std::string key;
  std::string value;        ///< at most 64 KiB; less if all are long
  std::int64_t bytes = 0;   ///< the whole value's length
};
BOOST_DESCRIBE_STRUCT(MetadataEntry, (), (key, value, bytes))

struct Tensor {
  std::string name;
  std::string dtype;                 ///< safetensors names (F16, BF16 …) or ggml's (Q4_K …)
  std::vector<std::int64_t> shape;  ///< PyTorch order
  std::int64_t offset = 0;          ///< from the start of the file; 0 if not stored in one piece
  std::int64_t bytes = 0;
};
BOOST_DESCRIBE_STRUCT(Tensor, (), (name, dtype, shape, offset, bytes))

struct DtypeTotal {
  std::string dtype;
  std::int64_t tensors = 0;
  std::int64_t parameters = 0;
  std::int64_t bytes = 0;
};
BOOST_DESCRIBE_STRUCT(DtypeTotal, (), (dtype, tensors, parameters, bytes))

/// An answer with how sure it is and what said so. `value` empty = could not tell.
struct Guess {
  std::string value;
  double confidence = 0;  ///< 0..1
  std::vector<std::string> evidence;
};
BOOST_DESCRIBE_STRUCT(Guess, (), (value, confidence, evidence))

/// What the file's own metadata says about itself. Not trusted: shapes win.
struct Claim {
  std::string key;         ///< the metadata key
  std::string text;        ///< its value, shortened
  std::string model_type;  ///< what it means, Civitai's names; empty = nothing
  std::string base_model;
};
BOOST_DESCRIBE_STRUCT(Claim, (), (key, text, model_type, base_model))

struct Conflict {
  std::string code;      ///< type_conflict | base_conflict
  std::string claimed;   ///< the value that somebody claims
  std::string detected;  ///< the value that the shapes say
  std::string text;      ///< one sentence for people
};
BOOST_DESCRIBE_STRUCT(Conflict, (), (code, claimed, detected, text))

struct TriggerWord {
  std::string word;
  std::int64_t count = 0;  ///< images of the training set that carry it; 0 = not said
};
BOOST_DESCRIBE_STRUCT(TriggerWord, (), (word, count))

/// Hashes that the file carries about itself (unverified), lower-case hex without 0x.
struct EmbeddedHash {
  std::string key;  ///< "sshs_model_hash", "modelspec.hash_sha256", …
  std::string value;
};
BOOST_DESCRIBE_STRUCT(EmbeddedHash, (), (key, value))

struct Inspection {
  Format format = Format::other;
  Verdict verdict = Verdict::safe;
  std::vector<Reason> reasons;  ///< why the verdict is not `safe`; worst first
  std::vector<Import> imports;  ///< of pickles, each once, worst first
  std::vector<MetadataEntry> metadata;
  std::vector<Tensor> tensors;      ///< in file order
  std::vector<DtypeTotal> dtypes;   ///< most bytes first
  std::int64_t parameters = 0;     ///< all tensors' elements
  std::int64_t tensor_bytes = 0;   ///< all tensors' bytes
  std::int64_t tensor_span = 0;    ///< where the tensor data begins (AutoV3); 0 = no such place
  std::string precision;            ///< Civitai's `fp`: fp32, fp16, bf16, fp8 …; empty = mixed
  std::string quant_type;           ///< GGUF: Q8_0, Q4_K_M …
  std::string size_kind;            ///< full (has EMA weights) | pruned; checkpoints only
  Guess model_type;                 ///< Civitai's ModelType vocabulary
  Guess base_model;                 ///< Civitai's BaseModel vocabulary
  std::string base_model_type;      ///< Standard | Inpainting | Refiner | Pix2Pix
  std::string variant;              ///< finer than the type: LoHa, LoKr, IP-Adapter, Tile …
  bool v_prediction = false;
  bool has_vae = false;             ///< a checkpoint that brings its own
  bool has_text_encoder = false;
  std::vector<Claim> claims;
  std::vector<Conflict> conflicts;  ///< between the file's claims and its shapes
  std::vector<TriggerWord> trigger_words;  ///< most frequent first, at most 100
  std::vector<EmbeddedHash> hashes;
};
BOOST_DESCRIBE_STRUCT(Inspection, (),
                      (format, verdict, reasons, imports, metadata, tensors, dtypes, parameters,
                       tensor_bytes, tensor_span, precision, quant_type,
                       size_kind, model_type, base_model, base_model_type,
                       variant, v_prediction, has_vae, has_text_encoder,
                       claims, conflicts, trigger_words, hashes))

/// Reads what is needed of `source` (headers, pickles; small archives whole for their CRC) and
/// reports. `file_name` gives the extension that a loader would go by, and weak hints.
/// Never fails on content – a broken file is the verdict `malformed` – only when reading fails.
Result<Inspection> inspect(const Source& source, std::string_view file_name);

/// Where the uploader's words and the file disagree. Empty claims are not checked; names that
/// shapes cannot tell apart (Pony and SDXL 1.0, LORA and LoCon by old habit) are no conflict.
std::vector<Conflict> compare(const Inspection& found, std::string_view claimed_type,
                              std::string_view claimed_base);

}  // namespace atelier::inspection

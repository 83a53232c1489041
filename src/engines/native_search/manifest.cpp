#include "engines/native_search/manifest.hpp"

#include "engines/disk/checked_file.hpp"
#include "engines/native_search/byte_stream.hpp"
#include "engines/native_search/index.hpp"

namespace atelier::engines::native_search {
namespace {

constexpr std::uint32_t format = 0x314d4e41;  // "ANM1"

bool read_part(ByteReader& in, Manifest::Part& part) {
  part.file = in.u64();
  part.begin = in.u64();
  part.size = in.u64();
  part.documents = in.u32();
  part.dead.resize(in.count(8));
  for (auto& word : part.dead) word = in.u64();
  part.numbers = in.text();
  const std::size_t words = (std::size_t{part.documents} + 63) / 64;
  if (!part.dead.empty() && part.dead.size() != words) return false;
  return part.dead.empty() || part.documents % 64 == 0 ||
         part.dead.back() >> part.documents % 64 == 0;
}

}  // namespace

std::string Manifest::written() const {
  ByteWriter out;
  out.u32(format);
  out.text(native_search::written(schema));
  out.text(origin);
  out.i64(position);
  for (const auto number : {next_file, stamp, vectors_file, vectors_stamp}) out.u64(number);
  out.u32(std::uint32_t(parts.size()));
  for (const auto& part : parts) {
    for (const auto number : {part.file, part.begin, part.size}) out.u64(number);
    out.u32(part.documents);
    out.u32(std::uint32_t(part.dead.size()));
    for (const auto word : part.dead) out.u64(word);
    out.text(part.numbers);
  }
  return out.bytes();
}

std::optional<Manifest> Manifest::read(std::string_view bytes) {
  ByteReader in(bytes);
  Manifest manifest;
  if (in.u32() != format) return std::nullopt;
  auto schema = read_schema(in.text());
  if (!schema) return std::nullopt;
  manifest.schema = std::move(*schema);
  manifest.origin = in.text();
  manifest.position = in.i64();
  for (auto* const number : {&manifest.next_file, &manifest.stamp, &manifest.vectors_file,
                             &manifest.vectors_stamp})
    *number = in.u64();
  manifest.parts.resize(in.count(36));
  for (auto& part : manifest.parts)
    if (!read_part(in, part)) return std::nullopt;
  if (!in.done()) return std::nullopt;
  return manifest;
}

Result<void> store_manifest(const std::filesystem::path& path, const Manifest& manifest) {
  auto file = TRY(disk::CheckedWriter::create(path));
  const auto bytes = manifest.written();
  file.write(std::as_bytes(std::span(bytes)));
  return file.finish();
}

Result<Manifest> load_manifest(const std::filesystem::path& path) {
  auto file = TRY(disk::CheckedReader::open(path));
  const auto bytes = *file.take(file.left());
  auto manifest = Manifest::read({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (!manifest)
    return fail(Fault::internal, "file_damaged", "The manifest of a search index is damaged.");
  return std::move(*manifest);
}

}  // namespace atelier::engines::native_search

#include "engines/native_search/byte_stream.hpp"
#include "engines/native_search/index.hpp"

namespace atelier::engines::native_search {
namespace search = ports::search;

std::string written(const search::Schema& schema) {
  ByteWriter out;
  out.text(schema.index);
  out.u32(schema.version);
  out.u32(std::uint32_t(schema.dimensions));
  out.u32(std::uint32_t(schema.fields.size()));
  for (const auto& field : schema.fields) {
    out.text(field.name);
    out.u32(std::uint32_t(field.kind));
    out.u32(std::uint32_t(field.analysis));
    out.f32(field.weight);
  }
  return out.bytes();
}

std::optional<search::Schema> read_schema(std::string_view bytes) {
  ByteReader in(bytes);
  search::Schema schema;
  schema.index = in.text();
  schema.version = in.u32();
  schema.dimensions = int(in.u32());
  schema.fields.resize(in.count(16));
  for (auto& field : schema.fields) {
    field.name = in.text();
    const auto kind = in.u32();
    const auto analysis = in.u32();
    if (kind > std::uint32_t(search::FieldKind::bits) ||
        analysis > std::uint32_t(search::Analysis::name))
      return std::nullopt;
    field.kind = search::FieldKind(kind);
    field.analysis = search::Analysis(analysis);
    field.weight = in.f32();
  }
  if (!in.done()) return std::nullopt;
  return schema;
}

}  // namespace atelier::engines::native_search

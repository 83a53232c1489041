#include "platform/searchables.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace atelier::platform {
namespace {

using ports::search::Field;
using ports::search::FieldKind;

bool has(const Searchable& searchable, std::string_view name, FieldKind kind) {
  return std::ranges::any_of(searchable.schema.fields, [&](const Field& field) {
    return field.name == name && field.kind == kind;
  });
}

constexpr std::size_t text_bytes_max = 20'000;

std::vector<Field> common_fields() {
  return {{"owner", FieldKind::keyword}, {"username", FieldKind::keyword},
          {"tag", FieldKind::keyword},   {"nsfwLevel", FieldKind::bits},
          {"audience", FieldKind::bits}, {"published", FieldKind::number}};
}

}  // namespace

void add_common(ports::search::Document& document, const Common& common) {
  document.keywords.push_back({"owner", {keyword_of(common.owner.value)}});
  if (!common.username.empty()) document.keywords.push_back({"username", {common.username}});
  document.keywords.push_back({"tag", common.tags});
  document.numbers.push_back({"nsfwLevel", common.level});
  document.numbers.push_back({"audience", common.members ? for_members : for_anyone});
  document.numbers.push_back({"published", common.published});
}

std::string text_of(const ports::search::Document& document) {
  std::string all;
  for (const auto& [field, text] : document.texts) all += text + "\n";
  return all;
}

std::string beginning_of(std::string_view text) {
  std::size_t end = std::min(text.size(), text_bytes_max);
  while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end;
  return std::string(text.substr(0, end));
}

void Searchables::add(Searchable searchable) {
  searchable.schema.index = schema::label_of(searchable.kind);
  for (Field& field : common_fields()) searchable.schema.fields.push_back(std::move(field));
  CHECK(searchable.ids != nullptr && searchable.documents != nullptr);
  CHECK(searchable.touched != nullptr && searchable.cards != nullptr);
  for (const std::string& facet : searchable.facets)
    CHECK(has(searchable, facet, FieldKind::keyword));
  for (const std::string& count : searchable.counts)
    CHECK(has(searchable, count, FieldKind::number));
  auto& place = kinds_[std::size_t(searchable.kind)];
  CHECK(place == nullptr);
  place = std::make_unique<const Searchable>(std::move(searchable));
}

const Searchable* Searchables::find(SearchKind kind) const {
  return kinds_[std::size_t(kind)].get();
}

std::vector<const Searchable*> Searchables::all() const {
  std::vector<const Searchable*> all;
  for (const auto& each : kinds_)
    if (each != nullptr) all.push_back(each.get());
  return all;
}

}  // namespace atelier::platform

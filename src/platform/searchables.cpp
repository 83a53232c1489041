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

}  // namespace

void Searchables::add(Searchable searchable) {
  searchable.schema.index = schema::label_of(searchable.kind);
  CHECK(searchable.ids != nullptr && searchable.documents != nullptr);
  CHECK(searchable.touched != nullptr && searchable.cards != nullptr);
  CHECK(has(searchable, "owner", FieldKind::keyword) && has(searchable, "tag", FieldKind::keyword));
  CHECK(has(searchable, "nsfwLevel", FieldKind::bits));
  CHECK(has(searchable, "audience", FieldKind::bits));
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

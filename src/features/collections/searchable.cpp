#include "features/collections/searchable.hpp"

#include "features/collections/store.hpp"

namespace atelier::collections {
namespace {

namespace search = ports::search;
using platform::HitCard;
using search::Analysis;
using search::FieldKind;

search::Document document_of(const Collection& collection) {
  search::Document out;
  out.id = collection.id.value;
  out.texts = {{"name", collection.name}, {"creator", collection.owner_name}};
  if (!collection.description.empty())
    out.texts.emplace_back("description", platform::beginning_of(collection.description));
  out.keywords.push_back({"type", {schema::label_of(collection.kind)}});
  platform::add_common(out, {.owner = collection.owner,
                             .username = collection.owner_name,
                             .level = collection.level,
                             .published = collection.created_at});
  out.numbers.push_back({"followers", collection.followers});
  return out;
}

Result<std::vector<search::Document>> documents(sql::Tx& tx, std::span<const std::int64_t> ids) {
  std::vector<search::Document> out;
  for (const Collection& collection : TRY(store::open_collections(tx, ids)))
    out.push_back(document_of(collection));
  return out;
}

Result<void> touched(sql::Tx& tx, const platform::Event& event, platform::Touched& out) {
  if (event.noun == "collections") out.documents.insert(event.subject);
  if (event.noun == "standing")
    for (const CollectionId id : TRY(store::ids_of_owner(tx, UserId{event.subject})))
      out.documents.insert(id.value);
  const auto change = metrics::change_of(event);
  if (change && change->kind == SubjectKind::collection) out.numbers.insert(change->id);
  return {};
}

HitCard hit(const Collection& collection) {
  HitCard card;
  card.kind = platform::SearchKind::collections;
  card.id = collection.id.value;
  card.title = collection.name;
  card.address = "/collections/" + std::to_string(collection.id.value);
  card.username = collection.owner_name;
  card.nsfwLevel = collection.level;
  card.type = schema::label_of(collection.kind);
  card.publishedAt = schema::Time{collection.created_at};
  card.counts.followers = collection.followers;
  return card;
}

Result<std::vector<HitCard>> listed(sql::Tx& tx, const Viewer& viewer,
                                    const store::Listing& listing) {
  std::vector<HitCard> cards;
  for (const Collection& collection : TRY(store::page(tx, listing, viewer)).collections)
    cards.push_back(hit(collection));
  return cards;
}

Result<std::vector<HitCard>> cards(sql::Tx& tx, const Viewer& viewer,
                                   std::span<const std::int64_t> ids) {
  if (ids.empty()) return std::vector<HitCard>{};
  store::Listing listing;
  for (const std::int64_t id : ids) listing.ids.push_back(CollectionId{id});
  listing.limit = static_cast<int>(ids.size());
  return listed(tx, viewer, listing);
}

Result<std::vector<HitCard>> plain(sql::Tx& tx, const Viewer& viewer, std::string_view words,
                                   int limit) {
  store::Listing listing;
  listing.query = words;
  listing.limit = limit;
  return listed(tx, viewer, listing);
}

}  // namespace

void searchables(platform::Searchables& all) {
  platform::Searchable collections;
  collections.kind = platform::SearchKind::collections;
  collections.schema.fields = {{"name", FieldKind::text, 4, Analysis::name},
                               {"creator", FieldKind::text, 2, Analysis::name},
                               {"description", FieldKind::text, 1, Analysis::prose},
                               {"type", FieldKind::keyword},
                               {"followers", FieldKind::number}};
  collections.facets = {"type", "username"};
  collections.popularity = "followers";
  collections.counts = {"followers"};
  collections.counts_by = metrics::fold_name;
  collections.ids = store::open_ids;
  collections.documents = documents;
  collections.touched = touched;
  collections.cards = cards;
  collections.plain = plain;
  all.add(std::move(collections));
}

}  // namespace atelier::collections

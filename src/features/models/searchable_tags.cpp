#include "base/text.hpp"
#include "features/models/searchable.hpp"
#include "features/models/store.hpp"

// Tags as things to be found by words.
namespace atelier::models {
namespace {

namespace search = ports::search;
using platform::HitCard;
using search::FieldKind;

search::Document document_of(const store::Tag& tag) {
  search::Document out;
  out.id = tag.id.value;
  out.texts = {{"name", tag.name}};
  platform::add_common(out, {.tags = {tag.name}});
  out.numbers.insert(out.numbers.end(), {{"models", tag.models}, {"images", tag.images}});
  return out;
}

Result<std::vector<search::Document>> documents(sql::Tx& tx, std::span<const std::int64_t> ids) {
  std::vector<search::Document> out;
  for (const store::Tag& tag : TRY(store::used_tags(tx, ids))) out.push_back(document_of(tag));
  return out;
}

Result<void> touched(sql::Tx& tx, const platform::Event& event, platform::Touched& out) {
  if (event.noun != "models" && event.noun != "posts") return {};
  for (const TagId tag : TRY(event.noun == "models"
                                 ? store::tags_of_model(tx, ModelId{event.subject})
                                 : store::tags_of_post(tx, PostId{event.subject})))
    out.documents.insert(tag.value);
  return {};
}

HitCard hit(store::Tag tag) {
  HitCard card;
  card.kind = platform::SearchKind::tags;
  card.id = tag.id.value;
  card.address = "/models?tag=" + percent_encode(tag.name);
  card.title = std::move(tag.name);
  card.nsfwLevel = maturity::all;
  card.counts.models = tag.models;
  card.counts.images = tag.images;
  return card;
}

Result<std::vector<HitCard>> shown(Result<std::vector<store::Tag>> tags) {
  std::vector<HitCard> cards;
  for (store::Tag& tag : TRY(std::move(tags))) cards.push_back(hit(std::move(tag)));
  return cards;
}

Result<std::vector<HitCard>> cards(sql::Tx& tx, const Viewer& viewer,
                                   std::span<const std::int64_t> ids) {
  return shown(store::visible_tags(tx, viewer, ids));
}

Result<std::vector<HitCard>> plain(sql::Tx& tx, const Viewer& viewer, std::string_view words,
                                   int limit) {
  return shown(store::visible_tags(tx, viewer, words, limit));
}

}  // namespace

void add_tags(platform::Searchables& all) {
  platform::Searchable tags;
  tags.kind = platform::SearchKind::tags;
  tags.schema.fields = {{"name", FieldKind::text, 4, search::Analysis::name},
                        {"models", FieldKind::number},
                        {"images", FieldKind::number}};
  tags.popularity = "models";
  // They follow models and posts without an event about each tag; an audit does not compare them.
  tags.counts = {"models", "images"};
  tags.ids = store::used_tag_ids;
  tags.documents = documents;
  tags.touched = touched;
  tags.cards = cards;
  tags.plain = plain;
  all.add(std::move(tags));
}

}  // namespace atelier::models

#include "features/images/searchable.hpp"

#include "features/images/store.hpp"
#include "features/metrics/metrics.hpp"

namespace atelier::images {
namespace {

namespace search = ports::search;
using platform::HitCard;
using search::Analysis;
using search::FieldKind;

std::vector<search::Field> fields() {
  return {{"prompt", FieldKind::text, 2, Analysis::prose},
          {"resources", FieldKind::text, 2, Analysis::name},
          {"tags", FieldKind::text, 2, Analysis::prose},
          {"creator", FieldKind::text, 1, Analysis::name},
          {"tools", FieldKind::text, 1, Analysis::name},
          {"bases", FieldKind::text, 1, Analysis::name},
          {"type", FieldKind::keyword},
          {"baseModel", FieldKind::keyword},
          {"tool", FieldKind::keyword},
          {"likes", FieldKind::number},
          {"comments", FieldKind::number},
          {"collected", FieldKind::number}};
}

/// What its file says and others may read: never more than the image's own page shows.
void add_recipe(const std::string& stored, search::Document& out) {
  const auto recipe = schema::from_stored_json<recipes::Recipe>(stored);
  if (!recipe) return;
  if (!recipe->prompt.empty())
    out.texts.emplace_back("prompt", platform::beginning_of(recipe->prompt));
  for (const recipes::RecipeResource& resource : recipe->resources)
    if (!resource.name.empty()) out.texts.emplace_back("resources", resource.name);
}

void add_counts(const Counts& counts, search::Document& out) {
  out.numbers.insert(out.numbers.end(), {{"likes", counts.reactions},
                                         {"comments", counts.comments},
                                         {"collected", counts.collected}});
}

search::Document document_of(const Image& image, const std::vector<TagName>& tags) {
  search::Document out;
  out.id = image.id.value;
  std::vector<std::string> names;
  for (const TagName& tag : tags) {
    out.texts.emplace_back("tags", tag.name);
    names.push_back(tag.name);
  }
  out.texts.emplace_back("creator", image.owner_name);
  if (!image.tool.empty()) out.texts.emplace_back("tools", image.tool);
  if (!image.base_model.empty()) out.texts.emplace_back("bases", image.base_model);
  out.keywords.push_back({"type", {schema::label_of(image.type)}});
  if (!image.tool.empty()) out.keywords.push_back({"tool", {image.tool}});
  if (!image.base_model.empty()) out.keywords.push_back({"baseModel", {image.base_model}});
  platform::add_common(out, {.owner = image.owner,
                             .username = image.owner_name,
                             .tags = std::move(names),
                             .level = image.level(),
                             .published = image.published_at.value_or(image.created_at)});
  add_counts(image.counts, out);
  return out;
}

Result<std::vector<search::Document>> documents(sql::Tx& tx, std::span<const std::int64_t> ids) {
  const std::vector<Image> images = TRY(store::open_images(tx, ids));
  const auto tags = TRY(tags_of(tx, images));
  const auto recipes = TRY(recipes_of(tx, images, Viewer{}));
  std::vector<search::Document> out;
  for (const Image& image : images) {
    const auto own = tags.find(image.id);
    out.push_back(document_of(image, own == tags.end() ? std::vector<TagName>{} : own->second));
    if (const auto recipe = recipes.find(image.id); recipe != recipes.end())
      add_recipe(recipe->second, out.back());
  }
  return out;
}

Result<std::vector<search::Document>> numbers(sql::Tx& tx, std::span<const std::int64_t> ids) {
  std::vector<search::Document> out;
  for (const Image& image : TRY(store::open_images(tx, ids))) {
    out.emplace_back().id = image.id.value;
    add_counts(image.counts, out.back());
  }
  return out;
}

Result<void> touched(sql::Tx& tx, const platform::Event& event, platform::Touched& out) {
  if (event.noun == "images") out.documents.insert(event.subject);
  if (event.noun == "standing")
    for (const ImageId id : TRY(store::ids_of_owner(tx, UserId{event.subject})))
      out.documents.insert(id.value);
  const auto change = metrics::change_of(event);
  if (change && change->kind == platform::SubjectKind::image) out.numbers.insert(change->id);
  return {};
}

HitCard hit(const Image& image, const Viewer& viewer) {
  ImageCard shown = images::card(image, viewer);
  HitCard card;
  card.kind = platform::SearchKind::images;
  card.id = image.id.value;
  card.address = "/images/" + std::to_string(image.id.value);
  card.username = std::move(shown.creator);
  card.nsfwLevel = shown.nsfwLevel;
  card.type = schema::label_of(shown.type);
  if (!shown.baseModel.empty()) card.baseModels.push_back(std::move(shown.baseModel));
  card.picture = {std::move(shown.key), std::move(shown.name), shown.type == ImageType::video,
                  shown.width,          shown.height,          std::move(shown.thumbHash),
                  shown.nsfwLevel};
  card.publishedAt = shown.publishedAt;
  card.counts.likes = image.counts.reactions;
  card.counts.comments = image.counts.comments;
  card.counts.collected = image.counts.collected;
  return card;
}

Result<std::vector<HitCard>> cards(sql::Tx& tx, const Viewer& viewer,
                                   std::span<const std::int64_t> ids) {
  std::vector<HitCard> cards;
  if (ids.empty()) return cards;
  Filter filter;
  for (const std::int64_t id : ids) filter.ids.push_back(ImageId{id});
  filter.limit = static_cast<int>(ids.size());
  const Page page = TRY(list(tx, filter, viewer, 0));
  for (const Image& image : page.images) cards.push_back(hit(image, viewer));
  return cards;
}

}  // namespace

void searchables(platform::Searchables& all) {
  platform::Searchable images;
  images.kind = platform::SearchKind::images;
  images.schema.fields = fields();
  images.facets = {"type", "baseModel", "tool", "tag", "username"};
  images.popularity = "likes";
  images.vectors = true;
  images.counts = {"likes", "comments", "collected"};
  images.counts_by = metrics::fold_name;
  images.ids = store::open_ids;
  images.documents = documents;
  images.numbers = numbers;
  images.touched = touched;
  images.cards = cards;  // without an index: no name to look for words in
  all.add(std::move(images));
}

}  // namespace atelier::images

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "features/metrics/metrics.hpp"
#include "features/models/endpoints.hpp"
#include "features/models/searchable.hpp"
#include "features/models/store.hpp"

// Models as things to be found by words.
namespace atelier::models {
namespace {

namespace search = ports::search;
using platform::HitCard;
using search::Analysis;
using search::FieldKind;

search::Schema shape() {
  search::Schema schema;
  schema.version = 1;
  schema.fields = {{"name", FieldKind::text, 4, Analysis::name},
                   {"triggers", FieldKind::text, 3, Analysis::name},
                   {"versions", FieldKind::text, 2, Analysis::name},
                   {"tags", FieldKind::text, 2, Analysis::prose},
                   {"creator", FieldKind::text, 2, Analysis::name},
                   {"types", FieldKind::text, 1, Analysis::name},
                   {"bases", FieldKind::text, 1, Analysis::name},
                   {"description", FieldKind::text, 1, Analysis::prose},
                   {"type", FieldKind::keyword},
                   {"baseModel", FieldKind::keyword},
                   {"format", FieldKind::keyword},
                   {"checkpointType", FieldKind::keyword},
                   {"hash", FieldKind::keyword},
                   {"downloads", FieldKind::number},
                   {"likes", FieldKind::number},
                   {"comments", FieldKind::number},
                   {"collected", FieldKind::number},
                   {"images", FieldKind::number}};
  return schema;
}

void add_hashes(const files::Hashes& hashes, std::set<std::string>& all) {
  constexpr std::size_t autov3_shown = 12;
  for (const std::string& hash : {hashes.sha256, hashes.autov1, hashes.autov2, hashes.autov3,
                                  hashes.crc32, hashes.blake3})
    if (!hash.empty()) all.insert(lower_ascii(hash));
  if (hashes.autov3.size() > autov3_shown)
    all.insert(lower_ascii(hashes.autov3).substr(0, autov3_shown));
}

std::vector<std::string> listed(const std::set<std::string>& values) {
  return {values.begin(), values.end()};
}

search::Document document_of(const Model& model, const std::vector<const Version*>& versions) {
  std::set<std::string> bases, formats, hashes;
  search::Document out;
  out.id = model.id.value;
  out.texts = {{"name", model.name}, {"creator", model.owner_name},
               {"types", schema::label_of(model.type)}};
  for (const Version* version : versions) {
    out.texts.emplace_back("versions", version->name);
    for (const std::string& word : version->trained_words) out.texts.emplace_back("triggers", word);
    bases.insert(version->base_model);
    for (const VersionFile& file : version->files) {
      if (file.visibility != Visibility::Public) continue;
      if (!file.format.empty()) formats.insert(file.format);
      add_hashes(file.file.hashes, hashes);
    }
  }
  for (const std::string& base : bases) out.texts.emplace_back("bases", base);
  for (const std::string& tag : model.tags) out.texts.emplace_back("tags", tag);
  if (!model.description.empty())
    out.texts.emplace_back("description", platform::beginning_of(model.description));
  out.keywords = {{"type", {schema::label_of(model.type)}},
                  {"baseModel", listed(bases)},
                  {"format", listed(formats)},
                  {"hash", listed(hashes)}};
  if (model.checkpoint_type)
    out.keywords.push_back({"checkpointType", {schema::label_of(*model.checkpoint_type)}});
  platform::add_common(out, {.owner = model.owner,
                             .username = model.owner_name,
                             .tags = model.tags,
                             .level = model.nsfw_level,
                             .members = model.availability == Availability::Members,
                             .published = model.last_version_at});
  return out;
}

void add_counts(const Counts& counts, search::Document& document) {
  document.numbers.insert(document.numbers.end(), {{"downloads", counts.downloads},
                                                   {"likes", counts.thumbs_up},
                                                   {"comments", counts.comments},
                                                   {"collected", counts.collected},
                                                   {"images", counts.images}});
}

std::vector<ModelId> ids_of(std::span<const std::int64_t> numbers) {
  std::vector<ModelId> ids;
  for (const std::int64_t number : numbers) ids.push_back({number});
  return ids;
}

Result<std::vector<search::Document>> documents(sql::Tx& tx, std::span<const std::int64_t> ids) {
  std::vector<search::Document> out;
  std::vector<Model> models = TRY(store::open_models(tx, ids_of(ids), true));
  if (models.empty()) return out;
  TRY(store::load_tags(tx, models));
  std::vector<ModelId> there;
  for (const Model& model : models) there.push_back(model.id);
  std::vector<Version> versions = TRY(store::versions(tx, there, false));
  std::erase_if(versions, [](const Version& version) {
    return version.status != Status::Published;
  });
  TRY(store::load_files(tx, versions));
  for (const Model& model : models) {
    std::vector<const Version*> own;
    for (const Version& version : versions)
      if (version.model == model.id) own.push_back(&version);
    out.push_back(document_of(model, own));
    add_counts(model.counts, out.back());
  }
  return out;
}

Result<std::vector<search::Document>> numbers(sql::Tx& tx, std::span<const std::int64_t> ids) {
  std::vector<search::Document> out;
  for (const Model& model : TRY(store::open_models(tx, ids_of(ids), false))) {
    out.emplace_back().id = model.id.value;
    add_counts(model.counts, out.back());
  }
  return out;
}

Result<void> touched(sql::Tx& tx, const platform::Event& event, platform::Touched& out) {
  if (event.noun == "models") out.documents.insert(event.subject);
  if (event.noun == "standing")
    for (const ModelId id : TRY(store::ids_of_owner(tx, UserId{event.subject})))
      out.documents.insert(id.value);
  const auto change = metrics::change_of(event);
  if (change && change->kind == platform::SubjectKind::model) out.numbers.insert(change->id);
  return {};
}

HitCard hit(Model model) {
  HitCard card;
  card.kind = platform::SearchKind::models;
  card.id = model.id.value;
  card.title = std::move(model.name);
  card.address = "/models/" + std::to_string(model.id.value);
  card.username = std::move(model.owner_name);
  card.nsfwLevel = model.nsfw_level;
  card.type = schema::label_of(model.type);
  card.publishedAt = schema::Time{model.last_version_at};
  card.counts.downloads = model.counts.downloads;
  card.counts.likes = model.counts.thumbs_up;
  card.counts.comments = model.counts.comments;
  card.counts.collected = model.counts.collected;
  card.counts.images = model.counts.images;
  for (Version& version : model.versions) {
    if (std::ranges::find(card.baseModels, version.base_model) == card.baseModels.end())
      card.baseModels.push_back(std::move(version.base_model));
    if (card.picture || version.images.empty()) continue;
    ShowcaseImage& image = version.images.front();
    card.picture = {std::move(image.key), std::move(image.name), image.video,    image.width,
                    image.height,         std::move(image.thumbHash), image.nsfwLevel};
  }
  return card;
}

Result<std::vector<HitCard>> listed(sql::Tx& tx, const Viewer& viewer, const Filter& filter) {
  std::vector<HitCard> cards;
  Page page = TRY(list(tx, filter, viewer, 0));
  for (Model& model : page.models) cards.push_back(hit(std::move(model)));
  return cards;
}

Result<std::vector<HitCard>> cards(sql::Tx& tx, const Viewer& viewer,
                                   std::span<const std::int64_t> ids) {
  Filter filter;
  filter.ids = ids_of(ids);
  filter.limit = static_cast<int>(ids.size());
  filter.with_text = false;
  return ids.empty() ? std::vector<HitCard>{} : listed(tx, viewer, filter);
}

Result<std::vector<HitCard>> plain(sql::Tx& tx, const Viewer& viewer, std::string_view words,
                                   int limit) {
  Filter filter;
  filter.query = words;
  filter.limit = limit;
  filter.with_text = false;
  return listed(tx, viewer, filter);
}

}  // namespace

void searchables(platform::Searchables& all) {
  platform::Searchable models;
  models.kind = platform::SearchKind::models;
  models.schema = shape();
  models.facets = {"type", "baseModel", "tag", "format", "checkpointType", "username"};
  models.popularity = "downloads";
  models.vectors = true;
  models.counts = {"downloads", "likes", "comments", "collected", "images"};
  models.counts_by = metrics::fold_name;
  models.ids = store::open_ids;
  models.documents = documents;
  models.numbers = numbers;
  models.touched = touched;
  models.cards = cards;
  models.plain = plain;
  all.add(std::move(models));
  add_tags(all);
}

}  // namespace atelier::models

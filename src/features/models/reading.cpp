#include "base/text.hpp"
#include "features/accounts/accounts.hpp"
#include "features/collections/collections.hpp"
#include "features/follows/follows.hpp"
#include "features/models/facets.hpp"
#include "features/models/store.hpp"
#include "features/models/visibility.hpp"

// What the catalogue's pages read.
namespace atelier::models {
namespace {

std::string origin_of(const Context& context) {
  return context.request == nullptr ? "" : context.request->origin;
}

FileCard shown(VersionFile file, VersionId version, const std::string& origin) {
  FileCard out;
  out.id = file.file.id;
  out.name = std::move(file.name);
  out.type = std::move(file.type);
  out.bytes = file.file.bytes;
  out.primary = file.primary;
  out.visibility = file.visibility;
  out.format = std::move(file.format);
  out.size = std::move(file.size);
  out.fp = std::move(file.fp);
  out.quantType = std::move(file.quant_type);
  out.verdict = file.file.verdict;
  out.verdictMessage = std::move(file.file.verdict_message);
  out.detectedType = std::move(file.file.detected_type);
  out.detectedBase = std::move(file.file.detected_base);
  files::Hashes& hashes = file.file.hashes;
  out.hashes = {std::move(hashes.sha256), std::move(hashes.autov1), std::move(hashes.autov2),
                std::move(hashes.autov3), std::move(hashes.crc32),  std::move(hashes.blake3)};
  out.downloadUrl =
      origin + "/api/download/models/" + std::to_string(version.value) +
      (file.primary ? "" : "?fileId=" + std::to_string(file.file.id.value));
  return out;
}

VersionCard shown(Version version, const std::string& origin) {
  VersionCard out;
  out.id = version.id;
  out.name = std::move(version.name);
  out.baseModel = std::move(version.base_model);
  out.baseModelType = version.base_model_type;
  out.status = version.status;
  out.description = std::move(version.description);
  out.descriptionHtml = std::move(version.description_html);
  out.trainedWords = std::move(version.trained_words);
  out.clipSkip = version.clip_skip;
  out.steps = version.steps;
  out.epochs = version.epochs;
  out.requireAuth = version.require_auth;
  out.usageControl = version.usage_control;
  out.nsfwLevel = version.nsfw_level;
  out.createdAt = {version.created_at};
  out.updatedAt = {version.updated_at};
  if (version.published_at) out.publishedAt = schema::Time{*version.published_at};
  out.downloadCount = version.counts.downloads;
  out.thumbsUpCount = version.counts.thumbs_up;
  for (VersionFile& file : version.files)
    out.files.push_back(shown(std::move(file), version.id, origin));
  out.images = std::move(version.images);
  return out;
}

template <class Wanted, class Given>
void take(std::vector<Wanted>& wanted, const std::optional<Given>& given) {
  if (!given) return;
  for (const auto& item : given->value) {
    if constexpr (requires { item.value; }) wanted.push_back(item.value);
    else wanted.push_back(item);
  }
}

Result<Filter> filter_of(Context& context, const ListModels& in) {
  Filter filter;
  if (in.ids) filter.ids = in.ids->value;
  if (in.query) filter.query = std::string(trim(in.query->value));
  filter.by_relevance = !filter.query.empty() && !in.sort;
  take(filter.types, in.type);
  take(filter.base_models, in.baseModel);
  take(filter.formats, in.format);
  if (in.tag) filter.tag = in.tag->value;
  if (in.username) {
    const auto user = TRY(accounts::find_user(context.tx(), in.username->value));
    if (!user) return fail(Fault::missing, "user_missing", "There is no such person.");
    filter.owner = user->id;
    filter.status = Status::Published;
  }
  if (in.mine.value_or(false)) {
    if (!context.viewer.signed_in())
      return fail(Fault::unauthenticated, "sign_in_needed", "Sign in to see your models.");
    filter.owner = context.viewer.user;
    filter.status = in.status;
    filter.deleted = in.deleted.value_or(false);
  }
  filter.followed = in.followed.value_or(false);
  if (filter.followed) TRY(follows::need(context.viewer));
  if (in.collection)
    TRY(collections::need(context, *in.collection, platform::SubjectKind::model));
  filter.collection = in.collection;
  filter.checkpoint_type = in.checkpointType;
  filter.archived = in.archived;
  filter.period = in.period.value_or(Period::AllTime);
  filter.sort = in.sort.value_or(Sort::newest);
  if (in.cursor) filter.cursor = in.cursor->value;
  if (in.limit) filter.limit = static_cast<int>(in.limit->value);
  return filter;
}

std::vector<std::string> words(std::span<const std::string_view> all) {
  return {all.begin(), all.end()};
}

}  // namespace

ModelCard card(Model model, const Context& context) {
  ModelCard out;
  out.mayEdit = can_edit(model, context.viewer);
  out.id = model.id;
  out.name = std::move(model.name);
  out.type = model.type;
  out.status = model.status;
  out.mode = model.mode;
  out.availability = model.availability;
  out.checkpointType = model.checkpoint_type;
  out.creator = std::move(model.owner_name);
  out.description = std::move(model.description);
  out.descriptionHtml = std::move(model.description_html);
  out.tags = std::move(model.tags);
  out.nsfwLevel = model.nsfw_level;
  out.poi = model.poi;
  out.minor = model.minor;
  out.sfwOnly = model.sfw_only;
  out.allowNoCredit = model.allow_no_credit;
  out.allowDerivatives = model.allow_derivatives;
  out.allowDifferentLicense = model.allow_different_license;
  out.allowCommercialUse = std::move(model.allow_commercial_use);
  out.demo = model.demo;
  out.createdAt = {model.created_at};
  out.updatedAt = {model.updated_at};
  out.lastVersionAt = {model.last_version_at};
  if (model.published_at) out.publishedAt = schema::Time{*model.published_at};
  if (model.deleted_at) out.deletedAt = schema::Time{*model.deleted_at};
  out.downloadCount = model.counts.downloads;
  out.thumbsUpCount = model.counts.thumbs_up;
  out.commentCount = model.counts.comments;
  out.imageCount = model.counts.images;
  const std::string origin = origin_of(context);
  for (Version& version : model.versions)
    out.versions.push_back(shown(std::move(version), origin));
  return out;
}

Result<ModelList> list_models(Context& context, const ListModels& in) {
  Filter filter = TRY(filter_of(context, in));
  filter.with_text = false;  // cards of a grid show no text; the model page asks again
  Page page = TRY(list(context, filter));
  context.depends_on("models");
  context.depends_on("files");
  context.depends_on("users");
  ModelList out;
  for (Model& model : page.models) out.items.push_back(card(std::move(model), context));
  if (!page.next_cursor.empty()) out.nextCursor = page.next_cursor;
  if (page.plain) out.searchUnavailable = true;
  return out;
}

Result<ModelFacets> count_models(Context& context, const CountModels& in) {
  ListModels list;
  list.query = in.query;
  list.type = in.type;
  list.baseModel = in.baseModel;
  list.format = in.format;
  list.tag = in.tag;
  list.username = in.username;
  list.checkpointType = in.checkpointType;
  list.period = in.period;
  const Filter filter = TRY(filter_of(context, list));
  const Facets found = TRY(facets(context, filter));
  context.depends_on("models");
  context.depends_on("files");
  context.depends_on("users");
  const auto shown = [](const Facets::Counts& counts) {
    std::vector<ModelFacetCount> out;
    for (const auto& [value, models] : counts) out.push_back({value, models});
    return out;
  };
  return ModelFacets{found.total,          shown(found.types),
                     shown(found.base_models), shown(found.formats),
                     shown(found.checkpoint_types), shown(found.periods)};
}

Result<ModelCard> get_model(Context& context, const ModelPath& in) {
  const auto model = TRY(find(context.tx(), in.id, context.viewer));
  if (!model) return fail(Fault::missing, "model_missing", "There is no such model.");
  context.depends_on("models", in.id.value);
  context.depends_on("files");
  context.depends_on("users");
  return card(*model, context);
}

Result<TagList> list_tags(Context& context, const ListTags& in) {
  const std::string query = in.query ? in.query->value : "";
  const int limit = in.limit ? static_cast<int>(in.limit->value) : 20;
  context.depends_on("models");
  TagList out;
  for (const TagCount& tag : TRY(tags(context.tx(), query, limit, 0)))
    out.items.push_back({tag.id, tag.name, tag.models});
  return out;
}

Result<Vocabulary> get_vocabulary(Context&, const Nothing&) {
  Vocabulary out;
  for (std::size_t i = 0; schema::TypeOf<ModelType>::All::names[i] != nullptr; ++i)
    out.modelTypes.emplace_back(schema::TypeOf<ModelType>::All::names[i]);
  out.baseModels = words(base_models());
  out.activeBaseModels = words(active_base_models());
  out.fileTypes = words(file_types());
  out.fileFormats = words(file_formats());
  return out;
}

}  // namespace atelier::models

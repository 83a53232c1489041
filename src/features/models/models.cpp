#include "features/models/models.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "features/markdown/markdown.hpp"
#include "features/models/store.hpp"
#include "features/models/visibility.hpp"
#include "platform/events.hpp"

namespace atelier::models {
namespace {

constexpr int showcase_of_list = 1, showcase_of_page = 20;
Showcase showcase = nullptr;

/// Versions and files that `viewer` has no business with are taken out.
Result<void> complete(sql::Tx& tx, std::vector<Model>& models, const Viewer& viewer,
                      int images_each, std::optional<VersionId> only = {},
                      bool with_text = true) {
  std::vector<ModelId> ids;
  for (const Model& model : models) ids.push_back(model.id);
  std::vector<Version> versions = TRY(store::versions(tx, ids, with_text));
  const auto model_of = [&](const Version& version) -> Model& {
    return *std::ranges::find(models, version.model, &Model::id);
  };
  std::erase_if(versions, [&](const Version& version) {
    return (only && version.id != *only) || !can_see(model_of(version), version, viewer);
  });
  TRY(store::load_files(tx, versions));
  if (showcase != nullptr) TRY(showcase(tx, versions, images_each, viewer));
  for (Version& version : versions) {
    Model& model = model_of(version);
    if (!can_edit(model, viewer))
      std::erase_if(version.files, [](const VersionFile& file) {
        return file.visibility != Visibility::Public;
      });
    model.versions.push_back(std::move(version));
  }
  return store::load_tags(tx, models);
}

std::optional<Model> only_one(std::vector<Model> models) {
  if (models.empty()) return std::nullopt;
  return std::move(models.front());
}

std::string extension(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == name.npos ? "" : std::string(name.substr(dot));
}

std::string underscored(std::string_view name) {
  std::string out = slug(name);
  std::erase(out, '-');
  return out;
}

}  // namespace

void showcase_by(Showcase by) { showcase = by; }

Result<Page> list(sql::Tx& tx, const Filter& filter, const Viewer& viewer, Millis now) {
  Page page;
  page.models = TRY(store::page(tx, filter, viewer, now, page.next_cursor));
  TRY(complete(tx, page.models, viewer, showcase_of_list, {}, filter.with_text));
  return page;
}

Result<std::int64_t> count(sql::Tx& tx, const Filter& filter, const Viewer& viewer, Millis now) {
  return store::count(tx, filter, viewer, now);
}

Result<std::optional<Model>> find(sql::Tx& tx, ModelId id, const Viewer& viewer) {
  std::optional<Model> model = TRY(store::model(tx, id));
  if (!model || !TRY(may_see(tx, *model, viewer))) return std::optional<Model>{};
  std::vector<Model> models;
  models.push_back(std::move(*model));
  TRY(complete(tx, models, viewer, showcase_of_page));
  return only_one(std::move(models));
}

Result<std::optional<Model>> find(sql::Tx& tx, VersionId id, const Viewer& viewer) {
  const std::optional<Version> version = TRY(store::version(tx, id));
  if (!version) return std::optional<Model>{};
  std::optional<Model> model = TRY(store::model(tx, version->model));
  if (!model || !can_see(*model, *version, viewer) || !TRY(may_see(tx, *model, viewer)))
    return std::optional<Model>{};
  std::vector<Model> models;
  models.push_back(std::move(*model));
  TRY(complete(tx, models, viewer, showcase_of_page, id));
  return only_one(std::move(models));
}

Result<std::vector<VersionId>> with_files(sql::Tx& tx, const std::vector<FileId>& files,
                                          const Viewer& viewer) {
  std::vector<VersionId> seen;
  for (const VersionId id : TRY(store::versions_with(tx, files))) {
    const std::optional<Version> version = TRY(store::version(tx, id));
    const std::optional<Model> model =
        version ? TRY(store::model(tx, version->model)) : std::optional<Model>{};
    if (model && can_see(*model, *version, viewer) && TRY(may_see(tx, *model, viewer)))
      seen.push_back(id);
  }
  return seen;
}

std::optional<std::size_t> choose_primary(const std::vector<VersionFile>& files,
                                          const Preference& preference) {
  std::optional<std::size_t> best;
  double best_score = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const VersionFile& file = files[i];
    double score = 1000;
    const auto weigh = [&](const std::optional<std::string>& has, const std::string& wanted,
                           double weight) {
      if (has) score += *has == wanted ? weight : -weight;
    };
    weigh(file.format.empty() ? std::optional<std::string>{} : file.format, preference.format, 100);
    weigh(file.size, preference.size, 10);
    weigh(file.fp, preference.fp, 1);
    weigh(file.quant_type, preference.quant_type, 0.5);
    if (file.type == "Model" || file.type == "Pruned Model" || file.type == "Diffusion Model" ||
        file.type == "UNet")
      score += 1000;
    if (file.visibility != Visibility::Public) score -= 5000;
    if (!best || score > best_score) {
      best = i;
      best_score = score;
    }
  }
  return best;
}

std::string download_name(const Model& model, const Version& version, const VersionFile& file) {
  const bool keeps = model.type == ModelType::LORA || model.type == ModelType::LoCon ||
                     model.type == ModelType::VAE || file.type == "VAE" || file.type == "Config" ||
                     slug(model.name).empty();
  if (keeps || file.name != file.file.name) return file.name;
  const std::string end = extension(file.name);
  if (model.type == ModelType::TextualInversion && !version.trained_words.empty())
    return underscored(version.trained_words.front()) + (file.type == "Negative" ? "-neg" : "") +
           end;
  return underscored(model.name) + "_" + underscored(version.name) + end;
}

Result<std::vector<TagCount>> tags(sql::Tx& tx, std::string_view query, int limit, int offset) {
  return store::tags(tx, query, limit, offset);
}
Result<std::vector<Creator>> creators(sql::Tx& tx, std::string_view query, int limit, int offset) {
  return store::creators(tx, query, limit, offset);
}
Result<std::int64_t> count_tags(sql::Tx& tx, std::string_view query) {
  return store::count_tags(tx, query);
}
Result<std::int64_t> count_creators(sql::Tx& tx, std::string_view query) {
  return store::count_creators(tx, query);
}

Result<ModelId> add_model(Services& services, sql::Tx& tx, Model model) {
  model.created_at = model.updated_at = services.clock->now();
  if (model.description_html.empty())
    model.description_html = markdown::to_html(model.description);
  model.id = TRY(store::insert_model(tx, model));
  TRY(store::set_tags(tx, model.id, model.tags));
  TRY(platform::publish(services, tx, "models", "created", model.id.value, model.owner));
  return model.id;
}

Result<VersionId> add_version(Services& services, sql::Tx& tx, Version version) {
  version.created_at = version.updated_at = services.clock->now();
  if (version.description_html.empty())
    version.description_html = markdown::to_html(version.description);
  const VersionId id = TRY(store::insert_version(tx, version));
  TRY(platform::publish(services, tx, "models", "changed", version.model.value));
  return id;
}

Result<void> add_file(sql::Tx& tx, VersionId version, const VersionFile& file) {
  return store::insert_file(tx, version, file);
}

Result<void> publish(Services& services, sql::Tx& tx, VersionId id, bool force, UserId by) {
  std::optional<Version> version = TRY(store::version(tx, id));
  if (!version) return fail(Fault::missing, "version_missing", "There is no such version.");
  std::vector<Version> one{std::move(*version)};
  TRY(store::load_files(tx, one));
  version = std::move(one.front());
  if (!force) TRY(check_publishable(*version));
  Model model = *TRY(store::model(tx, version->model));
  const Millis now = services.clock->now();
  version->status = Status::Published;
  version->published_at = version->updated_at = now;
  TRY(store::update_version(tx, *version));
  model.status = Status::Published;
  model.updated_at = now;
  if (!model.published_at || *model.published_at > now) model.published_at = now;
  TRY(store::update_model(tx, model));
  TRY(store::refresh_last_version(tx, model.id));
  TRY(store::refresh_levels(tx, model.id));
  TRY(store::recount_tags(tx, model.id));
  return platform::publish(services, tx, "models", "published", model.id.value, by);
}

Result<void> check_publishable(const Version& version) {
  if (version.files.empty())
    return fail(Fault::conflict, "file_needed", "Add a file before publishing.");
  for (const VersionFile& file : version.files) {
    if (file.file.hashes.sha256.empty() || file.file.verdict == files::FileVerdict::pending)
      return fail(Fault::conflict, "file_pending",
                  file.name + " is still being inspected; publish when that is done.");
    if (file.file.verdict == files::FileVerdict::dangerous ||
        file.file.verdict == files::FileVerdict::malformed)
      return fail(Fault::conflict, "file_dangerous",
                  file.name + " cannot be published: " + file.file.verdict_message);
  }
  return {};
}

Result<void> correct(Services& services, sql::Tx& tx, VersionId id, std::optional<ModelType> type,
                     const std::string& base_model,
                     const std::vector<std::string>& trained_words) {
  std::optional<Version> version = TRY(store::version(tx, id));
  if (!version) return {};
  std::optional<Model> model = TRY(store::model(tx, version->model));
  if (!model) return {};
  if (!base_model.empty()) version->base_model = base_model;
  if (!trained_words.empty()) version->trained_words = trained_words;
  if (type) model->type = *type;
  TRY(store::update_version(tx, *version));
  TRY(store::update_model(tx, *model));
  return platform::publish(services, tx, "models", "changed", model->id.value);
}

int joined(int claim, int gallery) {
  const int lowest = claim & -claim;
  return claim == 0 ? gallery : claim | (gallery & ~(lowest - 1));
}

Result<void> set_gallery(Services& services, sql::Tx& tx, VersionId id, int creator_levels,
                         std::int64_t images) {
  const std::optional<Version> version = TRY(store::version(tx, id));
  if (!version) return {};
  TRY(store::set_gallery(tx, id, creator_levels, images));
  TRY(store::refresh_levels(tx, version->model));
  return platform::publish(services, tx, "models", "changed", version->model.value);
}

Result<std::vector<ModelId>> demo_models(sql::Tx& tx) { return store::demo_models(tx); }

Result<void> erase(Services& services, sql::Tx& tx, ModelId model) {
  std::vector<Version> versions = TRY(store::versions(tx, {model}));
  TRY(store::load_files(tx, versions));
  TRY(store::set_tags(tx, model, {}));
  TRY(store::delete_unused_tags(tx));
  TRY(store::erase_model(tx, model));
  for (const Version& version : versions)
    for (const VersionFile& file : version.files)
      if (!TRY(store::file_is_used(tx, file.file.id)))
        TRY(files::remove(services, tx, file.file.id));
  return platform::publish(services, tx, "models", "erased", model.value);
}

}  // namespace atelier::models

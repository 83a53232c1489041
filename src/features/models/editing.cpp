#include <algorithm>

#include "base/text.hpp"
#include "features/markdown/markdown.hpp"
#include "features/models/editable.hpp"
#include "features/models/endpoints.hpp"
#include "features/models/store.hpp"
#include "features/models/visibility.hpp"
#include "platform/events.hpp"
#include "platform/screening.hpp"

// What owners (and moderators) do with models and versions.
namespace atelier::models {
namespace {

Result<void> changed(Context& context, ModelId id, std::string_view verb = "changed") {
  return platform::publish(context.services, context.tx(), "models", verb, id.value,
                           context.viewer.user);
}

Result<ModelCard> shown(Context& context, ModelId id) {
  const auto model = TRY(find(context.tx(), id, context.viewer));
  if (!model) return fail(Fault::missing, "model_missing", "There is no such model.");
  return card(*model, context);
}

/// Moderators' blocklists, over every text that this request could have brought.
Result<void> screen(Context& context, const Model& model,
                    std::initializer_list<std::string_view> texts) {
  return platform::screen(context.services, context.tx(),
                          {.kind = platform::SubjectKind::model,
                           .id = model.id.value,
                           .owner = model.owner,
                           .title = model.name,
                           .address = "/models/" + std::to_string(model.id.value)},
                          texts);
}

Result<void> screen(Context& context, const Model& model) {
  std::string tags;
  for (const std::string& tag : model.tags) tags += tag + "\n";
  return screen(context, model, {model.name, model.description, tags});
}

Result<void> screen(Context& context, const Model& model, const Version& version) {
  std::string words;
  for (const std::string& word : version.trained_words) words += word + "\n";
  return screen(context, model, {version.name, version.description, words});
}

Result<ModelCard> save(Context& context, Model& model, std::string_view verb = "changed") {
  model.updated_at = context.now;
  TRY(store::update_model(context.tx(), model));
  TRY(store::refresh_levels(context.tx(), model.id));
  TRY(store::recount_tags(context.tx(), model.id));
  TRY(changed(context, model.id, verb));
  return shown(context, model.id);
}

/// What was sent replaces what is there; what was not sent stays.
void apply(const ModelFields& in, Model& model) {
  if (in.availability) model.availability = *in.availability;
  if (in.checkpointType) model.checkpoint_type = in.checkpointType;
  if (model.type != ModelType::Checkpoint) model.checkpoint_type.reset();
  if (in.description) {
    model.description = in.description->value;
    model.description_html = markdown::to_html(model.description);
  }
  if (in.nsfwLevel) model.nsfw_claim = static_cast<int>(in.nsfwLevel->value);
  if (in.poi) model.poi = *in.poi;
  if (in.minor) model.minor = *in.minor;
  if (in.sfwOnly) model.sfw_only = *in.sfwOnly;
  if (in.allowNoCredit) model.allow_no_credit = *in.allowNoCredit;
  if (in.allowDerivatives) model.allow_derivatives = *in.allowDerivatives;
  if (in.allowDifferentLicense) model.allow_different_license = *in.allowDifferentLicense;
  if (in.allowCommercialUse) model.allow_commercial_use = in.allowCommercialUse->value;
  if (in.tags) {
    model.tags.clear();
    for (const TagName& tag : in.tags->value) model.tags.push_back(tag.value);
  }
}

void apply(const VersionFields& in, Version& version) {
  if (in.baseModelType) version.base_model_type = *in.baseModelType;
  if (in.description) {
    version.description = in.description->value;
    version.description_html = markdown::to_html(version.description);
  }
  if (in.trainedWords) {
    version.trained_words.clear();
    for (const TriggerWord& word : in.trainedWords->value)
      version.trained_words.push_back(word.value);
  }
  if (in.clipSkip) version.clip_skip = in.clipSkip->value;
  if (in.steps) version.steps = in.steps->value;
  if (in.epochs) version.epochs = in.epochs->value;
  if (in.requireAuth) version.require_auth = *in.requireAuth;
  if (in.usageControl) version.usage_control = *in.usageControl;
}

Result<void> check_base_model(const std::string& name) {
  if (contains(base_models(), name)) return {};
  Error error{Fault::invalid, "invalid_request", "There is no base model '" + name + "'.", {}, 0};
  error.fields.push_back({"/baseModel", "base_model_unknown", error.detail});
  return std::unexpected(std::move(error));
}

/// A model whose last published version went is no longer published itself.
Result<void> settle(Context& context, Model& model) {
  TRY(store::refresh_last_version(context.tx(), model.id));
  const auto left = TRY(store::versions(context.tx(), {model.id}));
  const auto has = [&](Status status) {
    return std::ranges::any_of(left, [&](const Version& one) { return one.status == status; });
  };
  if (model.status == Status::Published && !has(Status::Published))
    model.status = has(Status::Scheduled) ? Status::Scheduled : Status::Unpublished;
  else if (model.status == Status::Scheduled && !has(Status::Scheduled))
    model.status = Status::Unpublished;
  return {};
}

}  // namespace

Result<ModelCard> create_model(Context& context, const CreateModel& in) {
  Model model;
  model.owner = context.viewer.user;
  model.name = std::string(trim(in.name.value));
  model.type = in.type;
  apply(in, model);
  model.nsfw_level = model.nsfw_claim;
  model.id = TRY(add_model(context.services, context.tx(), model));
  TRY(screen(context, model));
  return shown(context, model.id);
}

Result<ModelCard> update_model(Context& context, const UpdateModel& in) {
  Model model = TRY(editable(context, in.id));
  if (in.name) model.name = std::string(trim(in.name->value));
  if (in.type) model.type = *in.type;
  apply(in, model);
  if (in.tags) TRY(store::set_tags(context.tx(), model.id, model.tags));
  TRY(screen(context, model));
  return save(context, model);
}

Result<Nothing> delete_model(Context& context, const ModelPath& in) {
  Model model = TRY(editable(context, in.id));
  if (!model.deleted_at) {
    model.deleted_at = context.now;
    TRY(save(context, model, "deleted"));
  }
  return Nothing{};
}

Result<ModelCard> restore_model(Context& context, const ModelPath& in) {
  Model model = TRY(editable(context, in.id));
  model.deleted_at.reset();
  return save(context, model, "restored");
}

Result<ModelCard> unpublish_model(Context& context, const ModelPath& in) {
  Model model = TRY(editable(context, in.id));
  if (model.status != Status::Published && model.status != Status::Scheduled)
    return fail(Fault::conflict, "not_published", "This model is not published.");
  // What was to appear by itself does not; beside published versions, schedules wait with them.
  if (model.status == Status::Scheduled)
    for (Version& version : TRY(store::versions(context.tx(), {model.id})))
      if (version.status == Status::Scheduled) {
        version.status = Status::Unpublished;
        TRY(store::update_version(context.tx(), version));
      }
  model.status = Status::Unpublished;
  return save(context, model, "unpublished");
}

Result<ModelCard> archive_model(Context& context, const ModelPath& in) {
  Model model = TRY(editable(context, in.id));
  if (model.mode == Mode::TakenDown)
    return fail(Fault::conflict, "taken_down", "This model was taken down.");
  model.mode = Mode::Archived;
  return save(context, model, "archived");
}

Result<ModelCard> unarchive_model(Context& context, const ModelPath& in) {
  Model model = TRY(editable(context, in.id));
  if (model.mode == Mode::TakenDown)
    return fail(Fault::conflict, "taken_down", "This model was taken down.");
  model.mode.reset();
  return save(context, model, "restored");
}

Result<ModelCard> create_version(Context& context, const CreateVersion& in) {
  const Model model = TRY(editable(context, in.id));
  TRY(check_base_model(in.baseModel.value));
  Version version;
  version.model = model.id;
  version.name = std::string(trim(in.name.value));
  version.base_model = in.baseModel.value;
  version.nsfw_level = model.nsfw_level;
  apply(in, version);
  TRY(screen(context, model, version));
  TRY(add_version(context.services, context.tx(), std::move(version)));
  return shown(context, model.id);
}

Result<ModelCard> update_version(Context& context, const UpdateVersion& in) {
  auto [version, model] = TRY(editable(context, in.id));
  if (in.baseModel) TRY(check_base_model(in.baseModel->value));
  if (in.name) version.name = std::string(trim(in.name->value));
  if (in.baseModel) version.base_model = in.baseModel->value;
  apply(in, version);
  version.updated_at = context.now;
  TRY(store::update_version(context.tx(), version));
  TRY(screen(context, model, version));
  return save(context, model);
}

Result<Nothing> delete_version(Context& context, const VersionPath& in) {
  auto [version, model] = TRY(editable(context, in.id));
  TRY(store::delete_version(context.tx(), version.id, context.now));
  TRY(settle(context, model));
  TRY(save(context, model));
  return Nothing{};
}

Result<ModelCard> publish_version(Context& context, const PublishVersion& in) {
  auto [version, model] = TRY(editable(context, in.id));
  if (model.deleted_at) return fail(Fault::conflict, "deleted", "Restore the model first.");
  if (model.mode == Mode::TakenDown)
    return fail(Fault::conflict, "taken_down", "This model was taken down.");
  if (!in.at || in.at->value <= context.now) {
    TRY(publish(context.services, context.tx(), version.id, false, context.viewer.user));
    return shown(context, model.id);
  }
  std::vector<Version> one{version};
  TRY(store::load_files(context.tx(), one));
  TRY(check_publishable(one.front()));
  version.status = Status::Scheduled;
  version.published_at = in.at->value;
  version.updated_at = context.now;
  TRY(store::update_version(context.tx(), version));
  if (model.status != Status::Published) {
    model.status = Status::Scheduled;
    model.published_at = in.at->value;
  }
  return save(context, model, "scheduled");
}

Result<ModelCard> unpublish_version(Context& context, const VersionPath& in) {
  auto [version, model] = TRY(editable(context, in.id));
  version.status = Status::Unpublished;
  version.updated_at = context.now;
  TRY(store::update_version(context.tx(), version));
  TRY(settle(context, model));
  return save(context, model);
}

}  // namespace atelier::models

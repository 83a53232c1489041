#include "platform/subjects.hpp"

#include "features/models/store.hpp"
#include "features/models/visibility.hpp"
#include "platform/events.hpp"

// Models and versions as things to discuss, collect and report.
namespace atelier::models {
namespace {

using platform::Subject;
using platform::SubjectKind;

Subject subject_of(const Model& model) {
  return {.kind = SubjectKind::model,
          .id = model.id.value,
          .owner = model.owner,
          .title = model.name,
          .address = "/models/" + std::to_string(model.id.value),
          .level = model.nsfw_level,
          .open = !model.deleted_at && model.status == Status::Published &&
                  model.mode != Mode::TakenDown && model.availability != Availability::Private};
}

Result<std::optional<Subject>> find_model(sql::Tx& tx, std::int64_t id, const Viewer& viewer) {
  const auto model = TRY(store::model(tx, ModelId{id}));
  if (!model || !TRY(may_see(tx, *model, viewer))) return std::optional<Subject>{};
  return subject_of(*model);
}

Result<std::optional<Subject>> find_version(sql::Tx& tx, std::int64_t id, const Viewer& viewer) {
  const auto version = TRY(store::version(tx, VersionId{id}));
  if (!version) return std::optional<Subject>{};
  const auto model = TRY(store::model(tx, version->model));
  if (!model || !can_see(*model, *version, viewer) || !TRY(may_see(tx, *model, viewer)))
    return std::optional<Subject>{};
  Subject subject = subject_of(*model);
  subject.kind = SubjectKind::version;
  subject.id = id;
  subject.title += " " + version->name;
  subject.address += "?version=" + std::to_string(id);
  subject.open = subject.open && version->status == Status::Published;
  return subject;
}

Result<void> known(Context& context, std::int64_t id) {
  if (TRY(store::model(context.tx(), ModelId{id}))) return {};
  return fail(Fault::missing, "model_missing", "There is no such model.");
}

Result<void> changed(Context& context, std::int64_t id, std::string_view verb) {
  TRY(store::recount_tags(context.tx(), ModelId{id}));
  return platform::publish(context.services, context.tx(), "models", verb, id,
                           context.viewer.user);
}

Result<void> take_down(Context& context, std::int64_t id, const std::string& reason) {
  TRY(known(context, id));
  TRY(store::take_down(context.tx(), ModelId{id}, reason));
  return changed(context, id, "taken_down");
}

Result<void> give_back(Context& context, std::int64_t id) {
  TRY(known(context, id));
  TRY(store::give_back(context.tx(), ModelId{id}));
  return changed(context, id, "given_back");
}

Result<void> lock_level(Context& context, std::int64_t id, int level) {
  TRY(known(context, id));
  TRY(store::lock_level(context.tx(), ModelId{id}, level));
  TRY(store::refresh_levels(context.tx(), ModelId{id}));
  return changed(context, id, "changed");
}

Counts counts_of(const platform::Tally& tally) {
  using platform::Metric;
  return {tally[Metric::download], tally[Metric::thumbs_up], tally[Metric::thumbs_down],
          tally[Metric::comment], tally[Metric::collect]};
}

template <class I>
Result<void> counted(sql::Tx& tx, std::span<const platform::Tally> tallies) {
  for (const platform::Tally& tally : tallies)
    if (tally.timeframe == platform::Timeframe::AllTime)
      TRY(store::set_counts(tx, I{tally.subject}, counts_of(tally)));
  return {};
}

}  // namespace

void subjects(platform::Subjects& all) {
  all.add(SubjectKind::model, {.find = find_model,
                               .take_down = take_down,
                               .give_back = give_back,
                               .lock_level = lock_level,
                               .counted = counted<ModelId>,
                               .noun = "models"});
  all.add(SubjectKind::version, {.find = find_version, .counted = counted<VersionId>});
}

}  // namespace atelier::models

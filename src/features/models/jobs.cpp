#include "features/files/files.hpp"
#include "features/metrics/metrics.hpp"
#include "features/models/endpoints.hpp"
#include "features/models/store.hpp"
#include "platform/events.hpp"
#include "platform/jobs.hpp"

// What happens to the catalogue by itself: schedules come due, downloads are counted, and what a
// file's inspection finds reaches the versions that hold it.
namespace atelier::models {
namespace {

struct EveryMinute {};
BOOST_DESCRIBE_STRUCT(EveryMinute, (), ())

/// A version whose file became dangerous meanwhile stays unpublished and its owner sees why.
Result<void> publish_due(platform::JobRun& run, const EveryMinute&) {
  Services& services = run.services();
  return run.finish_with([&](sql::Tx& tx) -> Result<void> {
    const store::Due due = TRY(store::due(tx, services.clock->now()));
    for (const VersionId id : due.versions) {
      std::optional<Version> version = TRY(store::version(tx, id));
      if (!version) continue;
      std::vector<Version> one{*version};
      TRY(store::load_files(tx, one));
      if (check_publishable(one.front())) {
        TRY(publish(services, tx, id, true, {}));
      } else {
        version->status = Status::Unpublished;
        TRY(store::update_version(tx, *version));
        TRY(platform::publish(services, tx, "models", "unpublished", version->model.value));
      }
    }
    for (const ModelId id : due.models) {
      std::optional<Model> model = TRY(store::model(tx, id));
      if (!model || model->status != Status::Scheduled) continue;
      model->status = Status::Unpublished;  // none of its versions could be published
      TRY(store::update_model(tx, *model));
    }
    return {};
  });
}

Result<void> count_download(Services& services, sql::Tx& tx, const platform::Event& event) {
  const auto version = TRY(store::version(tx, VersionId{event.subject}));
  if (!version) return {};
  using metrics::Metric;
  using metrics::SubjectKind;
  TRY(metrics::count(services, tx, {SubjectKind::version, event.subject, Metric::download},
                     event.actor));
  return metrics::count(services, tx, {SubjectKind::model, version->model.value, Metric::download},
                        event.actor);
}

Result<void> hear(Services& services, sql::Tx& tx, const std::vector<platform::Event>& events) {
  for (const platform::Event& event : events) {
    if (event.noun != "files") continue;
    if (event.verb == "downloaded") {
      TRY(count_download(services, tx, event));
    } else if (event.verb == "inspected") {
      const FileId file{event.subject};
      const auto stored = TRY(files::find(tx, file));
      if (!stored) continue;
      for (const VersionId id : TRY(store::versions_with(tx, {file}))) {
        TRY(store::refresh_file(tx, id, *stored));
        const auto version = TRY(store::version(tx, id));
        if (version)
          TRY(platform::publish(services, tx, "models", "changed", version->model.value));
      }
    }
  }
  return {};
}

}  // namespace

void jobs(platform::Jobs& jobs) {
  jobs.add({.name = "models.publish_due", .cron = "* * * * *", .keep_completed_s = 3600},
           publish_due);
}

void events(Services& services) {
  files::visible_by([](sql::Tx& tx, FileId file, const Viewer& viewer) -> Result<bool> {
    return !TRY(with_files(tx, {file}, viewer)).empty();
  });
  files::removable_by([](sql::Tx& tx, FileId file) -> Result<void> {
    if (!TRY(store::file_is_published(tx, file))) return {};
    return fail(Fault::conflict, "file_in_use",
                "This file belongs to a published version. Take it out of the version first.");
  });
  services.events->consumer(
      "models.files", [&services](sql::Tx& tx, const std::vector<platform::Event>& events) {
        return hear(services, tx, events);
      });
}

}  // namespace atelier::models

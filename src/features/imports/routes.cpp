#include <filesystem>

#include "features/imports/functions.hpp"
#include "features/imports/store.hpp"
#include "platform/events.hpp"
#include "platform/jobs.hpp"

namespace atelier::imports {
namespace {

constexpr int shown_max = 50;

ImportRow shown(const store::Import& import) {
  ImportRow row;
  row.id = import.id;
  row.path = import.path;
  row.state = import.state;
  row.problem = import.problem;
  row.draft = import.draft;
  row.found = import.summary.found;
  row.added = import.summary.added;
  row.known = import.summary.known;
  row.bytes = import.summary.bytes;
  row.job = import.job;
  row.startedAt = {import.started_at};
  if (import.finished_at) row.finishedAt = schema::Time{*import.finished_at};
  return row;
}

struct RunImport {
  ImportId id;
  std::string path;
  bool draft = false;
  UserId user;
};
BOOST_DESCRIBE_STRUCT(RunImport, (), (id, path, draft, user))

Result<void> run_import(platform::JobRun& job, const RunImport& in) {
  const auto done = run_recorded(
      job.services(), in.id, {in.path, in.draft, in.user},
      [&](std::int64_t files, std::int64_t found) { job.progress(files, found, in.path); });
  // A wrong path stays wrong: its row says so, and trying again would not help.
  if (!done && done.error().fault != Fault::missing && done.error().fault != Fault::invalid)
    return std::unexpected(done.error());
  return {};
}

/// Types, bases and trigger words that were guessed follow what the file itself says.
Result<void> hear(Services& services, sql::Tx& tx, const std::vector<platform::Event>& events) {
  for (const platform::Event& event : events) {
    if (event.noun != "files" || event.verb != "inspected") continue;
    const auto imported = TRY(store::imported(tx, FileId{event.subject}));
    const auto file = TRY(files::find(tx, FileId{event.subject}));
    if (!imported || !file) continue;
    const auto type = schema::from_label<models::ModelType>(file->detected_type);
    const bool base_known = models::contains(models::base_models(), file->detected_base);
    TRY(models::correct(services, tx, imported->version,
                        imported->type_guessed ? type : std::nullopt,
                        imported->base_guessed && base_known ? file->detected_base : "",
                        imported->words_guessed ? file->trigger_words
                                                : std::vector<std::string>{}));
  }
  return {};
}

void add_routes(schema::Routes& routes) {
  using schema::Access;
  using schema::bind;
  using schema::Method;
  using schema::Rate;
  using schema::Scope;
  bind(routes, Method::post,
       {.path = "/api/v2/admin/imports", .id = "startImport",
        .summary = "Take in the models of a folder of this machine.",
        .access = Access::administrator, .scope = Scope::administration, .rate = Rate::create,
        .creates = true},
       start_import);
  bind(routes, Method::get,
       {.path = "/api/v2/admin/imports", .id = "listImports", .summary = "The newest imports.",
        .access = Access::administrator, .scope = Scope::administration},
       list_imports);
}

}  // namespace

Result<ImportRow> start_import(Context& context, const StartImport& in) {
  const std::filesystem::path path(in.path.value);
  if (!path.is_absolute()) {
    Error error{Fault::invalid, "invalid_request", "Give the whole path, from the root.", {}, 0};
    error.fields.push_back({"/path", "path_relative", error.detail});
    return std::unexpected(std::move(error));
  }
  store::Import import;
  import.path = in.path.value;
  import.draft = in.draft.value_or(false);
  import.state = "running";
  import.started_at = context.now;
  const Request request{import.path, import.draft, context.viewer.user};
  import.id = TRY(store::insert(context.tx(), request, context.now));
  platform::JobOptions options;
  options.owner = context.viewer.user;
  import.job =
      TRY(platform::enqueue(context.tx(), context.now, "imports.run",
                            RunImport{import.id, import.path, import.draft, request.user},
                            options));
  TRY(store::set_job(context.tx(), import.id, *import.job));
  return shown(import);
}

Result<ImportList> list_imports(Context& context, const schema::Nothing&) {
  ImportList list;
  for (const store::Import& import : TRY(store::newest(context.tx(), shown_max)))
    list.items.push_back(shown(import));
  return list;
}

void jobs(platform::Jobs& jobs) {
  jobs.add({.name = "imports.run", .attempts_max = 3, .concurrency = 1}, run_import);
}

void events(Services& services) {
  services.events->consumer(
      "imports.files", [&services](sql::Tx& tx, const std::vector<platform::Event>& events) {
        return hear(services, tx, events);
      });
}

platform::Feature feature() {
  return {.name = "imports", .routes = add_routes, .jobs = jobs, .events = events};
}

}  // namespace atelier::imports

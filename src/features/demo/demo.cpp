#include "features/demo/demo.hpp"

#include "base/text.hpp"
#include "features/accounts/accounts.hpp"
#include "features/demo/catalogue.hpp"
#include "features/demo/weights.hpp"
#include "features/models/models.hpp"
#include "platform/jobs.hpp"
#include "ports/blobs.hpp"
#include "ports/digest.hpp"

namespace atelier::demo {
namespace {

struct Stored {
  const Entry* entry = nullptr;
  files::Stored file;
};

/// Bytes go into the blob store before the transaction.
Result<std::vector<Stored>> store_files(Services& services) {
  std::vector<Stored> out;
  for (const Entry& entry : entries()) {
    const std::string bytes = weights(entry);
    const auto digest = services.digests->start();
    digest->update(bytes_of(bytes));
    const ports::Hashes hashes = digest->hashes();
    TRY(services.blobs->put(hashes.sha256, bytes_of(bytes)));
    Stored stored{&entry, {}};
    stored.file = {{}, slug(entry.name) + ".safetensors", static_cast<std::int64_t>(bytes.size()),
                   hashes};
    out.push_back(std::move(stored));
  }
  return out;
}

Result<std::vector<UserId>> make_people(Services& services, sql::Tx& tx) {
  std::vector<UserId> ids;
  for (const std::string_view name : people()) {
    accounts::NewUser person;
    person.username = std::string(name);
    person.email = std::string(name) + "@demo.invalid";
    person.demo = true;  // and no password: nobody signs in as them
    ids.push_back(TRY(accounts::create_user(services, tx, person)).id);
  }
  return ids;
}

Result<void> make_model(Services& services, sql::Tx& tx, const Stored& stored, UserId owner) {
  const Entry& entry = *stored.entry;
  models::Model model;
  model.owner = owner;
  model.name = std::string(entry.name);
  model.type = entry.type;
  model.demo = true;
  model.description =
      std::string(entry.words) +
      "\n\n*Part of the demonstration: the file is real, the numbers in it are made up.*";
  for (const std::string_view tag : split(entry.tags, ',')) model.tags.emplace_back(tag);
  model.tags.emplace_back("demo");
  models::Version version;
  version.model = TRY(models::add_model(services, tx, std::move(model)));
  version.name = "v1";
  version.base_model = std::string(entry.base);
  if (!entry.trigger.empty()) version.trained_words.emplace_back(entry.trigger);
  const VersionId id = TRY(models::add_version(services, tx, version));
  files::Stored file = stored.file;
  file.owner = owner;
  const FileId file_id = TRY(files::add_stored(services, tx, file));
  models::VersionFile attached;
  attached.file = *TRY(files::find(tx, file_id));
  attached.name = attached.file.name;
  attached.format = "SafeTensor";
  TRY(models::add_file(tx, id, attached));
  return models::publish(services, tx, id, true, owner);
}

using schema::Nothing;

struct NoArguments {};
BOOST_DESCRIBE_STRUCT(NoArguments, (), ())

Result<void> run_fill(platform::JobRun& run, const NoArguments&) {
  const Result<void> filled = fill(run.services());
  if (!filled && filled.error().code == "demo_present") return {};
  return filled;
}

struct DemoStanding {
  bool present = false;      ///< all or some of it
  std::int64_t models = 0;
};
BOOST_DESCRIBE_STRUCT(DemoStanding, (), (present, models))

Result<bool> is_present(sql::Tx& tx) {
  return TRY(accounts::find_user(tx, people().front())).has_value();
}

Result<DemoStanding> get_demo(Context& context, const Nothing&) {
  DemoStanding out;
  out.models = std::ssize(TRY(models::demo_models(context.tx())));
  out.present = out.models > 0 || TRY(is_present(context.tx()));
  return out;
}

Result<Nothing> add_demo(Context& context, const Nothing&) {
  platform::JobOptions options;
  options.unique_key = "demo";
  options.owner = context.viewer.user;
  TRY(platform::enqueue(context.tx(), context.now, "demo.fill", NoArguments{}, options));
  return Nothing{};
}

/// Model by model, so that nobody else's writes wait or clash; a repeat goes on where it stopped.
Result<void> run_removal(platform::JobRun& run, const NoArguments&) {
  Services& services = run.services();
  const auto change = [&](const sql::Body& body) {
    return services.database->write_now(sql::Lane::jobs, body);
  };
  const auto ids = TRY(sql::ask(*services.database, models::demo_models));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    TRY(change([&](sql::Tx& tx) { return models::erase(services, tx, ids[i]); }));
    run.progress(static_cast<std::int64_t>(i + 1), static_cast<std::int64_t>(ids.size()));
  }
  // The bytes themselves go with the next hourly tidying, like those of every removed file.
  return change([&](sql::Tx& tx) { return accounts::erase_demo_users(services, tx); });
}

Result<Nothing> remove_demo(Context& context, const Nothing&) {
  platform::JobOptions options;
  options.unique_key = "demo";
  options.owner = context.viewer.user;
  TRY(platform::enqueue(context.tx(), context.now, "demo.remove", NoArguments{}, options));
  return Nothing{};
}

void add_routes(schema::Routes& routes) {
  using schema::Access;
  using schema::bind;
  using schema::Method;
  using schema::Rate;
  using schema::Scope;
  bind(routes, Method::get,
       {.path = "/api/v2/admin/demo", .id = "getDemo",
        .summary = "Whether the demonstration is here.",
        .access = Access::administrator, .scope = Scope::administration},
       get_demo);
  bind(routes, Method::post,
       {.path = "/api/v2/admin/demo", .id = "addDemo",
        .summary = "Fill the place with a marked demonstration.",
        .access = Access::administrator, .scope = Scope::administration, .rate = Rate::write},
       add_demo);
  bind(routes, Method::del,
       {.path = "/api/v2/admin/demo", .id = "removeDemo",
        .summary = "Remove the demonstration and every row of it.",
        .access = Access::administrator, .scope = Scope::administration, .rate = Rate::write},
       remove_demo);
}

void jobs(platform::Jobs& jobs) {
  jobs.add({.name = "demo.fill", .attempts_max = 3, .lease_s = 30, .concurrency = 1}, run_fill);
  jobs.add({.name = "demo.remove", .attempts_max = 10, .concurrency = 1}, run_removal);
}

}  // namespace

Result<void> fill(Services& services) {
  if (TRY(sql::ask(*services.database, is_present)))
    return fail(Fault::conflict, "demo_present", "The demonstration is here already.");
  const std::vector<Stored> stored = TRY(store_files(services));
  return services.database->write_now(sql::Lane::bulk, [&](sql::Tx& tx) -> Result<void> {
    const std::vector<UserId> owners = TRY(make_people(services, tx));
    for (std::size_t i = 0; i < stored.size(); ++i)
      TRY(make_model(services, tx, stored[i], owners[i % owners.size()]));
    return {};
  });
}

platform::Feature feature() { return {.name = "demo", .routes = add_routes, .jobs = jobs}; }

}  // namespace atelier::demo

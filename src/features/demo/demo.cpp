#include "features/demo/demo.hpp"

#include "base/text.hpp"
#include "features/accounts/accounts.hpp"
#include "features/demo/catalogue.hpp"
#include "features/demo/pictures.hpp"
#include "features/demo/weights.hpp"
#include "features/models/models.hpp"
#include "features/posts/posts.hpp"
#include "platform/jobs.hpp"
#include "ports/blobs.hpp"
#include "ports/digest.hpp"

namespace atelier::demo {
namespace {

constexpr int pictures_each = 2;

/// Three of four models are shown by a post; the others keep the pattern of their hash.
bool has_post(std::size_t nth) { return nth % 4 != 3; }

struct Stored {
  const Entry* entry = nullptr;
  files::Stored file;
  std::vector<files::Stored> pictures;
};

Result<files::Stored> store_file(Services& services, std::string name, const std::string& bytes) {
  const auto digest = services.digests->start();
  digest->update(bytes_of(bytes));
  const ports::Hashes hashes = digest->hashes();
  TRY(services.blobs->put(hashes.sha256, bytes_of(bytes)));
  return files::Stored{{}, std::move(name), static_cast<std::int64_t>(bytes.size()), hashes};
}

/// Bytes go into the blob store before the transaction.
Result<std::vector<Stored>> store_files(Services& services) {
  std::vector<Stored> out;
  for (const Entry& entry : entries()) {
    const std::string name = slug(entry.name);
    Stored stored{&entry, TRY(store_file(services, name + ".safetensors", weights(entry))), {}};
    for (int i = 0; i < pictures_each && has_post(out.size()); ++i)
      stored.pictures.push_back(
          TRY(store_file(services, name + "-" + std::to_string(i + 1) + ".png",
                         picture(entry, i, stored.file.hashes.autov2()))));
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

Result<void> make_post(Services& services, sql::Tx& tx, const Stored& stored, VersionId version,
                       UserId owner) {
  posts::Post post;
  post.owner = owner;
  post.version = version;
  post.title = std::string(stored.entry->name) + " at work";
  post.detail = "*Part of the demonstration: these pictures were drawn by arithmetic.*";
  post.demo = true;
  for (const std::string_view tag : split(stored.entry->tags, ',')) post.tags.emplace_back(tag);
  const PostId id = TRY(posts::add(services, tx, std::move(post)));
  for (files::Stored file : stored.pictures) {
    file.owner = owner;
    images::NewImage image;
    image.owner = owner;
    image.file = TRY(files::add_stored(services, tx, file));
    image.level = maturity::pg;
    image.demo = true;
    TRY(posts::add_image(services, tx, id, TRY(images::add(services, tx, image))));
  }
  return posts::publish(services, tx, id, owner);
}

Result<VersionId> make_model(Services& services, sql::Tx& tx, const Stored& stored, UserId owner) {
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
  TRY(models::publish(services, tx, id, true, owner));
  return id;
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
  for (const PostId post : TRY(sql::ask(*services.database, posts::demo_posts)))
    TRY(change([&](sql::Tx& tx) { return posts::erase(services, tx, post); }));
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
    for (std::size_t i = 0; i < stored.size(); ++i) {
      const UserId owner = owners[i % owners.size()];
      const VersionId version = TRY(make_model(services, tx, stored[i], owner));
      // Now and then somebody else shows what they made with it.
      const UserId poster = i % 5 == 4 ? owners[(i + 1) % owners.size()] : owner;
      if (!stored[i].pictures.empty())
        TRY(make_post(services, tx, stored[i], version, poster));
    }
    return {};
  });
}

platform::Feature feature() { return {.name = "demo", .routes = add_routes, .jobs = jobs}; }

}  // namespace atelier::demo

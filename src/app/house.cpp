#include "app/house.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>

#include "app/features.hpp"
#include "app/generators.hpp"
#include "engines/digest/digests.hpp"
#include "engines/disk/disk.hpp"
#include "engines/elasticsearch/elasticsearch.hpp"
#include "engines/lsa/lsa.hpp"
#include "engines/native_search/native_search.hpp"
#include "engines/openai_embeddings/openai_embeddings.hpp"
#include "engines/postgres/postgres.hpp"
#include "engines/smtp/smtp.hpp"
#include "engines/sodium/sodium.hpp"
#include "engines/sqlite/sqlite.hpp"
#include "engines/vips/imaging.hpp"
#include "features/accounts/accounts.hpp"
#include "features/moderation/moderation.hpp"
#include "platform/events.hpp"
#include "platform/idempotency.hpp"
#include "platform/indexing.hpp"
#include "platform/jobs.hpp"
#include "platform/live.hpp"
#include "platform/metrics.hpp"
#include "platform/migrations.hpp"
#include "platform/pool.hpp"
#include "platform/reply_cache.hpp"
#include "platform/settings.hpp"
#include "platform/screening.hpp"
#include "platform/searchables.hpp"
#include "platform/subjects.hpp"
#include "platform/throttle.hpp"

namespace atelier::app {
namespace {

constexpr std::size_t reply_cache_bytes = 16u << 20;
constexpr std::size_t pool_queue_max = 1024;
constexpr int jobs_grace_ms = 5'000;
constexpr std::size_t secret_bytes = 32;

/// The key that signs links. Made once, readable by its owner only.
Result<std::string> load_secret(const std::filesystem::path& folder, const ports::Crypto& crypto) {
  const std::filesystem::path path = folder / "secret";
  const FileHandle made(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (made.descriptor() >= 0) {
    const std::string fresh = crypto.random(secret_bytes);
    if (::write(made.descriptor(), fresh.data(), fresh.size()) != secret_bytes ||
        ::fsync(made.descriptor()) != 0)
      return fail(Fault::unavailable, "storage_full", "Cannot write " + path.string() + ".");
    return fresh;
  }
  const FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string secret(secret_bytes, '\0');
  if (file.descriptor() < 0 ||
      ::read(file.descriptor(), secret.data(), secret.size()) != secret_bytes)
    return fail(Fault::internal, "secret_unreadable", path.string() + " is not readable.");
  return secret;
}

Result<std::unique_ptr<sql::Database>> open_database(const Configuration& configuration) {
  if (configuration.database.empty()) return sqlite::open(configuration.data / "atelier.db");
  return postgres::open(configuration.database);
}

std::unique_ptr<ports::Imaging> make_imaging(platform::Metrics& metrics) {
  vips::Options options;
  options.observe = [&metrics](std::string_view task, std::string_view outcome, double seconds) {
    metrics.observe("imaging_seconds",
                    "task=\"" + std::string(task) + "\",outcome=\"" + std::string(outcome) + "\"",
                    seconds);
  };
  return vips::make_imaging(std::move(options));
}

std::unique_ptr<ports::search::Engine> make_search(const Configuration::Search& configuration,
                                                   const std::filesystem::path& folder) {
  if (configuration.url.empty())
    return engines::native_search::make_engine({folder / "search"});
  engines::elasticsearch::Account account;
  account.url = configuration.url;
  account.username = configuration.username;
  account.password = configuration.password;
  account.api_key = configuration.api_key;
  account.authority = configuration.authority;
  account.prefix = configuration.prefix;
  return engines::elasticsearch::make_engine(std::move(account));
}

Result<std::unique_ptr<ports::Embedder>> make_embedder(const Configuration::Embeddings& server,
                                                       const std::filesystem::path& folder) {
  if (!server.url.empty())
    return engines::openai_embeddings::make_embedder(
        {server.url, server.key, server.model, server.dimensions});
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    return fail(Fault::unavailable, "data_unwritable", "Cannot make " + folder.string() + ".");
  return std::make_unique<engines::lsa::Lsa>(folder / "lsa");
}

}  // namespace

/// In order of construction; destroyed backwards, so that nothing outlives what it stands on.
struct House::Parts {
  SystemClock clock;
  Services services;
  std::unique_ptr<ports::Crypto> crypto;
  std::unique_ptr<ports::Digests> digests;
  std::unique_ptr<ports::Blobs> blobs;
  std::unique_ptr<ports::Mailer> mailer;
  platform::Metrics metrics;
  std::unique_ptr<ports::Imaging> imaging;
  std::unique_ptr<ports::Generators> generators;
  platform::Live live;
  platform::ReplyCache replies{clock, reply_cache_bytes};
  platform::Throttle throttle{clock};
  std::unique_ptr<sql::Database> database;
  platform::Settings settings{services};
  platform::Subjects subjects;
  platform::Searchables searchables;
  std::unique_ptr<ports::search::Engine> search;
  std::unique_ptr<ports::Embedder> embedder;
  std::unique_ptr<Identity> identity;
  std::unique_ptr<platform::Screening> screening;
  std::unique_ptr<platform::Events> events;
  std::unique_ptr<platform::Indexing> indexing;
  std::unique_ptr<platform::Jobs> jobs;
  std::unique_ptr<platform::Dispatcher> dispatcher;
  std::unique_ptr<platform::Pool> pool;  // last: its work may touch everything above
  bool running = false;
  std::atomic<bool> draining = false;

  schema::Routes take_in_features() {
    schema::Routes routes;
    for (const platform::Feature& feature : features()) {
      if (feature.settings != nullptr) feature.settings(settings);
      if (feature.subjects != nullptr) feature.subjects(subjects);
      if (feature.searchables != nullptr) feature.searchables(searchables);
      if (feature.routes != nullptr) feature.routes(routes);
      if (feature.jobs != nullptr) feature.jobs(*jobs);
      if (feature.events != nullptr) feature.events(services);
    }
    return routes;
  }
};

House::House() : parts_(std::make_unique<Parts>()) {}

House::~House() { stop(); }

Services& House::services() { return parts_->services; }

platform::Dispatcher& House::dispatcher() { return *parts_->dispatcher; }

Result<std::unique_ptr<House>> House::open(const Configuration& configuration) {
  std::unique_ptr<House> house(new House);
  Parts& parts = *house->parts_;
  std::error_code error;
  std::filesystem::create_directories(configuration.data, error);
  if (error)
    return fail(Fault::unavailable, "data_unwritable",
                "Cannot make the folder " + configuration.data.string() + ": " + error.message());
  const std::filesystem::path folder = std::filesystem::absolute(configuration.data);

  parts.crypto = engines::sodium::make_crypto();
  parts.digests = digest::make_digests(true);
  parts.blobs = TRY(disk::make_blobs(folder));
  if (!configuration.mail.url.empty())
    parts.mailer = engines::smtp::make_mailer({configuration.mail.url, configuration.mail.username,
                                               configuration.mail.password,
                                               configuration.mail.from});
  parts.imaging = make_imaging(parts.metrics);
  parts.generators = make_generators(*parts.imaging);
  parts.database = TRY(open_database(configuration));
  TRY(platform::migrate(*parts.database, parts.clock, folder / "snapshots"));

  Services& services = parts.services;
  services.clock = &parts.clock;
  services.database = parts.database.get();
  services.blobs = parts.blobs.get();
  services.digests = parts.digests.get();
  services.imaging = parts.imaging.get();
  services.generators = parts.generators.get();
  services.mailer = parts.mailer.get();
  services.crypto = parts.crypto.get();
  services.metrics = &parts.metrics;
  services.live = &parts.live;
  services.replies = &parts.replies;
  parts.throttle.set_scale(configuration.rate_percent / 100.0);
  services.throttle = &parts.throttle;
  services.settings = &parts.settings;
  services.subjects = &parts.subjects;
  services.searchables = &parts.searchables;
  parts.search = make_search(configuration.search, folder);
  services.search = parts.search.get();
  parts.embedder = TRY(make_embedder(configuration.embeddings, folder / "embeddings"));
  services.embedder = parts.embedder.get();
  parts.screening = moderation::make_screening();
  services.screening = parts.screening.get();
  services.draining = &parts.draining;
  services.folder = folder;
  services.secret = TRY(load_secret(folder, *parts.crypto));
  parts.identity = accounts::make_identity(services);
  services.identity = parts.identity.get();
  parts.events = platform::make_events(services);
  services.events = parts.events.get();
  parts.jobs = platform::make_jobs(services);
  services.jobs = parts.jobs.get();
  parts.pool = std::make_unique<platform::Pool>("pool", configuration.pool_threads, pool_queue_max);
  services.pool = parts.pool.get();

  schema::Routes routes = parts.take_in_features();
  parts.indexing = platform::make_indexing(services);
  services.indexing = parts.indexing.get();
  platform::idempotency_jobs(*parts.jobs);
  TRY(parts.settings.load());
  parts.events->follow([&settings = parts.settings](const platform::Event& event) {
    if (event.noun == "settings") (void)settings.load();
  });
  parts.dispatcher = TRY(platform::Dispatcher::create(services, std::move(routes)));
  return house;
}

void House::start_search() { parts_->indexing->start(); }

void House::start() {
  parts_->running = true;
  parts_->events->start();
  parts_->jobs->start();
}

void House::drain() { parts_->draining = true; }

void House::stop() {
  if (!parts_->running) return;
  parts_->running = false;
  parts_->jobs->stop(jobs_grace_ms);
  parts_->events->stop();
  parts_->indexing->stop();
}

}  // namespace atelier::app

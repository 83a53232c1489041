#include "features/files/jobs.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/text.hpp"
#include "features/files/facts.hpp"
#include "features/files/uploads.hpp"
#include "platform/events.hpp"
#include "platform/log.hpp"

namespace atelier::files {
namespace {

constexpr Millis hour_ms = 3'600'000;

struct InspectContent {
  std::int64_t content = 0;
};
BOOST_DESCRIBE_STRUCT(InspectContent, (), (content))

struct HashPlace {
  FileId file;
};
BOOST_DESCRIBE_STRUCT(HashPlace, (), (file))

struct Tidy {};
BOOST_DESCRIBE_STRUCT(Tidy, (), ())

/// An open blob as the inspection reads it.
class BlobSource final : public inspection::Source {
 public:
  explicit BlobSource(ports::Blob blob) : blob_(std::move(blob)) {}
  std::uint64_t size() const override { return std::uint64_t(blob_.size); }
  Result<> read(std::uint64_t offset, std::span<std::byte> into) const override {
    if (offset > size() || into.size() > size() - offset)
      return fail(Fault::invalid, "out_of_range", "The file is too short.");
    while (!into.empty()) {
      const auto got =
          ::pread(blob_.file->descriptor(), into.data(), into.size(), std::int64_t(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return fail(Fault::unavailable, "read_failed", "The file cannot be read.");
      into = into.subspan(std::size_t(got));
      offset += std::uint64_t(got);
    }
    return {};
  }

 private:
  ports::Blob blob_;
};

Result<void> keep(platform::JobRun& run, std::int64_t content, const store::Inspected& row) {
  return run.finish_with([&](sql::Tx& tx) -> Result<void> {
    TRY(store::set_inspected(tx, content, row, run.services().clock->now()));
    const auto files = TRY(store::files_of_content(tx, content));
    for (const FileId file : files)
      TRY(platform::publish(run.services(), tx, "files", "inspected", file.value));
    return {};
  });
}

Result<void> inspect(platform::JobRun& run, const InspectContent& in) {
  Services& services = run.services();
  const auto name = TRY(sql::ask(*services.database, [&](sql::Tx& tx) {
    return store::content_name(tx, in.content);
  }));
  if (!name) return {};
  run.progress(0, 2, "reading");
  const auto blob = services.blobs->open(name->sha256);
  if (!blob && blob.error().fault == Fault::missing) {
    store::Inspected row;
    row.verdict = FileVerdict::failed;
    row.verdict_message = "The file is not where it was.";
    return keep(run, in.content, row);
  }
  if (!blob) return std::unexpected(blob.error());
  auto found = TRY(inspection::inspect(BlobSource(*blob), name->file_name));
  run.progress(1, 2, "keeping the report");
  return keep(run, in.content, to_row(std::move(found)));
}

std::optional<Found> look_at(const std::string& path) {
  struct stat of;
  if (::stat(path.c_str(), &of) != 0 || !S_ISREG(of.st_mode)) return std::nullopt;
  return Found{path, of.st_size, of.st_mtim.tv_sec * 1'000'000'000ll + of.st_mtim.tv_nsec,
               std::int64_t(of.st_ino)};
}

bool unchanged(const Found& a, const Found& b) {
  return a.bytes == b.bytes && a.modified_ns == b.modified_ns;
}

// The content of bytes that some other name of the same file has already been hashed under.
Result<std::optional<std::string>> known_hash(Services& services, const Found& found) {
  return sql::ask(*services.database,
                  [&](sql::Tx& tx) -> Result<std::optional<std::string>> {
                    const auto like = TRY(store::place_like(tx, found));
                    if (!like) return std::nullopt;
                    const auto name = TRY(store::content_name(tx, like->content));
                    if (!name) return std::nullopt;
                    return name->sha256;
                  });
}

Result<ports::Blob> open_place(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0)
    return fail(Fault::missing, "file_missing", "The file is not where it was.");
  auto file = std::make_shared<const FileHandle>(descriptor);
  struct stat of;
  if (::fstat(descriptor, &of) != 0 || !S_ISREG(of.st_mode))
    return fail(Fault::missing, "file_missing", "This is not a file.");
  ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  return ports::Blob{file, of.st_size, 0};
}

Result<void> connect(platform::JobRun& run, FileId file, const Found& found,
                     const ports::Hashes& hashes) {
  Services& services = run.services();
  const std::lock_guard naming(naming_bytes());
  TRY(services.blobs->refer(hashes.sha256, found.path));
  return run.finish_with([&](sql::Tx& tx) -> Result<void> {
    const auto place = TRY(store::place_of(tx, file));
    if (!place) return {};
    // Found changed again meanwhile, and no second job was made beside this one: run once more.
    if (!unchanged(place->found, found))
      return fail(Fault::unavailable, "file_changing", "The file has changed meanwhile.");
    const Millis now = services.clock->now();
    const auto content = TRY(store::content(tx, hashes, found.bytes, now));
    TRY(store::set_content(tx, file, content.id, found.bytes));
    if (content.fresh) return enqueue_inspection(tx, now, content.id, {});
    return platform::publish(services, tx, "files", "inspected", file.value);
  });
}

Result<void> connect_known(platform::JobRun& run, FileId file, const Found& found,
                           const std::string& sha256) {
  Services& services = run.services();
  const std::lock_guard naming(naming_bytes());
  TRY(services.blobs->refer(sha256, found.path));
  return run.finish_with([&](sql::Tx& tx) -> Result<void> {
    const auto like = TRY(store::place_like(tx, found));
    if (!like) return {};
    TRY(store::set_content(tx, file, like->content, found.bytes));
    return platform::publish(services, tx, "files", "inspected", file.value);
  });
}

Result<void> hash_place(platform::JobRun& run, const HashPlace& in) {
  Services& services = run.services();
  const auto place = TRY(sql::ask(*services.database, [&](sql::Tx& tx) {
    return store::place_of(tx, in.file);
  }));
  if (!place || place->content != 0) return {};
  const auto before = look_at(place->found.path);
  if (!before) {
    // Not there any more: the next scan says what became of it.
    log::warning("files.place_missing", {{"path", place->found.path}});
    return {};
  }
  if (!unchanged(*before, place->found))
    TRY(sql::change(*services.database, sql::Lane::jobs, [&](sql::Tx& tx) {
      return store::put_place(tx, in.file, *before);
    }));
  if (const auto known = TRY(known_hash(services, *before)))
    return connect_known(run, in.file, *before, *known);
  const auto hashes = TRY(hash_file(services, place->found.path, [&](auto done, auto total) {
    run.progress(done, total, "hashing");
    return !run.should_stop();
  }));
  const auto after = look_at(place->found.path);
  if (!after || !unchanged(*before, *after))
    return fail(Fault::unavailable, "file_changing", "The file is being written to.");
  return connect(run, in.file, *before, hashes);
}

Result<void> expire_uploads(Services& services) {
  const Millis now = services.clock->now();
  const auto expired = TRY(sql::ask(*services.database, [&](sql::Tx& tx) {
    return store::expired_uploads(tx, now, 1'000);
  }));
  for (const auto& upload : expired) TRY(end_upload(services, upload));
  // Partials whose row is gone: a member who left, a restored backup.
  for (const auto& [name, changed_at] : TRY(services.blobs->partials())) {
    if (changed_at > now - 24 * hour_ms) continue;
    const auto known = TRY(sql::ask(*services.database, [&](sql::Tx& tx) {
      return store::upload(tx, name);
    }));
    if (!known) TRY(services.blobs->discard(name));
  }
  return {};
}

Result<void> sweep(Services& services) {
  const std::lock_guard naming(naming_bytes());
  const Millis before = services.clock->now() - hour_ms;
  const auto orphans = TRY(sql::ask(*services.database, [&](sql::Tx& tx) {
    return store::orphans(tx, before);
  }));
  for (const auto& orphan : orphans) {
    // Somebody has just put the same bytes, and will name them.
    const auto blob = services.blobs->open(orphan.sha256);
    if (blob && blob->modified >= before) continue;
    // Bytes first: a row without bytes is found again by the next sweep, bytes without a row only
    // within a day.
    TRY(services.blobs->remove(orphan.sha256));
    TRY(sql::change(*services.database, sql::Lane::jobs, [&](sql::Tx& tx) {
      return store::delete_orphan(tx, orphan.id);
    }));
  }
  return {};
}

/// Bytes that were put by somebody who died before naming them: a part of the store each hour, all
/// of it in a day.
Result<void> sweep_unnamed(Services& services) {
  const Millis now = services.clock->now();
  for (int first = 0; first < 256; ++first) {
    if (first % 24 != now / hour_ms % 24) continue;
    const std::byte digits[] = {static_cast<std::byte>(first)};
    for (const auto& [name, put_at] : TRY(services.blobs->named(hex(digits)))) {
      if (put_at >= now - hour_ms) continue;
      const std::lock_guard naming(naming_bytes());
      const bool known = TRY(sql::ask(*services.database, [&](sql::Tx& tx) {
        return store::is_content(tx, name);
      }));
      if (!known) TRY(services.blobs->remove(name));
    }
  }
  return {};
}

Result<void> tidy(platform::JobRun& run, const Tidy&) { return tidy_files(run.services()); }

}  // namespace

std::mutex& naming_bytes() {
  static std::mutex mutex;
  return mutex;
}

Result<void> enqueue_inspection(sql::Tx& tx, Millis now, std::int64_t content, UserId owner) {
  const auto key = "files.inspect:" + std::to_string(content);
  TRY(platform::enqueue(tx, now, "files.inspect", InspectContent{content},
                        {.priority = 5, .unique_key = key, .owner = owner}));
  return {};
}

Result<void> enqueue_hashing(sql::Tx& tx, Millis now, FileId file, UserId owner) {
  const auto key = "files.hash:" + std::to_string(file.value);
  TRY(platform::enqueue(tx, now, "files.hash", HashPlace{file},
                        {.unique_key = key, .owner = owner}));
  return {};
}

Result<ports::Hashes> hash_file(Services& services, const std::filesystem::path& path,
                                const std::function<bool(std::int64_t, std::int64_t)>& go_on) {
  const auto blob = TRY(open_place(path.string()));
  const auto digest = services.digests->start();
  std::vector<std::byte> piece(256 * 1024);
  for (std::int64_t at = 0;;) {
    const auto got = ::pread(blob.file->descriptor(), piece.data(), piece.size(), at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(Fault::unavailable, "read_failed", "The file cannot be read.");
    if (got == 0) return digest->hashes();
    digest->update(std::span(piece).first(std::size_t(got)));
    at += got;
    if (!go_on(at, blob.size)) return fail(Fault::unavailable, "stopped", "The work was stopped.");
  }
}

Result<void> tidy_files(Services& services) {
  TRY(expire_uploads(services));
  TRY(sweep(services));
  TRY(sweep_unnamed(services));
  return sql::change(*services.database, sql::Lane::jobs, [&](sql::Tx& tx) {
    return store::forget_marks(tx, services.clock->now() - 48 * hour_ms);
  });
}

void add_jobs(platform::Jobs& jobs) {
  jobs.add<InspectContent>({.name = "files.inspect", .attempts_max = 5}, inspect);
  jobs.add<HashPlace>({.name = "files.hash", .attempts_max = 5}, hash_place);
  jobs.add<Tidy>({.name = "files.tidy", .concurrency = 1, .cron = "17 * * * *"}, tidy);
}

}  // namespace atelier::files

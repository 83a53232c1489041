#include "features/files/uploads.hpp"

#include <mutex>
#include <set>

#include "base/text.hpp"
#include "features/files/jobs.hpp"
#include "platform/settings.hpp"
#include "ports/crypto.hpp"

namespace atelier::files {
namespace {

constexpr std::int64_t durable_every = 16 * 1024 * 1024;

// Tokens are random, so one set serves several servers in one process too.
struct Busy {
  std::mutex mutex;
  std::set<std::string, std::less<>> tokens;
};
Busy& busy() {
  static Busy all;
  return all;
}

std::unexpected<Error> taken() {
  return fail(Fault::conflict, "upload_busy", "Somebody is sending to this upload already.");
}

std::string random_name(const Services& services) {
  return hex(bytes_of(services.crypto->random(16)));
}

}  // namespace

Millis expiry(const Services& services) {
  return services.clock->now() +
         services.settings->get<FilesSettings>("files").uploadHours.value * 3'600'000;
}

namespace {

Result<void> check_room(sql::Tx& tx, const FilesSettings& settings, const NewUpload& in,
                        std::int64_t room) {
  const auto quota = settings.memberQuotaBytes.value;
  if (!in.unlimited && quota > 0 && TRY(store::stored_bytes(tx, in.owner)) > quota - in.bytes)
    return fail(Fault::limited, "quota_exceeded", "Your files would be more than allowed.");
  if (TRY(store::awaited_bytes(tx)) > room - settings.reserveBytes.value - in.bytes)
    return fail(Fault::unavailable, "storage_full", "There is no room left to store this.");
  return {};
}

// Makes another file of bytes that the owner has sent before.
Result<void> finish_known(Services& services, sql::Tx& tx, store::Upload& upload,
                          const std::string& sha256) {
  const auto hashes = TRY(store::hashes_of_own(tx, upload.owner, sha256, upload.bytes));
  if (!hashes) return {};
  const FileId file = TRY(add_stored(services, tx, {upload.owner, upload.name, upload.bytes,
                                                    *hashes}));
  TRY(store::set_received(tx, upload.id, "", upload.bytes, "", upload.expires_at));
  TRY(store::finish_upload(tx, upload.id, file, services.clock->now()));
  upload.received = upload.bytes;
  upload.finished = true;
  upload.file = file;
  return {};
}

}  // namespace

Result<store::Upload> create_upload(Services& services, const NewUpload& in) {
  const auto settings = services.settings->get<FilesSettings>("files");
  if (in.bytes > settings.uploadBytesMax.value)
    return fail(Fault::invalid, "file_too_large", "The file is larger than this site takes.");
  const auto room = TRY(services.blobs->free_bytes());
  store::Upload made;
  made.token = random_name(services);
  made.owner = in.owner;
  made.name = clean_name(in.name);
  made.bytes = in.bytes;
  made.created_at = services.clock->now();
  made.expires_at = expiry(services);
  const auto sha256 = lower_ascii(in.sha256);
  // Its bytes cannot be swept between this look and the new row.
  std::unique_lock<std::mutex> naming;
  const bool known = !sha256.empty() && services.blobs->has(sha256);
  if (known) naming = std::unique_lock(naming_bytes());
  return sql::change(*services.database, sql::Lane::interactive,
                     [&](sql::Tx& tx) -> Result<store::Upload> {
                       auto upload = made;
                       TRY(check_room(tx, settings, in, room));
                       upload.id = TRY(store::insert_upload(tx, upload));
                       if (known) TRY(finish_known(services, tx, upload, sha256));
                       return upload;
                     });
}

Writer::Writer(Services& services, store::Upload upload)
    : services_(services), upload_(std::move(upload)), name_(random_name(services)) {}

Writer::~Writer() {
  partial_.reset();
  const std::lock_guard lock(busy().mutex);
  busy().tokens.erase(upload_.token);
}

Result<std::unique_ptr<Writer>> Writer::open(Services& services, const store::Upload& upload) {
  {
    const std::lock_guard lock(busy().mutex);
    if (!busy().tokens.insert(upload.token).second) return taken();
  }
  std::unique_ptr<Writer> writer(new Writer(services, upload));
  TRY(writer->start());
  return writer;
}

Result<void> Writer::start() {
  // The caller's row may be older than the last writer's end.
  const auto now = TRY(sql::change(
      *services_.database, sql::Lane::interactive,
      [&](sql::Tx& tx) -> Result<std::optional<store::Upload>> {
        TRY(store::set_writer(tx, upload_.id, name_));
        return store::upload(tx, upload_.id);
      }));
  if (!now || (now->finished && !now->file))
    return fail(Fault::missing, "upload_missing", "There is no such upload.");
  upload_ = *now;
  received_ = kept_ = upload_.received;
  kept_state_ = upload_.hash_state;
  if (upload_.finished) return {};
  digest_ = kept_state_.empty() ? services_.digests->start()
                                : TRY(services_.digests->resume(kept_state_));
  auto partial = services_.blobs->open_partial(upload_.token);
  if (!partial && partial.error().fault == Fault::missing && kept_ == 0)
    partial = services_.blobs->create_partial(upload_.token);
  if (!partial && partial.error().fault == Fault::missing && complete()) return {};
  if (!partial && partial.error().fault != Fault::missing)
    return std::unexpected(partial.error());
  if (!partial || (*partial)->size() < kept_)
    return fail(Fault::missing, "upload_lost", "The bytes received so far are gone.");
  partial_ = std::move(*partial);
  return partial_->size() == kept_ ? Result<void>{} : partial_->truncate(kept_);
}

Result<void> Writer::append(std::span<const std::byte> bytes) {
  if (bytes.empty()) return {};
  if (std::int64_t(bytes.size()) > upload_.bytes - received_)
    return fail(Fault::invalid, "upload_too_long", "More bytes came than were announced.");
  TRY(partial_->append(bytes));
  digest_->update(bytes);
  received_ += std::int64_t(bytes.size());
  if (!held_ && received_ - kept_ >= durable_every) return keep();
  return {};
}

Result<void> Writer::rewind() {
  if (received_ == kept_) return {};
  TRY(partial_->truncate(kept_));
  digest_ = kept_state_.empty() ? services_.digests->start()
                                : TRY(services_.digests->resume(kept_state_));
  received_ = kept_;
  return {};
}

Result<void> Writer::keep() {
  if (received_ == kept_) return {};
  TRY(partial_->sync());
  auto state = digest_->save();
  const auto expires_at = expiry(services_);
  const bool still = TRY(sql::change(*services_.database, sql::Lane::interactive, [&](sql::Tx& tx) {
    return store::set_received(tx, upload_.id, name_, received_, state, expires_at);
  }));
  if (!still) return taken();
  kept_ = received_;
  kept_state_ = std::move(state);
  upload_.expires_at = expires_at;
  return {};
}

Result<FileId> Writer::finish() {
  if (upload_.finished) return *upload_.file;
  // After a crash beyond this point the row says that all bytes came, and `settle` goes on.
  TRY(keep());
  // Bytes that were not hashed must never get the name of those that were.
  if (partial_ && partial_->size() != upload_.bytes)
    return fail(Fault::internal, "upload_lost", "The bytes on the disk are not those received.");
  const auto hashes = digest_->hashes();
  const std::lock_guard naming(naming_bytes());
  Result<void> named = services_.blobs->publish(upload_.token, hashes.sha256);
  if (!named && !(named.error().code == "partial_missing" && services_.blobs->has(hashes.sha256)))
    return std::unexpected(named.error());
  partial_.reset();
  return sql::change(
      *services_.database, sql::Lane::interactive, [&](sql::Tx& tx) -> Result<FileId> {
        const auto upload = TRY(store::upload(tx, upload_.id));
        if (!upload) return fail(Fault::missing, "upload_missing", "There is no such upload.");
        if (upload->file) return *upload->file;
        const FileId file = TRY(add_stored(services_, tx, {upload->owner, upload->name,
                                                           upload->bytes, hashes}));
        TRY(store::finish_upload(tx, upload->id, file, services_.clock->now()));
        return file;
      });
}

Result<void> end_upload(Services& services, const store::Upload& upload) {
  // Whoever is sending right now is told by its next durable point.
  TRY(sql::change(*services.database, sql::Lane::interactive, [&](sql::Tx& tx) {
    return store::delete_upload(tx, upload.id);
  }));
  return services.blobs->discard(upload.token);
}

Result<store::Upload> settle(Services& services, const store::Upload& upload) {
  if (upload.finished || upload.received < upload.bytes) return upload;
  auto writer = Writer::open(services, upload);
  if (!writer && writer.error().code == "upload_busy") return upload;
  if (!writer) return std::unexpected(writer.error());
  auto settled = upload;
  settled.file = TRY((*writer)->finish());
  settled.finished = true;
  return settled;
}

}  // namespace atelier::files

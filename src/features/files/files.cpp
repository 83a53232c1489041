#include "features/files/files.hpp"

#include <atomic>

#include "features/files/jobs.hpp"
#include "features/files/store.hpp"
#include "platform/events.hpp"

namespace atelier::files {
namespace {

std::atomic<Visible> visible_to_others = nullptr;
std::atomic<Removable> not_needed = nullptr;

}  // namespace

void visible_by(Visible visible) { visible_to_others = visible; }

void removable_by(Removable removable) { not_needed = removable; }

Result<void> may_remove(sql::Tx& tx, FileId file) {
  const Removable removable = not_needed;
  return removable ? removable(tx, file) : Result<void>{};
}

Result<bool> may_see(sql::Tx& tx, const File& file, const Viewer& viewer) {
  if (viewer.signed_in() && file.owner == viewer.user) return true;
  if (viewer.at_least(Role::moderator)) return true;
  const Visible visible = visible_to_others;
  return visible ? visible(tx, file.id, viewer) : false;
}

Result<std::optional<File>> find(sql::Tx& tx, FileId id) { return store::file(tx, id); }

Result<std::vector<File>> find(sql::Tx& tx, const std::vector<FileId>& ids) {
  return store::files(tx, ids);
}

Result<std::vector<FileId>> by_hash(sql::Tx& tx, std::string_view hash) {
  return store::files_by_hash(tx, hash);
}

Result<std::optional<FileId>> of_upload(sql::Tx& tx, UploadId upload, UserId owner) {
  const auto found = TRY(store::upload(tx, upload));
  if (!found || found->owner != owner || !found->finished) return std::nullopt;
  return found->file;
}

Result<FileId> add_stored(Services& services, sql::Tx& tx, const Stored& stored) {
  const Millis now = services.clock->now();
  const auto content = TRY(store::content(tx, stored.hashes, stored.bytes, now));
  const auto id = TRY(store::insert_file(tx, content.id, stored.owner, clean_name(stored.name),
                                         stored.bytes, now));
  if (content.fresh) TRY(enqueue_inspection(tx, now, content.id, stored.owner));
  TRY(platform::publish(services, tx, "files", "created", id.value, stored.owner));
  return id;
}

Result<FileId> add_in_place(Services& services, sql::Tx& tx, const Found& found, UserId owner) {
  const Millis now = services.clock->now();
  const auto known = TRY(store::place_at(tx, found.path));
  const bool same = known && known->found.bytes == found.bytes &&
                    known->found.modified_ns == found.modified_ns;
  if (same && known->content != 0) return known->file;
  FileId id;
  if (known) {
    id = known->file;
    if (!same) TRY(store::set_content(tx, id, 0, found.bytes));
  } else {
    id = TRY(store::insert_file(tx, 0, owner, clean_name(found.path), found.bytes, now));
    TRY(platform::publish(services, tx, "files", "created", id.value, owner));
  }
  TRY(store::put_place(tx, id, found));
  TRY(enqueue_hashing(tx, now, id, owner));
  return id;
}

Result<void> remove(Services& services, sql::Tx& tx, FileId id) {
  // The bytes go with the sweep: another upload of the same may be under way.
  if (TRY(store::delete_file(tx, id)))
    TRY(platform::publish(services, tx, "files", "removed", id.value));
  return {};
}

}  // namespace atelier::files

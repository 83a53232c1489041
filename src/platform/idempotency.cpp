#include "platform/idempotency.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "platform/jobs.hpp"
#include "platform/services.hpp"

namespace atelier::platform {
namespace {

constexpr Millis kept_for = 24 * 3600 * 1000;

const sql::Statement insert_key("idempotency.claim",
                                "INSERT INTO idempotency (user_id, key, request_hash, created_at) "
                                "VALUES (?1, ?2, ?3, ?4) ON CONFLICT (user_id, key) DO NOTHING");
const sql::Statement find_key("idempotency.find",
                              "SELECT request_hash, status, headers, body FROM idempotency "
                              "WHERE user_id = ?1 AND key = ?2");
const sql::Statement store_key("idempotency.store",
                               "UPDATE idempotency SET status = ?3, headers = ?4, body = ?5 "
                               "WHERE user_id = ?1 AND key = ?2");
const sql::Statement forget_keys("idempotency.forget",
                                 "DELETE FROM idempotency WHERE created_at < ?1");

// One header a line: neither names nor values hold line breaks.
std::string join(const http::Headers& headers) {
  std::string text;
  for (const auto& [name, value] : headers.all()) text += name + ":" + value + "\n";
  return text;
}

http::Headers split_headers(std::string_view text) {
  http::Headers headers;
  for (const std::string_view line : split(text, '\n'))
    if (const std::size_t colon = line.find(':'); colon != line.npos)
      headers.add(line.substr(0, colon), line.substr(colon + 1));
  return headers;
}

Result<void> forget(JobRun& run, const schema::Nothing&) {
  Services& services = run.services();
  return services.database->write_now(sql::Lane::bulk, [&](sql::Tx& tx) -> Result<void> {
    TRY(tx.run(forget_keys, {services.clock->now() - kept_for}));
    return {};
  });
}

}  // namespace

Result<std::string> read_idempotency_key(std::string_view header) {
  std::string_view key = trim(header);
  if (key.size() >= 2 && key.front() == '"' && key.back() == '"')
    key = key.substr(1, key.size() - 2);
  const bool visible = std::ranges::all_of(
      key, [](char c) { return c > 0x20 && c < 0x7F && c != '"' && c != '\\'; });
  if (key.empty() || key.size() > 255 || !visible)
    return fail(Fault::invalid, "bad_idempotency_key",
                "Idempotency-Key must be 1 to 255 visible characters");
  return std::string(key);
}

Result<std::optional<StoredReply>> claim_key(sql::Tx& tx, UserId user, std::string_view key,
                                             std::string_view request_hash, Millis now) {
  const sql::Rows claimed = TRY(tx.run(insert_key, {user, key, request_hash, now}));
  if (claimed.changed() == 1) return std::nullopt;
  const sql::Rows rows = TRY(tx.run(find_key, {user, key}));
  if (rows.empty())
    return fail(Fault::conflict, "idempotency_in_flight", "the same request is being handled");
  const sql::Row row = rows.front();
  if (row.text(0) != request_hash)
    return fail(Fault::invalid, "idempotency_mismatch",
                "this Idempotency-Key was used for another request");
  return StoredReply{static_cast<int>(row.whole(1)), split_headers(row.text(2)), row.string(3)};
}

Result<void> store_reply(sql::Tx& tx, UserId user, std::string_view key,
                         const StoredReply& reply) {
  TRY(tx.run(store_key, {user, key, reply.status, join(reply.headers), reply.body}));
  return {};
}

bool KeysInFlight::take(const std::string& key) {
  const std::lock_guard lock(mutex_);
  return taken_.insert(key).second;
}

void KeysInFlight::release(const std::string& key) {
  const std::lock_guard lock(mutex_);
  taken_.erase(key);
}

void idempotency_jobs(Jobs& jobs) {
  JobKind kind;
  kind.name = "platform.forget_idempotency_keys";
  kind.cron = "23 * * * *";
  jobs.add<schema::Nothing>(kind, forget);
}

}  // namespace atelier::platform

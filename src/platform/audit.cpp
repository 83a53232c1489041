#include "platform/audit.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "ports/crypto.hpp"
#include "schema/json.hpp"

namespace atelier::platform {
namespace {

constexpr std::size_t details_max = 8 << 10;  // bytes

#define AUDIT_COLUMNS \
  "a.id, a.at, a.actor_id, a.act, a.subject_kind, a.subject_id, a.details, a.previous, a.hash"

const sql::Statement newest_hash{"audit.newest_hash",
                                 "SELECT hash FROM audit_entries ORDER BY id DESC LIMIT 1"};
const sql::Statement insert_entry{
    "audit.insert",
    "INSERT INTO audit_entries (at, actor_id, act, subject_kind, subject_id, details, previous,"
    " hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"};
const sql::Statement entries_after{
    "audit.after",
    "SELECT " AUDIT_COLUMNS " FROM audit_entries a WHERE a.id > ?1 ORDER BY a.id LIMIT 500"};

/// Only `details` may hold a line break, and it stands last: no two entries read the same.
std::string hash_of(const Services& services, const AuditEntry& entry) {
  const std::string text = entry.previous + '\n' + std::to_string(entry.at) + '\n' +
                           std::to_string(entry.actor.value) + '\n' + entry.act + '\n' +
                           entry.subject_kind + '\n' + std::to_string(entry.subject) + '\n' +
                           entry.details;
  return hex(bytes_of(services.crypto->sha256(text)));
}

std::vector<AuditEntry> read(const sql::Rows& rows) {
  std::vector<AuditEntry> entries;
  for (const sql::Row row : rows)
    entries.push_back({row.whole(0), row.whole(1), row.id<UserId>(2), row.string(3), row.string(4),
                       row.whole(5), row.string(6), row.string(7), row.string(8)});
  return entries;
}

/// The value of a member that names the thing an endpoint is about, if it is a number.
std::int64_t subject_of(const Context& context) {
  return parse_whole(context.path("id")).value_or(0);
}

/// Members that hold secrets: that they were given is written down, not what they are.
constexpr std::string_view secrets[] = {"token", "password"};

std::string without_secrets(const schema::Type& type, const void* value) {
  std::string out = "{";
  for (std::uint32_t i = 0; i < type.field_count; ++i) {
    const schema::Field& field = type.fields[i];
    const std::byte* const at = static_cast<const std::byte*>(value) + field.offset;
    if (field.type->kind == schema::Kind::optional && field.type->view(at).empty()) continue;
    if (out.size() > 1) out += ',';
    schema::write_json_string(out, field.name);
    out += ':';
    if (std::ranges::find(secrets, std::string_view(field.name)) == std::end(secrets))
      schema::write_json(out, *field.type, at);
    else out += R"("***")";
  }
  return out + "}";
}

}  // namespace

Result<void> audit(Services& services, sql::Tx& tx, UserId actor, std::string_view act,
                   std::string_view subject_kind, std::int64_t subject, std::string details) {
  if (details.size() > details_max)
    details = "{\"bytes\":" + std::to_string(details.size()) + "}";
  AuditEntry entry{0,  services.clock->now(), actor, std::string(act), std::string(subject_kind),
                   subject, std::move(details), "", ""};
  const sql::Rows newest = TRY(tx.run(newest_hash));
  if (!newest.empty()) entry.previous = newest.front().string(0);
  entry.hash = hash_of(services, entry);
  TRY(tx.run(insert_entry, {entry.at, entry.actor, entry.act, entry.subject_kind, entry.subject,
                            entry.details, entry.previous, entry.hash}));
  return {};
}

Result<void> audit_call(Context& context, const schema::Endpoint& endpoint, const void* in) {
  std::string details = without_secrets(*endpoint.in, in);
  return audit(context.services, context.tx(), context.viewer.user, endpoint.row.id, "",
               subject_of(context), std::move(details));
}

Result<std::vector<AuditEntry>> audit_entries(sql::Tx& tx, const AuditFilter& filter) {
  sql::Query query{"audit.entries", "SELECT " AUDIT_COLUMNS " FROM audit_entries a WHERE 1 = 1",
                   {}};
  const auto also = [&](std::string_view condition, sql::Cell value) {
    query.values.push_back(std::move(value));
    query.text += " AND " + std::string(condition) + " ?" + std::to_string(query.values.size());
  };
  if (filter.before != 0) also("a.id <", filter.before);
  if (filter.actor) also("a.actor_id =", *filter.actor);
  if (!filter.act.empty()) also("a.act =", filter.act);
  if (!filter.subject_kind.empty()) also("a.subject_kind =", filter.subject_kind);
  if (filter.subject) also("a.subject_id =", *filter.subject);
  if (filter.since) also("a.at >=", *filter.since);
  if (filter.until) also("a.at <", *filter.until);
  query.values.emplace_back(filter.limit);
  query.text += " ORDER BY a.id DESC LIMIT ?" + std::to_string(query.values.size());
  return read(TRY(tx.run(query)));
}

Result<AuditVerdict> verify_audit(Services& services) {
  AuditVerdict verdict;
  std::int64_t last = 0;
  while (true) {
    const auto entries =
        TRY(sql::ask(*services.database, [&](sql::Tx& tx) -> Result<std::vector<AuditEntry>> {
          return read(TRY(tx.run(entries_after, {last})));
        }));
    if (entries.empty()) return verdict;
    for (const AuditEntry& entry : entries) {
      if (entry.previous != verdict.head || entry.hash != hash_of(services, entry)) {
        verdict.broken_at = entry.id;
        return verdict;
      }
      verdict.head = entry.hash;
      verdict.entries += 1;
      last = entry.id;
    }
  }
}

}  // namespace atelier::platform

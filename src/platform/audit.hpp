#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "platform/context.hpp"
#include "ports/database.hpp"
#include "schema/endpoint.hpp"

/// What moderators and administrators did: rows that are only ever added. Each carries SHA-256 of
/// its fields and of the row before it, so that a row that was changed, removed or slipped in
/// breaks the chain. The newest hash, noted elsewhere, also shows a cut-off end.
namespace atelier::platform {

struct AuditEntry {
  std::int64_t id = 0;
  Millis at = 0;
  UserId actor;              ///< 0 = the command line
  std::string act;           ///< an endpoint's id, or "cli user role"
  std::string subject_kind;  ///< "model", …; "" = none
  std::int64_t subject = 0;
  std::string details;       ///< JSON: what was asked for, but for tokens and passwords
  std::string previous, hash;  ///< lower-case hex; of the first row `previous` is ""
};

/// In the transaction of the act itself. The binder does it for every write that only moderators
/// and administrators may call; features only for what they let moderators do to others' things.
Result<void> audit(Services& services, sql::Tx& tx, UserId actor, std::string_view act,
                   std::string_view subject_kind, std::int64_t subject, std::string details);
Result<void> audit_call(Context& context, const schema::Endpoint& endpoint, const void* in);

struct AuditFilter {
  std::optional<UserId> actor;
  std::string act;
  std::string subject_kind;
  std::optional<std::int64_t> subject;
  std::optional<Millis> since, until;  ///< [since, until)
  std::int64_t before = 0;             ///< rows older than this one; 0 = from the newest
  int limit = 50;
};
/// The newest first.
Result<std::vector<AuditEntry>> audit_entries(sql::Tx& tx, const AuditFilter& filter);

struct AuditVerdict {
  std::int64_t entries = 0;
  std::int64_t broken_at = 0;  ///< id of the first row that does not fit; 0 = all do
  std::string head;            ///< hash of the newest good row
};
/// Reads the whole log in slices.
Result<AuditVerdict> verify_audit(Services& services);

}  // namespace atelier::platform

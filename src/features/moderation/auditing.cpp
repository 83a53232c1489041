#include "features/moderation/rules.hpp"
#include "platform/audit.hpp"

// The audit log, as administrators read it.
namespace atelier::moderation {

Result<AuditList> list_audit(Context& context, const ListAudit& in) {
  platform::AuditFilter filter;
  filter.actor = in.actor;
  if (in.act) filter.act = in.act->value;
  if (in.kind) filter.subject_kind = in.kind->value;
  if (in.subject) filter.subject = in.subject->value;
  if (in.since) filter.since = in.since->value;
  if (in.until) filter.until = in.until->value;
  if (in.cursor) filter.before = in.cursor->value;
  if (in.limit) filter.limit = static_cast<int>(in.limit->value);
  AuditList list;
  for (const platform::AuditEntry& entry :
       TRY(platform::audit_entries(context.tx(), filter)))
    list.items.push_back({entry.id, {entry.at}, entry.actor,
                          TRY(name_of(context.tx(), entry.actor)), entry.act, entry.subject_kind,
                          entry.subject, entry.details, entry.hash});
  if (std::ssize(list.items) == filter.limit)
    list.nextCursor = std::to_string(list.items.back().id);
  return list;
}

}  // namespace atelier::moderation

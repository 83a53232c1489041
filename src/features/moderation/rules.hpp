#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "features/accounts/accounts.hpp"
#include "features/moderation/desk_endpoints.hpp"
#include "features/moderation/store.hpp"

/// What the parts of moderation share.
namespace atelier::moderation {

/// In the queue, higher comes first; each further voice adds one.
std::int64_t urgency_of(ReportReason reason);
/// A report nobody's voice stands behind yet, or the open one it joins. `detail` is for moderators.
Result<ReportId> open_case(Services& services, sql::Tx& tx, const Matter& matter,
                           ReportReason reason, std::string_view detail,
                           std::optional<std::int64_t> level);
ReportRow row_of(const Report& report);

/// `forbidden` unless `viewer` may judge this person: nobody judges their own case while there is
/// another moderator, and only administrators judge moderators.
Result<void> check_judge(Context& context, UserId owner);

/// Does one step and notes in it what is needed to undo it.
Result<void> apply(Context& context, const Decision& decision, Step& step);
Result<void> take_back(Context& context, const Decision& decision, const Step& step);
/// All steps, newest first; the reports it closed come back.
Result<void> take_back(Context& context, const Decision& decision, std::string_view reason);

/// Mutes as the active points demand. After strikes were given, voided or lapsed.
Result<void> follow_points(Services& services, sql::Tx& tx, UserId user, DecisionId decision);
/// The account's status from the mutes in force; a ban stays.
Result<void> follow_mutes(Services& services, sql::Tx& tx, UserId user);
Result<PersonStanding> standing_of(Context& context, UserId user, bool for_moderators);
DecisionRow row_of(const Decision& decision);
Result<AppealRow> row_of(Context& context, const Appeal& appeal);
Result<std::string> name_of(sql::Tx& tx, UserId user);

/// The row as it is kept: normalised, or `invalid` naming what is wrong.
Result<Blocked> blocked_of(BlockedKind kind, std::string_view value, std::int64_t distance,
                           BlockResponse response);

}  // namespace atelier::moderation

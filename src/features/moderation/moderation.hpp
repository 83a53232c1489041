#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "platform/feature.hpp"
#include "platform/screening.hpp"
#include "schema/types.hpp"

/// Keeping the place in order: reports and the queue of moderators, decisions that can be undone
/// and appealed, strikes and mutes, blocklists, and the list of the audit log.
namespace atelier::moderation {

using ReportId = Id<struct ReportTag>;
using DecisionId = Id<struct DecisionTag>;
using StrikeId = Id<struct StrikeTag>;
using MuteId = Id<struct MuteTag>;
using AppealId = Id<struct AppealTag>;
using BlockId = Id<struct BlockTag>;

/// Settings group "moderation".
struct ModerationSettings {
  schema::Whole<1, 3650> strikeDays{30};      ///< then its points lapse
  schema::Whole<1, 100> muteAtPoints{2};
  schema::Whole<1, 365> muteDays{3};
  schema::Whole<1, 100> reviewAtPoints{3};    ///< muted until a moderator looked at it
  schema::Whole<1, 1440> claimMinutes{15};
  schema::Whole<1, 3650> appealDays{30};      ///< how long a decision can be appealed
  schema::Whole<1, 10'000> reportsPerDay{50};  ///< by one member
};
BOOST_DESCRIBE_STRUCT(ModerationSettings, (),
                      (strikeDays, muteAtPoints, muteDays, reviewAtPoints, claimMinutes, appealDays,
                       reportsPerDay))

/// What `services.screening` points to: the blocklists. Stateless; reads them in the caller's
/// transaction.
std::unique_ptr<platform::Screening> make_screening();

platform::Feature feature();

}  // namespace atelier::moderation

#pragma once
#include "schema/describe.hpp"

/// The fixed words of moderation.
namespace atelier::moderation {

enum class ReportReason : unsigned char {
  TOSViolation, NSFW, Ownership, AdminAttention, Claim, CSAM, Spam, Automated,
};
BOOST_DESCRIBE_ENUM(ReportReason, TOSViolation, NSFW, Ownership, AdminAttention, Claim, CSAM, Spam,
                    Automated)

enum class ReportState : unsigned char { Pending, Processing, Actioned, Unactioned };
BOOST_DESCRIBE_ENUM(ReportState, Pending, Processing, Actioned, Unactioned)

enum class ModerationAct : unsigned char {
  dismiss, setLevel, takeDown, giveBack, mute, unmute, ban, unban, strike, blockHash, blockDomain,
  blockWord,
};
BOOST_DESCRIBE_ENUM(ModerationAct, dismiss, setLevel, takeDown, giveBack, mute, unmute, ban, unban,
                    strike, blockHash, blockDomain, blockWord)

enum class StrikeState : unsigned char { active, lapsed, voided };
BOOST_DESCRIBE_ENUM(StrikeState, active, lapsed, voided)

enum class AppealState : unsigned char { Pending, Upheld, Overturned };
BOOST_DESCRIBE_ENUM(AppealState, Pending, Upheld, Overturned)

enum class BlockedKind : unsigned char { sha256, perceptual, domain, word };
BOOST_DESCRIBE_ENUM(BlockedKind, sha256, perceptual, domain, word)
enum class BlockResponse : unsigned char { refuse, review };
BOOST_DESCRIBE_ENUM(BlockResponse, refuse, review)

}  // namespace atelier::moderation

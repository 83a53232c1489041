#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/moderation/moderation.hpp"
#include "features/moderation/vocabulary.hpp"
#include "platform/subjects.hpp"

/// All SQL of moderation but the audit log's. Times are milliseconds UTC.
namespace atelier::moderation {

/// What reports and decisions are about, as it was then.
struct Matter {
  platform::SubjectKind kind = platform::SubjectKind::model;
  std::int64_t subject = 0;
  UserId owner;
  std::string title, address;
};

struct Report {
  ReportId id;
  Matter matter;
  ReportReason reason = ReportReason::TOSViolation;
  ReportState state = ReportState::Pending;
  std::optional<std::int64_t> suggested_level;
  std::int64_t voices = 0, urgency = 0;
  std::string detail;
  Millis created_at = 0;
  UserId claimed_by;                    ///< 0 = nobody, or the claim ran out
  std::optional<Millis> claimed_until, decided_at;
  std::optional<DecisionId> decision;
};

struct Voice {
  UserId user;
  std::optional<std::int64_t> level;
  std::string details;
  Millis created_at = 0;
};

struct Step {
  ModerationAct act = ModerationAct::dismiss;
  std::optional<std::int64_t> level, days, points;
  std::optional<std::string> value;
  std::string was;
  std::int64_t made = 0;
};

struct Decision {
  DecisionId id;
  Matter matter;
  UserId moderator;
  std::string reason, message, note;
  Millis created_at = 0;
  std::optional<Millis> undone_at;
  std::vector<Step> steps;
};

struct Strike {
  StrikeId id;
  UserId user;
  DecisionId decision;
  std::int64_t points = 1;
  StrikeState state = StrikeState::active;
  Millis created_at = 0, expires_at = 0;
};

struct Mute {
  MuteId id;
  UserId user;
  DecisionId decision;
  bool by_strikes = false;
  Millis created_at = 0;
  std::optional<Millis> ends_at, ended_at;
};

struct Appeal {
  AppealId id;
  DecisionId decision;
  UserId user;
  std::string text;
  AppealState state = AppealState::Pending;
  Millis created_at = 0;
  UserId decided_by;
  std::optional<Millis> decided_at;
  std::string answer;
};

struct Blocked {
  BlockId id;
  BlockedKind kind = BlockedKind::word;
  std::string value, shown;
  std::int64_t distance = 0;
  BlockResponse response = BlockResponse::refuse;
  std::string note;
  UserId created_by;
  Millis created_at = 0;
};

namespace store {

// ---- reports
struct ReportFilter {
  std::vector<ReportState> states;      ///< empty = open ones
  std::vector<ReportReason> reasons;
  std::vector<platform::SubjectKind> kinds;
  std::optional<UserId> owner;
  std::optional<UserId> free_for;       ///< not claimed by anybody else
  std::optional<std::pair<std::int64_t, ReportId>> after, before;  ///< urgency and id
  int limit = 50;
};
Result<std::vector<Report>> reports(sql::Tx& tx, const ReportFilter& filter, Millis now);
Result<std::optional<Report>> report(sql::Tx& tx, ReportId id, Millis now);
Result<std::optional<ReportId>> open_report(sql::Tx& tx, platform::SubjectKind kind,
                                            std::int64_t subject, ReportReason reason);
Result<std::vector<Report>> open_about(sql::Tx& tx, platform::SubjectKind kind,
                                       std::int64_t subject, Millis now);
/// Absent if there is an open one of this reason already.
Result<std::optional<ReportId>> insert_report(sql::Tx& tx, const Report& report);
/// False if this member reported it already.
Result<bool> insert_voice(sql::Tx& tx, ReportId report, const Voice& voice);
Result<void> count_voice(sql::Tx& tx, ReportId report, std::int64_t urgency_per_voice,
                         std::optional<std::int64_t> level);
Result<std::vector<Voice>> voices(sql::Tx& tx, ReportId report);
Result<std::int64_t> voices_since(sql::Tx& tx, UserId user, Millis since);
Result<std::vector<Report>> reported_by(sql::Tx& tx, UserId user, ReportId before, int limit);
/// False if it is decided, or claimed by somebody else.
Result<bool> claim(sql::Tx& tx, ReportId id, UserId by, Millis until, Millis now);
Result<bool> release(sql::Tx& tx, ReportId id, UserId by);
Result<void> release_overdue(sql::Tx& tx, Millis now);
Result<void> close(sql::Tx& tx, ReportId id, ReportState state, DecisionId decision, Millis now);
/// All of a decision: to the queue again, but for those that were reported anew meanwhile.
Result<void> reopen(sql::Tx& tx, DecisionId decision);
struct Tallied {
  ReportState state;
  ReportReason reason;
  std::int64_t count = 0;
};
/// Open ones, and those decided since.
Result<std::vector<Tallied>> tallies(sql::Tx& tx, Millis since);

// ---- decisions and appeals
Result<DecisionId> insert_decision(sql::Tx& tx, const Decision& decision);
Result<void> insert_step(sql::Tx& tx, DecisionId decision, std::size_t position, const Step& step);
Result<std::optional<Decision>> decision(sql::Tx& tx, DecisionId id);
/// The newest first, older than `before` (0 = any), with their steps.
Result<std::vector<Decision>> decisions_about(sql::Tx& tx, UserId owner, DecisionId before,
                                              int limit);
Result<void> undo(sql::Tx& tx, DecisionId id, UserId by, std::string_view reason, Millis now);
Result<std::optional<AppealId>> insert_appeal(sql::Tx& tx, const Appeal& appeal);
Result<std::optional<Appeal>> appeal(sql::Tx& tx, AppealId id);
Result<std::optional<Appeal>> appeal_of(sql::Tx& tx, DecisionId decision);
Result<std::vector<Appeal>> appeals(sql::Tx& tx, AppealState state, AppealId after, int limit);
Result<void> decide_appeal(sql::Tx& tx, const Appeal& appeal);

// ---- strikes and mutes
Result<StrikeId> insert_strike(sql::Tx& tx, const Strike& strike);
Result<std::optional<Strike>> strike(sql::Tx& tx, StrikeId id);
Result<std::vector<Strike>> strikes(sql::Tx& tx, UserId user);
Result<std::int64_t> points(sql::Tx& tx, UserId user, Millis now);
Result<void> set_strike(sql::Tx& tx, StrikeId id, StrikeState state, std::string_view why);
Result<std::vector<Strike>> strikes_due(sql::Tx& tx, Millis now);
Result<MuteId> insert_mute(sql::Tx& tx, const Mute& mute);
Result<std::vector<Mute>> mutes(sql::Tx& tx, UserId user);  ///< in force
Result<void> end_mute(sql::Tx& tx, MuteId id, Millis now);
Result<std::vector<Mute>> mutes_due(sql::Tx& tx, Millis now);
Result<std::vector<Mute>> mutes_for_review(sql::Tx& tx, MuteId after, int limit);

// ---- blocklist
/// The row's id; an equal one that is there is changed to say this.
Result<BlockId> insert_blocked(sql::Tx& tx, const Blocked& blocked);
Result<bool> delete_blocked(sql::Tx& tx, BlockId id);
Result<std::optional<Blocked>> blocked(sql::Tx& tx, BlockedKind kind, std::string_view value);
Result<std::vector<Blocked>> all_blocked(sql::Tx& tx, BlockedKind kind);
Result<std::vector<Blocked>> blocked_page(sql::Tx& tx, std::optional<BlockedKind> kind,
                                          std::string_view query, BlockId before, int limit);

}  // namespace store
}  // namespace atelier::moderation

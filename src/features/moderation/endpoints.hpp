#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/moderation/store.hpp"
#include "platform/context.hpp"
#include "schema/types.hpp"

/// What moderation's endpoints take and give. Members are the JSON names.
namespace atelier::moderation {

using platform::SubjectKind;
using Remark = schema::Text<0, 2000>;
using Heading = schema::Text<1, 100>;
using Level = schema::Whole<1, 32>;
using PageSize = schema::Whole<1, 100>;

// ---- members
struct FileReport {
  SubjectKind kind = SubjectKind::model;
  schema::Whole<1, 2'147'483'647> id;
  ReportReason reason = ReportReason::TOSViolation;
  std::optional<Remark> details;
  std::optional<Level> level;  ///< with reason NSFW: what it should be
};
BOOST_DESCRIBE_STRUCT(FileReport, (), (kind, id, reason, details, level))
struct OwnReport {
  ReportId id;
  SubjectKind kind = SubjectKind::model;
  std::int64_t subject = 0;
  std::string title, address;
  ReportReason reason = ReportReason::TOSViolation;
  ReportState state = ReportState::Pending;
  schema::Time at;
};
BOOST_DESCRIBE_STRUCT(OwnReport, (), (id, kind, subject, title, address, reason, state, at))
struct OwnReports {
  std::vector<OwnReport> items;
  std::optional<std::string> nextCursor;
};
BOOST_DESCRIBE_STRUCT(OwnReports, (), (items, nextCursor))
struct ListOwnReports {
  std::optional<ReportId> cursor;
  std::optional<PageSize> limit;
};
BOOST_DESCRIBE_STRUCT(ListOwnReports, (), (cursor, limit))

struct StepRow {
  ModerationAct act = ModerationAct::dismiss;
  std::optional<std::int64_t> level, days, points;
  std::optional<std::string> value;
};
BOOST_DESCRIBE_STRUCT(StepRow, (), (act, level, days, points, value))
struct AppealRow {
  AppealId id;
  DecisionId decision;
  UserId user;
  std::string username;
  std::string text;
  AppealState state = AppealState::Pending;
  std::string answer;
  schema::Time at;
};
BOOST_DESCRIBE_STRUCT(AppealRow, (), (id, decision, user, username, text, state, answer, at))
struct DecisionRow {
  DecisionId id;
  SubjectKind kind = SubjectKind::model;
  std::int64_t subject = 0;
  std::string title, address;
  std::vector<StepRow> acts;
  std::string reason, message;
  schema::Time at;
  bool undone = false;
  bool appealable = false;
  std::optional<AppealRow> appeal;
  std::optional<std::string> moderator, note;  ///< for moderators only
};
BOOST_DESCRIBE_STRUCT(DecisionRow, (),
                      (id, kind, subject, title, address, acts, reason, message, at, undone,
                       appealable, appeal, moderator, note))
struct StrikeRow {
  StrikeId id;
  std::int64_t points = 0;
  StrikeState state = StrikeState::active;
  schema::Time at, expiresAt;
  DecisionId decision;
};
BOOST_DESCRIBE_STRUCT(StrikeRow, (), (id, points, state, at, expiresAt, decision))
struct MuteRow {
  MuteId id;
  UserId user;
  std::string username;
  bool byStrikes = false;
  schema::Time at;
  std::optional<schema::Time> endsAt;  ///< absent = until it is reviewed
};
BOOST_DESCRIBE_STRUCT(MuteRow, (), (id, user, username, byStrikes, at, endsAt))
struct PersonStanding {  ///< how a person stands with the moderators
  UserId user;
  std::string username;
  std::string role, status;
  std::int64_t points = 0;
  std::vector<StrikeRow> strikes;
  std::vector<MuteRow> mutes;
  std::vector<DecisionRow> decisions;
};
BOOST_DESCRIBE_STRUCT(PersonStanding, (),
                      (user, username, role, status, points, strikes, mutes, decisions))

struct AppealDecision {
  DecisionId decision;
  schema::Text<1, 4000> text;
};
BOOST_DESCRIBE_STRUCT(AppealDecision, (), (decision, text))
struct AppealBan {
  schema::Text<1, 254> login;
  schema::Text<1, 256> password;
  schema::Text<1, 4000> text;
};
BOOST_DESCRIBE_STRUCT(AppealBan, (), (login, password, text))

// ---- the queue
struct ReportRow {
  ReportId id;
  SubjectKind kind = SubjectKind::model;
  std::int64_t subject = 0;
  UserId owner;
  std::string title, address;
  ReportReason reason = ReportReason::TOSViolation;
  ReportState state = ReportState::Pending;
  std::optional<std::int64_t> suggestedLevel;
  std::int64_t voices = 0;
  std::string detail;
  schema::Time at;
  std::optional<UserId> claimedBy;
  std::optional<schema::Time> claimedUntil, decidedAt;
  std::optional<DecisionId> decision;
};
BOOST_DESCRIBE_STRUCT(ReportRow, (),
                      (id, kind, subject, owner, title, address, reason, state, suggestedLevel,
                       voices, detail, at, claimedBy, claimedUntil, decidedAt, decision))
struct ReportTally {
  ReportState state = ReportState::Pending;
  ReportReason reason = ReportReason::TOSViolation;
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(ReportTally, (), (state, reason, count))
struct ReportQueue {
  std::vector<ReportRow> items;
  std::vector<ReportTally> counts;
  std::optional<std::string> nextCursor;
};
BOOST_DESCRIBE_STRUCT(ReportQueue, (), (items, counts, nextCursor))
struct ListReports {
  std::optional<schema::List<ReportState, 4>> state;  ///< absent = open ones
  std::optional<schema::List<ReportReason, 8>> reason;
  std::optional<schema::List<SubjectKind, 8>> kind;
  std::optional<UserId> owner;
  std::optional<schema::Text<0, 60>> cursor;
  std::optional<PageSize> limit;
};
BOOST_DESCRIBE_STRUCT(ListReports, (), (state, reason, kind, owner, cursor, limit))

struct VoiceRow {
  UserId user;
  std::string username;
  std::optional<std::int64_t> level;
  std::string details;
  schema::Time at;
};
BOOST_DESCRIBE_STRUCT(VoiceRow, (), (user, username, level, details, at))
struct ReportedThing {  ///< as it is now
  std::string title, address;
  std::int64_t level = 1;
  bool open = true;
  bool canTakeDown = false, canSetLevel = false;
};
BOOST_DESCRIBE_STRUCT(ReportedThing, (), (title, address, level, open, canTakeDown, canSetLevel))
struct ReportPage {  ///< all that a page of one report needs
  ReportRow report;
  std::vector<VoiceRow> reporters;
  std::optional<ReportedThing> thing;  ///< absent when it is gone
  PersonStanding owner;
  std::vector<ReportRow> others;       ///< open reports about the same thing
  std::vector<ReportTally> counts;
  std::optional<ReportId> previous, next;
};
BOOST_DESCRIBE_STRUCT(ReportPage, (),
                      (report, reporters, thing, owner, others, counts, previous, next))
struct GetReport {
  ReportId id;
  std::optional<schema::List<ReportReason, 8>> reason;  ///< of the neighbours
  std::optional<schema::List<SubjectKind, 8>> kind;
};
BOOST_DESCRIBE_STRUCT(GetReport, (), (id, reason, kind))
struct ReportPath {
  ReportId id;
};
BOOST_DESCRIBE_STRUCT(ReportPath, (), (id))

struct ActWish {
  ModerationAct act = ModerationAct::dismiss;
  std::optional<Level> level;                   ///< setLevel
  std::optional<schema::Whole<1, 3650>> days;   ///< mute; absent = until it is reviewed
  std::optional<schema::Whole<1, 3>> points;    ///< strike
  std::optional<schema::Text<1, 200>> value;    ///< block…: the hash, domain or word
};
BOOST_DESCRIBE_STRUCT(ActWish, (), (act, level, days, points, value))
struct Decide {
  std::optional<schema::List<ReportId, 100>> reports;
  std::optional<SubjectKind> kind;  ///< with `subject`: without any report
  std::optional<schema::Whole<1, 2'147'483'647>> subject;
  std::optional<bool> alike;        ///< also the other open reports about the same things
  schema::List<ActWish, 8> acts;
  Heading reason;
  std::optional<Remark> message;
  std::optional<Remark> note;
};
BOOST_DESCRIBE_STRUCT(Decide, (), (reports, kind, subject, alike, acts, reason, message, note))
struct Decided {
  std::vector<DecisionRow> items;
  std::int64_t reports = 0;       ///< closed by it
  std::optional<ReportId> next;   ///< the first one left in the queue
};
BOOST_DESCRIBE_STRUCT(Decided, (), (items, reports, next))
struct UndoDecision {
  DecisionId id;
  Heading reason;
};
BOOST_DESCRIBE_STRUCT(UndoDecision, (), (id, reason))
struct PersonPath {
  UserId id;
};
BOOST_DESCRIBE_STRUCT(PersonPath, (), (id))
struct VoidStrike {
  StrikeId id;
  Heading reason;
};
BOOST_DESCRIBE_STRUCT(VoidStrike, (), (id, reason))

struct ListMutes {
  std::optional<MuteId> cursor;
  std::optional<PageSize> limit;
};
BOOST_DESCRIBE_STRUCT(ListMutes, (), (cursor, limit))
struct MuteList {
  std::vector<MuteRow> items;
};
BOOST_DESCRIBE_STRUCT(MuteList, (), (items))

}  // namespace atelier::moderation

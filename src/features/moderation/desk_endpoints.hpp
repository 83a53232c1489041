#pragma once
#include "features/moderation/endpoints.hpp"

/// Appeals, blocklists and the audit log, and the functions behind all rows.
namespace atelier::moderation {

struct ListAppeals {
  std::optional<AppealState> state;
  std::optional<AppealId> cursor;
  std::optional<PageSize> limit;
};
BOOST_DESCRIBE_STRUCT(ListAppeals, (), (state, cursor, limit))
struct AppealCase {
  AppealRow appeal;
  DecisionRow decision;
  bool mayDecide = false;  ///< not by whoever decided first, where there is somebody else
};
BOOST_DESCRIBE_STRUCT(AppealCase, (), (appeal, decision, mayDecide))
struct AppealList {
  std::vector<AppealCase> items;
  std::optional<std::string> nextCursor;
};
BOOST_DESCRIBE_STRUCT(AppealList, (), (items, nextCursor))
struct DecideAppeal {
  AppealId id;
  bool overturn = false;
  schema::Text<1, 2000> answer;
};
BOOST_DESCRIBE_STRUCT(DecideAppeal, (), (id, overturn, answer))

struct BlockedRow {
  BlockId id;
  BlockedKind kind = BlockedKind::word;
  std::string value;
  std::int64_t distance = 0;
  BlockResponse response = BlockResponse::refuse;
  std::string note;
  schema::Time at;
};
BOOST_DESCRIBE_STRUCT(BlockedRow, (), (id, kind, value, distance, response, note, at))
struct BlockedList {
  std::vector<BlockedRow> items;
  std::optional<std::string> nextCursor;
};
BOOST_DESCRIBE_STRUCT(BlockedList, (), (items, nextCursor))
struct ListBlocked {
  std::optional<BlockedKind> kind;
  std::optional<schema::Text<0, 100>> query;
  std::optional<BlockId> cursor;
  std::optional<PageSize> limit;
};
BOOST_DESCRIBE_STRUCT(ListBlocked, (), (kind, query, cursor, limit))
struct AddBlocked {
  BlockedKind kind = BlockedKind::word;
  schema::Text<1, 200> value;
  std::optional<schema::Whole<0, 16>> distance;  ///< of a perceptual hash, in bits
  std::optional<BlockResponse> response;
  std::optional<schema::Text<0, 500>> note;
};
BOOST_DESCRIBE_STRUCT(AddBlocked, (), (kind, value, distance, response, note))
struct BlockedPath {
  BlockId id;
};
BOOST_DESCRIBE_STRUCT(BlockedPath, (), (id))

struct AuditRow {
  std::int64_t id = 0;
  schema::Time at;
  UserId actor;
  std::string actorName;  ///< "" = the command line, or the account is gone
  std::string act;
  std::string kind;
  std::int64_t subject = 0;
  std::string details;
  std::string hash;
};
BOOST_DESCRIBE_STRUCT(AuditRow, (), (id, at, actor, actorName, act, kind, subject, details, hash))
struct AuditList {
  std::vector<AuditRow> items;
  std::optional<std::string> nextCursor;
};
BOOST_DESCRIBE_STRUCT(AuditList, (), (items, nextCursor))
struct ListAudit {
  std::optional<UserId> actor;
  std::optional<schema::Text<1, 60>> act;
  std::optional<schema::Text<1, 20>> kind;
  std::optional<schema::Whole<0, 2'147'483'647>> subject;
  std::optional<schema::Time> since, until;
  std::optional<schema::Whole<1, 1'000'000'000'000>> cursor;
  std::optional<PageSize> limit;
};
BOOST_DESCRIBE_STRUCT(ListAudit, (), (actor, act, kind, subject, since, until, cursor, limit))

/// Whose password was verified before the transaction.
struct Known {
  UserId user;
};

using schema::Nothing;

Result<OwnReport> file_report(Context& context, const FileReport& in);
Result<OwnReports> own_reports(Context& context, const ListOwnReports& in);
Result<PersonStanding> own_standing(Context& context, const Nothing&);
Result<AppealRow> appeal_decision(Context& context, const AppealDecision& in);
Result<Known> prepare_ban_appeal(Context& context, const AppealBan& in);
Result<AppealRow> appeal_ban(Context& context, const AppealBan& in, const Known& who);

Result<ReportQueue> list_reports(Context& context, const ListReports& in);
Result<ReportPage> get_report(Context& context, const GetReport& in);
Result<ReportPage> claim_report(Context& context, const ReportPath& in);
Result<Nothing> release_report(Context& context, const ReportPath& in);
Result<Decided> decide(Context& context, const Decide& in);
Result<DecisionRow> undo_decision(Context& context, const UndoDecision& in);
Result<PersonStanding> person_standing(Context& context, const PersonPath& in);
Result<PersonStanding> void_strike(Context& context, const VoidStrike& in);
Result<MuteList> mutes_to_review(Context& context, const ListMutes& in);
Result<AppealList> list_appeals(Context& context, const ListAppeals& in);
Result<AppealCase> decide_appeal(Context& context, const DecideAppeal& in);
Result<BlockedList> list_blocked(Context& context, const ListBlocked& in);
Result<BlockedRow> add_blocked(Context& context, const AddBlocked& in);
Result<Nothing> remove_blocked(Context& context, const BlockedPath& in);
Result<AuditList> list_audit(Context& context, const ListAudit& in);

void jobs(platform::Jobs& all);

}  // namespace atelier::moderation

#include <algorithm>

#include "base/text.hpp"
#include "features/moderation/rules.hpp"
#include "platform/events.hpp"
#include "platform/settings.hpp"

// Reporting, and the queue that moderators work through.
namespace atelier::moderation {
namespace {

constexpr Millis day_ms = 86'400'000;
constexpr int page_usual = 50;

std::unexpected<Error> report_missing() {
  return fail(Fault::missing, "report_missing", "There is no such report.");
}

OwnReport own(const Report& report) {
  return {report.id,           report.matter.kind, report.matter.subject, report.matter.title,
          report.matter.address, report.reason,    report.state,          {report.created_at}};
}

Result<void> check_rate(Context& context) {
  const auto settings = context.services.settings->get<ModerationSettings>("moderation");
  const std::int64_t lately =
      TRY(store::voices_since(context.tx(), context.viewer.user, context.now - day_ms));
  if (lately < settings.reportsPerDay.value) return {};
  Error error{Fault::limited, "reports_limited", "That were many reports today. Go on tomorrow.",
              {}, 3600};
  return std::unexpected(std::move(error));
}

Result<void> check_report(Context& context, const FileReport& in,
                          const platform::Subject& subject) {
  if (in.reason == ReportReason::Automated) {
    Error error{Fault::invalid, "invalid_request", "Automated reports are the house's own.", {}, 0};
    error.fields.push_back({"/reason", "reason_reserved", error.detail});
    return std::unexpected(std::move(error));
  }
  if (subject.owner == context.viewer.user)
    return fail(Fault::invalid, "is_yours", "This is your own.");
  return check_rate(context);
}

Result<std::vector<ReportTally>> tallies(Context& context) {
  std::vector<ReportTally> counts;
  for (const store::Tallied& each :
       TRY(store::tallies(context.tx(), context.now - 30 * day_ms)))
    counts.push_back({each.state, each.reason, each.count});
  return counts;
}

Result<std::pair<std::int64_t, ReportId>> place_of(std::string_view cursor) {
  const auto dash = cursor.find('-');
  const auto urgency = parse_whole(cursor.substr(0, dash));
  const auto id = dash == cursor.npos ? std::nullopt : parse_whole(cursor.substr(dash + 1));
  if (!urgency || !id) return fail(Fault::invalid, "cursor_invalid", "This cursor is not ours.");
  return std::pair{*urgency, ReportId{*id}};
}

Result<std::optional<ReportId>> neighbour(Context& context, store::ReportFilter filter) {
  filter.free_for = context.viewer.user;
  filter.limit = 1;
  const auto found = TRY(store::reports(context.tx(), filter, context.now));
  if (found.empty()) return std::optional<ReportId>{};
  return found.front().id;
}

Result<std::optional<ReportedThing>> thing_of(Context& context, const Matter& matter) {
  const platform::Subjects& subjects = *context.services.subjects;
  const auto subject =
      TRY(subjects.find(context.tx(), matter.kind, matter.subject, context.viewer));
  if (!subject) return std::optional<ReportedThing>{};
  const platform::SubjectRules& rules = *subjects.rules(matter.kind);
  return ReportedThing{subject->title, subject->address, subject->level, subject->open,
                       rules.take_down != nullptr, rules.lock_level != nullptr};
}

Result<std::vector<VoiceRow>> reporters(Context& context, ReportId id) {
  const std::vector<Voice> voices = TRY(store::voices(context.tx(), id));
  std::vector<UserId> ids;
  for (const Voice& voice : voices) ids.push_back(voice.user);
  const auto people = TRY(accounts::find_users(context.tx(), ids));
  std::vector<VoiceRow> rows;
  for (const Voice& voice : voices) {
    const auto person = std::ranges::find(people, voice.user, &accounts::User::id);
    rows.push_back({voice.user, person == people.end() ? "" : person->username, voice.level,
                    voice.details, {voice.created_at}});
  }
  return rows;
}

Result<ReportPage> page_of(Context& context, const Report& report, const GetReport& in) {
  ReportPage page;
  page.report = row_of(report);
  page.reporters = TRY(reporters(context, report.id));
  page.thing = TRY(thing_of(context, report.matter));
  page.owner = TRY(standing_of(context, report.matter.owner, true));
  for (const Report& other : TRY(store::open_about(context.tx(), report.matter.kind,
                                                   report.matter.subject, context.now)))
    if (other.id != report.id) page.others.push_back(row_of(other));
  page.counts = TRY(tallies(context));
  store::ReportFilter filter;
  if (in.reason) filter.reasons = in.reason->value;
  if (in.kind) filter.kinds = in.kind->value;
  filter.after = {report.urgency, report.id};
  page.next = TRY(neighbour(context, filter));
  filter.before = filter.after;
  filter.after.reset();
  page.previous = TRY(neighbour(context, filter));
  return page;
}

Result<Report> known_report(Context& context, ReportId id) {
  auto report = TRY(store::report(context.tx(), id, context.now));
  if (!report) return report_missing();
  return std::move(*report);
}

}  // namespace

std::int64_t urgency_of(ReportReason reason) {
  switch (reason) {
    case ReportReason::CSAM: return 900;
    case ReportReason::AdminAttention: return 600;
    case ReportReason::TOSViolation: return 500;
    case ReportReason::Ownership:
    case ReportReason::NSFW: return 400;
    case ReportReason::Claim:
    case ReportReason::Automated: return 300;
    case ReportReason::Spam: break;
  }
  return 200;
}

ReportRow row_of(const Report& report) {
  ReportRow row;
  row.id = report.id;
  row.kind = report.matter.kind;
  row.subject = report.matter.subject;
  row.owner = report.matter.owner;
  row.title = report.matter.title;
  row.address = report.matter.address;
  row.reason = report.reason;
  row.state = report.state;
  row.suggestedLevel = report.suggested_level;
  row.voices = report.voices;
  row.detail = report.detail;
  row.at = {report.created_at};
  if (report.claimed_by) row.claimedBy = report.claimed_by;
  if (report.claimed_until) row.claimedUntil = schema::Time{*report.claimed_until};
  if (report.decided_at) row.decidedAt = schema::Time{*report.decided_at};
  row.decision = report.decision;
  return row;
}

Result<ReportId> open_case(Services& services, sql::Tx& tx, const Matter& matter,
                           ReportReason reason, std::string_view detail,
                           std::optional<std::int64_t> level) {
  Report report;
  report.matter = matter;
  report.reason = reason;
  report.urgency = urgency_of(reason);
  report.detail = std::string(detail);
  report.suggested_level = level;
  report.created_at = services.clock->now();
  if (const auto id = TRY(store::insert_report(tx, report))) {
    TRY(platform::publish(services, tx, "reports", "filed", id->value));
    return *id;
  }
  const auto id = TRY(store::open_report(tx, matter.kind, matter.subject, reason));
  if (!id) return fail(Fault::conflict, "report_race", "It is being decided; try again.");
  return *id;
}

Result<OwnReport> file_report(Context& context, const FileReport& in) {
  const platform::Subject subject = TRY(context.services.subjects->need(
      context.tx(), in.kind, in.id.value, context.viewer));
  TRY(check_report(context, in, subject));
  std::optional<std::int64_t> level;
  if (in.level) level = in.level->value;
  const ReportId id = TRY(open_case(context.services, context.tx(),
                                    {subject.kind, subject.id, subject.owner, subject.title,
                                     subject.address},
                                    in.reason, "", level));
  const Voice voice{context.viewer.user, level, in.details ? in.details->value : "", context.now};
  if (TRY(store::insert_voice(context.tx(), id, voice)))
    TRY(store::count_voice(context.tx(), id, 1, level));
  return own(TRY(known_report(context, id)));
}

Result<OwnReports> own_reports(Context& context, const ListOwnReports& in) {
  const int limit = in.limit ? static_cast<int>(in.limit->value) : page_usual;
  OwnReports list;
  for (const Report& report :
       TRY(store::reported_by(context.tx(), context.viewer.user, in.cursor.value_or(ReportId{}),
                              limit))) {
    list.items.push_back(own(report));
    // Who works on it is not theirs to know.
    if (list.items.back().state == ReportState::Processing)
      list.items.back().state = ReportState::Pending;
  }
  if (std::ssize(list.items) == limit)
    list.nextCursor = std::to_string(list.items.back().id.value);
  return list;
}

Result<ReportQueue> list_reports(Context& context, const ListReports& in) {
  store::ReportFilter filter;
  if (in.state) filter.states = in.state->value;
  if (in.reason) filter.reasons = in.reason->value;
  if (in.kind) filter.kinds = in.kind->value;
  filter.owner = in.owner;
  filter.limit = in.limit ? static_cast<int>(in.limit->value) : page_usual;
  if (in.cursor) filter.after = TRY(place_of(in.cursor->value));
  const auto found = TRY(store::reports(context.tx(), filter, context.now));
  ReportQueue queue;
  for (const Report& report : found) queue.items.push_back(row_of(report));
  if (std::ssize(found) == filter.limit)
    queue.nextCursor = std::to_string(found.back().urgency) + "-" +
                       std::to_string(found.back().id.value);
  queue.counts = TRY(tallies(context));
  return queue;
}

Result<ReportPage> get_report(Context& context, const GetReport& in) {
  return page_of(context, TRY(known_report(context, in.id)), in);
}

Result<ReportPage> claim_report(Context& context, const ReportPath& in) {
  const Report report = TRY(known_report(context, in.id));
  if (report.decided_at)
    return fail(Fault::conflict, "report_decided", "This report was decided already.");
  const auto settings = context.services.settings->get<ModerationSettings>("moderation");
  const Millis until = context.now + settings.claimMinutes.value * 60'000;
  if (!TRY(store::claim(context.tx(), in.id, context.viewer.user, until, context.now)))
    return fail(Fault::conflict, "report_claimed", "Somebody else is working on this report.");
  return page_of(context, TRY(known_report(context, in.id)), {in.id, {}, {}});
}

Result<Nothing> release_report(Context& context, const ReportPath& in) {
  if (!TRY(store::release(context.tx(), in.id, context.viewer.user))) return report_missing();
  return Nothing{};
}

}  // namespace atelier::moderation

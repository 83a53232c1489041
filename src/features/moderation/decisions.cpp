#include <algorithm>

#include "features/moderation/rules.hpp"
#include "platform/audit.hpp"
#include "platform/events.hpp"
#include "schema/json.hpp"

// Deciding: about reports, one or many, or about something without any.
namespace atelier::moderation {
namespace {

/// One thing or person, and the reports that the decision closes.
struct Case {
  Matter matter;
  std::vector<ReportId> reports;
};

bool blocks(ModerationAct act) {
  return act == ModerationAct::blockHash || act == ModerationAct::blockDomain ||
         act == ModerationAct::blockWord;
}

/// All faults at once; the texts of blocklists are looked at when the row is made.
Result<void> check_wishes(const Decide& in) {
  Error error{Fault::invalid, "invalid_request", "Some acts need another look.", {}, 0};
  const auto fault = [&](std::size_t at, std::string_view member, std::string_view code) {
    error.fields.push_back({"/acts/" + std::to_string(at) + std::string(member),
                            std::string(code), "does not fit the act"});
  };
  const std::vector<ActWish>& acts = in.acts.value;
  if (acts.empty()) error.fields.push_back({"/acts", "required", "name at least one act"});
  if (in.reports.has_value() == in.subject.has_value() ||
      in.subject.has_value() != in.kind.has_value())
    error.fields.push_back({"/reports", "required", "name reports, or one kind and subject"});
  for (std::size_t i = 0; i < acts.size(); ++i) {
    const ActWish& wish = acts[i];
    const bool alone = wish.act != ModerationAct::dismiss || acts.size() == 1;
    if (!alone) fault(i, "/act", "not_alone");
    if ((wish.act == ModerationAct::setLevel) != wish.level.has_value())
      fault(i, "/level", wish.level ? "unfit" : "required");
    if (wish.level && (wish.level->value & (wish.level->value - 1)) != 0)
      fault(i, "/level", "out_of_range");
    if ((wish.act == ModerationAct::strike) != wish.points.has_value())
      fault(i, "/points", wish.points ? "unfit" : "required");
    if (blocks(wish.act) != wish.value.has_value())
      fault(i, "/value", wish.value ? "unfit" : "required");
    if (wish.days && wish.act != ModerationAct::mute) fault(i, "/days", "unfit");
  }
  if (!error.fields.empty()) return std::unexpected(std::move(error));
  return {};
}

Result<void> check_free(Context& context, const Report& report) {
  if (report.decided_at)
    return fail(Fault::conflict, "report_decided",
                "Report " + std::to_string(report.id.value) + " was decided already.");
  if (report.claimed_by && report.claimed_by != context.viewer.user)
    return fail(Fault::conflict, "report_claimed",
                "Somebody else works on report " + std::to_string(report.id.value) + ".");
  return {};
}

void add_report(std::vector<Case>& cases, const Report& report) {
  const auto same = [&](const Case& each) {
    return each.matter.kind == report.matter.kind && each.matter.subject == report.matter.subject;
  };
  auto found = std::ranges::find_if(cases, same);
  if (found == cases.end()) found = cases.insert(cases.end(), Case{report.matter, {}});
  if (std::ranges::find(found->reports, report.id) == found->reports.end())
    found->reports.push_back(report.id);
}

Result<std::vector<Case>> cases_of(Context& context, const Decide& in) {
  std::vector<Case> cases;
  if (in.subject) {
    const platform::Subject subject = TRY(context.services.subjects->need(
        context.tx(), *in.kind, in.subject->value, context.viewer));
    cases.push_back({{subject.kind, subject.id, subject.owner, subject.title, subject.address},
                     {}});
  } else {
    for (const ReportId id : in.reports->value) {
      const auto report = TRY(store::report(context.tx(), id, context.now));
      if (!report)
        return fail(Fault::missing, "report_missing",
                    "There is no report " + std::to_string(id.value) + ".");
      TRY(check_free(context, *report));
      add_report(cases, *report);
    }
  }
  if (!in.alike.value_or(false)) return cases;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Matter matter = cases[i].matter;
    for (const Report& other :
         TRY(store::open_about(context.tx(), matter.kind, matter.subject, context.now))) {
      TRY(check_free(context, other));
      add_report(cases, other);
    }
  }
  return cases;
}

Step step_of(const ActWish& wish) {
  Step step;
  step.act = wish.act;
  if (wish.level) step.level = wish.level->value;
  if (wish.days) step.days = wish.days->value;
  if (wish.points) step.points = wish.points->value;
  if (wish.value) step.value = wish.value->value;
  return step;
}

Result<DecisionRow> settle(Context& context, const Decide& in, const Case& each) {
  sql::Tx& tx = context.tx();
  TRY(check_judge(context, each.matter.owner));
  Decision decision;
  decision.matter = each.matter;
  decision.moderator = context.viewer.user;
  decision.reason = in.reason.value;
  decision.message = in.message ? in.message->value : "";
  decision.note = in.note ? in.note->value : "";
  decision.created_at = context.now;
  decision.id = TRY(store::insert_decision(tx, decision));
  for (const ActWish& wish : in.acts.value) {
    Step step = step_of(wish);
    TRY(apply(context, decision, step));
    TRY(store::insert_step(tx, decision.id, decision.steps.size(), step));
    decision.steps.push_back(std::move(step));
  }
  const bool dismissed = decision.steps.front().act == ModerationAct::dismiss;
  for (const ReportId report : each.reports) {
    TRY(store::close(tx, report,
                     dismissed ? ReportState::Unactioned : ReportState::Actioned, decision.id,
                     context.now));
    // Whoever reported it hears of the outcome by this.
    TRY(platform::publish(context.services, tx, "reports",
                          dismissed ? "unactioned" : "actioned", report.value,
                          context.viewer.user));
  }
  if (!dismissed)
    TRY(platform::publish(context.services, tx, "decisions", "made", decision.id.value,
                          context.viewer.user));
  DecisionRow row = row_of(decision);
  row.moderator = context.viewer.username;
  row.note = decision.note;
  TRY(platform::audit(context.services, tx, context.viewer.user, "decided",
                      schema::label_of(each.matter.kind), each.matter.subject,
                      schema::to_json(row)));
  return row;
}

}  // namespace

Result<void> check_judge(Context& context, UserId owner) {
  const auto person = TRY(accounts::find_user(context.tx(), owner));
  if (!person) return {};
  const std::int64_t judges = TRY(accounts::count_moderators(context.tx()));
  if (owner == context.viewer.user && judges > 1)
    return fail(Fault::forbidden, "own_case", "Another moderator decides about what is yours.");
  if (person->role >= Role::moderator && owner != context.viewer.user &&
      !context.viewer.at_least(Role::administrator))
    return fail(Fault::forbidden, "role_missing", "Only administrators decide about moderators.");
  return {};
}

DecisionRow row_of(const Decision& decision) {
  DecisionRow row;
  row.id = decision.id;
  row.kind = decision.matter.kind;
  row.subject = decision.matter.subject;
  row.title = decision.matter.title;
  row.address = decision.matter.address;
  for (const Step& step : decision.steps)
    row.acts.push_back({step.act, step.level, step.days, step.points, step.value});
  row.reason = decision.reason;
  row.message = decision.message;
  row.at = {decision.created_at};
  row.undone = decision.undone_at.has_value();
  return row;
}

Result<Decided> decide(Context& context, const Decide& in) {
  TRY(check_wishes(in));
  Decided out;
  for (const Case& each : TRY(cases_of(context, in))) {
    out.items.push_back(TRY(settle(context, in, each)));
    out.reports += std::ssize(each.reports);
  }
  store::ReportFilter filter;
  filter.free_for = context.viewer.user;
  filter.limit = 1;
  const auto left = TRY(store::reports(context.tx(), filter, context.now));
  if (!left.empty()) out.next = left.front().id;
  return out;
}

Result<void> take_back(Context& context, const Decision& decision, std::string_view reason) {
  if (decision.undone_at)
    return fail(Fault::conflict, "already_undone", "This decision was undone already.");
  for (std::size_t i = decision.steps.size(); i-- > 0;)
    TRY(take_back(context, decision, decision.steps[i]));
  TRY(store::reopen(context.tx(), decision.id));
  TRY(store::undo(context.tx(), decision.id, context.viewer.user, reason, context.now));
  TRY(platform::audit(context.services, context.tx(), context.viewer.user, "undone",
                      schema::label_of(decision.matter.kind), decision.matter.subject,
                      schema::to_json(row_of(decision))));
  return platform::publish(context.services, context.tx(), "decisions", "undone",
                           decision.id.value, context.viewer.user);
}

Result<DecisionRow> undo_decision(Context& context, const UndoDecision& in) {
  const auto decision = TRY(store::decision(context.tx(), in.id));
  if (!decision) return fail(Fault::missing, "decision_missing", "There is no such decision.");
  TRY(check_judge(context, decision->matter.owner));
  TRY(take_back(context, *decision, in.reason.value));
  return row_of(*TRY(store::decision(context.tx(), in.id)));
}

}  // namespace atelier::moderation

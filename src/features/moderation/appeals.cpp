#include "features/moderation/rules.hpp"
#include "platform/events.hpp"
#include "platform/settings.hpp"

// Asking for another look at a decision, and that other look.
namespace atelier::moderation {
namespace {

constexpr Millis day_ms = 86'400'000;

std::unexpected<Error> decision_missing() {
  return fail(Fault::missing, "decision_missing", "There is no such decision.");
}

Result<AppealRow> file_appeal(Context& context, const Decision& decision, UserId user,
                              std::string_view text) {
  const auto settings = context.services.settings->get<ModerationSettings>("moderation");
  if (decision.undone_at)
    return fail(Fault::conflict, "already_undone", "This decision was undone already.");
  if (decision.created_at + settings.appealDays.value * day_ms <= context.now)
    return fail(Fault::conflict, "appeal_late", "The time for an appeal is over.");
  Appeal appeal;
  appeal.decision = decision.id;
  appeal.user = user;
  appeal.text = std::string(text);
  appeal.created_at = context.now;
  const auto id = TRY(store::insert_appeal(context.tx(), appeal));
  if (!id) return fail(Fault::conflict, "appealed", "There is an appeal already; one is all.");
  appeal.id = *id;
  TRY(platform::publish(context.services, context.tx(), "appeals", "filed", id->value, user));
  return row_of(context, appeal);
}

/// Whoever decided does not judge the appeal, unless nobody else could.
Result<bool> may_decide(Context& context, const Decision& decision) {
  if (decision.matter.owner == context.viewer.user) return false;
  if (decision.moderator != context.viewer.user) return true;
  return TRY(accounts::count_moderators(context.tx())) <= 1;
}

Result<AppealCase> case_of(Context& context, const Appeal& appeal) {
  const auto decision = TRY(store::decision(context.tx(), appeal.decision));
  if (!decision) return decision_missing();
  AppealCase out{TRY(row_of(context, appeal)), row_of(*decision),
                 TRY(may_decide(context, *decision))};
  out.decision.moderator = TRY(name_of(context.tx(), decision->moderator));
  out.decision.note = decision->note;
  return out;
}

}  // namespace

Result<AppealRow> row_of(Context& context, const Appeal& appeal) {
  return AppealRow{appeal.id,     appeal.decision, appeal.user,
                   TRY(name_of(context.tx(), appeal.user)),
                   appeal.text,   appeal.state,    appeal.answer,
                   {appeal.created_at}};
}

Result<AppealRow> appeal_decision(Context& context, const AppealDecision& in) {
  const auto decision = TRY(store::decision(context.tx(), in.decision));
  // Decisions about others do not exist for them; nor does what came to nothing.
  if (!decision || decision->matter.owner != context.viewer.user || decision->steps.empty() ||
      decision->steps.front().act == ModerationAct::dismiss)
    return decision_missing();
  return file_appeal(context, *decision, context.viewer.user, in.text.value);
}

Result<Known> prepare_ban_appeal(Context& context, const AppealBan& in) {
  return Known{TRY(accounts::verify_banned(context, in.login.value, in.password.value))};
}

Result<AppealRow> appeal_ban(Context& context, const AppealBan& in, const Known& who) {
  for (const Decision& decision :
       TRY(store::decisions_about(context.tx(), who.user, {}, 100))) {
    for (const Step& step : decision.steps)
      if (step.act == ModerationAct::ban && !decision.undone_at)
        return file_appeal(context, decision, who.user, in.text.value);
  }
  return decision_missing();
}

Result<AppealList> list_appeals(Context& context, const ListAppeals& in) {
  const int limit = in.limit ? static_cast<int>(in.limit->value) : 50;
  AppealList list;
  for (const Appeal& appeal :
       TRY(store::appeals(context.tx(), in.state.value_or(AppealState::Pending),
                          in.cursor.value_or(AppealId{}), limit)))
    list.items.push_back(TRY(case_of(context, appeal)));
  if (std::ssize(list.items) == limit)
    list.nextCursor = std::to_string(list.items.back().appeal.id.value);
  return list;
}

Result<AppealCase> decide_appeal(Context& context, const DecideAppeal& in) {
  auto appeal = TRY(store::appeal(context.tx(), in.id));
  if (!appeal) return fail(Fault::missing, "appeal_missing", "There is no such appeal.");
  if (appeal->state != AppealState::Pending)
    return fail(Fault::conflict, "appeal_decided", "This appeal was decided already.");
  const auto decision = TRY(store::decision(context.tx(), appeal->decision));
  if (!decision) return decision_missing();
  TRY(check_judge(context, decision->matter.owner));
  if (!TRY(may_decide(context, *decision)))
    return fail(Fault::forbidden, "own_decision", "Another moderator decides about this appeal.");
  if (in.overturn && !decision->undone_at)
    TRY(take_back(context, *decision, "appeal: " + in.answer.value));
  appeal->state = in.overturn ? AppealState::Overturned : AppealState::Upheld;
  appeal->decided_by = context.viewer.user;
  appeal->decided_at = context.now;
  appeal->answer = in.answer.value;
  TRY(store::decide_appeal(context.tx(), *appeal));
  TRY(platform::publish(context.services, context.tx(), "appeals",
                        in.overturn ? "overturned" : "upheld", appeal->id.value,
                        context.viewer.user));
  return case_of(context, *appeal);
}

}  // namespace atelier::moderation

#include <algorithm>

#include "features/moderation/rules.hpp"
#include "platform/events.hpp"
#include "platform/jobs.hpp"
#include "platform/settings.hpp"

// Strikes that add up to mutes and lapse, mutes that end, and how a person stands.
namespace atelier::moderation {
namespace {

constexpr Millis day_ms = 86'400'000;
constexpr int decisions_shown = 50;

struct EveryMinute {};
BOOST_DESCRIBE_STRUCT(EveryMinute, (), ())

MuteRow shown(const Mute& mute, std::string username) {
  MuteRow row{mute.id, mute.user, std::move(username), mute.by_strikes, {mute.created_at}, {}};
  if (mute.ends_at) row.endsAt = schema::Time{*mute.ends_at};
  return row;
}

StrikeRow shown(const Strike& strike, Millis now) {
  const bool over = strike.state == StrikeState::active && strike.expires_at <= now;
  return {strike.id,
          strike.points,
          over ? StrikeState::lapsed : strike.state,
          {strike.created_at},
          {strike.expires_at},
          strike.decision};
}

Result<void> lapse(platform::JobRun& run, const EveryMinute&) {
  Services& services = run.services();
  return run.finish_with([&](sql::Tx& tx) -> Result<void> {
    const Millis now = services.clock->now();
    TRY(store::release_overdue(tx, now));
    for (const Strike& strike : TRY(store::strikes_due(tx, now))) {
      TRY(store::set_strike(tx, strike.id, StrikeState::lapsed, ""));
      TRY(platform::publish(services, tx, "strikes", "lapsed", strike.id.value));
    }
    for (const Mute& mute : TRY(store::mutes_due(tx, now))) {
      TRY(store::end_mute(tx, mute.id, now));
      TRY(follow_mutes(services, tx, mute.user));
      TRY(platform::publish(services, tx, "mutes", "ended", mute.id.value));
    }
    return {};
  });
}

Result<std::vector<DecisionRow>> decisions_of(Context& context, UserId user, bool moderators) {
  const auto settings = context.services.settings->get<ModerationSettings>("moderation");
  std::vector<DecisionRow> rows;
  for (const Decision& decision :
       TRY(store::decisions_about(context.tx(), user, {}, decisions_shown))) {
    const bool dismissed =
        !decision.steps.empty() && decision.steps.front().act == ModerationAct::dismiss;
    // That a report about them came to nothing does not concern them.
    if (dismissed && !moderators) continue;
    DecisionRow row = row_of(decision);
    if (const auto appeal = TRY(store::appeal_of(context.tx(), decision.id)))
      row.appeal = TRY(row_of(context, *appeal));
    row.appealable = !row.appeal && !decision.undone_at && !dismissed &&
                     decision.created_at + settings.appealDays.value * day_ms > context.now;
    if (moderators) {
      row.moderator = TRY(name_of(context.tx(), decision.moderator));
      row.note = decision.note;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

Result<std::string> name_of(sql::Tx& tx, UserId user) {
  const auto found = TRY(accounts::find_user(tx, user));
  return found ? found->username : std::string();
}

Result<void> follow_mutes(Services& services, sql::Tx& tx, UserId user) {
  const auto person = TRY(accounts::find_user(tx, user));
  if (!person || person->status == accounts::AccountStatus::banned) return {};
  const auto wanted = TRY(store::mutes(tx, user)).empty() ? accounts::AccountStatus::active
                                                          : accounts::AccountStatus::muted;
  if (wanted == person->status) return {};
  return accounts::set_status(services, tx, user, wanted, {});
}

Result<void> follow_points(Services& services, sql::Tx& tx, UserId user, DecisionId decision) {
  const auto settings = services.settings->get<ModerationSettings>("moderation");
  const Millis now = services.clock->now();
  const std::int64_t points = TRY(store::points(tx, user, now));
  const bool review = points >= settings.reviewAtPoints.value;
  const bool some = points >= settings.muteAtPoints.value;
  bool has_review = false, has_some = false;
  for (const Mute& mute : TRY(store::mutes(tx, user))) {
    if (!mute.by_strikes) continue;
    const bool until_review = !mute.ends_at;
    // Points that were voided take their mute with them.
    if (until_review ? !review : !some) TRY(store::end_mute(tx, mute.id, now));
    else (until_review ? has_review : has_some) = true;
  }
  if (review && !has_review) {
    TRY(store::insert_mute(tx, {{}, user, decision, true, now, {}, {}}));
    TRY(platform::publish(services, tx, "mutes", "escalated", user.value));
  } else if (some && !review && !has_some) {
    TRY(store::insert_mute(
        tx, {{}, user, decision, true, now, now + settings.muteDays.value * day_ms, {}}));
  }
  return follow_mutes(services, tx, user);
}

Result<PersonStanding> standing_of(Context& context, UserId user, bool for_moderators) {
  PersonStanding out;
  out.user = user;
  const auto person = TRY(accounts::find_user(context.tx(), user));
  if (!person) return out;
  out.username = person->username;
  out.role = schema::label_of(person->role);
  out.status = schema::label_of(person->status);
  out.points = TRY(store::points(context.tx(), user, context.now));
  for (const Strike& strike : TRY(store::strikes(context.tx(), user)))
    out.strikes.push_back(shown(strike, context.now));
  for (const Mute& mute : TRY(store::mutes(context.tx(), user)))
    out.mutes.push_back(shown(mute, person->username));
  out.decisions = TRY(decisions_of(context, user, for_moderators));
  return out;
}

Result<PersonStanding> own_standing(Context& context, const Nothing&) {
  return standing_of(context, context.viewer.user, false);
}

Result<PersonStanding> person_standing(Context& context, const PersonPath& in) {
  if (!TRY(accounts::find_user(context.tx(), in.id)))
    return fail(Fault::missing, "user_missing", "There is no such person.");
  return standing_of(context, in.id, true);
}

Result<PersonStanding> void_strike(Context& context, const VoidStrike& in) {
  const auto strike = TRY(store::strike(context.tx(), in.id));
  if (!strike) return fail(Fault::missing, "strike_missing", "There is no such strike.");
  if (strike->state == StrikeState::voided)
    return fail(Fault::conflict, "already_undone", "This strike was voided already.");
  TRY(check_judge(context, strike->user));
  TRY(store::set_strike(context.tx(), in.id, StrikeState::voided, in.reason.value));
  TRY(follow_points(context.services, context.tx(), strike->user, strike->decision));
  TRY(platform::publish(context.services, context.tx(), "strikes", "voided", in.id.value,
                        context.viewer.user));
  return standing_of(context, strike->user, true);
}

Result<MuteList> mutes_to_review(Context& context, const ListMutes& in) {
  MuteList list;
  for (const Mute& mute : TRY(store::mutes_for_review(
           context.tx(), in.cursor.value_or(MuteId{}),
           in.limit ? static_cast<int>(in.limit->value) : 50)))
    list.items.push_back(shown(mute, TRY(name_of(context.tx(), mute.user))));
  return list;
}

void jobs(platform::Jobs& all) {
  all.add({.name = "moderation.lapse", .cron = "* * * * *", .keep_completed_s = 3600}, lapse);
}

}  // namespace atelier::moderation

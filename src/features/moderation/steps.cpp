#include "base/text.hpp"
#include "features/moderation/rules.hpp"
#include "platform/settings.hpp"

// What each act does, and how it is taken back.
namespace atelier::moderation {
namespace {

constexpr Millis day_ms = 86'400'000;
constexpr std::int64_t distance_usual = 8;  // bits of 64 in which pictures that look alike differ

std::unexpected<Error> unfit(ModerationAct act, SubjectKind kind) {
  return fail(Fault::conflict, "act_unfit",
              std::string(schema::label_of(act)) + " is not possible for a " +
                  schema::label_of(kind) + ".");
}

Result<platform::Subject> thing(Context& context, const Matter& matter) {
  return context.services.subjects->need(context.tx(), matter.kind, matter.subject,
                                         context.viewer);
}

Result<void> set_level(Context& context, const Matter& matter, std::int64_t level,
                       std::string* was) {
  const auto* rules = context.services.subjects->rules(matter.kind);
  if (rules == nullptr || rules->lock_level == nullptr)
    return unfit(ModerationAct::setLevel, matter.kind);
  const platform::Subject subject = TRY(thing(context, matter));
  if (was != nullptr) *was = std::to_string(subject.level);
  return rules->lock_level(context, matter.subject, static_cast<int>(level));
}

Result<void> take_down(Context& context, const Matter& matter, const std::string& reason) {
  const auto* rules = context.services.subjects->rules(matter.kind);
  if (rules == nullptr || rules->take_down == nullptr)
    return unfit(ModerationAct::takeDown, matter.kind);
  return rules->take_down(context, matter.subject, reason);
}

Result<void> give_back(Context& context, const Matter& matter) {
  const auto* rules = context.services.subjects->rules(matter.kind);
  if (rules == nullptr || rules->give_back == nullptr)
    return unfit(ModerationAct::giveBack, matter.kind);
  return rules->give_back(context, matter.subject);
}

Result<accounts::User> person(Context& context, UserId id) {
  auto user = TRY(accounts::find_user(context.tx(), id));
  if (!user) return fail(Fault::missing, "user_missing", "There is no such person any more.");
  return std::move(*user);
}

Result<void> set_status(Context& context, UserId user, accounts::AccountStatus status) {
  return accounts::set_status(context.services, context.tx(), user, status, context.viewer.user);
}

Result<void> mute(Context& context, const Decision& decision, Step& step) {
  const accounts::User user = TRY(person(context, decision.matter.owner));
  Mute mute{{}, user.id, decision.id, false, context.now, {}, {}};
  if (step.days) mute.ends_at = context.now + *step.days * day_ms;
  step.made = TRY(store::insert_mute(context.tx(), mute)).value;
  return follow_mutes(context.services, context.tx(), user.id);
}

Result<void> unmute(Context& context, UserId user) {
  for (const Mute& mute : TRY(store::mutes(context.tx(), user)))
    TRY(store::end_mute(context.tx(), mute.id, context.now));
  return follow_mutes(context.services, context.tx(), user);
}

Result<void> unban(Context& context, UserId user) {
  if (TRY(person(context, user)).status != accounts::AccountStatus::banned) return {};
  TRY(set_status(context, user, accounts::AccountStatus::active));
  return follow_mutes(context.services, context.tx(), user);
}

Result<void> ban(Context& context, UserId user, Step* step) {
  const accounts::User before = TRY(person(context, user));
  if (step != nullptr) step->was = schema::label_of(before.status);
  return set_status(context, user, accounts::AccountStatus::banned);
}

Result<void> strike(Context& context, const Decision& decision, Step& step) {
  const accounts::User user = TRY(person(context, decision.matter.owner));
  const auto settings = context.services.settings->get<ModerationSettings>("moderation");
  step.made = TRY(store::insert_strike(
                      context.tx(), {{}, user.id, decision.id, step.points.value_or(1),
                                     StrikeState::active, context.now,
                                     context.now + settings.strikeDays.value * day_ms}))
                  .value;
  return follow_points(context.services, context.tx(), user.id, decision.id);
}

Result<void> block(Context& context, const Decision& decision, Step& step) {
  const std::string value = step.value.value_or("");
  BlockedKind kind = BlockedKind::word;
  if (step.act == ModerationAct::blockDomain) kind = BlockedKind::domain;
  if (step.act == ModerationAct::blockHash)
    kind = trim(value).size() == 16 ? BlockedKind::perceptual : BlockedKind::sha256;
  Blocked blocked = TRY(blocked_of(kind, value, distance_usual, BlockResponse::refuse));
  blocked.note = decision.reason;
  blocked.created_by = context.viewer.user;
  blocked.created_at = context.now;
  const bool is_new = !TRY(store::blocked(context.tx(), kind, blocked.value)).has_value();
  const BlockId id = TRY(store::insert_blocked(context.tx(), blocked));
  step.made = is_new ? id.value : 0;
  return {};
}

}  // namespace

Result<void> apply(Context& context, const Decision& decision, Step& step) {
  const Matter& matter = decision.matter;
  switch (step.act) {
    case ModerationAct::dismiss: return {};
    case ModerationAct::setLevel:
      return set_level(context, matter, step.level.value_or(1), &step.was);
    case ModerationAct::takeDown: return take_down(context, matter, decision.reason);
    case ModerationAct::giveBack: return give_back(context, matter);
    case ModerationAct::mute: return mute(context, decision, step);
    case ModerationAct::unmute: return unmute(context, matter.owner);
    case ModerationAct::ban: return ban(context, matter.owner, &step);
    case ModerationAct::unban: return unban(context, matter.owner);
    case ModerationAct::strike: return strike(context, decision, step);
    case ModerationAct::blockHash:
    case ModerationAct::blockDomain:
    case ModerationAct::blockWord: return block(context, decision, step);
  }
  return fail(Fault::internal, "act_unknown", "There is no such act.");
}

Result<void> take_back(Context& context, const Decision& decision, const Step& step) {
  const Matter& matter = decision.matter;
  sql::Tx& tx = context.tx();
  switch (step.act) {
    case ModerationAct::dismiss: return {};
    case ModerationAct::setLevel:
      return set_level(context, matter, parse_whole(step.was).value_or(1), nullptr);
    case ModerationAct::takeDown: return give_back(context, matter);
    case ModerationAct::giveBack: return take_down(context, matter, decision.reason);
    case ModerationAct::mute:
      TRY(store::end_mute(tx, MuteId{step.made}, context.now));
      return follow_mutes(context.services, tx, matter.owner);
    case ModerationAct::unmute:
      return fail(Fault::conflict, "not_undoable", "Mute them again instead.");
    case ModerationAct::ban:
      if (step.was == "banned") return {};
      return unban(context, matter.owner);
    case ModerationAct::unban: return ban(context, matter.owner, nullptr);
    case ModerationAct::strike:
      TRY(store::set_strike(tx, StrikeId{step.made}, StrikeState::voided, "undone"));
      return follow_points(context.services, tx, matter.owner, decision.id);
    case ModerationAct::blockHash:
    case ModerationAct::blockDomain:
    case ModerationAct::blockWord:
      (void)TRY(store::delete_blocked(tx, BlockId{step.made}));
      return {};
  }
  return fail(Fault::internal, "act_unknown", "There is no such act.");
}

}  // namespace atelier::moderation

#include "features/accounts/functions.hpp"
#include "features/accounts/sessions.hpp"
#include "features/accounts/store.hpp"
#include "platform/events.hpp"
#include "platform/screening.hpp"
#include "platform/settings.hpp"
#include "ports/crypto.hpp"

// Registering, the first administrator, and what people see of themselves and of others.
namespace atelier::accounts {
namespace {

Result<Hashed> check_and_hash(Context& context, std::string_view email, std::string_view username,
                              std::string_view password) {
  TRY(check_new_user(email, username, password));
  return Hashed{TRY(context.services.crypto->hash_password(password))};
}

Person shown(const User& user) {
  return {user.id, user.username, user.role, user.bio, {user.created_at}, user.demo};
}

}  // namespace

Self self_of(const User& user) {
  return {user.id, user.username, user.email, user.role, user.status, user.browsing, user.bio};
}

Result<Me> me(Context& context, const Nothing&) {
  const auto site = context.services.settings->get<SiteSettings>("site");
  Me out;
  out.siteName = site.name;
  out.registration = site.registration;
  out.mail = context.services.mailer != nullptr;
  out.secure = context.request->origin.starts_with("https://");
  out.setupNeeded = TRY(store::count_administrators(context.tx())) == 0;
  if (!context.viewer.signed_in()) return out;
  if (const auto user = TRY(store::user(context.tx(), context.viewer.user)))
    out.user = self_of(*user);
  for (const store::Session& session : TRY(store::sessions(context.tx(), context.viewer.user)))
    if (session.id == context.viewer.session)
      out.rotate = session.rotated_at + session_rotation_ms <= context.now;
  return out;
}

Result<Person> get_user(Context& context, const UserPath& in) {
  const auto user = TRY(store::user_named(context.tx(), in.username.value));
  if (!user || user->status == AccountStatus::banned)
    return fail(Fault::missing, "user_missing", "There is no such person.");
  context.depends_on("users", user->id.value);
  return shown(*user);
}

Result<Self> update_me(Context& context, const UpdateMe& in) {
  const auto user = TRY(store::user(context.tx(), context.viewer.user));
  if (!user) return fail(Fault::missing, "user_missing", "This account is gone.");
  // The row is open to them for the levels they browse.
  if (in.bio && context.viewer.muted)
    return fail(Fault::forbidden, "muted", "You are muted: you may read, but not write here.");
  const std::string bio = in.bio ? in.bio->value : user->bio;
  const int browsing = in.browsing ? static_cast<int>(in.browsing->value) : user->browsing;
  TRY(store::set_profile(context.tx(), user->id, bio, browsing));
  if (in.bio)
    TRY(platform::screen(context.services, context.tx(),
                         {.kind = platform::SubjectKind::user,
                          .id = user->id.value,
                          .owner = user->id,
                          .title = user->username,
                          .address = "/users/" + user->username},
                         {bio}));
  TRY(platform::publish(context.services, context.tx(), "users", "changed", user->id.value,
                        user->id));
  return self_of(*TRY(store::user(context.tx(), user->id)));
}

Result<Hashed> prepare_registration(Context& context, const Register& in) {
  const auto site = context.services.settings->get<SiteSettings>("site");
  if (site.registration == Registration::closed)
    return fail(Fault::forbidden, "registration_closed", "This place takes no new members now.");
  if (site.registration == Registration::invite && !in.invite)
    return fail(Fault::forbidden, "invite_needed", "You need an invite to join.");
  return check_and_hash(context, in.email.value, in.username.value, in.password.value);
}

Result<Self> register_account(Context& context, const Register& in, const Hashed& password) {
  const auto site = context.services.settings->get<SiteSettings>("site");
  if (site.registration == Registration::invite &&
      !TRY(store::take_invite(context.tx(), in.invite ? in.invite->value : "", context.now)))
    return fail(Fault::forbidden, "invite_invalid",
                "This invitation is not known, used up or too old.");
  const User user = TRY(create_user(context.services, context.tx(),
                                    {in.email.value, in.username.value, password.hash}));
  TRY(start_session(context, user.id));
  return self_of(user);
}

Result<Hashed> prepare_setup(Context& context, const Setup& in) {
  return check_and_hash(context, in.email.value, in.username.value, in.password.value);
}

Result<Self> set_up(Context& context, const Setup& in, const Hashed& password) {
  const auto link = TRY(store::take_link(
      context.tx(), token_hash(context.services, in.token.value), "setup", context.now));
  if (!link || TRY(store::count_administrators(context.tx())) != 0)
    return fail(Fault::forbidden, "setup_link_invalid",
                "This set-up link was used before or is too old; a restart prints a new one.");
  const User user =
      TRY(create_user(context.services, context.tx(), {in.email.value, in.username.value,
                                                       password.hash, Role::administrator}));
  TRY(start_session(context, user.id));
  return self_of(user);
}

Result<std::string> create_setup_token(Services& services, sql::Tx& tx) {
  TRY(store::delete_links(tx, "setup", {}));
  const std::string token = new_token(services);
  constexpr Millis life_ms = 7LL * 86'400'000;
  TRY(store::insert_link(tx, token_hash(services, token), "setup", {},
                         services.clock->now() + life_ms));
  return token;
}

}  // namespace atelier::accounts

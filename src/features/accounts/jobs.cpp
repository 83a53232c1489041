#include "features/accounts/jobs.hpp"

#include "base/text.hpp"
#include "features/accounts/functions.hpp"
#include "features/accounts/sessions.hpp"
#include "features/accounts/store.hpp"
#include "platform/jobs.hpp"
#include "platform/settings.hpp"
#include "ports/mailer.hpp"

namespace atelier::accounts {
namespace {

constexpr Millis reset_life_ms = 3'600'000;
// Whoever knows an address could otherwise fill its inbox.
constexpr Millis reset_every_ms = 60'000;

/// The token is made by the job and not by the request, so that it never lies in a table.
struct MailReset {
  UserId user;
  std::string origin;
};
BOOST_DESCRIBE_STRUCT(MailReset, (), (user, origin))

struct Nightly {};
BOOST_DESCRIBE_STRUCT(Nightly, (), ())

Result<void> mail_reset(platform::JobRun& run, const MailReset& in) {
  Services& services = run.services();
  if (services.mailer == nullptr)
    return fail(Fault::unavailable, "mail_off", "No mail server is configured.");
  const std::string token = new_token(services);
  const auto user = TRY(sql::change(
      *services.database, sql::Lane::jobs, [&](sql::Tx& tx) -> Result<std::optional<User>> {
        auto person = TRY(store::user(tx, in.user));
        // Earlier links go on working, so that a stranger's request does not break the owner's.
        if (person)
          TRY(store::insert_link(tx, token_hash(services, token), "password", in.user,
                                 services.clock->now() + reset_life_ms));
        return person;
      }));
  if (!user) return {};
  const std::string site = services.settings->get<SiteSettings>("site").name;
  return services.mailer->send(
      {user->email, site + ": choose a new password",
       "Hello " + user->username + ",\n\nsomebody asked for a new password for your account at " +
           site + ". To choose one, open this link within an hour:\n\n" + in.origin +
           "/reset-password?token=" + token +
           "\n\nIf it was not you, do nothing: your password stays as it is.\n"});
}

Result<void> forget_expired(platform::JobRun& run, const Nightly&) {
  return run.finish_with([&](sql::Tx& tx) {
    const Millis now = run.services().clock->now();
    return store::delete_expired(tx, now, now - session_idle_ms);
  });
}

}  // namespace

/// The same answer whether or not the address is known (ASVS 5.0 §6.3.8).
Result<Nothing> ask_reset(Context& context, const AskReset& in) {
  if (context.services.mailer == nullptr)
    return fail(Fault::unavailable, "mail_off",
                "This server sends no mail. Ask an administrator for a new password.");
  const auto login = TRY(store::login(context.tx(), in.email.value));
  if (!login || login->user.email.empty() ||
      !equal_ignoring_case(login->user.email, in.email.value))
    return Nothing{};
  const Millis newest =
      TRY(store::newest_link_end(context.tx(), "password", login->user.id));
  if (newest > context.now + reset_life_ms - reset_every_ms) return Nothing{};
  platform::JobOptions options;
  options.unique_key = "reset:" + std::to_string(login->user.id.value);
  TRY(platform::enqueue(context.tx(), context.now, "accounts.mail_reset",
                        MailReset{login->user.id, context.request->origin}, options));
  return Nothing{};
}

void jobs(platform::Jobs& jobs) {
  jobs.add({.name = "accounts.mail_reset", .attempts_max = 6}, mail_reset);
  jobs.add({.name = "accounts.forget_expired", .cron = "17 3 * * *"}, forget_expired);
}

}  // namespace atelier::accounts

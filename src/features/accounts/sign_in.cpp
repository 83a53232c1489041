#include <algorithm>

#include "base/text.hpp"
#include "features/accounts/functions.hpp"
#include "features/accounts/sessions.hpp"
#include "features/accounts/store.hpp"
#include "platform/gate.hpp"
#include "ports/crypto.hpp"

// Signing in, and what slows guessing down without locking the owner out: failures count per
// (account, address), and per account only for browsers that never signed in to it.
namespace atelier::accounts {
namespace {

constexpr std::int64_t pair_free = 5, stranger_free = 50;
constexpr Millis pair_wait_ms = 15'000, pair_wait_max_ms = 15 * 60'000;
constexpr Millis stranger_wait_ms = 30'000;

struct Keys {
  std::string pair;
  std::string stranger;  ///< empty for a browser the account knows
};

/// Keys are built from what was typed, so that unknown names behave like known ones.
Keys keys_of(const Context& context, std::string_view login, UserId user) {
  const std::string name = token_hash(context.services, lower_ascii(login));
  Keys keys{"pair:" + name + ":" + context.request->peer, "stranger:" + name};
  const std::string_view mark = platform::cookie(*context.request, device_cookie);
  if (user && equal_constant_time(mark, device_mark(context.services, user))) keys.stranger.clear();
  return keys;
}

Result<void> check_wait(const store::Failures& failures, Millis now) {
  if (failures.next_at <= now) return {};
  Error error{Fault::limited, "sign_in_limited",
              "Too many failed attempts from here. Wait a little, or reset the password.", {}, 0};
  error.retry_after_s = static_cast<int>((failures.next_at - now + 999) / 1000);
  return std::unexpected(std::move(error));
}

Result<void> record_failure(Context& context, const Keys& keys) {
  const Millis now = context.now;
  return context.services.database->write_now(
      sql::Lane::interactive, [&](sql::Tx& tx) -> Result<void> {
        store::Failures pair = TRY(store::failures(tx, keys.pair));
        if (++pair.count >= pair_free) {
          const auto doublings = std::min<std::int64_t>(pair.count - pair_free, 10);
          pair.next_at = now + std::min(pair_wait_ms << doublings, pair_wait_max_ms);
        }
        TRY(store::set_failures(tx, keys.pair, pair, now));
        if (keys.stranger.empty()) return {};
        store::Failures stranger = TRY(store::failures(tx, keys.stranger));
        if (++stranger.count >= stranger_free) stranger.next_at = now + stranger_wait_ms;
        return store::set_failures(tx, keys.stranger, stranger, now);
      });
}

struct Attempt {
  std::optional<store::Login> login;
  Keys keys;
};

/// Looks the account up and refuses attempts that come too soon.
Result<Attempt> begin_attempt(Context& context, std::string_view login) {
  return sql::ask(*context.services.database, [&](sql::Tx& tx) -> Result<Attempt> {
    Attempt attempt{TRY(store::login(tx, login)), {}};
    attempt.keys = keys_of(context, login, attempt.login ? attempt.login->user.id : UserId{});
    TRY(check_wait(TRY(store::failures(tx, attempt.keys.pair)), context.now));
    if (!attempt.keys.stranger.empty())
      TRY(check_wait(TRY(store::failures(tx, attempt.keys.stranger)), context.now));
    return attempt;
  });
}

Result<void> check_password(Context& context, std::string_view login, std::string_view password) {
  const Attempt attempt = TRY(begin_attempt(context, login));
  const std::string hash = attempt.login ? attempt.login->password_hash : "";
  if (TRY(context.services.crypto->verify_password(hash, password))) {
    if (attempt.login->user.status == AccountStatus::banned)
      return fail(Fault::forbidden, "account_banned", "This account is banned.");
    return {};
  }
  TRY(record_failure(context, attempt.keys));
  return fail(Fault::unauthenticated, "sign_in_failed", "The name or the password is wrong.");
}

/// The signed-in person's own password, asked again before something that matters.
Result<void> check_own_password(Context& context, std::string_view password) {
  Result<void> checked = check_password(context, context.viewer.username, password);
  if (!checked && checked.error().code == "sign_in_failed")
    return fail(Fault::forbidden, "password_wrong", "This is not your current password.");
  return checked;
}

Result<Hashed> hash_new(Context& context, std::string_view password, std::string_view username,
                        std::string_view email) {
  if (std::string fault = password_fault(password, username, email); !fault.empty()) {
    Error error{Fault::invalid, "invalid_request", fault, {}, 0};
    error.fields.push_back({"/password", "password_weak", fault});
    return std::unexpected(std::move(error));
  }
  return Hashed{TRY(context.services.crypto->hash_password(password))};
}

std::unexpected<Error> link_invalid() {
  return fail(Fault::invalid, "link_invalid", "This link was used before or is too old.");
}

}  // namespace

Result<UserId> verify_banned(Context& context, std::string_view login, std::string_view password) {
  const Result<void> checked = check_password(context, login, password);
  if (checked)
    return fail(Fault::conflict, "not_banned", "This account is not banned; sign in.");
  if (checked.error().code != "account_banned") return std::unexpected(checked.error());
  const auto found = TRY(sql::ask(*context.services.database,
                                  [&](sql::Tx& tx) { return store::login(tx, login); }));
  if (!found) return fail(Fault::unauthenticated, "sign_in_failed", "The account is gone.");
  return found->user.id;
}

std::string device_mark(const Services& services, UserId user) {
  return base64url(bytes_of(services.crypto->hmac_sha256(
      services.secret, "device:" + std::to_string(user.value))));
}

Result<Verified> prepare_sign_in(Context& context, const SignIn& in) {
  TRY(check_password(context, in.login.value, in.password.value));
  return Verified{true};
}

Result<Self> sign_in(Context& context, const SignIn& in, const Verified&) {
  const auto login = TRY(store::login(context.tx(), in.login.value));
  if (!login) return fail(Fault::unauthenticated, "sign_in_failed", "The account is gone.");
  TRY(store::clear_failures(context.tx(),
                            keys_of(context, in.login.value, login->user.id).pair));
  TRY(start_session(context, login->user.id));
  return self_of(login->user);
}

Result<Hashed> prepare_password_change(Context& context, const ChangePassword& in) {
  TRY(check_own_password(context, in.current.value));
  return hash_new(context, in.password.value, context.viewer.username, "");
}

Result<Nothing> change_password(Context& context, const ChangePassword&, const Hashed& password) {
  TRY(store::set_password(context.tx(), context.viewer.user, password.hash));
  TRY(store::delete_links(context.tx(), "password", context.viewer.user));
  // Whoever else was signed in may be why the password changes.
  TRY(end_sessions(context.services, context.tx(), context.viewer.user, {}));
  TRY(start_session(context, context.viewer.user));
  return Nothing{};
}

Result<Verified> prepare_email_change(Context& context, const ChangeEmail& in) {
  if (!email_is_good(in.email.value)) {
    Error error{Fault::invalid, "invalid_request", "This is not an e-mail address.", {}, 0};
    error.fields.push_back({"/email", "email_bad", error.detail});
    return std::unexpected(std::move(error));
  }
  TRY(check_own_password(context, in.current.value));
  return Verified{true};
}

Result<Self> change_email(Context& context, const ChangeEmail& in, const Verified&) {
  if (TRY(store::has_email(context.tx(), in.email.value)))
    return fail(Fault::conflict, "email_taken", "There is an account with this address already.");
  TRY(store::set_email(context.tx(), context.viewer.user, in.email.value));
  // Links that went to the old address no longer open the account.
  TRY(store::delete_links(context.tx(), "password", context.viewer.user));
  return self_of(*TRY(store::user(context.tx(), context.viewer.user)));
}

Result<Hashed> prepare_reset(Context& context, const ConfirmReset& in) {
  const std::string token = token_hash(context.services, in.token.value);
  const auto person = TRY(sql::ask(
      *context.services.database, [&](sql::Tx& tx) -> Result<std::optional<User>> {
        const auto link = TRY(store::find_link(tx, token, "password", context.now));
        if (!link) return std::optional<User>{};
        return store::user(tx, link->user);
      }));
  if (!person) return link_invalid();
  return hash_new(context, in.password.value, person->username, person->email);
}

Result<Nothing> confirm_reset(Context& context, const ConfirmReset& in, const Hashed& password) {
  sql::Tx& tx = context.tx();
  const auto link = TRY(store::take_link(tx, token_hash(context.services, in.token.value),
                                         "password", context.now));
  if (!link) return link_invalid();
  TRY(store::set_password(tx, link->user, password.hash));
  TRY(store::delete_links(tx, "password", link->user));
  TRY(end_sessions(context.services, tx, link->user, {}));
  const auto person = TRY(store::user(tx, link->user));
  // Who is told to wait or reset the password has now done so.
  if (person)
    for (const std::string& login : {person->username, person->email})
      TRY(store::clear_failures(tx, keys_of(context, login, person->id).pair));
  return Nothing{};
}

}  // namespace atelier::accounts

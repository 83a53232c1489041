#include "features/accounts/sessions.hpp"

#include "base/text.hpp"
#include "features/accounts/functions.hpp"
#include "features/accounts/store.hpp"
#include "platform/events.hpp"
#include "platform/live.hpp"
#include "platform/log.hpp"
#include "ports/crypto.hpp"

namespace atelier::accounts {
namespace {

constexpr Millis touch_every_ms = 10 * 60'000;

bool is_secure(const Context& context) { return context.request->origin.starts_with("https://"); }

void set_cookie(Context& context, std::string_view name, std::string_view value, Millis life_ms) {
  std::string cookie = std::string(name) + "=" + std::string(value) +
                       "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" +
                       std::to_string(life_ms / 1000);
  if (is_secure(context)) cookie += "; Secure";
  context.reply.headers.add("set-cookie", cookie);
}

std::string_view cookie_name(const Context& context) {
  return is_secure(context) ? secure_session_cookie : session_cookie;
}

SessionRow shown(const store::Session& session, SessionId current) {
  return {session.id,      session.id == current, session.agent,
          session.address, {session.created_at},  {session.seen_at}};
}

class SessionsAndKeys final : public Identity {
 public:
  explicit SessionsAndKeys(Services& services) : services_(services) {}

  Result<Viewer> by_session(std::string_view token) override {
    const std::string hash = token_hash(services_, token);
    const auto found = TRY(
        sql::ask(*services_.database, [&](sql::Tx& tx) { return store::signed_in(tx, hash); }));
    if (!found) return nobody();
    const store::Session& session = found->session;
    const Millis now = services_.clock->now();
    if (session.expires_at <= now || session.seen_at + session_idle_ms <= now) return nobody();
    if (found->by_previous && session.rotated_at + rotation_grace_ms <= now) return nobody();
    if (session.seen_at + touch_every_ms <= now)
      later([id = session.id, now](sql::Tx& tx) { return store::touch_session(tx, id, now); });
    return viewer(found->user, session.id, {}, all_scopes);
  }

  Result<Viewer> by_key(std::string_view key) override {
    const std::string hash = token_hash(services_, key);
    const auto found =
        TRY(sql::ask(*services_.database, [&](sql::Tx& tx) { return store::keyed(tx, hash); }));
    const Millis now = services_.clock->now();
    if (!found || (found->key.expires_at && *found->key.expires_at <= now)) return nobody();
    if (found->key.used_at.value_or(0) + touch_every_ms <= now)
      later([id = found->key.id, now](sql::Tx& tx) { return store::touch_key(tx, id, now); });
    return viewer(found->user, {}, found->key.id, found->key.scopes);
  }

 private:
  static Result<Viewer> nobody() {
    return fail(Fault::unauthenticated, "credential_invalid", "Sign in again.");
  }

  static Result<Viewer> viewer(const User& user, SessionId session, KeyId key, Scopes scopes) {
    if (user.status == AccountStatus::banned)
      return fail(Fault::unauthenticated, "account_banned", "This account is banned.");
    return Viewer{user.id, user.username, user.role,     session,
                  key,     scopes,        user.browsing, user.status == AccountStatus::muted};
  }

  /// A time stamp that nobody waits for; a lost one costs nothing.
  void later(std::function<Result<void>(sql::Tx&)> body) {
    services_.database->write(sql::Lane::bulk, std::move(body), [](const Result<void>& written) {
      if (!written) log::warning("accounts.touch_failed", {{"code", written.error().code}});
    });
  }

  Services& services_;
};

}  // namespace

std::string token_hash(const Services& services, std::string_view token) {
  return hex(bytes_of(services.crypto->sha256(token)));
}

std::string new_token(const Services& services) {
  return base64url(bytes_of(services.crypto->random(32)));
}

Result<void> start_session(Context& context, UserId user) {
  const std::string token = new_token(context.services);
  store::Session session;
  session.user = user;
  session.created_at = context.now;
  session.expires_at = context.now + session_life_ms;
  session.agent = std::string(context.request->headers.find("user-agent").substr(0, 300));
  if (!is_text(session.agent)) session.agent.clear();
  session.address = context.request->peer;
  TRY(store::insert_session(context.tx(), session, token_hash(context.services, token)));
  set_cookie(context, cookie_name(context), token, session_life_ms);
  set_cookie(context, device_cookie, device_mark(context.services, user), 365LL * 86'400'000);
  return {};
}

Result<void> end_sessions(Services& services, sql::Tx& tx, UserId user, SessionId kept) {
  for (const SessionId id : TRY(store::delete_sessions(tx, user, kept)))
    TRY(platform::publish(services, tx, "sessions", "ended", id.value, user));
  return {};
}

void drop_session_cookie(Context& context) { set_cookie(context, cookie_name(context), "", 0); }

Result<SessionList> list_sessions(Context& context, const schema::Nothing&) {
  SessionList list;
  for (const store::Session& session :
       TRY(store::sessions(context.tx(), context.viewer.user)))
    list.items.push_back(shown(session, context.viewer.session));
  return list;
}

Result<schema::Nothing> end_session(Context& context, const SessionPath& in) {
  if (!TRY(store::delete_session(context.tx(), in.id, context.viewer.user)))
    return fail(Fault::missing, "session_missing", "There is no such session.");
  TRY(platform::publish(context.services, context.tx(), "sessions", "ended", in.id.value,
                        context.viewer.user));
  if (in.id == context.viewer.session) drop_session_cookie(context);
  return schema::Nothing{};
}

Result<schema::Nothing> sign_out(Context& context, const schema::Nothing&) {
  TRY(store::delete_session(context.tx(), context.viewer.session, context.viewer.user));
  TRY(platform::publish(context.services, context.tx(), "sessions", "ended",
                        context.viewer.session.value, context.viewer.user));
  drop_session_cookie(context);
  return schema::Nothing{};
}

Result<schema::Nothing> end_other_sessions(Context& context, const schema::Nothing&) {
  TRY(end_sessions(context.services, context.tx(), context.viewer.user, context.viewer.session));
  return schema::Nothing{};
}

Result<schema::Nothing> rotate_session(Context& context, const schema::Nothing&) {
  const std::string token = new_token(context.services);
  TRY(store::rotate_session(context.tx(), context.viewer.session,
                            token_hash(context.services, token), context.now));
  set_cookie(context, cookie_name(context), token, session_life_ms);
  return schema::Nothing{};
}

void end_streams(Services& services) {
  services.events->follow([&live = *services.live](const platform::Event& event) {
    const std::string subject = std::to_string(event.subject);
    if (event.noun == "sessions") live.end("session:" + subject, true);
    else if (event.noun == "keys") live.end("key:" + subject, true);
    // A role may have gone: pages that still may come back by themselves.
    else if (event.noun == "users" && event.verb != "created") live.end("user:" + subject, false);
  });
}

std::unique_ptr<Identity> make_identity(Services& services) {
  return std::make_unique<SessionsAndKeys>(services);
}

}  // namespace atelier::accounts

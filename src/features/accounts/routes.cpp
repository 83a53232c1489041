#include "features/accounts/functions.hpp"
#include "features/accounts/jobs.hpp"
#include "features/accounts/searchable.hpp"
#include "features/accounts/sessions.hpp"
#include "platform/cache_policy.hpp"
#include "platform/settings.hpp"

namespace atelier::accounts {
namespace {

using schema::Access;
using schema::bind;
using schema::Effect;
using schema::Method;
using schema::Rate;
using schema::Scope;

void own_account(schema::Routes& routes) {
  bind(routes, Method::get,
       {.path = "/api/v2/me", .id = "getMe", .summary = "Who you are, and how this site is set up.",
        .access = Access::anyone, .scope = Scope::user_read, .cheap = true}, me);
  bind(routes, Method::patch,
       {.path = "/api/v2/me", .id = "updateMe", .summary = "Change your profile.",
        .access = Access::member, .scope = Scope::user_write, .rate = Rate::write,
        .muted_may = true}, update_me);
  bind(routes, Method::get,
       {.path = "/api/v2/users/{username}", .id = "getUser", .summary = "A public profile.",
        .access = Access::anyone, .scope = Scope::user_read,
        .cache_s = platform::reply_s("profile"), .cheap = true},
       get_user);
  bind(routes, Method::post,
       {.path = "/api/v2/accounts", .id = "register", .summary = "Join, and sign in.",
        .access = Access::anyone, .scope = Scope::account, .rate = Rate::login},
       prepare_registration, register_account);
  bind(routes, Method::post,
       {.path = "/api/v2/setup", .id = "setUp",
        .summary = "Make the first administrator with the link from the console.",
        .access = Access::anyone, .scope = Scope::account, .rate = Rate::login},
       prepare_setup, set_up);
  bind(routes, Method::post,
       {.path = "/api/v2/me/password", .id = "changePassword",
        .summary = "Change your password; other sessions end.",
        .access = Access::member, .scope = Scope::account, .rate = Rate::login},
       prepare_password_change, change_password);
  bind(routes, Method::post,
       {.path = "/api/v2/me/email", .id = "changeEmail", .summary = "Change your address.",
        .access = Access::member, .scope = Scope::account, .rate = Rate::login},
       prepare_email_change, change_email);
  bind(routes, Method::post,
       {.path = "/api/v2/password-resets", .id = "askReset",
        .summary = "Ask for a mail with a link to choose a new password.",
        .access = Access::anyone, .scope = Scope::account, .rate = Rate::login}, ask_reset);
  bind(routes, Method::post,
       {.path = "/api/v2/password-resets/confirm", .id = "confirmReset",
        .summary = "Choose a new password with the link from the mail.",
        .access = Access::anyone, .scope = Scope::account, .rate = Rate::login},
       prepare_reset, confirm_reset);
}

void sessions_and_keys(schema::Routes& routes) {
  bind(routes, Method::post,
       {.path = "/api/v2/sessions", .id = "signIn", .summary = "Sign in; sets a cookie.",
        .access = Access::anyone, .scope = Scope::account, .rate = Rate::login},
       prepare_sign_in, sign_in);
  bind(routes, Method::get,
       {.path = "/api/v2/sessions", .id = "listSessions", .summary = "Where you are signed in.",
        .access = Access::member, .scope = Scope::account}, list_sessions);
  bind(routes, Method::del,
       {.path = "/api/v2/sessions/current", .id = "signOut", .summary = "Sign out here.",
        .access = Access::member, .scope = Scope::account, .rate = Rate::write}, sign_out);
  bind(routes, Method::del,
       {.path = "/api/v2/sessions/others", .id = "endOtherSessions",
        .summary = "Sign out everywhere else.",
        .access = Access::member, .scope = Scope::account, .rate = Rate::write},
       end_other_sessions);
  bind(routes, Method::del,
       {.path = "/api/v2/sessions/{id}", .id = "endSession", .summary = "Sign out one of them.",
        .access = Access::member, .scope = Scope::account, .rate = Rate::write}, end_session);
  bind(routes, Method::post,
       {.path = "/api/v2/sessions/current/rotation", .id = "rotateSession",
        .summary = "Exchange the session's token for a new one.",
        .access = Access::member, .scope = Scope::account, .rate = Rate::write}, rotate_session);
  bind(routes, Method::get,
       {.path = "/api/v2/keys", .id = "listKeys", .summary = "Your API keys.",
        .access = Access::member, .scope = Scope::account}, list_keys);
  bind(routes, Method::post,
       {.path = "/api/v2/keys", .id = "createKey",
        .summary = "Make an API key; it is shown this once.",
        .access = Access::member, .scope = Scope::account, .rate = Rate::create}, make_key);
  bind(routes, Method::del,
       {.path = "/api/v2/keys/{id}", .id = "deleteKey", .summary = "Revoke a key at once.",
        .access = Access::member, .scope = Scope::account, .rate = Rate::write}, remove_key);
}

void administration(schema::Routes& routes) {
  bind(routes, Method::get,
       {.path = "/api/v2/admin/users", .id = "listUsers", .summary = "Everybody, by name.",
        .access = Access::administrator, .scope = Scope::administration}, list_people);
  bind(routes, Method::patch,
       {.path = "/api/v2/admin/users/{id}", .id = "updateUser",
        .summary = "Change somebody's role or standing.",
        .access = Access::administrator, .scope = Scope::administration, .rate = Rate::write},
       update_person);
  bind(routes, Method::get,
       {.path = "/api/v2/admin/invites", .id = "listInvites", .summary = "All invites.",
        .access = Access::administrator, .scope = Scope::administration}, list_invites);
  bind(routes, Method::post,
       {.path = "/api/v2/admin/invites", .id = "createInvite", .summary = "Make an invite.",
        .access = Access::administrator, .scope = Scope::administration, .rate = Rate::create,
        .creates = true}, make_invite);
  bind(routes, Method::del,
       {.path = "/api/v2/admin/invites/{id}", .id = "deleteInvite", .summary = "Withdraw it.",
        .access = Access::administrator, .scope = Scope::administration, .rate = Rate::write},
       remove_invite);
}

void settings(platform::Settings& all) { all.declare<SiteSettings>("site", "This site"); }

void add_routes(schema::Routes& routes) {
  own_account(routes);
  sessions_and_keys(routes);
  administration(routes);
}

}  // namespace

platform::Feature feature() {
  return {.name = "accounts", .routes = add_routes, .jobs = jobs, .events = end_streams,
          .settings = settings, .subjects = subjects, .searchables = searchables};
}

}  // namespace atelier::accounts

#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "features/accounts/accounts.hpp"

/// All SQL of accounts. Times are milliseconds UTC, hashes lower-case hex of SHA-256.
namespace atelier::accounts::store {

Result<std::optional<UserId>> insert_user(sql::Tx& tx, const NewUser& person, Millis now);
Result<bool> has_username(sql::Tx& tx, std::string_view username);
Result<bool> has_email(sql::Tx& tx, std::string_view email);
Result<std::optional<User>> user(sql::Tx& tx, UserId id);
Result<std::optional<User>> user_named(sql::Tx& tx, std::string_view username);
Result<std::vector<User>> users(sql::Tx& tx, const std::vector<UserId>& ids);
Result<std::vector<User>> page(sql::Tx& tx, const UserPage& page);
/// What search holds: people who are not banned.
Result<std::vector<std::int64_t>> active_ids(sql::Tx& tx, std::int64_t after, int limit);
/// As a list shows them to this viewer: these, or whose name has the words in it, newest first.
Result<std::vector<User>> visible_users(sql::Tx& tx, const Viewer& viewer,
                                        std::span<const std::int64_t> ids);
Result<std::vector<User>> visible_users(sql::Tx& tx, const Viewer& viewer, std::string_view words,
                                        int limit);
Result<std::int64_t> count_administrators(sql::Tx& tx);
Result<std::int64_t> count_moderators(sql::Tx& tx);
Result<std::optional<UserId>> first_administrator(sql::Tx& tx);
/// By username or e-mail address, any case.
struct Login {
  User user;
  std::string password_hash;
};
Result<std::optional<Login>> login(sql::Tx& tx, std::string_view name);
Result<void> set_password(sql::Tx& tx, UserId id, std::string_view hash);
Result<void> set_email(sql::Tx& tx, UserId id, std::string_view email);
Result<void> set_profile(sql::Tx& tx, UserId id, std::string_view bio, int browsing);
Result<std::vector<UserId>> erase_demo_users(sql::Tx& tx);
Result<void> set_standing(sql::Tx& tx, UserId id, Role role, AccountStatus status);

struct Session {
  SessionId id;
  UserId user;
  Millis created_at = 0, seen_at = 0, expires_at = 0, rotated_at = 0;
  std::string agent;
  std::string address;
};
Result<SessionId> insert_session(sql::Tx& tx, const Session& session, std::string_view hash);
struct Signed {
  Session session;
  User user;
  bool by_previous = false;  ///< found by the token before the last rotation
};
Result<std::optional<Signed>> signed_in(sql::Tx& tx, std::string_view hash);
Result<std::vector<Session>> sessions(sql::Tx& tx, UserId user);
Result<void> touch_session(sql::Tx& tx, SessionId id, Millis now);
Result<void> rotate_session(sql::Tx& tx, SessionId id, std::string_view hash, Millis now);
Result<bool> delete_session(sql::Tx& tx, SessionId id, UserId user);
/// All but `kept` (0 = all); those that were there.
Result<std::vector<SessionId>> delete_sessions(sql::Tx& tx, UserId user, SessionId kept);
Result<void> delete_expired(sql::Tx& tx, Millis now, Millis idle_before);

struct Key {
  KeyId id;
  UserId user;
  std::string name, hint;
  Scopes scopes = 0;
  Millis created_at = 0;
  std::optional<Millis> used_at, expires_at;
};
Result<KeyId> insert_key(sql::Tx& tx, const Key& key, std::string_view hash);
struct Keyed {
  Key key;
  User user;
};
Result<std::optional<Keyed>> keyed(sql::Tx& tx, std::string_view hash);
Result<std::vector<Key>> keys(sql::Tx& tx, UserId user);
Result<void> touch_key(sql::Tx& tx, KeyId id, Millis now);
Result<bool> delete_key(sql::Tx& tx, KeyId id, UserId user);

struct Invite {
  InviteId id;
  std::string code, note;
  UserId created_by;
  Millis created_at = 0, expires_at = 0;
  std::int64_t uses_left = 0;
};
Result<InviteId> insert_invite(sql::Tx& tx, const Invite& invite);
Result<std::vector<Invite>> invites(sql::Tx& tx);
Result<bool> delete_invite(sql::Tx& tx, InviteId id);
/// True if the code was good; takes one use.
Result<bool> take_invite(sql::Tx& tx, std::string_view code, Millis now);

Result<void> insert_link(sql::Tx& tx, std::string_view hash, std::string_view kind, UserId user,
                         Millis expires_at);
struct Link {
  UserId user;
  Millis expires_at = 0;
};
/// Finds it and leaves it; absent if unknown or over.
Result<std::optional<Link>> find_link(sql::Tx& tx, std::string_view hash, std::string_view kind,
                                      Millis now);
/// When the newest one of this kind ends; 0 = there is none.
Result<Millis> newest_link_end(sql::Tx& tx, std::string_view kind, UserId user);
/// Finds and removes it; absent if unknown or over.
Result<std::optional<Link>> take_link(sql::Tx& tx, std::string_view hash, std::string_view kind,
                                      Millis now);
Result<void> delete_links(sql::Tx& tx, std::string_view kind, UserId user);

struct Failures {
  std::int64_t count = 0;
  Millis next_at = 0;
};
Result<Failures> failures(sql::Tx& tx, std::string_view key);
Result<void> set_failures(sql::Tx& tx, std::string_view key, const Failures& failures, Millis now);
Result<void> clear_failures(sql::Tx& tx, std::string_view key);

}  // namespace atelier::accounts::store

#include "features/accounts/store.hpp"

// The SQL of sessions, API keys, invites and one-time links; people are in store.cpp.
namespace atelier::accounts::store {
namespace {

#define SESSION_COLUMNS \
  "id, user_id, created_at, seen_at, expires_at, rotated_at, agent, address"
#define KEY_COLUMNS "id, user_id, name, hint, scopes, created_at, used_at, expires_at"

const sql::Statement insert_session_row{
    "accounts.insert_session",
    "INSERT INTO sessions (user_id, token_hash, rotated_at, created_at, seen_at, expires_at, agent,"
    " address) VALUES (?1, ?2, ?3, ?3, ?3, ?4, ?5, ?6) RETURNING id"};
const sql::Statement session_by_hash{
    "accounts.session_by_token",
    "SELECT " SESSION_COLUMNS " FROM sessions WHERE token_hash = ?1"};
const sql::Statement session_by_previous{
    "accounts.session_by_previous",
    "SELECT " SESSION_COLUMNS " FROM sessions WHERE previous_hash = ?1"};
const sql::Statement sessions_of{
    "accounts.sessions",
    "SELECT " SESSION_COLUMNS " FROM sessions WHERE user_id = ?1 ORDER BY seen_at DESC, id DESC"};
const sql::Statement touch_session_row{"accounts.touch_session",
                                       "UPDATE sessions SET seen_at = ?2 WHERE id = ?1"};
const sql::Statement rotate_session_row{
    "accounts.rotate_session",
    "UPDATE sessions SET previous_hash = token_hash, token_hash = ?2, rotated_at = ?3,"
    " seen_at = ?3 WHERE id = ?1"};
const sql::Statement delete_session_row{"accounts.delete_session",
                                        "DELETE FROM sessions WHERE id = ?1 AND user_id = ?2"};
const sql::Statement delete_other_sessions{
    "accounts.delete_sessions",
    "DELETE FROM sessions WHERE user_id = ?1 AND id <> ?2 RETURNING id"};
const sql::Statement delete_old_sessions{
    "accounts.delete_old_sessions", "DELETE FROM sessions WHERE expires_at <= ?1 OR seen_at <= ?2"};
const sql::Statement delete_old_links{"accounts.delete_old_links",
                                      "DELETE FROM one_time_links WHERE expires_at <= ?1"};
const sql::Statement delete_old_failures{"accounts.delete_old_failures",
                                         "DELETE FROM sign_in_failures WHERE last_at <= ?1"};

const sql::Statement insert_key_row{
    "accounts.insert_key",
    "INSERT INTO api_keys (user_id, name, hint, key_hash, scopes, created_at, expires_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id"};
const sql::Statement key_by_hash{"accounts.key_by_hash",
                                 "SELECT " KEY_COLUMNS " FROM api_keys WHERE key_hash = ?1"};
const sql::Statement keys_of{
    "accounts.keys", "SELECT " KEY_COLUMNS " FROM api_keys WHERE user_id = ?1 ORDER BY id DESC"};
const sql::Statement touch_key_row{"accounts.touch_key",
                                   "UPDATE api_keys SET used_at = ?2 WHERE id = ?1"};
const sql::Statement delete_key_row{"accounts.delete_key",
                                    "DELETE FROM api_keys WHERE id = ?1 AND user_id = ?2"};

const sql::Statement insert_invite_row{
    "accounts.insert_invite",
    "INSERT INTO invites (code, note, created_by, created_at, expires_at, uses_left)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id"};
const sql::Statement all_invites{
    "accounts.invites",
    "SELECT id, code, note, created_by, created_at, expires_at, uses_left FROM invites"
    " ORDER BY id DESC LIMIT 500"};
const sql::Statement delete_invite_row{"accounts.delete_invite",
                                       "DELETE FROM invites WHERE id = ?1"};
const sql::Statement take_invite_row{
    "accounts.take_invite",
    "UPDATE invites SET uses_left = uses_left - 1"
    " WHERE code = ?1 AND uses_left > 0 AND expires_at > ?2 RETURNING id"};

const sql::Statement insert_link_row{
    "accounts.insert_link",
    "INSERT INTO one_time_links (token_hash, kind, user_id, expires_at) VALUES (?1, ?2, ?3, ?4)"};
const sql::Statement take_link_row{
    "accounts.take_link",
    "DELETE FROM one_time_links WHERE token_hash = ?1 AND kind = ?2 AND expires_at > ?3"
    " RETURNING user_id, expires_at"};
const sql::Statement link_by_hash{
    "accounts.link",
    "SELECT user_id, expires_at FROM one_time_links"
    " WHERE token_hash = ?1 AND kind = ?2 AND expires_at > ?3"};
const sql::Statement newest_link{
    "accounts.newest_link",
    "SELECT coalesce(max(expires_at), 0) FROM one_time_links WHERE kind = ?1 AND user_id = ?2"};
const sql::Statement delete_links_of{
    "accounts.delete_links",
    "DELETE FROM one_time_links WHERE kind = ?1 AND user_id IS NOT DISTINCT FROM ?2"};

Session read_session(const sql::Row& row) {
  return {row.id<SessionId>(0), row.id<UserId>(1), row.whole(2), row.whole(3), row.whole(4),
          row.whole(5),         row.string(6),     row.string(7)};
}

Key read_key(const sql::Row& row) {
  return {row.id<KeyId>(0), row.id<UserId>(1), row.string(2), row.string(3),
          static_cast<Scopes>(row.whole(4)), row.whole(5), row.maybe_whole(6), row.maybe_whole(7)};
}

std::optional<Link> read_link(const sql::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return Link{rows.front().id<UserId>(0), rows.front().whole(1)};
}

sql::Cell maybe_id(UserId id) { return id ? sql::Cell(id) : sql::Cell(); }

}  // namespace

Result<SessionId> insert_session(sql::Tx& tx, const Session& session, std::string_view hash) {
  const sql::Rows rows =
      TRY(tx.run(insert_session_row, {session.user, hash, session.created_at, session.expires_at,
                                      session.agent, session.address}));
  return rows.front().id<SessionId>(0);
}

Result<std::optional<Signed>> signed_in(sql::Tx& tx, std::string_view hash) {
  sql::Rows rows = TRY(tx.run(session_by_hash, {hash}));
  const bool by_previous = rows.empty();
  if (by_previous) rows = TRY(tx.run(session_by_previous, {hash}));
  if (rows.empty()) return std::optional<Signed>{};
  Session session = read_session(rows.front());
  std::optional<User> person = TRY(user(tx, session.user));
  if (!person) return std::optional<Signed>{};
  return Signed{std::move(session), std::move(*person), by_previous};
}

Result<std::vector<Session>> sessions(sql::Tx& tx, UserId user) {
  std::vector<Session> all;
  for (const sql::Row row : TRY(tx.run(sessions_of, {user}))) all.push_back(read_session(row));
  return all;
}

Result<void> touch_session(sql::Tx& tx, SessionId id, Millis now) {
  TRY(tx.run(touch_session_row, {id, now}));
  return {};
}

Result<void> rotate_session(sql::Tx& tx, SessionId id, std::string_view hash, Millis now) {
  TRY(tx.run(rotate_session_row, {id, hash, now}));
  return {};
}

Result<bool> delete_session(sql::Tx& tx, SessionId id, UserId user) {
  return TRY(tx.run(delete_session_row, {id, user})).changed() > 0;
}

Result<std::vector<SessionId>> delete_sessions(sql::Tx& tx, UserId user, SessionId kept) {
  std::vector<SessionId> ids;
  for (const sql::Row row : TRY(tx.run(delete_other_sessions, {user, kept})))
    ids.push_back(row.id<SessionId>(0));
  return ids;
}

Result<void> delete_expired(sql::Tx& tx, Millis now, Millis idle_before) {
  TRY(tx.run(delete_old_sessions, {now, idle_before}));
  TRY(tx.run(delete_old_links, {now}));
  TRY(tx.run(delete_old_failures, {idle_before}));
  return {};
}

Result<KeyId> insert_key(sql::Tx& tx, const Key& key, std::string_view hash) {
  const sql::Rows rows = TRY(
      tx.run(insert_key_row, {key.user, key.name, key.hint, hash,
                              static_cast<std::int64_t>(key.scopes), key.created_at,
                              key.expires_at}));
  return rows.front().id<KeyId>(0);
}

Result<std::optional<Keyed>> keyed(sql::Tx& tx, std::string_view hash) {
  const sql::Rows rows = TRY(tx.run(key_by_hash, {hash}));
  if (rows.empty()) return std::optional<Keyed>{};
  Key key = read_key(rows.front());
  std::optional<User> person = TRY(user(tx, key.user));
  if (!person) return std::optional<Keyed>{};
  return Keyed{std::move(key), std::move(*person)};
}

Result<std::vector<Key>> keys(sql::Tx& tx, UserId user) {
  std::vector<Key> all;
  for (const sql::Row row : TRY(tx.run(keys_of, {user}))) all.push_back(read_key(row));
  return all;
}

Result<void> touch_key(sql::Tx& tx, KeyId id, Millis now) {
  TRY(tx.run(touch_key_row, {id, now}));
  return {};
}

Result<bool> delete_key(sql::Tx& tx, KeyId id, UserId user) {
  return TRY(tx.run(delete_key_row, {id, user})).changed() > 0;
}

Result<InviteId> insert_invite(sql::Tx& tx, const Invite& invite) {
  const sql::Rows rows =
      TRY(tx.run(insert_invite_row, {invite.code, invite.note, invite.created_by,
                                     invite.created_at, invite.expires_at, invite.uses_left}));
  return rows.front().id<InviteId>(0);
}

Result<std::vector<Invite>> invites(sql::Tx& tx) {
  std::vector<Invite> all;
  for (const sql::Row row : TRY(tx.run(all_invites)))
    all.push_back({row.id<InviteId>(0), row.string(1), row.string(2), row.id<UserId>(3),
                   row.whole(4), row.whole(5), row.whole(6)});
  return all;
}

Result<bool> delete_invite(sql::Tx& tx, InviteId id) {
  return TRY(tx.run(delete_invite_row, {id})).changed() > 0;
}

Result<bool> take_invite(sql::Tx& tx, std::string_view code, Millis now) {
  return !TRY(tx.run(take_invite_row, {code, now})).empty();
}

Result<void> insert_link(sql::Tx& tx, std::string_view hash, std::string_view kind, UserId user,
                         Millis expires_at) {
  TRY(tx.run(insert_link_row, {hash, kind, maybe_id(user), expires_at}));
  return {};
}

Result<std::optional<Link>> take_link(sql::Tx& tx, std::string_view hash, std::string_view kind,
                                      Millis now) {
  return read_link(TRY(tx.run(take_link_row, {hash, kind, now})));
}

Result<std::optional<Link>> find_link(sql::Tx& tx, std::string_view hash, std::string_view kind,
                                      Millis now) {
  return read_link(TRY(tx.run(link_by_hash, {hash, kind, now})));
}

Result<Millis> newest_link_end(sql::Tx& tx, std::string_view kind, UserId user) {
  return TRY(tx.run(newest_link, {kind, user})).front().whole(0);
}

Result<void> delete_links(sql::Tx& tx, std::string_view kind, UserId user) {
  TRY(tx.run(delete_links_of, {kind, maybe_id(user)}));
  return {};
}

}  // namespace atelier::accounts::store

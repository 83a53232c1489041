#include "features/accounts/store.hpp"

#include "base/text.hpp"
#include "features/visibility/visibility.hpp"

namespace atelier::accounts::store {
namespace {

#define USER_COLUMNS \
  "u.id, u.username, u.email, u.role, u.status, u.browsing, u.bio, u.is_demo, u.created_at"
constexpr std::size_t user_columns = 9;

const sql::Statement insert_user_row{
    "accounts.insert_user",
    "INSERT INTO users (username, username_key, email, email_key, password_hash, role, status,"
    " browsing, bio, is_demo, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'active', ?7, '', ?8, ?9)"
    " ON CONFLICT DO NOTHING RETURNING id"};
const sql::Statement username_exists{"accounts.username_exists",
                                     "SELECT 1 FROM users WHERE username_key = ?1"};
const sql::Statement email_exists{"accounts.email_exists",
                                  "SELECT 1 FROM users WHERE email_key = ?1"};
const sql::Statement user_by_id{"accounts.user",
                                "SELECT " USER_COLUMNS " FROM users u WHERE u.id = ?1"};
const sql::Statement user_by_name{
    "accounts.user_named", "SELECT " USER_COLUMNS " FROM users u WHERE u.username_key = ?1"};
const sql::Statement active_user_ids{
    "accounts.active_ids",
    "SELECT id FROM users WHERE id > ?1 AND status <> 'banned' ORDER BY id LIMIT ?2"};
const sql::Statement users_page{
    "accounts.users_page",
    "SELECT " USER_COLUMNS " FROM users u WHERE u.username_key > ?1 AND u.username_key LIKE ?2"
    " ESCAPE '\\' ORDER BY u.username_key LIMIT ?3"};
const sql::Statement administrators{
    "accounts.count_administrators",
    "SELECT count(*) FROM users WHERE role = 'administrator' AND status = 'active'"};
const sql::Statement moderators{
    "accounts.count_moderators",
    "SELECT count(*) FROM users WHERE role IN ('moderator', 'administrator')"
    " AND status = 'active'"};
const sql::Statement administrator_first{
    "accounts.first_administrator",
    "SELECT id FROM users WHERE role = 'administrator' AND status = 'active' ORDER BY id LIMIT 1"};
const sql::Statement login_row{
    "accounts.login", "SELECT " USER_COLUMNS ", u.password_hash FROM users u"
                      " WHERE u.username_key = ?1 OR u.email_key = ?1 ORDER BY u.id LIMIT 1"};
const sql::Statement update_password{"accounts.set_password",
                                     "UPDATE users SET password_hash = ?2 WHERE id = ?1"};
const sql::Statement update_email{"accounts.set_email",
                                  "UPDATE users SET email = ?2, email_key = ?3 WHERE id = ?1"};
const sql::Statement update_profile{"accounts.set_profile",
                                    "UPDATE users SET bio = ?2, browsing = ?3 WHERE id = ?1"};
const sql::Statement update_standing{"accounts.set_standing",
                                     "UPDATE users SET role = ?2, status = ?3 WHERE id = ?1"};
const sql::Statement delete_demo_users{
    "accounts.erase_demo", "DELETE FROM users WHERE is_demo RETURNING id"};
const sql::Statement failures_row{"accounts.failures",
                                  "SELECT failures, next_at FROM sign_in_failures WHERE key = ?1"};
const sql::Statement upsert_failures{
    "accounts.set_failures",
    "INSERT INTO sign_in_failures (key, failures, next_at, last_at) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, next_at = excluded.next_at,"
    " last_at = excluded.last_at"};
const sql::Statement delete_failures{"accounts.clear_failures",
                                     "DELETE FROM sign_in_failures WHERE key = ?1"};

User read_user(const sql::Row& row) {
  User user;
  user.id = row.id<UserId>(0);
  user.username = row.string(1);
  user.email = row.string(2);
  user.role = schema::from_label<Role>(row.text(3)).value_or(Role::member);
  // An unknown standing must not open a door.
  user.status = schema::from_label<AccountStatus>(row.text(4)).value_or(AccountStatus::banned);
  user.browsing = static_cast<int>(row.whole(5));
  user.bio = row.string(6);
  user.demo = row.boolean(7);
  user.created_at = row.whole(8);
  return user;
}

std::vector<User> read_users(const sql::Rows& rows) {
  std::vector<User> users;
  for (const sql::Row row : rows) users.push_back(read_user(row));
  return users;
}

std::string pattern_of(std::string_view part) {
  std::string pattern = "%";
  for (const char c : lower_ascii(part)) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

void add_visible(sql::Query& query, const Viewer& viewer) {
  visibility::add_visible(
      query, viewer,
      {.owner = "u.id", .level = "31", .open = "u.status <> 'banned'", .id = "u.id"},
      visibility::Where::list);
}

std::optional<User> first_user(const sql::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return read_user(rows.front());
}

}  // namespace

Result<std::optional<UserId>> insert_user(sql::Tx& tx, const NewUser& person, Millis now) {
  const sql::Rows rows = TRY(tx.run(
      insert_user_row, {person.username, lower_ascii(person.username), person.email,
                        lower_ascii(person.email), person.password_hash,
                        schema::label_of(person.role), maturity::safe, person.demo, now}));
  if (rows.empty()) return std::optional<UserId>{};
  return rows.front().id<UserId>(0);
}

Result<bool> has_username(sql::Tx& tx, std::string_view username) {
  return !TRY(tx.run(username_exists, {lower_ascii(username)})).empty();
}

Result<bool> has_email(sql::Tx& tx, std::string_view email) {
  return !TRY(tx.run(email_exists, {lower_ascii(email)})).empty();
}

Result<std::optional<User>> user(sql::Tx& tx, UserId id) {
  return first_user(TRY(tx.run(user_by_id, {id})));
}

Result<std::optional<User>> user_named(sql::Tx& tx, std::string_view username) {
  return first_user(TRY(tx.run(user_by_name, {lower_ascii(username)})));
}

Result<std::vector<User>> users(sql::Tx& tx, const std::vector<UserId>& ids) {
  if (ids.empty()) return std::vector<User>{};
  sql::Query query{"accounts.users", "SELECT " USER_COLUMNS " FROM users u WHERE u.id IN (", {}};
  for (const UserId id : ids) {
    query.values.emplace_back(id);
    query.text += (query.values.size() == 1 ? "?" : ", ?") + std::to_string(query.values.size());
  }
  query.text += ")";
  return read_users(TRY(tx.run(query)));
}

Result<std::vector<User>> page(sql::Tx& tx, const UserPage& page) {
  return read_users(TRY(tx.run(users_page, {page.after, pattern_of(page.query), page.limit})));
}

Result<std::vector<std::int64_t>> active_ids(sql::Tx& tx, std::int64_t after, int limit) {
  std::vector<std::int64_t> ids;
  for (const sql::Row row : TRY(tx.run(active_user_ids, {after, limit})))
    ids.push_back(row.whole(0));
  return ids;
}

Result<std::vector<User>> visible_users(sql::Tx& tx, const Viewer& viewer,
                                        std::span<const std::int64_t> ids) {
  if (ids.empty()) return std::vector<User>{};
  sql::Query query{"accounts.visible", "SELECT " USER_COLUMNS " FROM users u WHERE u.id IN (", {}};
  for (const std::int64_t id : ids) {
    query.values.emplace_back(id);
    query.text += (query.values.size() == 1 ? "?" : ", ?") + std::to_string(query.values.size());
  }
  query.text += ")";
  add_visible(query, viewer);
  return read_users(TRY(tx.run(query)));
}

Result<std::vector<User>> visible_users(sql::Tx& tx, const Viewer& viewer, std::string_view words,
                                        int limit) {
  sql::Query query{"accounts.visible_named",
                   "SELECT " USER_COLUMNS " FROM users u WHERE u.username_key LIKE ?1"
                   " ESCAPE '\\'",
                   {pattern_of(words)}};
  add_visible(query, viewer);
  query.values.emplace_back(limit);
  query.text += " ORDER BY u.id DESC LIMIT ?" + std::to_string(query.values.size());
  return read_users(TRY(tx.run(query)));
}

Result<std::int64_t> count_administrators(sql::Tx& tx) {
  return TRY(tx.run(administrators)).front().whole(0);
}

Result<std::int64_t> count_moderators(sql::Tx& tx) {
  return TRY(tx.run(moderators)).front().whole(0);
}

Result<std::optional<UserId>> first_administrator(sql::Tx& tx) {
  const sql::Rows rows = TRY(tx.run(administrator_first));
  if (rows.empty()) return std::optional<UserId>{};
  return rows.front().id<UserId>(0);
}

Result<std::optional<Login>> login(sql::Tx& tx, std::string_view name) {
  const sql::Rows rows = TRY(tx.run(login_row, {lower_ascii(name)}));
  if (rows.empty()) return std::optional<Login>{};
  return Login{read_user(rows.front()), rows.front().string(user_columns)};
}

Result<void> set_password(sql::Tx& tx, UserId id, std::string_view hash) {
  TRY(tx.run(update_password, {id, hash}));
  return {};
}

Result<void> set_email(sql::Tx& tx, UserId id, std::string_view email) {
  TRY(tx.run(update_email, {id, email, lower_ascii(email)}));
  return {};
}

Result<void> set_profile(sql::Tx& tx, UserId id, std::string_view bio, int browsing) {
  TRY(tx.run(update_profile, {id, bio, browsing}));
  return {};
}

Result<void> set_standing(sql::Tx& tx, UserId id, Role role, AccountStatus status) {
  TRY(tx.run(update_standing, {id, schema::label_of(role), schema::label_of(status)}));
  return {};
}

Result<std::vector<UserId>> erase_demo_users(sql::Tx& tx) {
  std::vector<UserId> ids;
  for (const sql::Row row : TRY(tx.run(delete_demo_users))) ids.push_back(row.id<UserId>(0));
  return ids;
}

Result<Failures> failures(sql::Tx& tx, std::string_view key) {
  const sql::Rows rows = TRY(tx.run(failures_row, {key}));
  if (rows.empty()) return Failures{};
  return Failures{rows.front().whole(0), rows.front().whole(1)};
}

Result<void> set_failures(sql::Tx& tx, std::string_view key, const Failures& failures, Millis now) {
  TRY(tx.run(upsert_failures, {key, failures.count, failures.next_at, now}));
  return {};
}

Result<void> clear_failures(sql::Tx& tx, std::string_view key) {
  TRY(tx.run(delete_failures, {key}));
  return {};
}

}  // namespace atelier::accounts::store

#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "platform/context.hpp"
#include "platform/feature.hpp"
#include "platform/viewer.hpp"
#include "schema/types.hpp"

/// Who people are: registering, signing in, sessions, API keys, invites, roles, public profiles.
namespace atelier::accounts {

enum class AccountStatus : unsigned char { active, muted, banned };
BOOST_DESCRIBE_ENUM(AccountStatus, active, muted, banned)
enum class Registration : unsigned char { open, invite, closed };
BOOST_DESCRIBE_ENUM(Registration, open, invite, closed)

/// Settings group "site".
struct SiteSettings {
  std::string name = "Atelier";
  Registration registration = Registration::open;
};
BOOST_DESCRIBE_STRUCT(SiteSettings, (), (name, registration))

struct User {
  UserId id;
  std::string username;
  std::string email;
  Role role = Role::member;
  AccountStatus status = AccountStatus::active;
  int browsing = maturity::safe;
  std::string bio;
  bool demo = false;
  Millis created_at = 0;
};

struct NewUser {
  std::string email;
  std::string username;
  std::string password_hash;
  Role role = Role::member;
  bool demo = false;
};

/// Name rules: 3–30 of A–Z a–z 0–9 _ - ., beginning with a letter or digit. All faults at once.
Result<void> check_new_user(std::string_view email, std::string_view username,
                            std::string_view password);
/// One @ with something on both sides, and nothing that could break out of a mail header.
bool email_is_good(std::string_view email);
/// ASVS 5.0 §6.2: 8–256 characters, not common, not the person's own names. Empty = good.
std::string password_fault(std::string_view password, std::string_view username,
                           std::string_view email);

/// `conflict` with code `username_taken` or `email_taken`. Publishes users/created.
Result<User> create_user(Services& services, sql::Tx& tx, const NewUser& person);
Result<std::optional<User>> find_user(sql::Tx& tx, UserId id);
Result<std::optional<User>> find_user(sql::Tx& tx, std::string_view username);
/// Names for a page of rows; unknown ids are absent.
Result<std::vector<User>> find_users(sql::Tx& tx, const std::vector<UserId>& ids);
Result<std::int64_t> count_administrators(sql::Tx& tx);
Result<std::optional<UserId>> first_administrator(sql::Tx& tx);
struct UserPage {
  std::string query;         ///< part of the username, any case
  std::string after;         ///< username key of the last row seen
  int limit = 50;
};
Result<std::vector<User>> list_users(sql::Tx& tx, const UserPage& page);
/// Removes the demonstration's people and what hangs on them.
Result<void> erase_demo_users(Services& services, sql::Tx& tx);
Result<void> set_role(Services& services, sql::Tx& tx, UserId user, Role role, UserId by);

/// A ban also ends their sessions, and takes what is theirs out of every list. `conflict` with
/// code `last_administrator` where nobody would be left.
Result<void> set_status(Services& services, sql::Tx& tx, UserId user, AccountStatus status,
                        UserId by);
/// Active moderators and administrators.
Result<std::int64_t> count_moderators(sql::Tx& tx);
/// Who is banned and knows the password; slowed down like signing in. Opens its own transaction.
Result<UserId> verify_banned(Context& context, std::string_view login, std::string_view password);

/// The text of a new key ("ate_" + 40 letters + 6 of checksum), stored only as its SHA-256.
struct NewKey {
  KeyId id;
  std::string key;
};
Result<NewKey> create_key(Services& services, sql::Tx& tx, UserId user, std::string_view name,
                          Scopes scopes, std::optional<Millis> expires_at);
/// "all", "read" or names of schema::Scope; `invalid` names the unknown one.
Result<Scopes> parse_scopes(const std::vector<std::string>& names);

/// A fresh one-time link's token that makes the first administrator; earlier ones stop working.
Result<std::string> create_setup_token(Services& services, sql::Tx& tx);

std::unique_ptr<Identity> make_identity(Services& services);

platform::Feature feature();

}  // namespace atelier::accounts

#include <algorithm>

#include "base/text.hpp"
#include "features/accounts/accounts.hpp"
#include "features/accounts/sessions.hpp"
#include "features/accounts/store.hpp"
#include "platform/events.hpp"

extern "C" const char atelier_common_passwords_begin[];
extern "C" const char atelier_common_passwords_end[];

namespace atelier::accounts {
namespace {

constexpr std::size_t password_length_min = 8;

bool is_common(std::string_view word) {
  static const std::vector<std::string_view> sorted = split(
      {atelier_common_passwords_begin,
       static_cast<std::size_t>(atelier_common_passwords_end - atelier_common_passwords_begin)},
      '\n');
  return std::ranges::find(sorted, word) != sorted.end();
}

/// "P4ssw0rd!2024" → "password": what a guesser's rules would try first.
std::string plain_form(std::string_view password) {
  std::string word = lower_ascii(password);
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z'); };
  while (!word.empty() && !letter(word.back())) word.pop_back();
  for (char& c : word) {
    constexpr std::string_view from = "4301$@57", to = "aeoisast";
    const auto at = from.find(c);
    if (at != from.npos) c = to[at];
  }
  return word;
}

bool username_is_good(std::string_view name) {
  const auto alphanumeric = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  const auto allowed = [&](char c) { return alphanumeric(c) || c == '_' || c == '-' || c == '.'; };
  return name.size() >= 3 && name.size() <= 30 && alphanumeric(name.front()) &&
         std::ranges::all_of(name, allowed);
}

}  // namespace

bool email_is_good(std::string_view email) {
  const auto at = email.find('@');
  const auto printable = [](char c) {
    return static_cast<unsigned char>(c) > ' ' && c != '<' && c != '>' && c != ',' && c != ';' &&
           c != '"' && c != '\\' && c != 127;
  };
  return email.size() <= 254 && at != email.npos && at > 0 && at + 1 < email.size() &&
         email.find('@', at + 1) == email.npos && std::ranges::all_of(email, printable);
}

std::string password_fault(std::string_view password, std::string_view username,
                           std::string_view email) {
  if (code_points(password) < password_length_min) return "Use at least 8 characters.";
  if (password.size() > 1024) return "That is longer than we can take.";
  const std::string lower = lower_ascii(password), plain = plain_form(password);
  if (is_common(lower) || (!plain.empty() && is_common(plain)))
    return "That password is on the list of the most common ones. Use three or four random words.";
  const std::string name = lower_ascii(username);
  const std::string mailbox = lower_ascii(email.substr(0, email.find('@')));
  if ((!name.empty() && (lower == name || plain == name)) ||
      (!mailbox.empty() && (lower == mailbox || plain == mailbox || lower == lower_ascii(email))))
    return "Do not use your own name as the password.";
  const auto same = [&](char c) { return c == password.front(); };
  if (std::ranges::all_of(password, same)) return "One character over and over is guessed at once.";
  return {};
}

Result<void> check_new_user(std::string_view email, std::string_view username,
                            std::string_view password) {
  Error error{Fault::invalid, "invalid_request", "Some fields need another look.", {}, 0};
  if (!username_is_good(username))
    error.fields.push_back({"/username", "username_bad",
                            "Use 3 to 30 letters, digits, dots, dashes or underscores, "
                            "beginning with a letter or digit."});
  if (!email_is_good(email))
    error.fields.push_back({"/email", "email_bad", "This is not an e-mail address."});
  if (std::string fault = password_fault(password, username, email); !fault.empty())
    error.fields.push_back({"/password", "password_weak", std::move(fault)});
  if (!error.fields.empty()) return std::unexpected(std::move(error));
  return {};
}

Result<User> create_user(Services& services, sql::Tx& tx, const NewUser& person) {
  if (TRY(store::has_username(tx, person.username)))
    return fail(Fault::conflict, "username_taken", "Somebody has this name already.");
  if (TRY(store::has_email(tx, person.email)))
    return fail(Fault::conflict, "email_taken", "There is an account with this address already.");
  const auto id = TRY(store::insert_user(tx, person, services.clock->now()));
  // Two people asked for the same name at the same moment.
  if (!id) return fail(Fault::conflict, "username_taken", "Somebody has this name already.");
  TRY(platform::publish(services, tx, "users", "created", id->value, *id));
  return *TRY(store::user(tx, *id));
}

Result<std::optional<User>> find_user(sql::Tx& tx, UserId id) { return store::user(tx, id); }

Result<std::optional<User>> find_user(sql::Tx& tx, std::string_view username) {
  return store::user_named(tx, username);
}

Result<std::vector<User>> find_users(sql::Tx& tx, const std::vector<UserId>& ids) {
  return store::users(tx, ids);
}

Result<std::int64_t> count_administrators(sql::Tx& tx) { return store::count_administrators(tx); }

Result<std::optional<UserId>> first_administrator(sql::Tx& tx) {
  return store::first_administrator(tx);
}

Result<std::vector<User>> list_users(sql::Tx& tx, const UserPage& page) {
  return store::page(tx, page);
}

Result<void> erase_demo_users(Services& services, sql::Tx& tx) {
  for (const UserId id : TRY(store::erase_demo_users(tx)))
    TRY(platform::publish(services, tx, "users", "erased", id.value));
  return {};
}

Result<std::int64_t> count_moderators(sql::Tx& tx) { return store::count_moderators(tx); }

Result<void> set_status(Services& services, sql::Tx& tx, UserId user, AccountStatus status,
                        UserId by) {
  const std::optional<User> found = TRY(store::user(tx, user));
  if (!found) return fail(Fault::missing, "user_missing", "There is no such person.");
  if (found->role == Role::administrator && found->status == AccountStatus::active &&
      status != AccountStatus::active && TRY(store::count_administrators(tx)) <= 1)
    return fail(Fault::conflict, "last_administrator", "Somebody has to stay administrator.");
  TRY(store::set_standing(tx, user, found->role, status));
  if (status == AccountStatus::banned) TRY(end_sessions(services, tx, user, {}));
  if ((status == AccountStatus::banned) != (found->status == AccountStatus::banned))
    TRY(platform::publish(services, tx, "standing", "changed", user.value, by));
  return platform::publish(services, tx, "users", "changed", user.value, by);
}

Result<void> set_role(Services& services, sql::Tx& tx, UserId user, Role role, UserId by) {
  const std::optional<User> found = TRY(store::user(tx, user));
  if (!found) return fail(Fault::missing, "user_missing", "There is no such person.");
  TRY(store::set_standing(tx, user, role, found->status));
  return platform::publish(services, tx, "users", "changed", user.value, by);
}

}  // namespace atelier::accounts

#include "app/commands.hpp"

#include <iostream>

#include "app/house.hpp"
#include "base/text.hpp"
#include "features/accounts/accounts.hpp"
#include "features/imports/imports.hpp"
#include "features/metrics/metrics.hpp"
#include "features/operations/operations.hpp"
#include "platform/audit.hpp"
#include "platform/jobs.hpp"
#include "ports/crypto.hpp"
#include "schema/json.hpp"

namespace atelier::app {
namespace {

struct MadeUser {
  UserId id;
  std::string username;
  std::string email;
  Role role = Role::member;
};
BOOST_DESCRIBE_STRUCT(MadeUser, (), (id, username, email, role))
struct MadeKey {
  KeyId id;
  std::string key;
  std::string user;
};
BOOST_DESCRIBE_STRUCT(MadeKey, (), (id, key, user))

template <class T>
void show(const Arguments& arguments, const Print& print, const T& value,
          const std::string& sentence) {
  print(arguments.json ? schema::to_json(value) : sentence);
}

MadeUser shown(const accounts::User& user) {
  return {user.id, user.username, user.email, user.role};
}

Result<accounts::User> named(sql::Tx& tx, const std::string& username) {
  auto user = TRY(accounts::find_user(tx, username));
  if (!user) return fail(Fault::missing, "user_missing", "There is no '" + username + "'.");
  return std::move(*user);
}

Result<void> create_user(Services& services, const Arguments& arguments, const Print& print) {
  TRY(accounts::check_new_user(arguments.email, arguments.username, arguments.password));
  accounts::NewUser person{arguments.email, arguments.username,
                           TRY(services.crypto->hash_password(arguments.password)),
                           schema::from_label<Role>(arguments.role).value_or(Role::member)};
  const accounts::User user =
      TRY(sql::change(*services.database, sql::Lane::interactive, [&](sql::Tx& tx) {
        return accounts::create_user(services, tx, person);
      }));
  show(arguments, print, shown(user),
       "Made " + user.username + " (" + schema::label_of(user.role) + ").");
  return {};
}

Result<void> list_users(Services& services, const Arguments& arguments, const Print& print) {
  const auto users = TRY(sql::ask(*services.database, [&](sql::Tx& tx) {
    accounts::UserPage page;
    page.limit = arguments.limit;
    return accounts::list_users(tx, page);
  }));
  if (arguments.json) {
    std::vector<MadeUser> all;
    for (const accounts::User& user : users) all.push_back(shown(user));
    print(schema::to_json(all));
    return {};
  }
  for (const accounts::User& user : users)
    print(user.username + "\t" + schema::label_of(user.role) + "\t" + user.email);
  return {};
}

Result<void> change_role(Services& services, const Arguments& arguments, const Print& print) {
  const Role role = schema::from_label<Role>(arguments.role).value_or(Role::member);
  const accounts::User user = TRY(sql::change(
      *services.database, sql::Lane::interactive, [&](sql::Tx& tx) -> Result<accounts::User> {
        const accounts::User before = TRY(named(tx, arguments.username));
        TRY(accounts::set_role(services, tx, before.id, role, {}));
        TRY(platform::audit(services, tx, {}, "cli user role", "user", before.id.value,
                            "{\"role\":\"" + std::string(schema::label_of(role)) + "\"}"));
        return named(tx, arguments.username);
      }));
  show(arguments, print, shown(user),
       user.username + " is " + schema::label_of(user.role) + " now.");
  return {};
}

Result<void> create_key(Services& services, const Arguments& arguments, const Print& print) {
  const Scopes scopes = TRY(accounts::parse_scopes(arguments.scopes));
  const std::string name = arguments.name.empty() ? "command line" : arguments.name;
  const accounts::NewKey key = TRY(sql::change(
      *services.database, sql::Lane::interactive, [&](sql::Tx& tx) -> Result<accounts::NewKey> {
        const accounts::User user = TRY(named(tx, arguments.user));
        TRY(platform::audit(services, tx, {}, "cli key create", "user", user.id.value, "{}"));
        return accounts::create_key(services, tx, user.id, name, scopes, {});
      }));
  show(arguments, print, MadeKey{key.id, key.key, arguments.user}, key.key);
  return {};
}

/// The administrator that imported models belong to when nobody is named: the first one.
Result<UserId> importer(sql::Tx& tx, const std::string& username) {
  if (!username.empty()) return TRY(named(tx, username)).id;
  const auto first = TRY(accounts::first_administrator(tx));
  if (!first)
    return fail(Fault::missing, "user_missing",
                "There is no administrator yet whose models they could be; name a --user.");
  return *first;
}

Result<void> import(Services& services, const Arguments& arguments, const Print& print) {
  const UserId user = TRY(sql::ask(
      *services.database, [&](sql::Tx& tx) { return importer(tx, arguments.user); }));
  const imports::Summary summary =
      TRY(imports::run(services, {arguments.path, arguments.draft, user},
                       [&](std::int64_t done, std::int64_t found) {
                         if (!arguments.json)
                           print(std::to_string(done) + " of " + std::to_string(found) + " files");
                       }));
  show(arguments, print, summary,
       "Found " + std::to_string(summary.found) + " model files: " +
           std::to_string(summary.added) + " new, " + std::to_string(summary.known) +
           " known. Hashing and inspection go on in the server.");
  return {};
}

Result<void> list_jobs(Services& services, const Arguments& arguments, const Print& print) {
  const auto lines = TRY(sql::ask(*services.database, [&](sql::Tx& tx) {
    return operations::list_jobs(tx, arguments.state, arguments.kind, arguments.limit);
  }));
  if (arguments.json) {
    print(schema::to_json(lines));
    return {};
  }
  for (const operations::JobLine& line : lines)
    print(std::to_string(line.id.value) + "\t" + schema::label_of(line.state) + "\t" + line.kind +
          (line.error.empty() ? "" : "\t" + line.error));
  return {};
}

Result<void> change_job(Services& services, const Arguments& arguments, const Print& print) {
  const bool retry = arguments.command == "jobs retry";
  TRY(services.database->write_now(sql::Lane::interactive, [&](sql::Tx& tx) {
    const JobId id{arguments.id};
    return retry ? platform::retry_job(tx, services.clock->now(), id)
                 : platform::cancel_job(tx, services.clock->now(), id);
  }));
  print(arguments.json ? "{}" : retry ? "It runs again." : "It is cancelled.");
  return {};
}

struct Enqueued {
  JobId job;
};
BOOST_DESCRIBE_STRUCT(Enqueued, (), (job))

Result<void> recount(Services& services, const Arguments& arguments, const Print& print) {
  const JobId job = TRY(sql::change(*services.database, sql::Lane::interactive, [&](sql::Tx& tx) {
    return metrics::enqueue_recount(tx, services.clock->now());
  }));
  show(arguments, print, Enqueued{job},
       "Job " + std::to_string(job.value) + " counts everything again, in the server.");
  return {};
}

struct AuditChecked {
  std::int64_t entries = 0;
  std::string head;
};
BOOST_DESCRIBE_STRUCT(AuditChecked, (), (entries, head))

Result<void> verify_audit(Services& services, const Arguments& arguments, const Print& print) {
  const platform::AuditVerdict verdict = TRY(platform::verify_audit(services));
  if (verdict.broken_at != 0)
    return fail(Fault::conflict, "audit_broken",
                "Row " + std::to_string(verdict.broken_at) +
                    " of the audit log does not fit the one before it.");
  show(arguments, print, AuditChecked{verdict.entries, verdict.head},
       std::to_string(verdict.entries) + " rows, unbroken. The newest hash is " +
           (verdict.head.empty() ? "none" : verdict.head) +
           "; note it elsewhere to see a cut-off end.");
  return {};
}

}  // namespace

int exit_code(const Error& error) {
  switch (error.fault) {
    case Fault::invalid: return 2;
    case Fault::unauthenticated:
    case Fault::forbidden:
    case Fault::limited: return 3;
    case Fault::missing: return 4;
    case Fault::conflict: return 5;
    case Fault::unavailable: return 6;
    case Fault::internal: break;
  }
  return 1;
}

Result<void> run_command(House& house, const Arguments& arguments, const Print& print) {
  Services& services = house.services();
  const std::string& command = arguments.command;
  if (command == "user create") return create_user(services, arguments, print);
  if (command == "user list") return list_users(services, arguments, print);
  if (command == "user role") return change_role(services, arguments, print);
  if (command == "key create") return create_key(services, arguments, print);
  if (command == "jobs list") return list_jobs(services, arguments, print);
  if (command.starts_with("jobs ")) return change_job(services, arguments, print);
  if (command == "metrics recount") return recount(services, arguments, print);
  if (command == "audit verify") return verify_audit(services, arguments, print);
  if (command == "import") return import(services, arguments, print);
  if (command == "migrate") {
    print(arguments.json ? "{}" : "The database has this version's schema.");
    return {};
  }
  return fail(Fault::invalid, "command_unknown", "'" + command + "' does not run here.");
}

}  // namespace atelier::app

#pragma once
#include <string>

/// A private PostgreSQL for one test binary: made in a temporary folder when first asked for,
/// reached through a socket in that folder only, and stopped when the binary ends. It is safe
/// against nothing (fsync=off), which makes it fast; fault tests use servers of their own.
namespace atelier::test::cluster {

/// A new, empty database; returns its connection string. `database_template` names one to copy.
std::string create_database(const std::string& database_template = {});
void drop_database(const std::string& connection);
/// The name in a connection string made here.
std::string database_name(const std::string& connection);
/// Runs one SQL command in the maintenance database with psql; returns what it prints.
std::string admin(const std::string& command);

}  // namespace atelier::test::cluster

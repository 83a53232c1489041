#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace atelier::app {

/// A command line, taken apart. Which members mean something depends on `command`.
struct Arguments {
  std::string command;  ///< "serve", "user create", …
  bool json = false;
  std::optional<std::string> data, config, database;
  std::vector<std::string> listen;
  bool demo = false;
  bool take_over = false;  ///< serve: continue on the sockets of the server that runs

  std::string email, username, password, role;
  std::string user, name;
  std::vector<std::string> scopes;
  std::string state, kind;
  std::int64_t id = 0;
  int limit = 50;
  std::string path;
  bool draft = false;
};

/// What happened with a command line: either arguments, or a text to print and an exit code
/// (`--help` 0, a usage error 2).
struct Parsed {
  std::optional<Arguments> arguments;
  std::string text;
  int exit_code = 0;
};

/// `words` without the program's name.
Parsed parse_arguments(std::vector<std::string> words);

}  // namespace atelier::app

#include "app/arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

namespace atelier::app {
namespace {

/// One subcommand; choosing it writes its name into `arguments`.
CLI::App* command(CLI::App& parent, Arguments& arguments, const std::string& name,
                  const std::string& words, const std::string& summary) {
  CLI::App* sub = parent.add_subcommand(name, summary);
  sub->callback([&arguments, words] { arguments.command = words; });
  sub->add_option("--data", arguments.data, "the data directory (default: data)");
  sub->add_option("--config", arguments.config, "a configuration file");
  sub->add_option("--database", arguments.database, "postgresql://… instead of SQLite");
  sub->add_flag("--json", arguments.json, "answer in JSON");
  return sub;
}

CLI::App* group(CLI::App& parent, const std::string& name, const std::string& summary) {
  CLI::App* sub = parent.add_subcommand(name, summary);
  sub->require_subcommand(1);
  return sub;
}

void add_running(CLI::App& app, Arguments& to) {
  CLI::App* serve = command(app, to, "serve", "serve", "run the server");
  serve->add_option("--listen", to.listen, "HOST:PORT; may be repeated");
  serve->add_flag("--demo", to.demo, "fill an empty place with a marked demo community");
  serve->add_flag("--take-over", to.take_over,
                  "continue on the sockets of the server that runs on this data directory");
  command(app, to, "worker", "worker", "run jobs only (PostgreSQL)");
  command(app, to, "migrate", "migrate", "bring the database to this version and leave");
  CLI::App* import = command(app, to, "import", "import", "take in models where they lie");
  import->add_option("path", to.path, "a folder, or an extra_model_paths.yaml")->required();
  import->add_flag("--draft", to.draft, "leave the models unpublished");
  import->add_option("--user", to.user, "whose models they become (default: an administrator)");
  command(app, to, "openapi", "openapi", "print the OpenAPI document");
}

void add_people(CLI::App& app, Arguments& to) {
  CLI::App* user = group(app, "user", "people");
  CLI::App* create = command(*user, to, "create", "user create", "make an account");
  create->add_option("--email", to.email)->required();
  create->add_option("--username", to.username)->required();
  create->add_option("--password", to.password, "\"-\" reads it from standard input")->required();
  create->add_option("--role", to.role)
      ->default_str("member")
      ->check(CLI::IsMember({"member", "moderator", "administrator"}));
  CLI::App* list = command(*user, to, "list", "user list", "everybody");
  list->add_option("--limit", to.limit)->check(CLI::Range(1, 100'000));
  CLI::App* role = command(*user, to, "role", "user role", "change somebody's role");
  role->add_option("username", to.username)->required();
  role->add_option("role", to.role)
      ->required()
      ->check(CLI::IsMember({"member", "moderator", "administrator"}));

  CLI::App* key = group(app, "key", "API keys");
  CLI::App* make = command(*key, to, "create", "key create", "make an API key; shown once");
  make->add_option("--user", to.user, "whose")->required();
  make->add_option("--scopes", to.scopes, "all, read, or scope names")->delimiter(',')->required();
  make->add_option("--name", to.name, "what it is for");
}

void add_jobs(CLI::App& app, Arguments& to) {
  CLI::App* jobs = group(app, "jobs", "background work");
  CLI::App* list = command(*jobs, to, "list", "jobs list", "jobs, newest first");
  list->add_option("--state", to.state);
  list->add_option("--kind", to.kind);
  list->add_option("--limit", to.limit)->check(CLI::Range(1, 1000));
  for (const char* verb : {"retry", "cancel"}) {
    CLI::App* sub = command(*jobs, to, verb, std::string("jobs ") + verb,
                            std::string(verb) + " one job");
    sub->add_option("id", to.id)->required()->check(CLI::PositiveNumber);
  }
}

void add_audit(CLI::App& app, Arguments& to) {
  CLI::App* audit = group(app, "audit", "the log of what moderators and administrators did");
  command(*audit, to, "verify", "audit verify",
          "check that no row was changed, removed or slipped in");
}

void add_metrics(CLI::App& app, Arguments& to) {
  CLI::App* metrics = group(app, "metrics", "how often people did something");
  command(*metrics, to, "recount", "metrics recount",
          "let the server make all counts again from what is written down");
}

}  // namespace

Parsed parse_arguments(std::vector<std::string> words) {
  Parsed parsed;
  Arguments arguments;
  CLI::App app("Atelier: a generative-AI community in one program.", "atelier");
  app.set_version_flag("--version", "atelier " ATELIER_VERSION);
  app.require_subcommand(1);
  add_running(app, arguments);
  add_people(app, arguments);
  add_jobs(app, arguments);
  add_audit(app, arguments);
  add_metrics(app, arguments);
  try {
    std::ranges::reverse(words);  // CLI11 takes them from the back
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, problems;
    const int code = app.exit(error, out, problems);
    parsed.text = out.str() + problems.str();
    parsed.exit_code = code == 0 ? 0 : 2;
    return parsed;
  }
  parsed.arguments = std::move(arguments);
  return parsed;
}

}  // namespace atelier::app

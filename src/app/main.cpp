#include <cstdlib>
#include <iostream>

#include "app/commands.hpp"
#include "app/control.hpp"
#include "app/features.hpp"
#include "app/house.hpp"
#include "app/serve.hpp"
#include "engines/vips/decode.hpp"
#include "platform/log.hpp"
#include "schema/openapi.hpp"

namespace atelier::app {
namespace {

void print(std::string_view line) { std::cout << line << std::endl; }
void complain(std::string_view line) { std::cerr << "atelier: " << line << std::endl; }

int failed(const Error& error) {
  complain(error.detail);
  for (const FieldFault& field : error.fields) complain("  " + field.path + ": " + field.detail);
  return exit_code(error);
}

Result<Configuration> configure(const Arguments& arguments) {
  const char* const folder = std::getenv("ATELIER_DATA");
  const std::filesystem::path data = arguments.data.value_or(folder != nullptr ? folder : "data");
  const std::filesystem::path file = arguments.config ? std::filesystem::path(*arguments.config)
                                                      : data / "atelier.toml";
  Configuration configuration =
      TRY(load_configuration(file, arguments.config.has_value(), std::getenv));
  if (arguments.data || folder == nullptr) configuration.data = data;
  if (arguments.database) configuration.database = *arguments.database;
  if (!arguments.listen.empty()) configuration.listen = arguments.listen;
  configuration.demo = arguments.demo;
  return configuration;
}

int openapi() {
  schema::Routes routes;
  for (const platform::Feature& feature : features())
    if (feature.routes != nullptr) feature.routes(routes);
  print(schema::openapi(routes));
  return 0;
}

/// In the running server if there is one (beside a busy writer a second one starves), else here.
int administer(const Configuration& configuration, Arguments arguments,
               const std::vector<std::string>& words) {
  const auto lock = OwnerLock::take(configuration.data);
  if (!lock) return failed(lock.error());
  if (!*lock) {
    if (const auto code = run_in_server(configuration.data, words, print, complain)) return *code;
    complain("The data directory is in use, but its server does not answer.");
    return 6;
  }
  log::set_level("error");
  auto house = House::open(configuration);
  if (!house) return failed(house.error());
  if (!arguments.path.empty()) arguments.path = std::filesystem::absolute(arguments.path).string();
  const Result<void> ran = run_command(**house, arguments, print);
  return ran ? 0 : failed(ran.error());
}

/// `--password -` keeps the password out of the process list.
void read_password(std::vector<std::string>& words) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    if (words[i] == "--password" && words[i + 1] == "-") std::getline(std::cin, words[i + 1]);
}

int run(std::vector<std::string> words) {
  read_password(words);
  Parsed parsed = parse_arguments(words);
  if (!parsed.arguments) {
    (parsed.exit_code == 0 ? std::cout : std::cerr) << parsed.text;
    return parsed.exit_code;
  }
  if (parsed.arguments->command == "openapi") return openapi();
  const Result<Configuration> configuration = configure(*parsed.arguments);
  if (!configuration) return failed(configuration.error());
  log::set_level(configuration->log_level);
  if (parsed.arguments->command == "serve") return serve(*configuration, *parsed.arguments);
  if (parsed.arguments->command == "worker") return work(*configuration);
  return administer(*configuration, std::move(*parsed.arguments), words);
}

}  // namespace
}  // namespace atelier::app

int main(int count, char** words) {
  if (count == 2 && std::string_view(words[1]) == atelier::vips::decode_word)
    atelier::vips::decode_pictures();
  return atelier::app::run(std::vector<std::string>(words + 1, words + count));
}

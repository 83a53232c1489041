#include "platform/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "schema/json.hpp"

namespace atelier::log {
namespace {

spdlog::logger& logger() {
  // Kept until the process ends: other static objects may log while they are destroyed.
  static spdlog::logger* const kept = [] {
    auto* made =
        new spdlog::logger("atelier", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *kept;
}

void write(spdlog::level::level_enum level, std::string_view name, std::string_view event,
           std::initializer_list<Field> fields) {
  if (!logger().should_log(level)) return;
  std::string line = R"({"time":")" + iso_time(SystemClock().now()) + R"(","level":")";
  line.append(name).append(R"(","event":)");
  schema::write_json_string(line, event);
  for (const auto& [key, value] : fields) {
    line += ',';
    schema::write_json_string(line, key);
    line += ':';
    schema::write_json_string(line, value);
  }
  line += '}';
  logger().log(level, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace

void info(std::string_view event, std::initializer_list<Field> fields) {
  write(spdlog::level::info, "info", event, fields);
}

void warning(std::string_view event, std::initializer_list<Field> fields) {
  write(spdlog::level::warn, "warning", event, fields);
}

void error(std::string_view event, std::initializer_list<Field> fields) {
  write(spdlog::level::err, "error", event, fields);
}

bool tells_all() { return logger().should_log(spdlog::level::info); }

void set_level(std::string_view level) {
  if (level == "off") logger().set_level(spdlog::level::off);
  else if (level == "error") logger().set_level(spdlog::level::err);
  else if (level == "warning") logger().set_level(spdlog::level::warn);
  else logger().set_level(spdlog::level::info);
}

}  // namespace atelier::log

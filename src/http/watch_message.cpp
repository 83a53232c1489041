#include "http/watch_message.hpp"

#include "schema/json.hpp"
#include "schema/types.hpp"

namespace atelier::http {

namespace {

struct Watch {
  schema::List<schema::Text<1, 100>, 100> watch;
  std::optional<std::int64_t> after;
};
BOOST_DESCRIBE_STRUCT(Watch, (), (watch, after))

}  // namespace

Result<WatchMessage> read_watch(std::string_view text) {
  const Watch read = TRY(schema::from_json<Watch>(text));
  WatchMessage message;
  for (const auto& topic : read.watch.value) message.watch.push_back(topic.value);
  message.after = read.after;
  return message;
}

std::string watching_text(const std::vector<std::string>& topics) {
  std::string out = R"({"name":"watching","data":[)";
  for (const std::string& topic : topics) {
    if (&topic != &topics.front()) out += ',';
    schema::write_json_string(out, topic);
  }
  return out + "]}";
}

std::string refused_text(const Error& error) {
  std::string out = R"({"name":"refused","data":{"code":)";
  schema::write_json_string(out, error.code);
  out += R"(,"detail":)";
  schema::write_json_string(out, error.detail);
  return out + "}}";
}

std::string event_text(const platform::LiveMessage& message) {
  std::string out = R"({"id":)" + std::to_string(message.id) + R"(,"topic":)";
  schema::write_json_string(out, message.topic);
  out += R"(,"name":)";
  schema::write_json_string(out, message.name);
  return out + R"(,"data":)" + *message.json + "}";
}

}  // namespace atelier::http

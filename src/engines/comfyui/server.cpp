#include "engines/comfyui/server.hpp"

#include "base/text.hpp"
#include "engines/digest/sha256.hpp"
#include "schema/document.hpp"
#include "schema/json.hpp"

namespace atelier::engines::comfyui {
namespace {

using ports::Trouble;
using ports::trouble;
using schema::Document;

constexpr std::size_t history_most = 64;  ///< entries hold whole graphs

std::unexpected<Error> odd(std::string_view route) {
  return trouble(Trouble::unreachable,
                 "The backend answered something else than ComfyUI does: " + std::string(route));
}

std::string quoted(std::string_view text) {
  std::string out;
  schema::write_json_string(out, text);
  return out;
}

std::string extension_of(std::string_view picture) {
  if (picture.starts_with("\x89PNG")) return "png";
  return picture.starts_with("RIFF") ? "webp" : "jpg";
}

/// `node_errors` may be {}, [] or null when all is well.
std::optional<std::string> node_fault(const Document& reply, bool& model_missing) {
  std::optional<std::string> first;
  for (const std::string& id : reply.names({"node_errors"})) {
    const std::string type = reply.text({"node_errors", id, "class_type"}).value_or("a node");
    for (const Document& error : reply.items({"node_errors", id, "errors"})) {
      const std::string input =
          error.text({"extra_info", "input_name"}).value_or(std::string());
      const bool choice = error.text({"type"}) == "value_not_in_list";
      model_missing = model_missing || (choice && input.find("_name") != std::string::npos);
      if (!first)
        first = type + ": " + error.text({"message"}).value_or("") + " " +
                error.text({"details"}).value_or("");
    }
    if (!first) first = type + " is not valid.";
  }
  return first;
}

bool tells_of_memory(const std::string& text) {
  const std::string lower = lower_ascii(text);
  return lower.find("out of memory") != std::string::npos ||
         lower.find("outofmemory") != std::string::npos ||
         lower.find("not enough memory") != std::string::npos;
}

/// A cancel is an "error" whose messages hold `execution_interrupted`: the messages decide.
void read_messages(const Document& status, History& history) {
  for (const Document& message : status.items({"messages"})) {
    const std::vector<Document> parts = message.items({});
    if (parts.size() != 2) continue;
    const auto event = parts[0].text({});
    if (event == "execution_interrupted") history.interrupted = true;
    if (event != "execution_error") continue;
    const std::string kind = parts[1].text({"exception_type"}).value_or("");
    history.fault = parts[1].text({"node_type"}).value_or("A node") + ": " +
                    std::string(trim(parts[1].text({"exception_message"}).value_or(kind)));
    history.out_of_memory = tells_of_memory(kind) || tells_of_memory(history.fault);
  }
}

std::vector<ShownFile> read_files(const Document& entry) {
  std::vector<ShownFile> kept, passing;
  for (const std::string& node : entry.names({"outputs"}))
    for (const Document& item : entry.items({"outputs", node, "images"})) {
      const auto name = item.text({"filename"});
      if (!name) continue;
      ShownFile file{node, *name, item.text({"subfolder"}).value_or(""),
                     item.text({"type"}).value_or("output")};
      (file.type == "output" ? kept : passing).push_back(std::move(file));
    }
  return kept.empty() ? passing : kept;  // what a workflow saves is its result
}

}  // namespace

Result<fetch::Reply> Server::send(fetch::Request request) const {
  request.url = url_ + request.url;
  request.token = token_;
  auto reply = fetch::send(request);
  if (!reply) return trouble(Trouble::unreachable, "The backend does not answer.");
  if (reply->status == 401 || reply->status == 403)
    return trouble(Trouble::failed, "The backend refuses: it wants another token.");
  if (reply->status >= 502 && reply->status <= 504)
    return trouble(Trouble::unreachable, "Something before the backend does not reach it.");
  return reply;
}

Result<fetch::Reply> Server::get(const std::string& path, std::size_t most) const {
  return send({.url = path, .reply_max = most});
}

Result<fetch::Reply> Server::post_json(const std::string& path, std::string body) const {
  return send({.method = "POST", .url = path, .body = std::move(body)});
}

Result<Server::Stats> Server::stats() const {
  const fetch::Reply reply = TRY(get("/system_stats"));
  const auto all = Document::parse(reply.body);
  if (reply.status != 200 || !all || !all->has({"system"})) return odd("/system_stats");
  Stats stats{all->text({"system", "comfyui_version"}).value_or("(old)"), 0};
  for (const Document& device : all->items({"devices"}))
    stats.memory_bytes = std::max(stats.memory_bytes, device.whole({"vram_total"}).value_or(0));
  return stats;
}

Result<NodeTypes> Server::node_types() const {
  const fetch::Reply reply = TRY(get("/object_info"));
  auto types = NodeTypes::parse(reply.body);
  if (reply.status != 200 || !types) return odd("/object_info");
  return std::move(*types);
}

Result<std::vector<std::string>> Server::embeddings() const {
  const fetch::Reply reply = TRY(get("/embeddings"));
  const auto names = Document::parse(reply.body);
  if (reply.status != 200 || !names) return std::vector<std::string>{};
  return names->texts({});
}

bool Server::has(const std::string& name, const std::string& picture) const {
  if (picture.empty()) return false;
  const auto end = send({.url = "/view?type=input&filename=" + name,
                         .headers = {"Range: bytes=" + std::to_string(picture.size() - 1) + '-'},
                         .reply_max = 1});
  return end && end->status == 206 && end->body == picture.substr(picture.size() - 1);
}

Result<std::string> Server::upload(const std::string& picture) const {
  digest::Sha256 hash;
  hash.update(bytes_of(picture));
  const auto digits = hash.finish();
  const std::string name = "atelier-" + hex(std::as_bytes(std::span(digits))).substr(0, 40) + '.' +
                           extension_of(picture);
  if (has(name, picture)) return name;
  fetch::Request request{.method = "POST", .url = "/upload/image"};
  request.form = {{"image", picture, name, "application/octet-stream"},
                  {"type", "input", "", ""},
                  {"overwrite", "true", "", ""}};
  const fetch::Reply reply = TRY(send(std::move(request)));
  const auto said = Document::parse(reply.body);
  const auto given = said ? said->text({"name"}) : std::nullopt;
  if (reply.status == 413)
    return trouble(Trouble::invalid, "The backend takes no picture of this size.");
  if (reply.status != 200 || !given) return odd("/upload/image");
  const std::string folder = said->text({"subfolder"}).value_or("");
  return folder.empty() ? *given : folder + '/' + *given;
}

Result<std::string> Server::post(const std::string& graph, const std::string& workflow,
                                 const std::string& key, const std::string& client) const {
  std::string body = "{\"prompt\":" + graph + ",\"client_id\":" + quoted(client) +
                     ",\"prompt_id\":" + quoted(key) +
                     ",\"extra_data\":{\"preview_method\":\"auto\",\"atelier\":" + quoted(key);
  if (!workflow.empty()) body += ",\"extra_pnginfo\":{\"workflow\":" + workflow + '}';
  body += "}}";
  const fetch::Reply reply = TRY(
      send({.method = "POST", .url = "/prompt", .body = std::move(body), .once = true}));
  if (reply.status == 409) return key;
  const auto said = Document::parse(reply.body);
  bool model_missing = false;
  const auto fault = said ? node_fault(*said, model_missing) : std::nullopt;
  if (fault || reply.status == 400) {
    const std::string whole =
        said ? said->text({"error", "message"}).value_or("The graph is not valid.") : "";
    return trouble(model_missing ? Trouble::model_missing : Trouble::invalid,
                   fault.value_or(whole));
  }
  const auto id = said ? said->text({"prompt_id"}) : std::nullopt;
  if (reply.status != 200 || !id) return odd("/prompt");
  return *id;
}

Result<std::optional<History>> Server::history(const std::string& id) const {
  const fetch::Reply reply = TRY(get("/history/" + id));
  const auto all = Document::parse(reply.body);
  if (reply.status != 200 || !all) return odd("/history");
  const auto entry = all->part({id});
  if (!entry) return std::nullopt;
  History history;
  history.ok = entry->text({"status", "status_str"}).value_or("success") == "success";
  if (const auto status = entry->part({"status"})) read_messages(*status, history);
  history.files = read_files(*entry);
  return history;
}

Result<Queue> Server::queue(const std::string& id) const {
  const fetch::Reply reply = TRY(get("/queue"));
  const auto all = Document::parse(reply.body);
  if (reply.status != 200 || !all || !all->has({"queue_running"})) return odd("/queue");
  Queue queue;
  for (const bool running : {true, false})
    for (const Document& item : all->items({running ? "queue_running" : "queue_pending"})) {
      const std::vector<Document> parts = item.items({});
      const bool asked = parts.size() > 1 && parts[1].text({}) == id;
      if (asked) (running ? queue.running : queue.pending) = true;
      else ++(running ? queue.others_running : queue.others_pending);
    }
  return queue;
}

Result<std::optional<std::string>> Server::find(const std::string& key) const {
  const fetch::Reply reply = TRY(get("/queue"));
  const auto all = Document::parse(reply.body);
  if (reply.status != 200 || !all) return odd("/queue");
  const auto marked = [&](const Document& item) -> std::optional<std::string> {
    const std::vector<Document> parts = item.items({});
    if (parts.size() < 4 || parts[3].text({"atelier"}) != key) return std::nullopt;
    return parts[1].text({});
  };
  for (const std::string_view list : {"queue_running", "queue_pending"})
    for (const Document& item : all->items({list}))
      if (auto id = marked(item)) return id;
  const fetch::Reply past =
      TRY(get("/history?max_items=" + std::to_string(history_most)));
  const auto entries = Document::parse(past.body);
  if (!entries) return std::nullopt;
  for (const std::string& id : entries->names({}))
    if (const auto item = entries->part({id, "prompt"}))
      if (marked(*item)) return id;
  return std::nullopt;
}

Result<std::string> Server::view(const ShownFile& file) const {
  const fetch::Reply reply = TRY(get("/view?filename=" + percent_encode(file.name) +
                                         "&subfolder=" + percent_encode(file.folder) +
                                         "&type=" + percent_encode(file.type),
                                     128u << 20));
  if (reply.status == 404)
    return trouble(Trouble::lost, "The backend has removed the picture already.");
  if (reply.status != 200 || reply.body.empty()) return odd("/view");
  return reply.body;
}

Result<void> Server::forget_pending(const std::string& id) const {
  TRY(post_json("/queue", "{\"delete\":[" + quoted(id) + "]}"));
  return {};
}

Result<bool> Server::cancel(const std::string& id) const {
  const fetch::Reply reply = TRY(post_json("/api/jobs/" + id + "/cancel", "{}"));
  return reply.status == 200;
}

Result<void> Server::interrupt(const std::string& id) const {
  TRY(post_json("/interrupt", "{\"prompt_id\":" + quoted(id) + '}'));
  return {};
}

}  // namespace atelier::engines::comfyui

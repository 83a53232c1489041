#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engines/comfyui/node_types.hpp"
#include "engines/fetch/fetch.hpp"
#include "ports/generator.hpp"

namespace atelier::engines::comfyui {

/// A file that a node left on the server.
struct ShownFile {
  std::string node, name, folder, type;
};

/// What `GET /history/{id}` tells of a piece of work that has ended.
struct History {
  bool ok = false, interrupted = false, out_of_memory = false;
  std::string fault;  ///< in the server's words
  std::vector<ShownFile> files;
};

struct Queue {
  bool running = false, pending = false;  ///< the asked-for work
  std::size_t others_running = 0, others_pending = 0;
};

/// The routes of one ComfyUI (server.py of versions 0.3.9 to 0.8.0 and the newer ones named in
/// the sources), as calls. Errors are of the port of generators.
class Server {
 public:
  Server(std::string url, std::string token) : url_(std::move(url)), token_(std::move(token)) {}

  const std::string& url() const { return url_; }
  const std::string& token() const { return token_; }

  struct Stats {
    std::string version;
    std::int64_t memory_bytes = 0;
  };
  Result<Stats> stats() const;
  Result<NodeTypes> node_types() const;
  Result<std::vector<std::string>> embeddings() const;
  /// The same bytes always go under the same name, and are not sent where they lie already.
  Result<std::string> upload(const std::string& picture) const;
  /// Whether a picture lies there whole: its last byte is where it should be, and the last.
  bool has(const std::string& name, const std::string& picture) const;
  /// `graph` and `workflow` are JSON. A 409 says that this id is known already: a success.
  /// The id that the work has there, which may be another than the key.
  Result<std::string> post(const std::string& graph, const std::string& workflow,
                           const std::string& key, const std::string& client) const;
  Result<std::optional<History>> history(const std::string& id) const;
  Result<Queue> queue(const std::string& id) const;
  /// The id under which work with this key waits or runs, where the server gives ids of its own.
  Result<std::optional<std::string>> find(const std::string& key) const;
  Result<std::string> view(const ShownFile& file) const;
  Result<void> forget_pending(const std::string& id) const;
  /// One call that stops exactly this work; false where the server does not know the route.
  Result<bool> cancel(const std::string& id) const;
  Result<void> interrupt(const std::string& id) const;

 private:
  Result<fetch::Reply> get(const std::string& path, std::size_t most = 64u << 20) const;
  Result<fetch::Reply> post_json(const std::string& path, std::string body) const;
  Result<fetch::Reply> send(fetch::Request request) const;

  std::string url_, token_;
};

}  // namespace atelier::engines::comfyui

#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/file_handle.hpp"

/// HTTP requests and replies as the rest of the program sees them: no sockets, no Asio.
namespace atelier::http {

enum class Method : unsigned char { get, head, post, put, patch, del, options };
const char* name_of(Method method);  ///< "GET", …

/// Header fields in order. Names are lower case.
class Headers {
 public:
  void add(std::string_view name, std::string_view value);
  void set(std::string_view name, std::string_view value);  ///< replaces all of that name
  /// The first value, or "" if there is none.
  std::string_view find(std::string_view name) const;
  bool has(std::string_view name) const;
  void clear() { all_.clear(); }  ///< keeps the room for the next message
  const std::vector<std::pair<std::string, std::string>>& all() const { return all_; }

 private:
  std::vector<std::pair<std::string, std::string>> all_;
};

struct Request {
  Method method = Method::get;
  std::string path;   ///< as sent, without the query; not decoded
  std::string query;  ///< as sent, without '?'
  Headers headers;
  std::string body;   ///< empty for transfers, whose bytes go to a BodySink
  std::string peer;   ///< the client's address as text, after trusted proxies
  std::string origin; ///< "http://host[:port]" as the client sees us, after trusted proxies
};

/// Part of a file, sent with sendfile.
struct FileBody {
  std::shared_ptr<const FileHandle> file;
  std::int64_t offset = 0;  ///< bytes
  std::int64_t length = 0;  ///< bytes
};

/// A server-sent event stream (WHATWG HTML §9.2) of these topics of `platform::Live`.
struct LiveBody {
  std::vector<std::string> topics;
  std::int64_t after = 0;  ///< resume behind this event id; 0 = from now
};

using SharedBytes = std::shared_ptr<const std::string>;
using ReplyBody = std::variant<std::string, SharedBytes, FileBody, LiveBody>;

struct Response {
  int status = 200;
  Headers headers;  ///< without content-length, date, connection: the connection writes those
  ReplyBody body;
};

}  // namespace atelier::http

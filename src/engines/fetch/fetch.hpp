#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace atelier::engines::fetch {

struct Part {
  std::string name, value;
  std::string file;  ///< a file's name makes it a file; "" = a plain field
  std::string type;  ///< of a file: "image/png"
};

struct Request {
  std::string method = "GET";
  std::string url;                   ///< http or https
  std::vector<std::string> headers;  ///< "Name: value"
  std::string body;                  ///< JSON, unless a header says otherwise
  std::vector<Part> form;            ///< multipart/form-data instead of a body
  std::string token;                 ///< Bearer, or with a colon in it "user:password" as Basic
  long timeout_ms = 30'000;          ///< of the whole exchange; 0 = none
  std::size_t reply_max = 64u << 20;
  bool once = false;         ///< never sent a second time, as happens when a kept connection broke
  bool only_public = false;          ///< the address comes from others: never into this network
  std::function<bool()> stop;        ///< asked at least once a second; true breaks it off
  std::function<void(std::string_view)> hear;  ///< takes a 200's body piece by piece
};

struct Reply {
  int status = 0;
  std::string body;
  std::string type;       ///< Content-Type
  int retry_after_s = 0;  ///< as the server said; at most a day; 0 = not said
};

/// Speaks HTTP as a client, by libcurl: no redirects, no proxy, connections kept.
/// A reply of any status is a success. Errors are `unavailable`: `fetch_failed` (no connection,
/// broken off, time is up), `fetch_too_large`, `fetch_stopped`, `fetch_forbidden` (an address
/// that is not public). Tokens are in no error and no log. Thread-safe.
Result<Reply> send(const Request& request);

}  // namespace atelier::engines::fetch

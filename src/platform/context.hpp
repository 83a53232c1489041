#pragma once
#include <map>
#include <string>
#include <vector>

#include "base/check.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "platform/services.hpp"
#include "platform/viewer.hpp"
#include "ports/database.hpp"
#include "schema/message.hpp"

namespace atelier {

/// What a reply carries besides its JSON.
struct Reply {
  int status = 0;  ///< 0 = the row's usual one
  http::Headers headers;
  std::vector<std::string> tags;  ///< what the answer was made of: "models", "models:12"
  bool keep = true;  ///< false: not in the reply cache, since no event tells when it changes
};

/// Everything a feature function may look at. Lives for one call (a write body that is run again
/// gets a fresh Reply). One thread at a time.
class Context {
 public:
  Services& services;
  Viewer viewer;
  Millis now = 0;
  const http::Request* request = nullptr;  ///< never null inside an endpoint function
  bool on_loop = false;  ///< runs on an HTTP loop, within a budget: see `leave_loop`
  std::string request_id;
  std::string traceparent;  ///< W3C Trace Context of this call: send it with outgoing requests
  Reply reply;
  std::map<std::string, std::string, std::less<>> path_values;  ///< decoded `{name}`s

  explicit Context(Services& all) : services(all) {}

  /// The transaction of this call. A programmer's error in `prepare`, raw and upload functions.
  sql::Tx& tx() const {
    CHECK(tx_ != nullptr);
    return *tx_;
  }
  void use(sql::Tx* tx) { tx_ = tx; }

  std::string_view path(std::string_view name) const {
    const auto found = path_values.find(name);
    return found == path_values.end() ? std::string_view{} : std::string_view(found->second);
  }
  /// Before something that takes long or blocks: fails on an HTTP loop, and the call runs again
  /// from its beginning on the pool.
  Result<void> leave_loop() const {
    if (!on_loop) return {};
    return fail(Fault::unavailable, "budget_exceeded", "The call moves to the pool.");
  }
  /// The cached answer is dropped when an event about this noun (and id) is published.
  void depends_on(std::string_view noun, std::int64_t id = 0) {
    std::string tag(noun);
    if (id != 0) tag += ":" + std::to_string(id);
    reply.tags.push_back(std::move(tag));
  }

 private:
  sql::Tx* tx_ = nullptr;
};

}  // namespace atelier

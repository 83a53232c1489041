#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "platform/dispatcher.hpp"
#include "platform/metrics.hpp"
#include "platform/pool.hpp"
#include "platform/reply_cache.hpp"
#include "platform/services.hpp"
#include "platform/throttle.hpp"
#include "platform/viewer.hpp"
#include "ports/crypto.hpp"
#include "ports/database.hpp"
#include "tests/support/folder.hpp"

namespace atelier::test {

/// Knows the viewers it was told of, by their tokens.
class KnownPeople final : public Identity {
 public:
  Result<Viewer> by_session(std::string_view token) override { return find(sessions, token); }
  Result<Viewer> by_key(std::string_view key) override { return find(keys, key); }

  std::map<std::string, Viewer, std::less<>> sessions;
  std::map<std::string, Viewer, std::less<>> keys;

 private:
  static Result<Viewer> find(const std::map<std::string, Viewer, std::less<>>& known,
                             std::string_view token);
};

/// A dispatcher over some rows, with the real platform on a fresh SQLite file. Requests go in
/// without a socket.
class Stage {
 public:
  explicit Stage(schema::Routes routes);
  ~Stage();

  http::Response send(http::Request request);
  http::Response get(std::string_view target, const http::Headers& headers = {});
  http::Response post(std::string_view target, std::string body,
                      const http::Headers& headers = {});

  ManualClock clock;
  KnownPeople people;
  Services services;
  std::unique_ptr<platform::Dispatcher> dispatcher;

 private:
  Folder folder_;
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<ports::Crypto> crypto_;
  platform::Metrics metrics_;
  platform::ReplyCache replies_{clock, 1 << 20};
  platform::Throttle throttle_{clock};
  platform::Pool pool_{"stage", 2, 256};
};

http::Request request(http::Method method, std::string_view target, std::string body = {},
                      const http::Headers& headers = {});
/// `Authorization: Bearer` with a token of KnownPeople.
http::Headers with_key(std::string_view token);
http::Headers with_session(std::string_view token);
std::string body_of(const http::Response& response);
/// "code" of a problem document, or "".
std::string code_of(const http::Response& response);

}  // namespace atelier::test

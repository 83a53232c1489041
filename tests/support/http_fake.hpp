#pragma once
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace atelier::test {

struct FakeRequest {
  std::string method, target, body;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string path() const { return target.substr(0, target.find('?')); }
  std::string query(const std::string& name) const;
  std::string part(const std::string& name) const;  ///< of multipart/form-data: its bytes
};

struct FakeReply {
  int status = 200;
  std::string body = "{}";
  std::string type = "application/json";
  std::map<std::string, std::string> headers;
  bool cut = false;  ///< breaks off in the middle of the body
};

/// One end of a WebSocket that a client of the fake opened.
class FakeSocket {
 public:
  virtual ~FakeSocket() = default;
  virtual void send(const std::string& bytes, bool binary) = 0;
  virtual void drop() = 0;  ///< without a word
};

/// A fake: an HTTP server whose answers a test makes, to try what a real server cannot be made to
/// do. Each connection has a thread; `answer` is called from several.
class HttpFake {
 public:
  using Answer = std::function<FakeReply(const FakeRequest&)>;
  using Greet = std::function<void(const FakeRequest&, std::shared_ptr<FakeSocket>)>;

  explicit HttpFake(Answer answer, Greet greet = {});
  ~HttpFake();
  std::string url() const;
  /// Breaks every connection off, as a server does that is killed.
  void break_off();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// A PNG of one colour.
std::string plain_png(int width, int height, std::uint32_t rgb);

}  // namespace atelier::test

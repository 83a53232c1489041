#pragma once
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/file_handle.hpp"

namespace atelier::test {

/// A fake: it knows nothing, and only replies as the test says, to try what a real server cannot
/// be made to do. Answers one request on each connection, one after another, on a free port of
/// 127.0.0.1.
class FakeHttp {
 public:
  struct Asked {
    std::string head, body;
  };
  /// The bytes of the reply; "" = says nothing until the other side has had enough.
  using Answer = std::function<std::string(const Asked&)>;

  explicit FakeHttp(Answer answer);
  ~FakeHttp();

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::vector<Asked> asked();

  /// A whole reply; `headers` are lines that end with CRLF.
  static std::string reply(std::string_view body, std::string_view status = "200 OK",
                           std::string_view headers = "");

 private:
  void serve();
  static Asked read(int descriptor);

  Answer answer_;
  FileHandle listener_;
  int port_ = 0;
  std::mutex lock_;
  std::vector<Asked> asked_;
  std::jthread thread_;
};

}  // namespace atelier::test

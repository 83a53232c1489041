#pragma once
#include <curl/curl.h>

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "engines/elasticsearch/elasticsearch.hpp"

namespace atelier::engines::elasticsearch {

struct Reply {
  long status = 0;
  std::string body;
  int retry_after_s = 0;  ///< as the server said; 0 = did not
};

/// HTTP to one server by libcurl: connections are kept and used again, redirects are not followed,
/// replies are at most 256 MB. Thread-safe.
class Wire {
 public:
  explicit Wire(Account account);

  /// `unavailable` with `search_unavailable`: no connection, time is up, cut off, too long. `body`
  /// is sent as JSON; "" sends none.
  Result<Reply> ask(const char* method, std::string_view path, std::string_view body,
                    long timeout_ms);

 private:
  struct Close {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  using Connection = std::unique_ptr<CURL, Close>;

  Connection borrow();
  void prepare(CURL* curl, std::string_view body) const;

  Account account_;
  std::unique_ptr<curl_slist, Close> headers_;
  std::mutex lock_;
  std::vector<Connection> idle_;
};

}  // namespace atelier::engines::elasticsearch

#pragma once
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "engines/elasticsearch/breaker.hpp"
#include "engines/elasticsearch/wire.hpp"
#include "schema/document.hpp"

namespace atelier::engines::elasticsearch {

/// How vectors are spoken of.
enum class Vectors : unsigned char {
  none,          ///< this server compares none
  dense_vector,  ///< Elasticsearch: `knn` beside the query
  knn_vector,    ///< OpenSearch's plugin: `knn` is a query, by Lucene's graph
};

struct Dialect {
  bool opensearch = false;
  int major = 0, minor = 0;
  Vectors vectors = Vectors::none;
};

/// A reply that says that something is not as it was asked for: a status and the server's names
/// for what is wrong.
struct Refused {
  long status = 0;
  std::string type, reason;
};

/// The server as the engine talks to it: errors are the port's. Thread-safe.
class Server {
 public:
  explicit Server(Account account);

  /// What the reply says. 404 is no error: the document then has `error` or `found`. Other
  /// statuses from 400 on are `unavailable` with `search_unavailable`, or `storage_full` where the
  /// server writes nothing more for lack of space.
  Result<schema::Document> ask(const char* method, std::string_view path, std::string_view body,
                               long timeout_ms);
  /// As above, but what the server refuses with 400 to 409 is given to the caller to look at.
  Result<schema::Document> ask(const char* method, std::string_view path, std::string_view body,
                               long timeout_ms, std::optional<Refused>& refused);

  /// Asked once, and again until there was an answer.
  Result<Dialect> dialect();
  const Account& account() const { return account_; }

 private:
  Result<Reply> pass(const char* method, std::string_view path, std::string_view body,
                     long timeout_ms);
  Result<Dialect> find_dialect();

  Account account_;
  SystemClock clock_;
  Wire wire_;
  Breaker breaker_{clock_};
  std::mutex lock_;
  std::optional<Dialect> dialect_;
};

std::unexpected<Error> unavailable(std::string_view detail, int retry_after_s = 0);
/// Whether the server says that its disk is too full to write.
bool says_full(std::string_view reason);

}  // namespace atelier::engines::elasticsearch

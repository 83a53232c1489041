#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "schema/message.hpp"

namespace atelier::platform {

/// A ready answer: status line and headers are the connection's work, bytes are shared.
struct CachedReply {
  int status = 200;
  http::Headers headers;
  http::SharedBytes body;
  std::string etag;
};

/// The first-level cache of hot anonymous replies: bounded by bytes, scan-resistant
/// (platform/fifo_queue.hpp), tags as generations, single flight, stale-while-revalidate.
/// A fault in it never fails a request. Thread-safe.
class ReplyCache {
 public:
  ReplyCache(const Clock& clock, std::size_t bytes_max);
  ~ReplyCache();

  struct Found {
    std::shared_ptr<const CachedReply> reply;  ///< null = nothing usable
    bool stale = false;    ///< past its time, but usable while somebody makes it anew
    bool refresh = false;  ///< this caller is that somebody: it must call `store` or `abandon`
  };
  /// Never allocates on a hit.
  Found find(std::string_view key);

  /// After a miss without `refresh`: `then` is called once with what the other caller makes, or
  /// with null when it failed or a tag was bumped meanwhile. False: nobody is at it, ask again.
  using Then = std::function<void(std::shared_ptr<const CachedReply>)>;
  bool join(std::string_view key, Then then);
  /// The caller who got `refresh` could not make a reply worth keeping.
  void abandon(std::string_view key);

  /// Take before the read snapshot begins; `store` refuses when a tag was bumped since.
  std::uint64_t generation() const;
  void store(std::string_view key, std::shared_ptr<const CachedReply> reply,
             const std::vector<std::string>& tags, int ttl_s, std::uint64_t generation_before);
  /// Everything that depends on `tag` is gone for every later `find`.
  void bump(std::string_view tag);
  void clear();

  struct Counts {
    std::uint64_t hits = 0, stale = 0, misses = 0, stored = 0, refused = 0, evicted = 0;
    std::size_t entries = 0, bytes = 0;
  };
  Counts counts() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace atelier::platform

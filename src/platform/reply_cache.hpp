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

/// The first-level cache of hot anonymous replies: bounded by bytes, scan-resistant (S3-FIFO,
/// Yang et al., SOSP 2023), tags as generations, single flight, stale-while-revalidate.
/// A fault in it never fails a request. Thread-safe.
class ReplyCache {
 public:
  ReplyCache(const Clock& clock, std::size_t bytes_max);
  ~ReplyCache();

  struct Found {
    std::shared_ptr<const CachedReply> reply;  ///< null = nothing usable
    bool stale = false;  ///< usable, but the caller who gets `refresh` should make it anew
    bool refresh = false;
  };
  Found find(std::string_view key);

  /// Take before the read snapshot begins; `store` refuses when a tag was bumped since.
  std::uint64_t generation() const;
  void store(std::string_view key, std::shared_ptr<const CachedReply> reply,
             const std::vector<std::string>& tags, int ttl_s, std::uint64_t generation_before);
  /// Everything that depends on `tag` is gone for every later `find`.
  void bump(std::string_view tag);
  void clear();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace atelier::platform

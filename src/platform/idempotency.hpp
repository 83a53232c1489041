#pragma once
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "ports/database.hpp"
#include "schema/message.hpp"

namespace atelier::platform {

class Jobs;

/// Makes a repeated create harmless (draft-ietf-httpapi-idempotency-key-header-07): the first
/// statement of the transaction claims (user, key); its reply is stored before COMMIT, and a
/// repetition gets the same bytes. A failed create leaves nothing. Kept for 24 hours.
struct StoredReply {
  int status = 0;
  http::Headers headers;
  std::string body;
};

/// The text of an Idempotency-Key header: an RFC 8941 string or a bare word, 1 to 255 visible
/// characters. Fault `bad_idempotency_key`.
Result<std::string> read_idempotency_key(std::string_view header);

/// Empty: the caller owns the key now and must store the reply. Faults: `idempotency_mismatch`
/// (invalid) if another request used the key.
Result<std::optional<StoredReply>> claim_key(sql::Tx& tx, UserId user, std::string_view key,
                                             std::string_view request_hash, Millis now);
Result<void> store_reply(sql::Tx& tx, UserId user, std::string_view key, const StoredReply& reply);

/// Keys that are being worked on in this process. Thread-safe.
class KeysInFlight {
 public:
  bool take(const std::string& key);  ///< false: somebody has it
  void release(const std::string& key);

 private:
  std::mutex mutex_;
  std::unordered_set<std::string> taken_;
};

/// The hourly job that forgets old keys.
void idempotency_jobs(Jobs& jobs);

}  // namespace atelier::platform

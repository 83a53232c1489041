#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "ports/database.hpp"

namespace atelier::platform {

/// What was set aside under one reference. reserved = settled + released once it is closed.
struct Hold {
  std::int64_t reserved = 0, settled = 0, released = 0;
  bool closed = false;
};

/// Paying for what takes a while: set aside, take item by item, give the rest back. Every call
/// acts in the caller's transaction and may be repeated: an item is taken once, whatever happens.
class Ledger {
 public:
  virtual ~Ledger() = default;
  /// `forbidden` with code `funds_short` if the member cannot pay it; `conflict` (`hold_exists`)
  /// if the reference stands for another amount or member.
  virtual Result<void> reserve(sql::Tx& tx, Millis now, UserId user, std::string_view reference,
                               std::int64_t amount) = 0;
  /// False if this item was taken before. `conflict` (`hold_spent`) beyond what was set aside or
  /// after `release`.
  virtual Result<bool> settle(sql::Tx& tx, Millis now, std::string_view reference,
                              std::string_view item, std::int64_t amount) = 0;
  /// Gives back what is left, and closes it.
  virtual Result<void> release(sql::Tx& tx, Millis now, std::string_view reference) = 0;
  virtual Result<std::optional<Hold>> find(sql::Tx& tx, std::string_view reference) = 0;
};

}  // namespace atelier::platform

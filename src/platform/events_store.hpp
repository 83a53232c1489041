#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "platform/events.hpp"

/// The SQL of the outbox. Every function runs in the caller's transaction.
namespace atelier::platform::events {

inline constexpr std::string_view channel = "events";

Result<void> append(sql::Tx& tx, const Event& event, std::int64_t process);

struct Stored {
  Event event;
  std::int64_t process = 0;
};
Result<std::vector<Stored>> after(sql::Tx& tx, std::int64_t position, int limit);
Result<std::int64_t> head(sql::Tx& tx);
/// The oldest position that is still there, or 0.
Result<std::int64_t> oldest(sql::Tx& tx);

/// PostgreSQL only: gives committed rows of the inbox their positions, in the order of their ids.
/// Only one transaction at a time does it; another finds the lock taken and moves nothing.
/// Returns how many were moved. The first thing its transaction does.
Result<std::int64_t> sequence(sql::Tx& tx, int limit);

struct Cursor {
  std::int64_t position = 0;
  bool rebuild = false;
};
/// Makes the cursor at the beginning when it is new.
Result<Cursor> cursor(sql::Tx& tx, std::string_view name, Millis now);
/// False when the cursor is not at `from` any more: another node was faster.
Result<bool> move_cursor(sql::Tx& tx, std::string_view name, std::int64_t from, std::int64_t to,
                         Millis now);
Result<void> set_rebuilt(sql::Tx& tx, std::string_view name, std::int64_t position, Millis now);

struct Pruning {
  std::int64_t keep = 10'000;         ///< newest events that stay although everybody read them
  std::int64_t behind_max = 5'000'000;  ///< a consumer further behind loses its place
  int limit = 5'000;                  ///< rows per transaction
};
/// Deletes what all cursors have passed. Consumers too far behind are marked for rebuild first.
/// Returns how many rows were deleted. The first thing its transaction does.
Result<std::int64_t> prune(sql::Tx& tx, const Pruning& pruning);

}  // namespace atelier::platform::events

namespace atelier::platform {
/// Random, different in every process: tells own events from those of other nodes.
std::int64_t process_number();
}  // namespace atelier::platform

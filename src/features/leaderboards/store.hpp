#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/leaderboards/leaderboards.hpp"
#include "platform/viewer.hpp"

/// All SQL of leaderboards.
namespace atelier::leaderboards::store {

struct Deeds {
  UserId creator;
  platform::SubjectKind kind;
  platform::Metric metric;
  std::int64_t day = 0;
  std::int64_t amount = 0;
};
Result<void> add(sql::Tx& tx, const Deeds& deeds);

struct Scored {
  UserId user;
  std::int64_t score = 0;
};
/// The best by score, from the days after `after` up to `day`; only scores above 0.
Result<std::vector<Scored>> scores(sql::Tx& tx, std::span<const Term> terms, std::int64_t after,
                                   std::int64_t day);
Result<void> clear(sql::Tx& tx, std::string_view board, std::int64_t day);
Result<void> put(sql::Tx& tx, std::string_view board, std::int64_t day, std::int64_t position,
                 const Scored& scored);
Result<void> forget_before(sql::Tx& tx, std::int64_t day);

struct Ranked {
  std::int64_t position = 0;
  UserId user;
  std::string username;
  std::int64_t score = 0;
  std::optional<std::int64_t> before;  ///< position on the day before
};
/// The newest day that was ranked, at most `day`.
Result<std::optional<std::int64_t>> latest(sql::Tx& tx, std::string_view board,
                                           std::int64_t day);
/// After (position, user), by position; people whom `viewer` may see in lists.
Result<std::vector<Ranked>> page(sql::Tx& tx, std::string_view board, std::int64_t day,
                                 std::int64_t position, UserId user, int limit,
                                 const Viewer& viewer);
Result<std::optional<Ranked>> of(sql::Tx& tx, std::string_view board, std::int64_t day,
                                 UserId user);

}  // namespace atelier::leaderboards::store

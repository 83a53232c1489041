#pragma once
#include <vector>

#include "features/follows/endpoints.hpp"
#include "features/metrics/metrics.hpp"

/// All SQL of following.
namespace atelier::follows::store {

/// False if it was so already.
Result<bool> add(sql::Tx& tx, UserId user, UserId followed, Millis now);
/// Since when it was so; absent if it was not.
Result<std::optional<Millis>> remove(sql::Tx& tx, UserId user, UserId followed);
metrics::Deeds deeds();
Result<std::int64_t> count_following(sql::Tx& tx, UserId user);

enum class Side : unsigned char { followers, following };
/// By id of the person, falling, from below `before` (0 = from the top).
Result<std::vector<FollowRow>> page(sql::Tx& tx, UserId user, Side side, std::int64_t before,
                                    int limit, const Viewer& viewer);

}  // namespace atelier::follows::store

#pragma once
#include <cstdint>
#include <set>
#include <span>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "platform/context.hpp"
#include "platform/feature.hpp"
#include "ports/database.hpp"

/// People who follow people. A block ends it in both directions.
///
/// Event: follows/created with the followed person's id, and who follows as its actor. How many
/// follow somebody is the metric `follow` of the kind `user`.
namespace atelier::follows {

/// Of `people`, those whom `user` follows.
Result<std::set<std::int64_t>> followed(sql::Tx& tx, UserId user,
                                        std::span<const std::int64_t> people);

/// For lists of other features: `sign_in_needed` for a stranger, who follows nobody.
Result<void> need(const Viewer& viewer);
/// Then appends " AND …", so that only things of people whom the viewer follows are listed. `owner`
/// is the SQL expression of the owner's id, "m.owner_id". `few`: better to look up what they have
/// than to walk through the list and ask of each thing whose it is.
void add_followed(sql::Query& query, const Viewer& viewer, std::string_view owner,
                  bool few = false);

platform::Feature feature();

}  // namespace atelier::follows

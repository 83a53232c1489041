#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/follows/follows.hpp"
#include "schema/types.hpp"

/// What the endpoints of following take and give.
namespace atelier::follows {

using AnyId = schema::Whole<1, 2'147'483'647>;

struct FollowPath {
  AnyId id;
};
BOOST_DESCRIBE_STRUCT(FollowPath, (), (id))

struct FollowState {
  bool following = false;
};
BOOST_DESCRIBE_STRUCT(FollowState, (), (following))

struct ListFollows {
  AnyId id;
  std::optional<schema::Text<1, 200>> cursor;
  std::optional<schema::Whole<1, 100>> limit;
};
BOOST_DESCRIBE_STRUCT(ListFollows, (), (id, cursor, limit))

struct FollowRow {
  UserId id;
  std::string username;
  schema::Time since;
};
BOOST_DESCRIBE_STRUCT(FollowRow, (), (id, username, since))

struct FollowList {
  std::vector<FollowRow> items;       ///< newest people first
  std::optional<std::string> nextCursor;
  std::int64_t total = 0;
};
BOOST_DESCRIBE_STRUCT(FollowList, (), (items, nextCursor, total))

Result<FollowState> follow_user(Context& context, const FollowPath& in);
Result<FollowState> unfollow_user(Context& context, const FollowPath& in);
Result<FollowList> list_followers(Context& context, const ListFollows& in);
Result<FollowList> list_following(Context& context, const ListFollows& in);

}  // namespace atelier::follows

#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/leaderboards/leaderboards.hpp"
#include "platform/context.hpp"
#include "schema/types.hpp"

/// What the endpoints of leaderboards take and give.
namespace atelier::leaderboards {

struct LeaderRow {
  std::int64_t position = 0;        ///< equal scores share one
  UserId id;
  std::string username;
  std::int64_t score = 0;
  std::optional<std::int64_t> positionBefore;  ///< the day before; none = was not ranked
};
BOOST_DESCRIBE_STRUCT(LeaderRow, (), (position, id, username, score, positionBefore))

struct LeaderboardCard {
  std::string id, title, description;
  std::int64_t days = 0;            ///< the window of the score
  std::optional<schema::Time> date;  ///< of the ranking shown; none = nothing was ranked yet
  std::vector<LeaderRow> top;       ///< the first three
};
BOOST_DESCRIBE_STRUCT(LeaderboardCard, (), (id, title, description, days, date, top))

struct LeaderboardList {
  std::vector<LeaderboardCard> items;
};
BOOST_DESCRIBE_STRUCT(LeaderboardList, (), (items))

struct GetLeaderboard {
  schema::Text<1, 40> id;
  std::optional<schema::Text<10, 10>> date;  ///< "2026-11-22"; the newest ranking up to then
  std::optional<schema::Text<1, 100>> cursor;
  std::optional<schema::Whole<1, 100>> limit;
};
BOOST_DESCRIBE_STRUCT(GetLeaderboard, (), (id, date, cursor, limit))

struct LeaderboardPage {
  std::string id, title, description;
  std::int64_t days = 0;
  std::optional<schema::Time> date;
  std::vector<LeaderRow> items;
  std::optional<LeaderRow> own;     ///< the viewer's, wherever it stands
  std::optional<std::string> nextCursor;
};
BOOST_DESCRIBE_STRUCT(LeaderboardPage, (),
                      (id, title, description, days, date, items, own, nextCursor))

Result<LeaderboardList> list_leaderboards(Context& context, const schema::Nothing& in);
Result<LeaderboardPage> get_leaderboard(Context& context, const GetLeaderboard& in);

}  // namespace atelier::leaderboards

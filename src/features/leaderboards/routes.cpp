#include <algorithm>

#include "base/text.hpp"
#include "features/leaderboards/endpoints.hpp"
#include "features/leaderboards/store.hpp"
#include "platform/cache_policy.hpp"
#include "platform/jobs.hpp"

namespace atelier::leaderboards {
namespace {

constexpr Millis day_ms = 86'400'000;
constexpr std::int64_t kept_days = 400;
constexpr int limit_usual = 50;

struct RankEveryHour {};
BOOST_DESCRIBE_STRUCT(RankEveryHour, (), ())

Result<void> rank_all(platform::JobRun& run, const RankEveryHour&) {
  Services& services = run.services();
  const std::int64_t day = services.clock->now() / day_ms;
  for (const Board& board : boards()) {
    if (run.should_stop()) return {};
    TRY(services.database->write_now(sql::Lane::bulk,
                                     [&](sql::Tx& tx) { return rank(tx, board, day); }));
  }
  return run.finish_with([&](sql::Tx& tx) -> Result<void> {
    TRY(store::forget_before(tx, day - kept_days));
    return platform::publish(services, tx, "leaderboards", "ranked", day);
  });
}

void add_jobs(platform::Jobs& jobs) {
  jobs.add({.name = "leaderboards.rank", .concurrency = 1, .cron = "12 * * * *",
            .keep_completed_s = 3 * 3600},
           rank_all);
}

void add_events(Services& services) {
  services.events->consumer(
      "leaderboards.days",
      [&services](sql::Tx& tx, const std::vector<platform::Event>& events) {
        return fold(services, tx, events);
      });
}

void add_routes(schema::Routes& routes) {
  schema::bind(routes, schema::Method::get,
               {.path = "/api/v2/leaderboards", .id = "listLeaderboards",
                .summary = "The boards, each with its first three.",
                .access = schema::Access::anyone, .scope = schema::Scope::open,
                .cache_s = platform::reply_s("leaderboard"), .cheap = true},
               list_leaderboards);
  schema::bind(routes, schema::Method::get,
               {.path = "/api/v2/leaderboards/{id}", .id = "getLeaderboard",
                .summary = "A board as it stood on a day.", .access = schema::Access::anyone,
                .scope = schema::Scope::open, .cache_s = platform::reply_s("leaderboard"),
                .cheap = true},
               get_leaderboard);
}

LeaderRow shown(const store::Ranked& ranked) {
  return {ranked.position, ranked.user, ranked.username, ranked.score, ranked.before};
}

std::optional<schema::Time> date_of(const std::optional<std::int64_t>& day) {
  if (!day) return std::nullopt;
  return schema::Time{*day * day_ms};
}

/// "position|user".
struct Place {
  std::int64_t position = 0;
  UserId user;
};
Result<Place> place_of(const GetLeaderboard& in) {
  if (!in.cursor) return Place{};
  const auto parts = split(in.cursor->value, '-');
  const auto position = parse_whole(parts.front()), user = parse_whole(parts.back());
  if (parts.size() != 2 || !position || !user)
    return fail(Fault::invalid, "cursor_invalid", "This cursor is not from this list.");
  return Place{*position, UserId{*user}};
}

}  // namespace

Result<LeaderboardList> list_leaderboards(Context& context, const schema::Nothing&) {
  context.depends_on("leaderboards");
  context.depends_on("users");
  LeaderboardList out;
  for (const Board& board : boards()) {
    LeaderboardCard card{std::string(board.id), std::string(board.title),
                         std::string(board.description), board.days, {}, {}};
    const auto day = TRY(store::latest(context.tx(), board.id, context.now / day_ms));
    card.date = date_of(day);
    if (day) {
      const auto top = TRY(store::page(context.tx(), board.id, *day, 0, {}, 3, context.viewer));
      for (const store::Ranked& ranked : top) card.top.push_back(shown(ranked));
    }
    out.items.push_back(std::move(card));
  }
  return out;
}

Result<LeaderboardPage> get_leaderboard(Context& context, const GetLeaderboard& in) {
  context.depends_on("leaderboards");
  context.depends_on("users");
  const auto board = std::ranges::find(boards(), std::string_view(in.id.value), &Board::id);
  if (board == boards().end())
    return fail(Fault::missing, "leaderboard_missing", "There is no such board.");
  Millis until = context.now;
  if (in.date) {
    const auto at = parse_iso_time(in.date->value + "T00:00:00.000Z");
    if (!at) return fail(Fault::invalid, "date_invalid", "A date is written 2026-11-22.");
    until = *at;
  }
  const Place after = TRY(place_of(in));
  const int limit = in.limit ? static_cast<int>(in.limit->value) : limit_usual;
  LeaderboardPage out{std::string(board->id), std::string(board->title),
                      std::string(board->description), board->days, {}, {}, {}, {}};
  const auto day = TRY(store::latest(context.tx(), board->id, until / day_ms));
  out.date = date_of(day);
  if (!day) return out;
  auto rows = TRY(store::page(context.tx(), board->id, *day, after.position, after.user,
                              limit + 1, context.viewer));
  if (rows.size() > std::size_t(limit)) {
    rows.resize(std::size_t(limit));
    out.nextCursor = std::to_string(rows.back().position) + "-" +
                     std::to_string(rows.back().user.value);
  }
  for (const store::Ranked& ranked : rows) out.items.push_back(shown(ranked));
  if (context.viewer.signed_in())
    if (const auto own = TRY(store::of(context.tx(), board->id, *day, context.viewer.user)))
      out.own = shown(*own);
  return out;
}

platform::Feature feature() {
  return {.name = "leaderboards", .routes = add_routes, .jobs = add_jobs, .events = add_events};
}

}  // namespace atelier::leaderboards

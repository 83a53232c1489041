#include <array>

#include "base/text.hpp"
#include "features/follows/endpoints.hpp"
#include "features/follows/store.hpp"
#include "features/metrics/metrics.hpp"
#include "features/visibility/visibility.hpp"
#include "platform/events.hpp"

namespace atelier::follows {
namespace {

using platform::Metric;
using platform::SubjectKind;

constexpr std::int64_t following_max = 5'000;
constexpr int limit_usual = 50;

Result<void> count(Services& services, sql::Tx& tx, UserId followed, int delta, Millis at,
                   UserId actor) {
  return metrics::count(services, tx,
                        {SubjectKind::user, followed.value, Metric::follow, delta, at}, actor);
}

Result<void> leave(Services& services, sql::Tx& tx, UserId user, UserId followed) {
  const auto since = TRY(store::remove(tx, user, followed));
  if (since) TRY(count(services, tx, followed, -1, *since, user));
  return {};
}

/// Who blocks somebody neither follows them nor is followed.
Result<void> part(Services& services, sql::Tx& tx, UserId one, UserId other) {
  TRY(leave(services, tx, one, other));
  return leave(services, tx, other, one);
}

void add_events(Services& services) {
  metrics::counted_from(store::deeds());
  services.events->consumer(
      "follows.blocks",
      [&services](sql::Tx& tx, const std::vector<platform::Event>& events) -> Result<void> {
        for (const platform::Event& event : events)
          if (event.noun == "users" && event.verb == "blocked")
            TRY(part(services, tx, event.actor, UserId{event.subject}));
        return {};
      });
}

Result<platform::Subject> person(Context& context, std::int64_t id) {
  auto found = TRY(context.services.subjects->need(context.tx(), SubjectKind::user, id,
                                                   context.viewer));
  if (!found.open || TRY(visibility::blocked(context.tx(), context.viewer.user, UserId{id})))
    return fail(Fault::missing, "subject_missing", "There is no such person.");
  return found;
}

Result<FollowList> list(Context& context, const ListFollows& in, store::Side side) {
  const auto whose = TRY(person(context, in.id.value));
  std::int64_t before = 0;
  if (in.cursor) {
    const auto id = parse_whole(in.cursor->value);
    if (!id || *id < 1)
      return fail(Fault::invalid, "cursor_invalid", "This cursor is not from this list.");
    before = *id;
  }
  const int limit = in.limit ? static_cast<int>(in.limit->value) : limit_usual;
  FollowList out;
  out.items = TRY(store::page(context.tx(), whose.owner, side, before, limit + 1,
                              context.viewer));
  if (out.items.size() > std::size_t(limit)) {
    out.items.resize(std::size_t(limit));
    out.nextCursor = std::to_string(out.items.back().id.value);
  }
  if (side == store::Side::following) {
    out.total = TRY(store::count_following(context.tx(), whose.owner));
  } else {
    const std::array ids = {whose.id};
    const std::array all_time = {platform::Timeframe::AllTime};
    out.total = TRY(metrics::tallies(context.tx(), SubjectKind::user, ids, all_time))
                    .front()[Metric::follow];
  }
  return out;
}

void add_routes(schema::Routes& routes) {
  using schema::Method;
  const auto row = [](std::string_view path, std::string_view id, std::string_view summary) {
    return schema::Row{.path = path, .id = id, .summary = summary,
                       .access = schema::Access::member, .scope = schema::Scope::social_write,
                       .rate = schema::Rate::write};
  };
  const auto open = [](std::string_view path, std::string_view id, std::string_view summary) {
    return schema::Row{.path = path, .id = id, .summary = summary,
                       .access = schema::Access::anyone, .scope = schema::Scope::open,
                       .cheap = true};
  };
  schema::bind(routes, Method::put,
               row("/api/v2/users/{id}/follow", "followUser", "Follow a person."), follow_user);
  schema::bind(routes, Method::del,
               row("/api/v2/users/{id}/follow", "unfollowUser", "Follow a person no more."),
               unfollow_user);
  schema::bind(routes, Method::get,
               open("/api/v2/users/{id}/followers", "listFollowers", "Who follows a person."),
               list_followers);
  schema::bind(routes, Method::get,
               open("/api/v2/users/{id}/following", "listFollowing", "Whom a person follows."),
               list_following);
}

}  // namespace

Result<FollowState> follow_user(Context& context, const FollowPath& in) {
  const auto other = TRY(person(context, in.id.value));
  if (other.owner == context.viewer.user)
    return fail(Fault::invalid, "is_you", "You cannot follow yourself.");
  if (TRY(store::count_following(context.tx(), context.viewer.user)) >= following_max)
    return fail(Fault::conflict, "following_full", "You follow too many people.");
  if (TRY(store::add(context.tx(), context.viewer.user, other.owner, context.now))) {
    TRY(count(context.services, context.tx(), other.owner, 1, context.now, context.viewer.user));
    TRY(platform::publish(context.services, context.tx(), "follows", "created", other.id,
                          context.viewer.user));
  }
  return FollowState{true};
}

Result<FollowState> unfollow_user(Context& context, const FollowPath& in) {
  TRY(leave(context.services, context.tx(), context.viewer.user, UserId{in.id.value}));
  return FollowState{false};
}

Result<FollowList> list_followers(Context& context, const ListFollows& in) {
  return list(context, in, store::Side::followers);
}

Result<FollowList> list_following(Context& context, const ListFollows& in) {
  return list(context, in, store::Side::following);
}

platform::Feature feature() {
  return {.name = "follows", .routes = add_routes, .events = add_events};
}

}  // namespace atelier::follows

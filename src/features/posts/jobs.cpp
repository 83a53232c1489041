#include "features/posts/functions.hpp"
#include "features/posts/store.hpp"
#include "platform/jobs.hpp"

// What happens to posts by itself: schedules come due, bins are emptied.
namespace atelier::posts {
namespace {

struct DuePosts {};
BOOST_DESCRIBE_STRUCT(DuePosts, (), ())
struct TidyPosts {};
BOOST_DESCRIBE_STRUCT(TidyPosts, (), ())

constexpr Millis bin_ms = 30 * 86'400'000ll;

Result<void> publish_scheduled(platform::JobRun& run, const DuePosts&) {
  Services& services = run.services();
  return run.finish_with([&](sql::Tx& tx) { return publish_due(services, tx); });
}

Result<void> tidy(platform::JobRun& run, const TidyPosts&) {
  Services& services = run.services();
  const Millis before = services.clock->now() - bin_ms;
  const auto ids =
      TRY(sql::ask(*services.database, [&](sql::Tx& tx) { return store::bin(tx, before); }));
  for (const PostId id : ids)
    TRY(services.database->write_now(sql::Lane::jobs,
                                     [&](sql::Tx& tx) { return erase(services, tx, id); }));
  return {};
}

}  // namespace

Result<void> publish_due(Services& services, sql::Tx& tx) {
  for (const PostId id : TRY(store::due(tx, services.clock->now()))) {
    if (check_publishable(tx, id)) {
      TRY(publish(services, tx, id, {}));
      continue;
    }
    std::optional<Post> post = TRY(store::post(tx, id));
    post->status = PostStatus::Draft;
    post->published_at.reset();
    TRY(save(services, tx, *post, {}, "unpublished"));
  }
  return {};
}

void jobs(platform::Jobs& jobs) {
  jobs.add({.name = "posts.publish_due", .cron = "* * * * *", .keep_completed_s = 3600},
           publish_scheduled);
  jobs.add<TidyPosts>({.name = "posts.tidy", .concurrency = 1, .cron = "53 * * * *"}, tidy);
}

}  // namespace atelier::posts

#include "platform/subjects.hpp"

#include "features/posts/functions.hpp"
#include "features/posts/store.hpp"

// Posts as things to react to, discuss, collect and report.
namespace atelier::posts {
namespace {

using platform::Subject;
using platform::SubjectKind;

Result<std::optional<Subject>> find_subject(sql::Tx& tx, std::int64_t id, const Viewer& viewer) {
  const auto post = TRY(find(tx, PostId{id}, viewer));
  if (!post) return std::optional<Subject>{};
  return std::optional<Subject>(subject_of(*post));
}

Result<Post> needed(Context& context, std::int64_t id) {
  std::optional<Post> post = TRY(store::post(context.tx(), PostId{id}));
  if (!post) return fail(Fault::missing, "post_missing", "There is no such post.");
  return std::move(*post);
}

Result<void> take_down(Context& context, std::int64_t id, const std::string& reason) {
  Post post = TRY(needed(context, id));
  if (post.status != PostStatus::TakenDown) post.taken_down_from = post.status;
  post.status = PostStatus::TakenDown;
  post.taken_down_reason = reason;
  return save(context.services, context.tx(), post, context.viewer.user, "taken_down");
}

Result<void> give_back(Context& context, std::int64_t id) {
  Post post = TRY(needed(context, id));
  if (post.status != PostStatus::TakenDown) return {};
  post.status = post.taken_down_from.value_or(PostStatus::Draft);
  post.taken_down_from.reset();
  post.taken_down_reason.clear();
  return save(context.services, context.tx(), post, context.viewer.user, "given_back");
}

Result<void> lock_level(Context& context, std::int64_t id, int level) {
  Post post = TRY(needed(context, id));
  post.nsfw_locked = level;
  return save(context.services, context.tx(), post, context.viewer.user);
}

/// No event: a counter is not worth dropping every cached list.
Result<void> counted(sql::Tx& tx, std::span<const platform::Tally> tallies) {
  for (const platform::Tally& tally : tallies)
    if (tally.timeframe == platform::Timeframe::AllTime) TRY(store::put_counts(tx, tally));
  return {};
}

}  // namespace

platform::Subject subject_of(const Post& post) {
  return {.kind = SubjectKind::post,
          .id = post.id.value,
          .owner = post.owner,
          .title = post.title,
          .address = "/posts/" + std::to_string(post.id.value),
          .level = post.nsfw_level,
          .open = post.open()};
}

void subjects(platform::Subjects& all) {
  all.add(SubjectKind::post, {.find = find_subject,
                              .take_down = take_down,
                              .give_back = give_back,
                              .lock_level = lock_level,
                              .counted = counted,
                              .noun = "posts"});
  images::follow_posts(follow_images);
}

}  // namespace atelier::posts

#include "features/posts/posts.hpp"

#include <algorithm>

#include "features/markdown/markdown.hpp"
#include "features/posts/functions.hpp"
#include "features/posts/store.hpp"
#include "platform/events.hpp"

namespace atelier::posts {
namespace {

visibility::Facts facts_of(const Post& post) {
  return {.owner = post.owner, .level = post.nsfw_level, .open = post.open(), .members = false};
}

/// A gallery's model, if the version is still there.
Result<images::Standing> standing_of(sql::Tx& tx, const Post& post) {
  images::Standing standing;
  if (post.open()) standing.published_at = post.published_at;
  if (!post.version) return standing;
  const auto model = TRY(models::find(tx, *post.version, {.role = Role::moderator}));
  if (!model) return standing;
  standing.version = post.version;
  standing.model = model->id;
  standing.by_creator = model->owner == post.owner;
  return standing;
}

Result<Post> needed(sql::Tx& tx, PostId id) {
  std::optional<Post> post = TRY(store::post(tx, id));
  if (!post) return fail(Fault::missing, "post_missing", "There is no such post.");
  return std::move(*post);
}

}  // namespace

bool can_edit(const Post& post, const Viewer& viewer) {
  return viewer.signed_in() && (post.owner == viewer.user || viewer.at_least(Role::moderator));
}

Result<bool> may_see(sql::Tx& tx, const Post& post, const Viewer& viewer) {
  return visibility::may_see(tx, facts_of(post), viewer);
}

void add_visible(sql::Query& query, const Viewer& viewer) {
  visibility::add_visible(
      query, viewer,
      {.owner = "p.owner_id",
       .level = "p.nsfw_level",
       .open = "p.deleted_at IS NULL AND p.status = 'Published'",
       .members = "",
       .kind = "",
       .id = "p.id",
       .tagged = "post_tags t WHERE t.post_id = p.id AND t.tag_id = h.subject_id"},
      visibility::Where::list);
}

Result<std::optional<Post>> find(sql::Tx& tx, PostId id, const Viewer& viewer) {
  std::optional<Post> post = TRY(store::post(tx, id));
  if (!post || !TRY(may_see(tx, *post, viewer))) return std::optional<Post>{};
  return post;
}

Result<void> save(Services& services, sql::Tx& tx, Post& post, UserId by, std::string_view verb) {
  post.updated_at = services.clock->now();
  TRY(store::update(tx, post));
  TRY(images::set_standing(services, tx, post.id, TRY(standing_of(tx, post))));
  TRY(follow_images(services, tx, post.id));
  TRY(store::recount_tags(tx, post.id));
  return platform::publish(services, tx, "posts", verb, post.id.value, by);
}

Result<void> follow_images(Services& services, sql::Tx& tx, PostId id) {
  std::optional<Post> post = TRY(store::post(tx, id));
  if (!post) return {};
  int levels = 0;
  const auto held = TRY(images::of_post(tx, id));
  for (const images::Image& image : held)
    if (image.state == images::ImageState::ready && !image.taken_down_at)
      levels |= image.level() & maturity::all;
  levels = post->nsfw_locked.value_or(levels);
  const auto count = static_cast<std::int64_t>(held.size());
  if (levels == post->nsfw_level && count == post->image_count) return {};
  post->nsfw_level = levels;
  post->image_count = count;
  TRY(store::update(tx, *post));
  return platform::publish(services, tx, "posts", "changed", id.value);
}

Result<PostId> add(Services& services, sql::Tx& tx, Post post) {
  post.created_at = post.updated_at = services.clock->now();
  post.detail_html = markdown::to_html(post.detail);
  post.id = TRY(store::insert(tx, post));
  TRY(store::set_tags(tx, post.id, post.tags));
  TRY(platform::publish(services, tx, "posts", "created", post.id.value, post.owner));
  return post.id;
}

Result<void> add_image(Services& services, sql::Tx& tx, PostId id, ImageId image) {
  Post post = TRY(needed(tx, id));
  const auto held = TRY(images::of_post(tx, id));
  if (held.size() >= images_max)
    return fail(Fault::conflict, "post_full", "A post holds up to twenty images.");
  const std::int64_t last = held.empty() ? -1 : held.back().position;
  TRY(images::move_to(tx, image, id, last + 1));
  return save(services, tx, post, {});
}

Result<void> check_publishable(sql::Tx& tx, PostId id) {
  const auto held = TRY(images::of_post(tx, id));
  if (held.empty()) return fail(Fault::conflict, "image_needed", "Add an image before publishing.");
  for (const images::Image& image : held) {
    if (image.state == images::ImageState::failed || image.state == images::ImageState::blocked)
      return fail(Fault::conflict, "image_unusable",
                  "Image " + std::to_string(image.position + 1) + ": " + image.problem);
    if (image.level() == 0)
      return fail(Fault::conflict, "level_needed",
                  "Say the maturity level of image " + std::to_string(image.position + 1) + ".");
  }
  return {};
}

Result<void> publish(Services& services, sql::Tx& tx, PostId id, UserId by) {
  Post post = TRY(needed(tx, id));
  TRY(check_publishable(tx, id));
  if (post.status == PostStatus::Published) return {};
  post.status = PostStatus::Published;
  post.published_at = services.clock->now();
  return save(services, tx, post, by, "published");
}

Result<void> erase(Services& services, sql::Tx& tx, PostId id) {
  for (const images::Image& image : TRY(images::all_of_post(tx, id)))
    TRY(images::erase(services, tx, image.id));
  TRY(store::set_tags(tx, id, {}));
  TRY(store::delete_unused_tags(tx));
  TRY(store::erase(tx, id));
  return platform::publish(services, tx, "posts", "erased", id.value);
}

Result<std::vector<PostId>> demo_posts(sql::Tx& tx) { return store::demo_posts(tx); }

}  // namespace atelier::posts

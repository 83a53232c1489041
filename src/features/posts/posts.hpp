#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "features/images/images.hpp"
#include "features/models/models.hpp"
#include "platform/context.hpp"
#include "platform/feature.hpp"

/// Posts: up to twenty images with a title and words, shown together from when they are published,
/// alone or in the gallery of a model's version.
///
/// Events: posts/created, changed, published, unpublished, deleted, restored, erased.
namespace atelier::posts {

constexpr std::size_t images_max = 20;

enum class PostStatus : unsigned char { Draft, Scheduled, Published, TakenDown };
BOOST_DESCRIBE_ENUM(PostStatus, Draft, Scheduled, Published, TakenDown)
enum class PostSort : unsigned char { newest, oldest, mostReactions };
BOOST_DESCRIBE_ENUM(PostSort, newest, oldest, mostReactions)

struct Post {
  PostId id;
  UserId owner;
  std::string owner_name;
  std::optional<VersionId> version;
  std::string title, detail, detail_html;
  PostStatus status = PostStatus::Draft;
  std::optional<PostStatus> taken_down_from;
  std::string taken_down_reason;
  int nsfw_level = 0;                  ///< bits of its images, or what a moderator has fixed
  std::optional<int> nsfw_locked;
  std::int64_t image_count = 0;
  bool demo = false;
  Millis created_at = 0, updated_at = 0;
  std::optional<Millis> published_at, deleted_at;
  images::Counts counts;
  std::vector<std::string> tags;

  bool open() const { return status == PostStatus::Published && !deleted_at; }
};

/// Absent when it does not exist or `viewer` may not see it.
Result<std::optional<Post>> find(sql::Tx& tx, PostId id, const Viewer& viewer);

// ---- changing: for routes and demo. Who may is the caller's to check.

/// A draft; fills times and the shown words.
Result<PostId> add(Services& services, sql::Tx& tx, Post post);
/// Puts an image at the end. `conflict` with code `post_full` for the twenty-first.
Result<void> add_image(Services& services, sql::Tx& tx, PostId post, ImageId image);
/// Now. `conflict` with code `image_needed`, or `level_needed` if the level of one is not said.
Result<void> publish(Services& services, sql::Tx& tx, PostId post, UserId by);
/// Rows and all, with its images.
Result<void> erase(Services& services, sql::Tx& tx, PostId post);
Result<std::vector<PostId>> demo_posts(sql::Tx& tx);

platform::Feature feature();

}  // namespace atelier::posts

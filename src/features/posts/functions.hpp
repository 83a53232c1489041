#pragma once
#include "features/posts/endpoints.hpp"
#include "features/visibility/visibility.hpp"
#include "platform/subjects.hpp"

/// Shared by this feature's sources only.
namespace atelier::posts {

bool can_edit(const Post& post, const Viewer& viewer);
Result<bool> may_see(sql::Tx& tx, const Post& post, const Viewer& viewer);
/// Appends " AND …" for a list of `posts p`.
void add_visible(sql::Query& query, const Viewer& viewer);

/// Writes the row, lets its images follow, and tells whom it concerns.
Result<void> save(Services& services, sql::Tx& tx, Post& post, UserId by,
                  std::string_view verb = "changed");
/// Level and number of images, from the images.
Result<void> follow_images(Services& services, sql::Tx& tx, PostId post);
/// `conflict` unless it has images, none of them unreadable or without a level.
Result<void> check_publishable(sql::Tx& tx, PostId post);
/// Scheduled posts whose time has come. One that cannot be published any more becomes a draft
/// again, and its owner sees why.
Result<void> publish_due(Services& services, sql::Tx& tx);
/// With the images that `viewer` may see: all of one's own, else those of the levels browsed.
platform::Subject subject_of(const Post& post);
Result<PostCard> page_of(Context& context, const Post& post);

}  // namespace atelier::posts

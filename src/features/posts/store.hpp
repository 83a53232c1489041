#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "features/posts/endpoints.hpp"
#include "platform/subjects.hpp"

/// All SQL of posts.
namespace atelier::posts::store {

Result<PostId> insert(sql::Tx& tx, const Post& post);
Result<void> update(sql::Tx& tx, const Post& post);  ///< every column but counts
/// The bare row with its tags: permission is the caller's to check.
Result<std::optional<Post>> post(sql::Tx& tx, PostId id);
Result<void> erase(sql::Tx& tx, PostId id);
/// Makes tags where needed; replaces the post's list.
Result<void> set_tags(sql::Tx& tx, PostId post, const std::vector<std::string>& names);
/// Counts published images again for the tags of `post`.
Result<void> recount_tags(sql::Tx& tx, PostId post);
Result<void> delete_unused_tags(sql::Tx& tx);
Result<void> load_tags(sql::Tx& tx, std::vector<Post>& posts);
Result<std::vector<PostId>> due(sql::Tx& tx, Millis now);  ///< scheduled, and their time has come
Result<std::vector<PostId>> bin(sql::Tx& tx, Millis before);
Result<std::vector<PostId>> demo_posts(sql::Tx& tx);
Result<void> put_counts(sql::Tx& tx, const platform::Tally& tally);

/// What search holds: open posts of people who are not banned.
Result<std::vector<std::int64_t>> open_ids(sql::Tx& tx, std::int64_t after, int limit);
Result<std::vector<Post>> open_posts(sql::Tx& tx, std::span<const std::int64_t> ids);
Result<std::vector<PostId>> ids_of_owner(sql::Tx& tx, UserId owner);

struct Filter {
  std::vector<PostId> ids;
  std::string title;                   ///< part of it, any case of ASCII
  std::optional<ModelId> model;
  std::optional<VersionId> version;
  std::optional<UserId> owner;
  std::string tag;
  bool followed = false;               ///< only of people whom the viewer follows
  std::optional<CollectionId> collection;  ///< only what is in it; may be read: `need`
  bool own = false;
  std::optional<PostStatus> status;
  bool deleted = false;
  models::Period period = models::Period::AllTime;
  PostSort sort = PostSort::newest;
  std::string cursor;
  int limit = 20;
};
Result<std::vector<Post>> page(sql::Tx& tx, const Filter& filter, const Viewer& viewer, Millis now,
                               std::string& next_cursor);

}  // namespace atelier::posts::store

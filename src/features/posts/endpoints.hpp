#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/posts/posts.hpp"
#include "schema/types.hpp"

/// What the endpoints of posts take and give. Members are the JSON names.
namespace atelier::posts {

using PostTitle = schema::Text<0, 200>;
using PostDetail = schema::Text<0, 50'000>;
using PostTag = schema::Text<1, 40>;

struct PostCard {
  PostId id;
  std::string title;
  std::string detail;                  ///< Markdown, as written; "" in lists
  std::string detailHtml;              ///< safe to show; "" in lists
  PostStatus status = PostStatus::Draft;
  std::string takenDownReason;
  std::string creator;
  std::vector<std::string> tags;
  std::int64_t nsfwLevel = 0;          ///< bits of its images
  std::int64_t imageCount = 0;
  std::optional<ModelId> model;        ///< in whose gallery it is, if this viewer may see that
  std::optional<VersionId> version;
  std::optional<std::string> modelName, versionName;
  schema::Time createdAt, updatedAt;
  std::optional<schema::Time> publishedAt, deletedAt;
  std::int64_t likeCount = 0, dislikeCount = 0, laughCount = 0, cryCount = 0, heartCount = 0;
  std::int64_t commentCount = 0, collectedCount = 0;
  bool demo = false;
  bool mayEdit = false;
  std::vector<images::ImageCard> images;  ///< that this viewer browses; in lists the first four
};
BOOST_DESCRIBE_STRUCT(PostCard, (),
                      (id, title, detail, detailHtml, status, takenDownReason, creator, tags,
                       nsfwLevel, imageCount, model, version, modelName, versionName, createdAt,
                       updatedAt, publishedAt, deletedAt, likeCount, dislikeCount, laughCount,
                       cryCount, heartCount, commentCount, collectedCount, demo, mayEdit, images))

struct PostList {
  std::vector<PostCard> items;
  std::optional<std::string> nextCursor;
};
BOOST_DESCRIBE_STRUCT(PostList, (), (items, nextCursor))

struct ListPosts {
  std::optional<schema::List<PostId, 100>> ids;  ///< of these, which the viewer may see
  std::optional<ModelId> model;
  std::optional<VersionId> version;
  std::optional<schema::Text<3, 30>> username;
  std::optional<PostTag> tag;
  std::optional<bool> followed;        ///< only of people whom one follows
  std::optional<CollectionId> collection;
  std::optional<bool> mine;            ///< your own, whatever their status
  std::optional<PostStatus> status;    ///< with `mine`
  std::optional<bool> deleted;         ///< with `mine`: the bin
  std::optional<models::Period> period;
  std::optional<PostSort> sort;
  std::optional<schema::Text<0, 200>> cursor;
  std::optional<schema::Whole<1, 100>> limit;
};
BOOST_DESCRIBE_STRUCT(ListPosts, (),
                      (ids, model, version, username, tag, followed, collection, mine, status,
                       deleted, period, sort, cursor, limit))

struct PostPath {
  PostId id;
};
BOOST_DESCRIBE_STRUCT(PostPath, (), (id))

struct CreatePost {
  std::optional<PostTitle> title;
  std::optional<PostDetail> detail;
  std::optional<schema::List<PostTag, 10>> tags;
  std::optional<VersionId> version;    ///< into the gallery of this version
  std::optional<schema::List<ImageId, 20>> images;  ///< of yours
};
BOOST_DESCRIBE_STRUCT(CreatePost, (), (title, detail, tags, version, images))

struct UpdatePost {
  PostId id;
  std::optional<PostTitle> title;
  std::optional<PostDetail> detail;
  std::optional<schema::List<PostTag, 10>> tags;
  std::optional<schema::Nullable<VersionId>> version;
};
BOOST_DESCRIBE_STRUCT(UpdatePost, (), (id, title, detail, tags, version))

/// One of `image`, `file` and `upload`.
struct AddPostImage {
  PostId id;
  std::optional<ImageId> image;        ///< one of yours
  std::optional<FileId> file;          ///< a file you uploaded before
  std::optional<UploadId> upload;      ///< a finished upload of yours
  std::optional<schema::Whole<0, 16>> nsfwLevel;
  std::optional<bool> hideMeta;
  std::optional<ImageId> remixOf;
};
BOOST_DESCRIBE_STRUCT(AddPostImage, (), (id, image, file, upload, nsfwLevel, hideMeta, remixOf))

struct OrderPost {
  PostId id;
  schema::List<ImageId, 20> images;    ///< each of the post's once
};
BOOST_DESCRIBE_STRUCT(OrderPost, (), (id, images))

struct PublishPost {
  PostId id;
  std::optional<schema::Time> at;      ///< later: scheduled
  std::optional<schema::Whole<1, 16>> nsfwLevel;  ///< for images whose level is not said
};
BOOST_DESCRIBE_STRUCT(PublishPost, (), (id, at, nsfwLevel))

// ---- the functions behind routes.cpp
using schema::Nothing;
Result<PostList> list_posts(Context& context, const ListPosts& in);
Result<PostCard> get_post(Context& context, const PostPath& in);
Result<PostCard> create_post(Context& context, const CreatePost& in);
Result<PostCard> update_post(Context& context, const UpdatePost& in);
Result<PostCard> add_post_image(Context& context, const AddPostImage& in);
Result<PostCard> order_post(Context& context, const OrderPost& in);
Result<PostCard> publish_post(Context& context, const PublishPost& in);
Result<PostCard> unpublish_post(Context& context, const PostPath& in);
Result<Nothing> delete_post(Context& context, const PostPath& in);
Result<PostCard> restore_post(Context& context, const PostPath& in);
void jobs(platform::Jobs& jobs);
void subjects(platform::Subjects& all);

}  // namespace atelier::posts

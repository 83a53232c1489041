#pragma once
#include "features/civitai_api/shapes.hpp"
#include "features/recipes/recipes.hpp"

/// Images in Civitai's shapes.
namespace atelier::civitai_api {

struct ImageStats {
  std::int64_t cryCount = 0, laughCount = 0, likeCount = 0, dislikeCount = 0, heartCount = 0;
  std::int64_t commentCount = 0;
};
BOOST_DESCRIBE_STRUCT(ImageStats, (),
                      (cryCount, laughCount, likeCount, dislikeCount, heartCount, commentCount))
struct ImageTag {
  std::int64_t id = 0;
  Text name;
};
BOOST_DESCRIBE_STRUCT(ImageTag, (), (id, name))

struct Image {
  std::int64_t id = 0;
  Text url;
  Nullable<Text> hash;
  std::int64_t width = 0, height = 0;
  Text nsfwLevel;  ///< None, Soft, Mature, X, Blocked
  bool nsfw = false;
  std::int64_t browsingLevel = 1;
  Text type;
  schema::Time createdAt;
  Nullable<std::int64_t> postId;
  ImageStats stats;
  Nullable<schema::Json> meta;
  Text username;
  Nullable<Text> baseModel;
  std::vector<std::int64_t> modelVersionIds;
  std::optional<std::vector<ImageTag>> tags;
};
BOOST_DESCRIBE_STRUCT(Image, (),
                      (id, url, hash, width, height, nsfwLevel, nsfw, browsingLevel, type,
                       createdAt, postId, stats, meta, username, baseModel, modelVersionIds, tags))

struct ImageList {
  std::vector<Image> items;
  ListMetadata metadata;
};
BOOST_DESCRIBE_STRUCT(ImageList, (), (items, metadata))

/// What the creators of these models show, at `levels` of what the viewer browses.
Result<Galleries> galleries_of(sql::Tx& tx, const std::vector<models::Model>& models,
                               const Viewer& viewer, std::optional<int> levels);
/// The same of one version, with recipes.
Result<Galleries> galleries_with_meta(sql::Tx& tx, const models::Model& model,
                                      const Viewer& viewer);

std::vector<ImageOfVersion> shown_images(const models::Model& model, VersionId version,
                                         const Galleries& galleries, bool with_id,
                                         const std::string& origin);
std::vector<ImageOfVersion> shown_images_with_meta(const models::Model& model, VersionId version,
                                                   const Galleries& galleries,
                                                   const std::string& origin);

/// ".../img/{key}/width=832/4.jpeg": clients exchange the width and read the number at the end.
Text address_of(const images::Image& image, const std::string& origin);
/// A BlurHash (blurha.sh) of one component, the image's main colour. Absent where none is known.
std::optional<Text> blur_hash(const images::Image& image);
/// A stored recipe in the words of Civitai's `meta`.
schema::Json meta_of(const recipes::Recipe& recipe);

}  // namespace atelier::civitai_api

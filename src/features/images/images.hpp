#pragma once
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "features/files/files.hpp"
#include "features/images/cards.hpp"
#include "platform/context.hpp"
#include "platform/feature.hpp"

/// Images and films that people show: their bytes, their recipes, the models they were made with,
/// their maturity, and the lists of them. An image belongs to its owner and, from when it is to
/// be shown, to a post (features/posts), which says when others see it.
///
/// Events: images/created, images/changed and images/erased with the image's number;
/// galleries/changed with the number of the version whose gallery it concerns.
namespace atelier::images {

struct Counts {
  std::int64_t likes = 0, dislikes = 0, laughs = 0, cries = 0, hearts = 0;
  std::int64_t reactions = 0;            ///< the five, but for dislikes
  std::int64_t comments = 0, collected = 0;
};

struct Image {
  ImageId id;
  std::string key;                       ///< unguessable; who knows it may see the picture
  UserId owner;
  std::string owner_name;
  std::optional<PostId> post;
  std::int64_t position = 0;
  std::optional<FileId> file;
  ImageType type = ImageType::image;
  std::string mime;
  std::int64_t width = 0, height = 0, bytes = 0;
  std::optional<std::int64_t> duration_ms;
  std::string thumb_hash;                ///< base64
  std::optional<std::int64_t> perceptual_hash, colour;
  ImageState state = ImageState::pending;
  std::string problem;
  int level_claim = 0;                   ///< by the owner: one maturity bit, 0 = not said
  int level_vote = 0;                    ///< the community's, 0 = too few votes
  std::optional<int> level_locked;       ///< by a moderator
  bool hide_meta = false, has_meta = false, has_prompt = false;
  std::string tool, base_model;
  std::optional<ImageId> remix_of;
  std::optional<VersionId> version;
  std::optional<ModelId> model;
  bool by_creator = false;               ///< its owner owns that model
  bool demo = false;
  Millis created_at = 0, updated_at = 0;
  std::optional<Millis> published_at, deleted_at, taken_down_at;
  std::string taken_down_reason;
  Counts counts;

  /// A moderator's word, else the community's, else the owner's.
  int level() const { return level_locked.value_or(level_vote != 0 ? level_vote : level_claim); }
  /// Others may see it: not before its look is known, by which it is screened.
  bool open() const {
    return published_at && !deleted_at && !taken_down_at && state == ImageState::ready &&
           (type == ImageType::video || perceptual_hash);
  }
};

enum class ImageSort : unsigned char {
  newest, oldest, mostReactions, mostComments, mostCollected, random,
};
BOOST_DESCRIBE_ENUM(ImageSort, newest, oldest, mostReactions, mostComments, mostCollected, random)

/// What to list. Empty members do not filter. Only open images, but of one's own.
struct Filter {
  std::vector<ImageId> ids;
  std::optional<ModelId> model;          ///< in its gallery
  std::optional<VersionId> version;
  std::optional<VersionId> resource;     ///< made with it
  std::optional<PostId> post;
  std::optional<UserId> owner;
  std::vector<TagId> tags;               ///< its post carries one of them
  std::optional<ImageType> type;
  std::vector<std::string> base_models;
  std::string tool;
  std::optional<bool> with_meta;
  std::optional<bool> by_creator;
  std::optional<ImageId> remix_of;
  bool followed = false;                 ///< only of people whom the viewer follows
  std::optional<CollectionId> collection;  ///< only what is in it; may be read: `need`
  std::int64_t collection_items = 0;     ///< how much that is
  std::optional<int> levels;             ///< narrows what the viewer may see, never widens
  bool own = false;                      ///< the viewer's own, open or not, without the bin
  bool deleted = false;                  ///< with `own`: the bin instead
  /// Sorts by counts: those of this timeframe. Other sorts: published within it.
  models::Period period = models::Period::AllTime;
  ImageSort sort = ImageSort::newest;
  std::string cursor;                    ///< opaque; says which way it goes
  std::optional<ImageId> around;         ///< the page that has this image in its middle
  std::int64_t offset = 0;
  int limit = 50;
};

struct Page {
  std::vector<Image> images;
  std::string next_cursor, previous_cursor;  ///< "" = nothing there
};

/// `cursor_invalid` if the cursor is not of this list. Only what `viewer` may see.
Result<Page> list(sql::Tx& tx, const Filter& filter, const Viewer& viewer, Millis now);
/// Absent when it does not exist or `viewer` may not see it.
Result<std::optional<Image>> find(sql::Tx& tx, ImageId id, const Viewer& viewer);
/// The bare rows in the order of the post, without the bin: who may see them is the caller's.
Result<std::vector<Image>> of_post(sql::Tx& tx, PostId post);
Result<std::vector<Image>> all_of_post(sql::Tx& tx, PostId post);  ///< with the bin
/// What a list shows of these posts: at most `each` of a post, in their order.
Result<std::vector<Image>> of_posts(sql::Tx& tx, const std::vector<PostId>& posts, int each,
                                    const Viewer& viewer);
/// Of a creator's own open images in the galleries of their versions: the first `each` of a
/// version, the newest posts first.
Result<std::map<VersionId, std::vector<Image>>> showcase(sql::Tx& tx,
                                                         const std::vector<VersionId>& versions,
                                                         int each, const Viewer& viewer,
                                                         std::optional<int> levels = {});
/// The recipes as JSON (recipes::Recipe), of those that have one and do not hide it.
Result<std::map<ImageId, std::string>> recipes_of(sql::Tx& tx, const std::vector<Image>& images,
                                                  const Viewer& viewer);
/// Versions that these were made with, as far as they are known here.
Result<std::map<ImageId, std::vector<VersionId>>> versions_of(sql::Tx& tx,
                                                              const std::vector<Image>& images);

struct TagName {
  TagId id;
  std::string name;
};
/// The tags of their posts.
Result<std::map<ImageId, std::vector<TagName>>> tags_of(sql::Tx& tx,
                                                        const std::vector<Image>& images);

bool can_edit(const Image& image, const Viewer& viewer);
ImageCard card(const Image& image, const Viewer& viewer);

// ---- changing: for routes, posts and demo. Who may is the caller's to check.

struct NewImage {
  UserId owner;
  FileId file;
  int level = 0;
  bool hide_meta = false;
  std::optional<ImageId> remix_of;
  bool demo = false;
};
/// Enqueues its reading. `invalid` for a file that cannot be one by its size.
Result<ImageId> add(Services& services, sql::Tx& tx, const NewImage& image);
/// What reading a picture's bytes told.
struct ReadPicture;
/// Reads what a file says of itself, outside of any transaction; nothing is decoded. `invalid` if
/// it cannot be shown.
Result<std::shared_ptr<const ReadPicture>> read_ahead(Services& services,
                                                      std::span<const std::byte> bytes);
/// As `add`, of a file over bytes that were read ahead: its owner sees it from the commit on. Its
/// look follows by the same job; others see it only then.
Result<ImageId> add_read(Services& services, sql::Tx& tx, const NewImage& image,
                         const ReadPicture& read);
/// A file or finished upload of the viewer, as a new image.
struct Source {
  std::optional<FileId> file;
  std::optional<UploadId> upload;
  int level = 0;
  bool hide_meta = false;
  std::optional<ImageId> remix_of;
};
Result<ImageId> add(Context& context, const Source& source);
/// Into the post, out of the one where it was. Their standing follows by `set_standing`.
Result<void> move_to(sql::Tx& tx, ImageId image, PostId post, std::int64_t position);
/// What a post says of its images.
struct Standing {
  std::optional<VersionId> version;
  std::optional<ModelId> model;
  bool by_creator = false;
  std::optional<Millis> published_at;    ///< absent: nobody else sees them
};
Result<void> set_standing(Services& services, sql::Tx& tx, PostId post, const Standing& standing);
/// A claim for those of the post that have none.
Result<void> claim_level(Services& services, sql::Tx& tx, PostId post, int level);
/// Rows and all, for good. The file goes when nothing else needs it.
Result<void> erase(Services& services, sql::Tx& tx, ImageId image);

// ---- set once, before requests are served

/// Called in the transaction in which an image of this post came to be ready, changed its level,
/// was deleted or restored.
using PostChanged = Result<void> (*)(Services& services, sql::Tx& tx, PostId post);
void follow_posts(PostChanged changed);

platform::Feature feature();

}  // namespace atelier::images

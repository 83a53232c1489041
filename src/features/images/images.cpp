#include "features/images/images.hpp"

#include <bit>

#include "base/text.hpp"
#include "features/images/functions.hpp"
#include "features/images/settings.hpp"
#include "features/images/visibility.hpp"
#include "platform/events.hpp"
#include "platform/settings.hpp"
#include "ports/crypto.hpp"

namespace atelier::images {
namespace {

PostChanged post_changed = nullptr;

std::int64_t random_number(const ports::Crypto& crypto) {
  std::int64_t number = 0;
  for (const char c : crypto.random(6)) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

std::string shown_name(const Image& image) {
  const bool film = image.type == ImageType::video;
  return std::to_string(image.id.value) + (film ? image.mime == "video/webm" ? ".webm" : ".mp4"
                                                : ".webp");
}

Result<void> tell(Services& services, sql::Tx& tx, const Image& image, std::string_view verb,
                  UserId by) {
  TRY(platform::publish(services, tx, "images", verb, image.id.value, by));
  if (image.version)
    TRY(platform::publish(services, tx, "galleries", "changed", image.version->value, by));
  if (image.post && post_changed != nullptr) TRY(post_changed(services, tx, *image.post));
  return {};
}

}  // namespace

void follow_posts(PostChanged changed) { post_changed = changed; }

Result<void> check_level(std::int64_t level, std::string_view path) {
  if (level == 0 || std::has_single_bit(static_cast<std::uint64_t>(level))) return {};
  Error error{Fault::invalid, "invalid_request", "A level is 1, 2, 4, 8 or 16.", {}, 0};
  error.fields.push_back({std::string(path), "level_unknown", error.detail});
  return std::unexpected(std::move(error));
}

Result<void> save(Services& services, sql::Tx& tx, Image& image, UserId by,
                  std::string_view verb) {
  image.updated_at = services.clock->now();
  TRY(store::update(tx, image));
  return tell(services, tx, image, verb, by);
}

Result<Page> list(sql::Tx& tx, const Filter& filter, const Viewer& viewer, Millis now) {
  Page page;
  page.images = TRY(store::page(tx, filter, viewer, now, page.next_cursor, page.previous_cursor));
  return page;
}

Result<std::optional<Image>> find(sql::Tx& tx, ImageId id, const Viewer& viewer) {
  std::optional<Image> image = TRY(store::image(tx, id));
  if (!image || !TRY(may_see(tx, *image, viewer))) return std::optional<Image>{};
  return image;
}

Result<std::vector<Image>> of_post(sql::Tx& tx, PostId post) { return store::of_post(tx, post); }

Result<std::vector<Image>> all_of_post(sql::Tx& tx, PostId post) {
  return store::all_of_post(tx, post);
}

Result<std::vector<Image>> of_posts(sql::Tx& tx, const std::vector<PostId>& posts, int each,
                                    const Viewer& viewer) {
  return store::of_posts(tx, posts, each, viewer);
}

Result<std::map<VersionId, std::vector<Image>>> showcase(sql::Tx& tx,
                                                         const std::vector<VersionId>& versions,
                                                         int each, const Viewer& viewer,
                                                         std::optional<int> levels) {
  std::map<VersionId, std::vector<Image>> out;
  for (Image& image : TRY(store::showcase(tx, versions, each, viewer, levels)))
    out[*image.version].push_back(std::move(image));
  return out;
}

Result<void> add_showcase(sql::Tx& tx, std::vector<models::Version>& versions, int each,
                          const Viewer& viewer) {
  std::vector<VersionId> ids;
  for (const models::Version& version : versions) ids.push_back(version.id);
  const auto found = TRY(showcase(tx, ids, each, viewer));
  for (models::Version& version : versions) {
    const auto images = found.find(version.id);
    if (images == found.end()) continue;
    for (const Image& image : images->second)
      version.images.push_back({image.id, image.key, shown_name(image),
                                image.type == ImageType::video, image.width, image.height,
                                image.thumb_hash, image.level()});
  }
  return {};
}

Result<std::map<ImageId, std::string>> recipes_of(sql::Tx& tx, const std::vector<Image>& images,
                                                  const Viewer& viewer) {
  std::vector<ImageId> told;
  for (const Image& image : images)
    if (!image.hide_meta || can_edit(image, viewer)) told.push_back(image.id);
  return store::recipes(tx, told);
}

Result<std::map<ImageId, std::vector<TagName>>> tags_of(sql::Tx& tx,
                                                        const std::vector<Image>& images) {
  std::vector<ImageId> ids;
  for (const Image& image : images) ids.push_back(image.id);
  return store::tags_of(tx, ids);
}

Result<std::map<ImageId, std::vector<VersionId>>> versions_of(sql::Tx& tx,
                                                              const std::vector<Image>& images) {
  std::vector<ImageId> ids;
  for (const Image& image : images) ids.push_back(image.id);
  return store::versions_of(tx, ids);
}

ImageCard card(const Image& image, const Viewer& viewer) {
  ImageCard out;
  out.id = image.id;
  out.key = image.key;
  out.name = shown_name(image);
  out.type = image.type;
  out.mime = image.mime;
  out.width = image.width;
  out.height = image.height;
  out.bytes = image.bytes;
  out.durationMs = image.duration_ms;
  out.thumbHash = image.thumb_hash;
  out.nsfwLevel = image.level();
  out.state = image.state;
  out.problem = image.problem;
  out.post = image.post;
  out.position = image.position;
  out.model = image.model;
  out.version = image.version;
  out.baseModel = image.base_model;
  out.tool = image.tool;
  out.mayEdit = can_edit(image, viewer);
  const bool told = !image.hide_meta || out.mayEdit;
  out.hasMeta = image.has_meta && told;
  out.hasPrompt = image.has_prompt && told;
  out.remixOf = image.remix_of;
  out.creator = image.owner_name;
  out.createdAt = {image.created_at};
  if (image.published_at) out.publishedAt = schema::Time{*image.published_at};
  const Counts& counts = image.counts;
  out.likeCount = counts.likes;
  out.dislikeCount = counts.dislikes;
  out.laughCount = counts.laughs;
  out.cryCount = counts.cries;
  out.heartCount = counts.hearts;
  out.commentCount = counts.comments;
  out.collectedCount = counts.collected;
  out.demo = image.demo;
  return out;
}

Result<Image> insert_new(Services& services, sql::Tx& tx, const NewImage& wanted) {
  const std::optional<files::File> file = TRY(files::find(tx, wanted.file));
  if (!file) return fail(Fault::missing, "file_missing", "There is no such file of yours.");
  const auto limits = services.settings->get<ImagesSettings>("images");
  if (file->bytes > limits.videoBytesMax.value)
    return fail(Fault::invalid, "image_too_large", "This file is too large for a picture or film.");
  Image image;
  image.key = ports::random_uuid(*services.crypto);  // as Civitai's keys look
  image.owner = wanted.owner;
  image.file = wanted.file;
  image.bytes = file->bytes;
  image.level_claim = wanted.level;
  image.hide_meta = wanted.hide_meta;
  image.remix_of = wanted.remix_of;
  image.demo = wanted.demo;
  image.created_at = services.clock->now();
  image.id = TRY(store::insert(tx, image, random_number(*services.crypto)));
  TRY(platform::publish(services, tx, "images", "created", image.id.value, image.owner));
  return image;
}

Result<ImageId> add(Services& services, sql::Tx& tx, const NewImage& wanted) {
  const Image image = TRY(insert_new(services, tx, wanted));
  TRY(enqueue_reading(tx, image.created_at, image.id, image.owner));
  return image.id;
}

Result<void> move_to(sql::Tx& tx, ImageId id, PostId post, std::int64_t position) {
  std::optional<Image> image = TRY(store::image(tx, id));
  if (!image) return fail(Fault::missing, "image_missing", "There is no such image.");
  image->post = post;
  image->position = position;
  return store::update(tx, *image);
}

Result<void> set_standing(Services& services, sql::Tx& tx, PostId post, const Standing& standing) {
  for (Image& image : TRY(store::all_of_post(tx, post))) {
    const std::optional<VersionId> before = image.version;
    image.version = standing.version;
    image.model = standing.model;
    image.by_creator = standing.by_creator;
    image.published_at = standing.published_at;
    TRY(store::update(tx, image));
    TRY(platform::publish(services, tx, "images", "changed", image.id.value));
    if (before == standing.version) continue;
    TRY(put_gallery_resource(tx, image));
    if (before) TRY(platform::publish(services, tx, "galleries", "changed", before->value));
  }
  if (standing.version)
    TRY(platform::publish(services, tx, "galleries", "changed", standing.version->value));
  return {};
}

Result<void> claim_level(Services& services, sql::Tx& tx, PostId post, int level) {
  for (Image& image : TRY(store::of_post(tx, post))) {
    if (image.level() != 0) continue;
    image.level_claim = level;
    TRY(save(services, tx, image));
  }
  return {};
}

Result<void> erase(Services& services, sql::Tx& tx, ImageId id) {
  const std::optional<Image> image = TRY(store::image(tx, id));
  if (!image) return {};
  TRY(store::erase(tx, id));
  if (image->file && !TRY(store::file_is_used(tx, *image->file)))
    TRY(files::remove(services, tx, *image->file));
  return tell(services, tx, *image, "erased", {});
}

}  // namespace atelier::images

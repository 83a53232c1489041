#include <algorithm>
#include <bit>

#include "base/text.hpp"
#include "features/markdown/markdown.hpp"
#include "features/posts/functions.hpp"
#include "features/posts/store.hpp"
#include "platform/screening.hpp"

// What owners (and moderators) do with posts.
namespace atelier::posts {
namespace {

Result<Post> editable(Context& context, PostId id) {
  std::optional<Post> post = TRY(find(context.tx(), id, context.viewer));
  if (!post) return fail(Fault::missing, "post_missing", "There is no such post.");
  if (!can_edit(*post, context.viewer))
    return fail(Fault::forbidden, "not_owner", "Only its creator may change this post.");
  return std::move(*post);
}

Result<PostCard> shown(Context& context, PostId id) {
  const auto post = TRY(store::post(context.tx(), id));
  if (!post) return fail(Fault::missing, "post_missing", "There is no such post.");
  return page_of(context, *post);
}

Result<PostCard> saved(Context& context, Post& post, std::string_view verb = "changed") {
  TRY(save(context.services, context.tx(), post, context.viewer.user, verb));
  return shown(context, post.id);
}

/// A gallery is open to everybody who may see the version.
Result<void> check_version(Context& context, const std::optional<VersionId>& version) {
  if (version && !TRY(models::find(context.tx(), *version, context.viewer)))
    return fail(Fault::missing, "version_missing", "There is no such version.");
  return {};
}

Result<void> check_own(Context& context, ImageId id) {
  const auto image = TRY(images::find(context.tx(), id, context.viewer));
  if (!image || image->owner != context.viewer.user)
    return fail(Fault::missing, "image_missing", "There is no such image of yours.");
  if (image->post)
    return fail(Fault::conflict, "image_in_post", "This image is in a post already.");
  return {};
}

/// Words, links and tags as moderators blocked them.
Result<void> screened(Context& context, const Post& post) {
  std::string tags;
  for (const std::string& tag : post.tags) tags += tag + "\n";
  return platform::screen(context.services, context.tx(), subject_of(post),
                          {post.title, post.detail, tags});
}

template <class Tags>
void take(std::vector<std::string>& tags, const Tags& given) {
  tags.clear();
  for (const PostTag& tag : given.value) tags.push_back(tag.value);
}

}  // namespace

Result<PostCard> create_post(Context& context, const CreatePost& in) {
  TRY(check_version(context, in.version));
  Post post;
  post.owner = context.viewer.user;
  post.version = in.version;
  if (in.title) post.title = std::string(trim(in.title->value));
  if (in.detail) post.detail = in.detail->value;
  if (in.tags) take(post.tags, *in.tags);
  post.id = TRY(add(context.services, context.tx(), post));
  TRY(screened(context, post));
  if (in.images)
    for (const ImageId image : in.images->value) {
      TRY(check_own(context, image));
      TRY(add_image(context.services, context.tx(), post.id, image));
    }
  return shown(context, post.id);
}

Result<PostCard> update_post(Context& context, const UpdatePost& in) {
  Post post = TRY(editable(context, in.id));
  if (in.title) post.title = std::string(trim(in.title->value));
  if (in.detail) {
    post.detail = in.detail->value;
    post.detail_html = markdown::to_html(post.detail);
  }
  if (in.version) {
    TRY(check_version(context, in.version->value));
    post.version = in.version->value;
  }
  if (in.tags) {
    take(post.tags, *in.tags);
    TRY(store::set_tags(context.tx(), post.id, post.tags));
  }
  if (in.title || in.detail || in.tags) TRY(screened(context, post));
  return saved(context, post);
}

Result<PostCard> add_post_image(Context& context, const AddPostImage& in) {
  const Post post = TRY(editable(context, in.id));
  if (post.owner != context.viewer.user)
    return fail(Fault::forbidden, "not_owner", "Only its creator adds to a post.");
  ImageId image;
  if (in.image) {
    TRY(check_own(context, *in.image));
    image = *in.image;
  } else {
    image = TRY(images::add(context, images::Source{
                                         in.file, in.upload,
                                         static_cast<int>(in.nsfwLevel ? in.nsfwLevel->value : 0),
                                         in.hideMeta.value_or(false), in.remixOf}));
  }
  if (post.open()) {
    const auto added = TRY(images::find(context.tx(), image, context.viewer));
    if (added && added->level() == 0)
      return fail(Fault::conflict, "level_needed", "This post is published: say the level first.");
  }
  TRY(add_image(context.services, context.tx(), post.id, image));
  return shown(context, post.id);
}

Result<PostCard> order_post(Context& context, const OrderPost& in) {
  Post post = TRY(editable(context, in.id));
  std::vector<ImageId> there, wanted = in.images.value;
  for (const images::Image& image : TRY(images::of_post(context.tx(), post.id)))
    there.push_back(image.id);
  std::ranges::sort(there);
  std::ranges::sort(wanted);
  if (there != wanted)
    return fail(Fault::invalid, "order_incomplete", "Name each image of the post once.");
  std::int64_t position = 0;
  for (const ImageId image : in.images.value)
    TRY(images::move_to(context.tx(), image, post.id, position++));
  return saved(context, post);
}

Result<PostCard> publish_post(Context& context, const PublishPost& in) {
  Post post = TRY(editable(context, in.id));
  if (post.deleted_at) return fail(Fault::conflict, "deleted", "Restore the post first.");
  if (post.status == PostStatus::TakenDown)
    return fail(Fault::conflict, "taken_down", "This post was taken down.");
  if (in.nsfwLevel) {
    if (!std::has_single_bit(static_cast<std::uint64_t>(in.nsfwLevel->value)))
      return fail(Fault::invalid, "level_unknown", "A level is 1, 2, 4, 8 or 16.");
    TRY(images::claim_level(context.services, context.tx(), post.id,
                            static_cast<int>(in.nsfwLevel->value)));
  }
  if (!in.at || in.at->value <= context.now) {
    TRY(publish(context.services, context.tx(), post.id, context.viewer.user));
    return shown(context, post.id);
  }
  if (post.status == PostStatus::Published)
    return fail(Fault::conflict, "published", "This post is published already.");
  TRY(check_publishable(context.tx(), post.id));
  post.status = PostStatus::Scheduled;
  post.published_at = in.at->value;
  return saved(context, post, "scheduled");
}

Result<PostCard> unpublish_post(Context& context, const PostPath& in) {
  Post post = TRY(editable(context, in.id));
  if (post.status != PostStatus::Published && post.status != PostStatus::Scheduled)
    return fail(Fault::conflict, "not_published", "This post is not published.");
  post.status = PostStatus::Draft;
  post.published_at.reset();
  return saved(context, post, "unpublished");
}

Result<Nothing> delete_post(Context& context, const PostPath& in) {
  Post post = TRY(editable(context, in.id));
  if (!post.deleted_at) {
    post.deleted_at = context.now;
    TRY(saved(context, post, "deleted"));
  }
  return Nothing{};
}

Result<PostCard> restore_post(Context& context, const PostPath& in) {
  Post post = TRY(editable(context, in.id));
  post.deleted_at.reset();
  return saved(context, post, "restored");
}

}  // namespace atelier::posts

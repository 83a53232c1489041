#include "features/accounts/accounts.hpp"
#include "features/collections/collections.hpp"
#include "features/follows/follows.hpp"
#include "features/posts/functions.hpp"
#include "features/posts/store.hpp"

// What the pages of posts read.
namespace atelier::posts {
namespace {

constexpr int images_of_card = 4;

PostCard card(const Post& post, const Viewer& viewer) {
  PostCard out;
  out.id = post.id;
  out.title = post.title;
  out.status = post.status;
  out.takenDownReason = post.taken_down_reason;
  out.creator = post.owner_name;
  out.tags = post.tags;
  out.nsfwLevel = post.nsfw_level;
  out.imageCount = post.image_count;
  out.createdAt = {post.created_at};
  out.updatedAt = {post.updated_at};
  if (post.published_at) out.publishedAt = schema::Time{*post.published_at};
  if (post.deleted_at) out.deletedAt = schema::Time{*post.deleted_at};
  out.likeCount = post.counts.likes;
  out.dislikeCount = post.counts.dislikes;
  out.laughCount = post.counts.laughs;
  out.cryCount = post.counts.cries;
  out.heartCount = post.counts.hearts;
  out.commentCount = post.counts.comments;
  out.collectedCount = post.counts.collected;
  out.demo = post.demo;
  out.mayEdit = can_edit(post, viewer);
  return out;
}

Result<void> add_gallery(sql::Tx& tx, const Post& post, const Viewer& viewer, PostCard& out) {
  if (!post.version) return {};
  const auto model = TRY(models::find(tx, *post.version, viewer));
  if (!model || model->versions.empty()) return {};
  out.model = model->id;
  out.version = post.version;
  out.modelName = model->name;
  out.versionName = model->versions.front().name;
  return {};
}

Result<void> add_images(sql::Tx& tx, std::vector<PostCard>& cards, int each,
                        const Viewer& viewer) {
  std::vector<PostId> ids;
  for (const PostCard& card : cards) ids.push_back(card.id);
  for (const images::Image& image : TRY(images::of_posts(tx, ids, each, viewer)))
    for (PostCard& card : cards)
      if (image.post == card.id) card.images.push_back(images::card(image, viewer));
  return {};
}

Result<store::Filter> filter_of(Context& context, const ListPosts& in) {
  store::Filter filter;
  if (in.ids) filter.ids = in.ids->value;
  filter.model = in.model;
  filter.version = in.version;
  if (in.username) {
    const auto user = TRY(accounts::find_user(context.tx(), in.username->value));
    if (!user) return fail(Fault::missing, "user_missing", "There is no such person.");
    filter.owner = user->id;
  }
  if (in.tag) filter.tag = in.tag->value;
  filter.followed = in.followed.value_or(false);
  if (filter.followed) TRY(follows::need(context.viewer));
  if (in.collection)
    TRY(collections::need(context, *in.collection, platform::SubjectKind::post));
  filter.collection = in.collection;
  if (in.mine.value_or(false)) {
    if (!context.viewer.signed_in())
      return fail(Fault::unauthenticated, "sign_in_needed", "Sign in to see your posts.");
    filter.own = true;
    filter.status = in.status;
    filter.deleted = in.deleted.value_or(false);
  }
  filter.period = in.period.value_or(models::Period::AllTime);
  filter.sort = in.sort.value_or(PostSort::newest);
  if (in.cursor) filter.cursor = in.cursor->value;
  if (in.limit) filter.limit = static_cast<int>(in.limit->value);
  return filter;
}

}  // namespace

Result<PostCard> page_of(Context& context, const Post& post) {
  PostCard out = card(post, context.viewer);
  out.detail = post.detail;
  out.detailHtml = post.detail_html;
  TRY(add_gallery(context.tx(), post, context.viewer, out));
  std::vector<PostCard> one{std::move(out)};
  TRY(add_images(context.tx(), one, static_cast<int>(images_max), context.viewer));
  return std::move(one.front());
}

Result<PostList> list_posts(Context& context, const ListPosts& in) {
  const store::Filter filter = TRY(filter_of(context, in));
  PostList out;
  std::string next;
  for (const Post& post :
       TRY(store::page(context.tx(), filter, context.viewer, context.now, next))) {
    out.items.push_back(card(post, context.viewer));
    TRY(add_gallery(context.tx(), post, context.viewer, out.items.back()));
  }
  TRY(add_images(context.tx(), out.items, images_of_card, context.viewer));
  if (!next.empty()) out.nextCursor = next;
  context.depends_on("posts");
  context.depends_on("images");
  context.depends_on("models");
  context.depends_on("users");
  return out;
}

Result<PostCard> get_post(Context& context, const PostPath& in) {
  const auto post = TRY(find(context.tx(), in.id, context.viewer));
  if (!post) return fail(Fault::missing, "post_missing", "There is no such post.");
  context.depends_on("posts", in.id.value);
  context.depends_on("images");
  context.depends_on("models");
  context.depends_on("users");
  return page_of(context, *post);
}

}  // namespace atelier::posts

#include "features/posts/searchable.hpp"

#include "features/metrics/metrics.hpp"
#include "features/posts/store.hpp"

namespace atelier::posts {
namespace {

namespace search = ports::search;
using platform::HitCard;
using search::Analysis;
using search::FieldKind;

std::vector<search::Field> fields() {
  return {{"title", FieldKind::text, 4, Analysis::name},
          {"tags", FieldKind::text, 2, Analysis::prose},
          {"creator", FieldKind::text, 2, Analysis::name},
          {"detail", FieldKind::text, 1, Analysis::prose},
          {"likes", FieldKind::number},
          {"comments", FieldKind::number},
          {"collected", FieldKind::number},
          {"images", FieldKind::number}};
}

search::Document document_of(const Post& post) {
  search::Document out;
  out.id = post.id.value;
  if (!post.title.empty()) out.texts.emplace_back("title", post.title);
  if (!post.detail.empty())
    out.texts.emplace_back("detail", platform::beginning_of(post.detail));
  for (const std::string& tag : post.tags) out.texts.emplace_back("tags", tag);
  out.texts.emplace_back("creator", post.owner_name);
  platform::add_common(out, {.owner = post.owner,
                             .username = post.owner_name,
                             .tags = post.tags,
                             .level = post.nsfw_level,
                             .published = post.published_at.value_or(post.created_at)});
  out.numbers.insert(out.numbers.end(), {{"images", post.image_count},
                                         {"likes", post.counts.reactions},
                                         {"comments", post.counts.comments},
                                         {"collected", post.counts.collected}});
  return out;
}

Result<std::vector<search::Document>> documents(sql::Tx& tx, std::span<const std::int64_t> ids) {
  std::vector<search::Document> out;
  for (const Post& post : TRY(store::open_posts(tx, ids))) out.push_back(document_of(post));
  return out;
}

Result<void> touched(sql::Tx& tx, const platform::Event& event, platform::Touched& out) {
  if (event.noun == "posts") out.documents.insert(event.subject);
  if (event.noun == "standing")
    for (const PostId id : TRY(store::ids_of_owner(tx, UserId{event.subject})))
      out.documents.insert(id.value);
  const auto change = metrics::change_of(event);
  if (change && change->kind == platform::SubjectKind::post) out.numbers.insert(change->id);
  return {};
}

HitCard hit(const Post& post) {
  HitCard card;
  card.kind = platform::SearchKind::posts;
  card.id = post.id.value;
  card.title = post.title;
  card.address = "/posts/" + std::to_string(post.id.value);
  card.username = post.owner_name;
  card.nsfwLevel = post.nsfw_level;
  if (post.published_at) card.publishedAt = schema::Time{*post.published_at};
  card.counts.likes = post.counts.reactions;
  card.counts.comments = post.counts.comments;
  card.counts.collected = post.counts.collected;
  card.counts.images = post.image_count;
  return card;
}

Result<std::vector<HitCard>> listed(sql::Tx& tx, const Viewer& viewer,
                                    const store::Filter& filter) {
  std::vector<HitCard> cards;
  std::vector<PostId> ids;
  std::string next;
  for (const Post& post : TRY(store::page(tx, filter, viewer, 0, next))) {
    cards.push_back(hit(post));
    ids.push_back(post.id);
  }
  for (const images::Image& image : TRY(images::of_posts(tx, ids, 1, viewer))) {
    const images::ImageCard shown = images::card(image, viewer);
    for (HitCard& card : cards)
      if (shown.post && card.id == shown.post->value)
        card.picture = {shown.key,    shown.name,      shown.type == images::ImageType::video,
                        shown.width,  shown.height,    shown.thumbHash,
                        shown.nsfwLevel};
  }
  return cards;
}

Result<std::vector<HitCard>> cards(sql::Tx& tx, const Viewer& viewer,
                                   std::span<const std::int64_t> ids) {
  if (ids.empty()) return std::vector<HitCard>{};
  store::Filter filter;
  for (const std::int64_t id : ids) filter.ids.push_back(PostId{id});
  filter.limit = static_cast<int>(ids.size());
  return listed(tx, viewer, filter);
}

Result<std::vector<HitCard>> plain(sql::Tx& tx, const Viewer& viewer, std::string_view words,
                                   int limit) {
  store::Filter filter;
  filter.title = words;
  filter.limit = limit;
  return listed(tx, viewer, filter);
}

}  // namespace

void searchables(platform::Searchables& all) {
  platform::Searchable posts;
  posts.kind = platform::SearchKind::posts;
  posts.schema.fields = fields();
  posts.facets = {"tag", "username"};
  posts.popularity = "likes";
  posts.counts = {"likes", "comments", "collected"};
  posts.counts_by = metrics::fold_name;
  posts.ids = store::open_ids;
  posts.documents = documents;
  posts.touched = touched;
  posts.cards = cards;
  posts.plain = plain;
  all.add(std::move(posts));
}

}  // namespace atelier::posts

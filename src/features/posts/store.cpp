#include "features/posts/store.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/collections/collections.hpp"
#include "features/follows/follows.hpp"
#include "features/posts/functions.hpp"

namespace atelier::posts::store {
namespace {

#define POST_COLUMNS                                                                              \
  "p.id, p.owner_id, u.username, p.version_id, p.title, p.detail, p.detail_html, p.status,"       \
  " p.taken_down_from, p.taken_down_reason, p.nsfw_level, p.nsfw_locked, p.image_count,"          \
  " p.is_demo, p.created_at, p.updated_at, p.published_at, p.deleted_at, p.like_count,"           \
  " p.dislike_count, p.laugh_count, p.cry_count, p.heart_count, p.reaction_count,"                \
  " p.comment_count, p.collected_count"

const sql::Statement insert_row{
    "posts.insert",
    "INSERT INTO posts (owner_id, version_id, title, detail, detail_html, status,"
    " taken_down_reason, nsfw_level, image_count, is_demo, created_at, updated_at, like_count,"
    " dislike_count, laugh_count, cry_count, heart_count, reaction_count, comment_count,"
    " collected_count) VALUES (?1, ?2, ?3, ?4, ?5, 'Draft', '', 0, 0, ?6, ?7, ?7, 0, 0, 0, 0, 0, 0,"
    " 0, 0) RETURNING id"};
const sql::Statement update_row{
    "posts.update",
    "UPDATE posts SET version_id = ?2, title = ?3, detail = ?4, detail_html = ?5, status = ?6,"
    " taken_down_from = ?7, taken_down_reason = ?8, nsfw_level = ?9, nsfw_locked = ?10,"
    " image_count = ?11, updated_at = ?12, published_at = ?13, deleted_at = ?14 WHERE id = ?1"};
const sql::Statement by_id{
    "posts.post",
    "SELECT " POST_COLUMNS " FROM posts p JOIN users u ON u.id = p.owner_id WHERE p.id = ?1"};
const sql::Statement delete_row{"posts.erase", "DELETE FROM posts WHERE id = ?1"};
const sql::Statement insert_tag{
    "posts.insert_tag",
    "INSERT INTO tags (name, model_count) VALUES (?1, 0) ON CONFLICT (name) DO NOTHING"};
const sql::Statement clear_tags{"posts.clear_tags", "DELETE FROM post_tags WHERE post_id = ?1"};
const sql::Statement link_tag{
    "posts.link_tag",
    "INSERT INTO post_tags (post_id, tag_id, position)"
    " SELECT CAST(?1 AS BIGINT), id, CAST(?3 AS BIGINT) FROM tags WHERE name = ?2"
    " ON CONFLICT (post_id, tag_id) DO NOTHING"};
const sql::Statement tag_ids{"posts.tag_ids", "SELECT tag_id FROM post_tags WHERE post_id = ?1"};
const sql::Statement recount{
    "posts.recount_tag",
    "UPDATE tags SET image_count = (SELECT COALESCE(sum(p.image_count), 0) FROM post_tags t"
    " JOIN posts p ON p.id = t.post_id WHERE t.tag_id = tags.id AND p.status = 'Published'"
    " AND p.deleted_at IS NULL) WHERE id = ?1"};
const sql::Statement unused_tags{
    "posts.delete_unused_tags",
    "DELETE FROM tags WHERE NOT EXISTS (SELECT 1 FROM model_tags t WHERE t.tag_id = tags.id)"
    " AND NOT EXISTS (SELECT 1 FROM post_tags t WHERE t.tag_id = tags.id)"};
const sql::Statement due_rows{
    "posts.due",
    "SELECT id FROM posts WHERE status = 'Scheduled' AND published_at <= ?1 AND deleted_at IS NULL"
    " ORDER BY id LIMIT 200"};
const sql::Statement bin_rows{
    "posts.bin", "SELECT id FROM posts WHERE deleted_at < ?1 ORDER BY deleted_at LIMIT 100"};
const sql::Statement demo_rows{"posts.demo", "SELECT id FROM posts WHERE is_demo ORDER BY id"};
const sql::Statement open_post_ids{
    "posts.open_ids",
    "SELECT p.id FROM posts p JOIN users u ON u.id = p.owner_id WHERE p.id > ?1"
    " AND p.deleted_at IS NULL AND p.status = 'Published' AND u.status <> 'banned'"
    " ORDER BY p.id LIMIT ?2"};
const sql::Statement owner_rows{"posts.of_owner", "SELECT id FROM posts WHERE owner_id = ?1"};
const sql::Statement put_counts_row{
    "posts.put_counts",
    "UPDATE posts SET like_count = ?2, dislike_count = ?3, laugh_count = ?4, cry_count = ?5,"
    " heart_count = ?6, reaction_count = ?7, comment_count = ?8, collected_count = ?9"
    " WHERE id = ?1"};

constexpr std::array<Millis, 5> period_lengths = {0, 365 * 86'400'000ll, 30 * 86'400'000ll,
                                                  7 * 86'400'000ll, 86'400'000ll};

Post read_post(const sql::Row& row) {
  Post post;
  post.id = row.id<PostId>(0);
  post.owner = row.id<UserId>(1);
  post.owner_name = row.string(2);
  if (!row.null(3)) post.version = row.id<VersionId>(3);
  post.title = row.string(4);
  post.detail = row.string(5);
  post.detail_html = row.string(6);
  post.status = schema::from_label<PostStatus>(row.text(7)).value_or(PostStatus::Draft);
  post.taken_down_from = schema::from_label<PostStatus>(row.text(8));
  post.taken_down_reason = row.string(9);
  post.nsfw_level = static_cast<int>(row.whole(10));
  if (!row.null(11)) post.nsfw_locked = static_cast<int>(row.whole(11));
  post.image_count = row.whole(12);
  post.demo = row.boolean(13);
  post.created_at = row.whole(14);
  post.updated_at = row.whole(15);
  post.published_at = row.maybe_whole(16);
  post.deleted_at = row.maybe_whole(17);
  post.counts = {row.whole(18), row.whole(19), row.whole(20), row.whole(21),
                 row.whole(22), row.whole(23), row.whole(24), row.whole(25)};
  return post;
}

std::vector<PostId> ids(const sql::Rows& rows) {
  std::vector<PostId> out;
  for (const sql::Row row : rows) out.push_back(row.id<PostId>(0));
  return out;
}

std::string pattern_of(std::string_view part) {
  std::string pattern = "%";
  for (const char c : lower_ascii(part)) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

class Composer {
 public:
  explicit Composer(sql::Query& query) : query_(query) {}
  std::string value(sql::Cell cell) {
    query_.values.push_back(std::move(cell));
    return "?" + std::to_string(query_.values.size());
  }
  void also(const std::string& condition) { query_.text += " AND " + condition; }

 private:
  sql::Query& query_;
};

void add_conditions(sql::Query& query, const Filter& filter, const Viewer& viewer, Millis now) {
  Composer compose(query);
  if (filter.own) {
    compose.also("p.owner_id = " + compose.value(viewer.user));
    compose.also(filter.deleted ? "p.deleted_at IS NOT NULL" : "p.deleted_at IS NULL");
    if (filter.status)
      compose.also("p.status = " + compose.value(schema::label_of(*filter.status)));
  } else {
    compose.also("p.deleted_at IS NULL AND p.status = 'Published'");
    add_visible(query, viewer);
  }
  if (filter.owner) compose.also("p.owner_id = " + compose.value(*filter.owner));
  if (!filter.ids.empty()) {
    std::string places;
    for (const PostId id : filter.ids)
      places += (places.empty() ? "" : ", ") + compose.value(id);
    compose.also("p.id IN (" + places + ")");
  }
  if (!filter.title.empty())
    compose.also("lower(p.title) LIKE " + compose.value(pattern_of(filter.title)) +
                 " ESCAPE '\\'");
  if (filter.followed) follows::add_followed(query, viewer, "p.owner_id");
  if (filter.collection) collections::add_within(query, *filter.collection, "p.id");
  if (filter.version) compose.also("p.version_id = " + compose.value(*filter.version));
  if (filter.model)
    compose.also("p.version_id IN (SELECT v.id FROM model_versions v WHERE v.model_id = " +
                 compose.value(*filter.model) + ")");
  if (!filter.tag.empty())
    compose.also("EXISTS (SELECT 1 FROM post_tags t JOIN tags g ON g.id = t.tag_id"
                 " WHERE t.post_id = p.id AND g.name = " +
                 compose.value(lower_ascii(filter.tag)) + ")");
  if (filter.period != models::Period::AllTime)
    compose.also("p.published_at >= " +
                 compose.value(now - period_lengths[static_cast<std::size_t>(filter.period)]));
}

Result<void> add_cursor(sql::Query& query, const Filter& filter, const std::string& key) {
  if (filter.cursor.empty()) return {};
  const auto bad = fail(Fault::invalid, "cursor_invalid", "This cursor is not from this list.");
  const auto text = from_base64url(filter.cursor);
  if (!text) return bad;
  const auto parts = split(*text, '|');
  if (parts.size() != 2) return bad;
  const auto place = parse_whole(parts[0]), id = parse_whole(parts[1]);
  if (!place || !id) return bad;
  Composer compose(query);
  compose.also("(" + key + ", p.id) " + (filter.sort == PostSort::oldest ? ">" : "<") + " (" +
               compose.value(*place) + ", " + compose.value(*id) + ")");
  return {};
}

}  // namespace

Result<PostId> insert(sql::Tx& tx, const Post& post) {
  const sql::Rows rows = TRY(tx.run(insert_row, {post.owner, post.version, post.title, post.detail,
                                                 post.detail_html, post.demo, post.created_at}));
  return rows.front().id<PostId>(0);
}

Result<void> update(sql::Tx& tx, const Post& post) {
  const sql::Cell from = post.taken_down_from
                             ? sql::Cell(schema::label_of(*post.taken_down_from))
                             : sql::Cell();
  TRY(tx.run(update_row,
             {post.id, post.version, post.title, post.detail, post.detail_html,
              schema::label_of(post.status), from, post.taken_down_reason, post.nsfw_level,
              post.nsfw_locked, post.image_count, post.updated_at, post.published_at,
              post.deleted_at}));
  return {};
}

Result<std::optional<Post>> post(sql::Tx& tx, PostId id) {
  const sql::Rows rows = TRY(tx.run(by_id, {id}));
  if (rows.empty()) return std::optional<Post>{};
  std::vector<Post> one{read_post(rows.front())};
  TRY(load_tags(tx, one));
  return std::optional<Post>(std::move(one.front()));
}

Result<void> erase(sql::Tx& tx, PostId id) {
  TRY(tx.run(delete_row, {id}));
  return {};
}

Result<void> set_tags(sql::Tx& tx, PostId post, const std::vector<std::string>& names) {
  const sql::Rows before = TRY(tx.run(tag_ids, {post}));
  TRY(tx.run(clear_tags, {post}));
  std::int64_t position = 0;
  for (const std::string& name : names) {
    const std::string key = lower_ascii(trim(name));
    if (key.empty()) continue;
    TRY(tx.run(insert_tag, {key}));
    TRY(tx.run(link_tag, {post, key, position++}));
  }
  for (const sql::Row row : before) TRY(tx.run(recount, {row.whole(0)}));
  return recount_tags(tx, post);
}

Result<void> recount_tags(sql::Tx& tx, PostId post) {
  const sql::Rows rows = TRY(tx.run(tag_ids, {post}));
  for (const sql::Row row : rows) TRY(tx.run(recount, {row.whole(0)}));
  return {};
}

Result<void> delete_unused_tags(sql::Tx& tx) {
  TRY(tx.run(unused_tags));
  return {};
}

Result<void> load_tags(sql::Tx& tx, std::vector<Post>& posts) {
  if (posts.empty()) return {};
  sql::Query query{"posts.tags",
                   "SELECT t.post_id, g.name FROM post_tags t JOIN tags g ON g.id = t.tag_id"
                   " WHERE t.post_id IN (",
                   {}};
  for (const Post& post : posts) {
    query.values.emplace_back(post.id);
    query.text += (query.values.size() == 1 ? "?" : ", ?") + std::to_string(query.values.size());
  }
  query.text += ") ORDER BY t.post_id, t.position";
  const sql::Rows rows = TRY(tx.run(query));
  for (const sql::Row row : rows)
    std::ranges::find(posts, row.id<PostId>(0), &Post::id)->tags.push_back(row.string(1));
  return {};
}

Result<std::vector<PostId>> due(sql::Tx& tx, Millis now) {
  return ids(TRY(tx.run(due_rows, {now})));
}
Result<std::vector<PostId>> bin(sql::Tx& tx, Millis before) {
  return ids(TRY(tx.run(bin_rows, {before})));
}
Result<std::vector<PostId>> demo_posts(sql::Tx& tx) { return ids(TRY(tx.run(demo_rows))); }

Result<void> put_counts(sql::Tx& tx, const platform::Tally& tally) {
  using platform::Metric;
  const std::int64_t reactions =
      tally[Metric::like] + tally[Metric::laugh] + tally[Metric::cry] + tally[Metric::heart];
  TRY(tx.run(put_counts_row,
             {tally.subject, tally[Metric::like], tally[Metric::dislike], tally[Metric::laugh],
              tally[Metric::cry], tally[Metric::heart], reactions, tally[Metric::comment],
              tally[Metric::collect]}));
  return {};
}

Result<std::vector<std::int64_t>> open_ids(sql::Tx& tx, std::int64_t after, int limit) {
  std::vector<std::int64_t> out;
  for (const sql::Row row : TRY(tx.run(open_post_ids, {after, limit})))
    out.push_back(row.whole(0));
  return out;
}

Result<std::vector<Post>> open_posts(sql::Tx& tx, std::span<const std::int64_t> numbers) {
  std::vector<Post> posts;
  if (numbers.empty()) return posts;
  sql::Query query{"posts.open",
                   "SELECT " POST_COLUMNS " FROM posts p JOIN users u ON u.id = p.owner_id"
                   " WHERE p.deleted_at IS NULL AND p.status = 'Published'"
                   " AND u.status <> 'banned' AND p.id IN (",
                   {}};
  for (const std::int64_t id : numbers) {
    query.values.emplace_back(id);
    query.text += (query.values.size() == 1 ? "?" : ", ?") + std::to_string(query.values.size());
  }
  query.text += ") ORDER BY p.id";
  for (const sql::Row row : TRY(tx.run(query))) posts.push_back(read_post(row));
  TRY(load_tags(tx, posts));
  return posts;
}

Result<std::vector<PostId>> ids_of_owner(sql::Tx& tx, UserId owner) {
  return ids(TRY(tx.run(owner_rows, {owner})));
}

Result<std::vector<Post>> page(sql::Tx& tx, const Filter& filter, const Viewer& viewer, Millis now,
                               std::string& next_cursor) {
  // Drafts have no time of publishing; one's own list goes by when they were begun.
  const std::string key = filter.sort == PostSort::mostReactions ? "p.reaction_count"
                          : filter.own                           ? "p.created_at"
                                                                 : "p.published_at";
  sql::Query query{"posts.page",
                   "SELECT " POST_COLUMNS ", " + key +
                       " FROM posts p JOIN users u ON u.id = p.owner_id WHERE 1 = 1",
                   {}};
  add_conditions(query, filter, viewer, now);
  TRY(add_cursor(query, filter, key));
  const std::string way = filter.sort == PostSort::oldest ? " ASC" : " DESC";
  Composer compose(query);
  query.text += " ORDER BY " + key + way + ", p.id" + way + " LIMIT " +
                compose.value(filter.limit + 1);
  const sql::Rows rows = TRY(tx.run(query));
  std::vector<Post> posts;
  std::int64_t place = 0;
  for (const sql::Row row : rows) {
    if (posts.size() == static_cast<std::size_t>(filter.limit)) break;
    posts.push_back(read_post(row));
    place = row.whole(26);
  }
  next_cursor.clear();
  if (rows.size() > posts.size() && !posts.empty())
    next_cursor = base64url(bytes_of(std::to_string(place) + "|" +
                                     std::to_string(posts.back().id.value)));
  TRY(load_tags(tx, posts));
  return posts;
}

}  // namespace atelier::posts::store

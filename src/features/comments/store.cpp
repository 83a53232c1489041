#include "features/comments/store.hpp"

#include "base/text.hpp"
#include "features/visibility/visibility.hpp"

namespace atelier::comments::store {
namespace {

#define COMMENT_COLUMNS                                                                           \
  "c.id, c.kind, c.subject_id, c.parent_id, c.depth, c.user_id, u.username, c.body, c.body_html," \
  " c.created_at, c.edited_at, c.deleted_at, c.hidden_at, c.taken_down_at, c.pinned_at,"          \
  " c.reply_count, c.reaction_count"

const sql::Statement insert_comment{
    "comments.insert",
    "INSERT INTO comments (kind, subject_id, parent_id, depth, user_id, body, body_html,"
    " created_at, reply_count, reaction_count) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 0)"
    " RETURNING id"};
const sql::Statement comment_by_id{
    "comments.comment", "SELECT " COMMENT_COLUMNS
                        " FROM comments c JOIN users u ON u.id = c.user_id WHERE c.id = ?1"};
const sql::Statement update_comment{
    "comments.update",
    "UPDATE comments SET body = ?2, body_html = ?3, edited_at = ?4, deleted_at = ?5,"
    " hidden_at = ?6, taken_down_at = ?7, pinned_at = ?8 WHERE id = ?1"};
const sql::Statement find_reply{"comments.has_replies",
                                "SELECT 1 FROM comments WHERE parent_id = ?1 LIMIT 1"};
const sql::Statement delete_comment{"comments.erase", "DELETE FROM comments WHERE id = ?1"};
const sql::Statement update_counts{
    "comments.set_counts",
    "UPDATE comments SET reply_count = ?2, reaction_count = ?3 WHERE id = ?1"};
const sql::Statement insert_mention{
    "comments.mention",
    "INSERT INTO comment_mentions (comment_id, user_id, created_at) VALUES (?1, ?2, ?3)"
    " ON CONFLICT DO NOTHING RETURNING user_id"};
const sql::Statement list_mentions{
    "comments.mentioned",
    "SELECT user_id FROM comment_mentions WHERE comment_id = ?1 ORDER BY user_id"};
const sql::Statement find_lock{
    "comments.locked", "SELECT 1 FROM comment_locks WHERE kind = ?1 AND subject_id = ?2"};
const sql::Statement insert_lock{
    "comments.lock",
    "INSERT INTO comment_locks (kind, subject_id, user_id, created_at) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT DO NOTHING"};
const sql::Statement delete_lock{
    "comments.unlock", "DELETE FROM comment_locks WHERE kind = ?1 AND subject_id = ?2"};
const sql::Statement pinned_total{
    "comments.count_pinned",
    "SELECT count(*) FROM comments WHERE kind = ?1 AND subject_id = ?2 AND parent_id IS NULL"
    " AND pinned_at IS NOT NULL"};

Comment read(const sql::Row& row) {
  Comment comment;
  comment.id = row.id<CommentId>(0);
  comment.kind = schema::from_label<platform::SubjectKind>(row.text(1))
                     .value_or(platform::SubjectKind::model);
  comment.subject = row.whole(2);
  if (const auto parent = row.maybe_whole(3)) comment.parent = CommentId{*parent};
  comment.depth = static_cast<int>(row.whole(4));
  comment.author = row.id<UserId>(5);
  comment.author_name = row.string(6);
  comment.body = row.string(7);
  comment.body_html = row.string(8);
  comment.created_at = row.whole(9);
  comment.edited_at = row.maybe_whole(10);
  comment.deleted_at = row.maybe_whole(11);
  comment.hidden_at = row.maybe_whole(12);
  comment.taken_down_at = row.maybe_whole(13);
  comment.pinned_at = row.maybe_whole(14);
  comment.replies = row.whole(15);
  comment.reactions = row.whole(16);
  return comment;
}

std::string bound(sql::Query& query, sql::Cell cell) {
  query.values.push_back(std::move(cell));
  return "?" + std::to_string(query.values.size());
}

/// "id" or "reactions|id", base64url.
Result<void> add_cursor(sql::Query& query, const Listing& listing) {
  if (listing.cursor.empty()) return {};
  const auto text = from_base64url(listing.cursor);
  std::vector<std::int64_t> numbers;
  if (text)
    for (const std::string_view part : split(*text, '|'))
      if (const auto number = parse_whole(part)) numbers.push_back(*number);
  const bool reacted = listing.sort == CommentSort::mostReacted;
  if (numbers.size() != (reacted ? 2u : 1u))
    return fail(Fault::invalid, "cursor_invalid", "This cursor is not from this list.");
  if (reacted) {
    const std::string reactions = bound(query, numbers[0]);
    query.text += " AND (c.reaction_count, c.id) < (" + reactions + ", " +
                  bound(query, numbers[1]) + ")";
  } else {
    query.text += std::string(" AND c.id ") +
                  (listing.sort == CommentSort::oldest ? "> " : "< ") + bound(query, numbers[0]);
  }
  return {};
}

std::string cursor_after(const Comment& comment, CommentSort sort) {
  const std::string id = std::to_string(comment.id.value);
  return base64url(bytes_of(sort == CommentSort::mostReacted
                                ? std::to_string(comment.reactions) + "|" + id
                                : id));
}

/// The level of what is discussed was checked with it; comments have none of their own.
void add_visible(sql::Query& query, const Viewer& viewer, UserId subject_owner) {
  const bool owns = viewer.signed_in() && viewer.user == subject_owner;
  visibility::add_visible(query, viewer,
                          {.owner = "c.user_id",
                           .level = "31",
                           .open = owns ? "c.taken_down_at IS NULL"
                                        : "c.taken_down_at IS NULL AND c.hidden_at IS NULL"},
                          visibility::Where::list);
}

}  // namespace

Result<CommentId> insert(sql::Tx& tx, const Comment& comment) {
  return TRY(tx.run(insert_comment,
                    {schema::label_of(comment.kind), comment.subject, sql::Cell(comment.parent),
                     comment.depth, comment.author, comment.body, comment.body_html,
                     comment.created_at}))
      .front()
      .id<CommentId>(0);
}

Result<std::optional<Comment>> comment(sql::Tx& tx, CommentId id) {
  const sql::Rows rows = TRY(tx.run(comment_by_id, {id}));
  if (rows.empty()) return std::optional<Comment>{};
  return read(rows.front());
}

Result<void> update(sql::Tx& tx, const Comment& comment) {
  TRY(tx.run(update_comment, {comment.id, comment.body, comment.body_html, comment.edited_at,
                              comment.deleted_at, comment.hidden_at, comment.taken_down_at,
                              comment.pinned_at}));
  return {};
}

Result<bool> has_replies(sql::Tx& tx, CommentId id) {
  return !TRY(tx.run(find_reply, {id})).empty();
}

Result<void> erase(sql::Tx& tx, CommentId id) {
  TRY(tx.run(delete_comment, {id}));
  return {};
}

Result<void> set_counts(sql::Tx& tx, CommentId id, std::int64_t replies, std::int64_t reactions) {
  TRY(tx.run(update_counts, {id, replies, reactions}));
  return {};
}

Result<std::vector<UserId>> mention(sql::Tx& tx, CommentId id, const std::vector<UserId>& people,
                                    Millis now) {
  std::vector<UserId> fresh;
  for (const UserId person : people)
    if (!TRY(tx.run(insert_mention, {id, person, now})).empty()) fresh.push_back(person);
  return fresh;
}

Result<std::vector<UserId>> mentioned(sql::Tx& tx, CommentId id) {
  std::vector<UserId> people;
  const sql::Rows rows = TRY(tx.run(list_mentions, {id}));
  for (const sql::Row& row : rows) people.push_back(row.id<UserId>(0));
  return people;
}

Result<bool> locked(sql::Tx& tx, platform::SubjectKind kind, std::int64_t subject) {
  return !TRY(tx.run(find_lock, {schema::label_of(kind), subject})).empty();
}

Result<void> lock(sql::Tx& tx, platform::SubjectKind kind, std::int64_t subject, UserId by,
                  Millis now) {
  TRY(tx.run(insert_lock, {schema::label_of(kind), subject, by, now}));
  return {};
}

Result<void> unlock(sql::Tx& tx, platform::SubjectKind kind, std::int64_t subject) {
  TRY(tx.run(delete_lock, {schema::label_of(kind), subject}));
  return {};
}

Result<Page> page(sql::Tx& tx, const Listing& listing, const Viewer& viewer) {
  sql::Query query{"comments.page",
                   "SELECT " COMMENT_COLUMNS
                   " FROM comments c JOIN users u ON u.id = c.user_id WHERE ",
                   {}};
  if (listing.parent) {
    query.text += "c.parent_id = " + bound(query, *listing.parent);
  } else {
    query.text += "c.kind = " + bound(query, schema::label_of(listing.kind));
    query.text += " AND c.subject_id = " + bound(query, listing.subject);
    query.text += std::string(" AND c.parent_id IS NULL AND c.pinned_at IS ") +
                  (listing.pinned ? "NOT NULL" : "NULL");
  }
  add_visible(query, viewer, listing.subject_owner);
  TRY(add_cursor(query, listing));
  query.text += listing.sort == CommentSort::mostReacted
                    ? " ORDER BY c.reaction_count DESC, c.id DESC"
                : listing.sort == CommentSort::newest ? " ORDER BY c.id DESC"
                                                      : " ORDER BY c.id";
  query.text += " LIMIT " + bound(query, listing.limit + 1);
  const sql::Rows rows = TRY(tx.run(query));
  Page page;
  const auto wanted = static_cast<std::size_t>(listing.limit);
  for (const sql::Row& row : rows)
    if (page.comments.size() < wanted) page.comments.push_back(read(row));
  if (rows.size() > wanted) page.next_cursor = cursor_after(page.comments.back(), listing.sort);
  return page;
}

Result<std::int64_t> count_pinned(sql::Tx& tx, platform::SubjectKind kind, std::int64_t subject) {
  return TRY(tx.run(pinned_total, {schema::label_of(kind), subject})).front().whole(0);
}

metrics::Deeds deeds() {
#define STANDING_COMMENTS                                                                         \
  " 'comment' AS metric, created_at AS at FROM comments WHERE deleted_at IS NULL"                 \
  " AND hidden_at IS NULL AND taken_down_at IS NULL"
  return {"comments",
          {platform::Metric::comment},
          {"SELECT kind, subject_id," STANDING_COMMENTS,
           "SELECT 'comment' AS kind, parent_id AS subject_id," STANDING_COMMENTS
           " AND parent_id IS NOT NULL"}};
}

}  // namespace atelier::comments::store

namespace atelier::comments {

Result<std::optional<Comment>> find(sql::Tx& tx, CommentId id) { return store::comment(tx, id); }
Result<std::vector<UserId>> mentioned(sql::Tx& tx, CommentId id) {
  return store::mentioned(tx, id);
}

}  // namespace atelier::comments

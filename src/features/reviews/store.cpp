#include "features/reviews/store.hpp"

#include "features/visibility/visibility.hpp"

namespace atelier::reviews {
namespace store {
namespace {

#define REVIEW_COLUMNS                                                                            \
  "r.id, r.version_id, r.model_id, r.user_id, u.username, v.name, r.recommended, r.rating,"       \
  " r.details, r.details_html, r.created_at, r.edited_at, r.excluded_at, r.taken_down_at,"        \
  " r.reaction_count, r.comment_count"
#define REVIEW_TABLES                                                                             \
  " FROM reviews r JOIN users u ON u.id = r.user_id JOIN model_versions v ON v.id = r.version_id "

const sql::Statement insert_review{
    "reviews.insert",
    "INSERT INTO reviews (version_id, model_id, user_id, recommended, rating, details,"
    " details_html, created_at, reaction_count, comment_count)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 0) RETURNING id"};
const sql::Statement review_by_id{
    "reviews.review", "SELECT " REVIEW_COLUMNS REVIEW_TABLES "WHERE r.id = ?1"};
const sql::Statement review_by_author{
    "reviews.review_by",
    "SELECT " REVIEW_COLUMNS REVIEW_TABLES "WHERE r.version_id = ?1 AND r.user_id = ?2"};
const sql::Statement update_review{
    "reviews.update",
    "UPDATE reviews SET recommended = ?2, rating = ?3, details = ?4, details_html = ?5,"
    " edited_at = ?6, excluded_at = ?7, taken_down_at = ?8 WHERE id = ?1"};
const sql::Statement delete_review{"reviews.erase", "DELETE FROM reviews WHERE id = ?1"};
const sql::Statement update_counts{
    "reviews.set_counts",
    "UPDATE reviews SET reaction_count = ?2, comment_count = ?3 WHERE id = ?1"};
#define COUNTED_REVIEWS " FROM reviews WHERE excluded_at IS NULL AND taken_down_at IS NULL"
const sql::Statement clear_ratings{"reviews.clear_ratings", "DELETE FROM review_ratings"};
const sql::Statement make_ratings{
    "reviews.make_ratings",
    "INSERT INTO review_ratings (kind, subject_id, rating, amount)"
    " SELECT 'version', version_id, rating, count(*)" COUNTED_REVIEWS " GROUP BY version_id, rating"
    " UNION ALL"
    " SELECT 'model', model_id, rating, count(*)" COUNTED_REVIEWS " GROUP BY model_id, rating"};
const sql::Statement add_rating{
    "reviews.rate",
    "INSERT INTO review_ratings (kind, subject_id, rating, amount) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT (kind, subject_id, rating)"
    " DO UPDATE SET amount = review_ratings.amount + excluded.amount"};
const sql::Statement list_ratings{
    "reviews.ratings",
    "SELECT rating, amount FROM review_ratings WHERE kind = ?1 AND subject_id = ?2"};

Review read(const sql::Row& row) {
  Review review;
  review.id = row.id<ReviewId>(0);
  review.version = row.id<VersionId>(1);
  review.model = row.id<ModelId>(2);
  review.author = row.id<UserId>(3);
  review.author_name = row.string(4);
  review.version_name = row.string(5);
  review.recommended = row.boolean(6);
  review.rating = static_cast<int>(row.whole(7));
  review.details = row.string(8);
  review.details_html = row.string(9);
  review.created_at = row.whole(10);
  review.edited_at = row.maybe_whole(11);
  review.excluded_at = row.maybe_whole(12);
  review.taken_down_at = row.maybe_whole(13);
  review.reactions = row.whole(14);
  review.comments = row.whole(15);
  return review;
}

std::optional<Review> only(const sql::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return read(rows.front());
}

std::string bound(sql::Query& query, sql::Cell cell) {
  query.values.push_back(std::move(cell));
  return "?" + std::to_string(query.values.size());
}

}  // namespace

Result<ReviewId> insert(sql::Tx& tx, const Review& review) {
  return TRY(tx.run(insert_review, {review.version, review.model, review.author,
                                    review.recommended, review.rating, review.details,
                                    review.details_html, review.created_at}))
      .front()
      .id<ReviewId>(0);
}

Result<std::optional<Review>> review(sql::Tx& tx, ReviewId id) {
  return only(TRY(tx.run(review_by_id, {id})));
}

Result<std::optional<Review>> review_by(sql::Tx& tx, VersionId version, UserId author) {
  return only(TRY(tx.run(review_by_author, {version, author})));
}

Result<void> update(sql::Tx& tx, const Review& review) {
  TRY(tx.run(update_review,
             {review.id, review.recommended, review.rating, review.details, review.details_html,
              review.edited_at, review.excluded_at, review.taken_down_at}));
  return {};
}

Result<void> erase(sql::Tx& tx, ReviewId id) {
  TRY(tx.run(delete_review, {id}));
  return {};
}

Result<void> set_counts(sql::Tx& tx, ReviewId id, std::int64_t reactions, std::int64_t comments) {
  TRY(tx.run(update_counts, {id, reactions, comments}));
  return {};
}

Result<void> rate(sql::Tx& tx, platform::SubjectKind kind, std::int64_t subject, int rating,
                  int delta) {
  TRY(tx.run(add_rating, {schema::label_of(kind), subject, rating, delta}));
  return {};
}

Result<void> rate_again(sql::Tx& tx) {
  TRY(tx.run(clear_ratings));
  TRY(tx.run(make_ratings));
  return {};
}

metrics::Deeds deeds() {
#define THUMBS                                                                                    \
  " CASE WHEN recommended THEN 'thumbs_up' ELSE 'thumbs_down' END AS metric, created_at AS at"    \
  COUNTED_REVIEWS
  return {"reviews",
          {platform::Metric::thumbs_up, platform::Metric::thumbs_down},
          {"SELECT 'version' AS kind, version_id AS subject_id," THUMBS,
           "SELECT 'model' AS kind, model_id AS subject_id," THUMBS}};
}

Result<std::array<std::int64_t, 5>> ratings(sql::Tx& tx, platform::SubjectKind kind,
                                            std::int64_t subject) {
  std::array<std::int64_t, 5> all{};
  const sql::Rows rows = TRY(tx.run(list_ratings, {schema::label_of(kind), subject}));
  for (const sql::Row& row : rows)
    if (row.whole(0) >= 1 && row.whole(0) <= 5)
      all[std::size_t(row.whole(0) - 1)] = row.whole(1);
  return all;
}

Result<std::vector<Review>> page(sql::Tx& tx, const Listing& listing, const Viewer& viewer) {
  sql::Query query{"reviews.page",
                   "SELECT " REVIEW_COLUMNS REVIEW_TABLES
                   "WHERE v.status = 'Published' AND v.deleted_at IS NULL",
                   {}};
  if (listing.model) query.text += " AND r.model_id = " + bound(query, *listing.model);
  if (listing.version) query.text += " AND r.version_id = " + bound(query, *listing.version);
  if (listing.author) query.text += " AND r.user_id = " + bound(query, *listing.author);
  if (listing.recommended)
    query.text += " AND r.recommended = " + bound(query, *listing.recommended);
  if (listing.details) query.text += " AND r.details <> ''";
  if (listing.before > 0) query.text += " AND r.id < " + bound(query, listing.before);
  visibility::add_visible(
      query, viewer, {.owner = "r.user_id", .level = "31", .open = "r.taken_down_at IS NULL"},
      visibility::Where::list);
  query.text += " ORDER BY r.id DESC LIMIT " + bound(query, listing.limit);
  std::vector<Review> all;
  const sql::Rows rows = TRY(tx.run(query));
  for (const sql::Row& row : rows) all.push_back(read(row));
  return all;
}

}  // namespace store

Result<std::optional<Review>> find(sql::Tx& tx, ReviewId id) { return store::review(tx, id); }

Result<std::map<std::int64_t, bool>> recommended(sql::Tx& tx, UserId user,
                                                 std::span<const std::int64_t> versions) {
  std::map<std::int64_t, bool> found;
  if (versions.empty()) return found;
  sql::Query query{"reviews.recommended",
                   "SELECT version_id, recommended FROM reviews WHERE user_id = ?1"
                   " AND version_id IN (",
                   {user}};
  for (const std::int64_t id : versions) {
    query.values.emplace_back(id);
    query.text += (query.values.size() == 2 ? "?" : ", ?") + std::to_string(query.values.size());
  }
  query.text += ")";
  const sql::Rows rows = TRY(tx.run(query));
  for (const sql::Row& row : rows) found[row.whole(0)] = row.boolean(1);
  return found;
}

}  // namespace atelier::reviews

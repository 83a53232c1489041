#include "features/images/store.hpp"

// The SQL of levels, votes and counts.
namespace atelier::images::store {
namespace {

const sql::Statement put_vote_row{
    "images.put_vote",
    "INSERT INTO image_level_votes (image_id, user_id, level, at) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT (image_id, user_id) DO UPDATE SET level = excluded.level, at = excluded.at"};
const sql::Statement delete_vote_row{
    "images.delete_vote", "DELETE FROM image_level_votes WHERE image_id = ?1 AND user_id = ?2"};
const sql::Statement vote_rows{
    "images.votes",
    "SELECT user_id, level FROM image_level_votes WHERE image_id = ?1 ORDER BY level, user_id"};
const sql::Statement gallery_rows{
    "images.gallery",
    "SELECT nsfw_level, by_creator, count(*) FROM images WHERE version_id = ?1 AND is_open"
    " GROUP BY nsfw_level, by_creator"};
const sql::Statement put_counts_row{
    "images.put_counts",
    "UPDATE images SET like_count = ?2, dislike_count = ?3, laugh_count = ?4, cry_count = ?5,"
    " heart_count = ?6, reaction_count = ?7, comment_count = ?8, collected_count = ?9"
    " WHERE id = ?1"};
#define RANKED                                                                                    \
  "owner_id, post_id, version_id, model_id, nsfw_level, type, tool, base_model, has_meta,"        \
  " by_creator, remix_of, is_open, deleted_at"
const sql::Statement put_rank_row{
    "images.put_rank",
    "INSERT INTO image_ranks (timeframe, id, reactions, comments, collected, " RANKED ")"
    " SELECT ?1, id, CAST(?3 AS BIGINT), CAST(?4 AS BIGINT), CAST(?5 AS BIGINT), " RANKED
    " FROM images WHERE id = ?2"
    " ON CONFLICT (timeframe, id) DO UPDATE SET reactions = excluded.reactions,"
    " comments = excluded.comments, collected = excluded.collected"};
const sql::Statement delete_rank_row{
    "images.delete_rank", "DELETE FROM image_ranks WHERE timeframe = ?1 AND id = ?2"};
const sql::Statement follow_image{
    "images.refresh_ranks",
    "UPDATE image_ranks SET (" RANKED ") = (SELECT " RANKED " FROM images WHERE images.id ="
    " image_ranks.id) WHERE id = ?1"};

using platform::Metric;

std::int64_t reactions(const platform::Tally& tally) {
  return tally[Metric::like] + tally[Metric::laugh] + tally[Metric::cry] + tally[Metric::heart];
}

}  // namespace

Result<void> put_vote(sql::Tx& tx, ImageId image, UserId user, int level, Millis now) {
  TRY(tx.run(put_vote_row, {image, user, level, now}));
  return {};
}

Result<void> delete_vote(sql::Tx& tx, ImageId image, UserId user) {
  TRY(tx.run(delete_vote_row, {image, user}));
  return {};
}

Result<std::vector<Vote>> votes(sql::Tx& tx, ImageId image) {
  const sql::Rows rows = TRY(tx.run(vote_rows, {image}));
  std::vector<Vote> out;
  for (const sql::Row row : rows)
    out.push_back({row.id<UserId>(0), static_cast<int>(row.whole(1))});
  return out;
}

Result<Gallery> gallery(sql::Tx& tx, VersionId version) {
  const sql::Rows rows = TRY(tx.run(gallery_rows, {version}));
  Gallery out;
  for (const sql::Row row : rows) {
    if (row.boolean(1)) out.creator_levels |= static_cast<int>(row.whole(0)) & maturity::all;
    out.images += row.whole(2);
  }
  return out;
}

Result<void> put_counts(sql::Tx& tx, const platform::Tally& tally) {
  TRY(tx.run(put_counts_row,
             {tally.subject, tally[Metric::like], tally[Metric::dislike], tally[Metric::laugh],
              tally[Metric::cry], tally[Metric::heart], reactions(tally), tally[Metric::comment],
              tally[Metric::collect]}));
  return {};
}

Result<void> put_rank(sql::Tx& tx, const platform::Tally& tally) {
  const auto timeframe = schema::label_of(tally.timeframe);
  const std::int64_t sum = reactions(tally) + tally[Metric::comment] + tally[Metric::collect];
  if (sum == 0) TRY(tx.run(delete_rank_row, {timeframe, tally.subject}));
  else TRY(tx.run(put_rank_row, {timeframe, tally.subject, reactions(tally),
                                 tally[Metric::comment], tally[Metric::collect]}));
  return {};
}

Result<void> refresh_ranks(sql::Tx& tx, ImageId image) {
  TRY(tx.run(follow_image, {image}));
  return {};
}

}  // namespace atelier::images::store

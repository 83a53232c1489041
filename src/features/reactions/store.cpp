#include "features/reactions/store.hpp"

namespace atelier::reactions {
namespace store {
namespace {

const sql::Statement insert_reaction{
    "reactions.add",
    "INSERT INTO reactions (kind, subject_id, user_id, reaction, created_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING RETURNING subject_id"};
const sql::Statement delete_reaction{
    "reactions.remove",
    "DELETE FROM reactions WHERE kind = ?1 AND subject_id = ?2 AND user_id = ?3 AND reaction = ?4"
    " RETURNING created_at"};

}  // namespace

Result<bool> add(sql::Tx& tx, const Mark& mark, Millis now) {
  return !TRY(tx.run(insert_reaction, {schema::label_of(mark.kind), mark.subject, mark.user,
                                       schema::label_of(mark.reaction), now}))
              .empty();
}

Result<std::optional<Millis>> remove(sql::Tx& tx, const Mark& mark) {
  const sql::Rows rows =
      TRY(tx.run(delete_reaction, {schema::label_of(mark.kind), mark.subject, mark.user,
                                   schema::label_of(mark.reaction)}));
  return rows.empty() ? std::nullopt : std::optional(rows.front().whole(0));
}

metrics::Deeds deeds() {
  using enum platform::Metric;
  return {"reactions",
          {like, dislike, laugh, cry, heart},
          {"SELECT kind, subject_id, lower(reaction) AS metric, created_at AS at FROM reactions"}};
}

}  // namespace store

Result<std::map<std::int64_t, std::vector<Reaction>>> given(sql::Tx& tx, UserId user,
                                                            platform::SubjectKind kind,
                                                            std::span<const std::int64_t> ids) {
  std::map<std::int64_t, std::vector<Reaction>> found;
  if (ids.empty()) return found;
  sql::Query query{"reactions.given",
                   "SELECT subject_id, reaction FROM reactions WHERE user_id = ?1 AND kind = ?2"
                   " AND subject_id IN (",
                   {user, schema::label_of(kind)}};
  for (const std::int64_t id : ids) {
    query.values.emplace_back(id);
    query.text += (query.values.size() == 3 ? "?" : ", ?") + std::to_string(query.values.size());
  }
  query.text += ") ORDER BY created_at, reaction";
  const sql::Rows rows = TRY(tx.run(query));
  for (const sql::Row& row : rows)
    if (const auto reaction = schema::from_label<Reaction>(row.text(1)))
      found[row.whole(0)].push_back(*reaction);
  return found;
}

}  // namespace atelier::reactions

#include "features/follows/store.hpp"

#include "features/visibility/visibility.hpp"

namespace atelier::follows {
namespace store {
namespace {

const sql::Statement insert_follow{
    "follows.add",
    "INSERT INTO follows (user_id, followed_id, created_at) VALUES (?1, ?2, ?3)"
    " ON CONFLICT DO NOTHING RETURNING user_id"};
const sql::Statement delete_follow{
    "follows.remove",
    "DELETE FROM follows WHERE user_id = ?1 AND followed_id = ?2 RETURNING created_at"};
const sql::Statement following_total{"follows.count_following",
                                     "SELECT count(*) FROM follows WHERE user_id = ?1"};

std::string bound(sql::Query& query, sql::Cell cell) {
  query.values.push_back(std::move(cell));
  return "?" + std::to_string(query.values.size());
}

}  // namespace

Result<bool> add(sql::Tx& tx, UserId user, UserId followed, Millis now) {
  return !TRY(tx.run(insert_follow, {user, followed, now})).empty();
}

Result<std::optional<Millis>> remove(sql::Tx& tx, UserId user, UserId followed) {
  const sql::Rows rows = TRY(tx.run(delete_follow, {user, followed}));
  return rows.empty() ? std::nullopt : std::optional(rows.front().whole(0));
}

metrics::Deeds deeds() {
  return {"follows",
          {platform::Metric::follow},
          {"SELECT 'user' AS kind, followed_id AS subject_id, 'follow' AS metric, created_at AS at"
           " FROM follows"}};
}

Result<std::int64_t> count_following(sql::Tx& tx, UserId user) {
  return TRY(tx.run(following_total, {user})).front().whole(0);
}

Result<std::vector<FollowRow>> page(sql::Tx& tx, UserId user, Side side, std::int64_t before,
                                    int limit, const Viewer& viewer) {
  const bool followers = side == Side::followers;
  const std::string own = followers ? "f.followed_id" : "f.user_id";
  const std::string other = followers ? "f.user_id" : "f.followed_id";
  sql::Query query{"follows.page",
                   "SELECT u.id, u.username, f.created_at FROM follows f JOIN users u ON u.id = " +
                       other + " WHERE " + own + " = ?1",
                   {user}};
  if (before > 0) query.text += " AND " + other + " < " + bound(query, before);
  visibility::add_visible(query, viewer,
                          {.owner = "u.id", .level = "31", .open = "u.status <> 'banned'"},
                          visibility::Where::list);
  query.text += " ORDER BY " + other + " DESC LIMIT " + bound(query, limit);
  std::vector<FollowRow> all;
  const sql::Rows rows = TRY(tx.run(query));
  for (const sql::Row& row : rows)
    all.push_back({row.id<UserId>(0), row.string(1), {row.whole(2)}});
  return all;
}

}  // namespace store

Result<std::set<std::int64_t>> followed(sql::Tx& tx, UserId user,
                                        std::span<const std::int64_t> people) {
  std::set<std::int64_t> all;
  if (people.empty()) return all;
  sql::Query query{"follows.followed",
                   "SELECT followed_id FROM follows WHERE user_id = ?1 AND followed_id IN (",
                   {user}};
  for (const std::int64_t id : people) {
    query.values.emplace_back(id);
    query.text += (query.values.size() == 2 ? "?" : ", ?") + std::to_string(query.values.size());
  }
  query.text += ")";
  const sql::Rows rows = TRY(tx.run(query));
  for (const sql::Row& row : rows) all.insert(row.whole(0));
  return all;
}

Result<void> need(const Viewer& viewer) {
  if (viewer.signed_in()) return {};
  return fail(Fault::unauthenticated, "sign_in_needed", "Sign in to see whom you follow.");
}

void add_followed(sql::Query& query, const Viewer& viewer, std::string_view owner, bool few) {
  query.values.emplace_back(viewer.user);
  const std::string whom =
      " FROM follows fo WHERE fo.user_id = ?" + std::to_string(query.values.size());
  if (few)
    query.text.append(" AND ").append(owner).append(" IN (SELECT fo.followed_id" + whom + ")");
  else  // counted, as PostgreSQL turns EXISTS into a join that begins with whom one follows
    query.text.append(" AND (SELECT count(*)" + whom + " AND fo.followed_id = ").append(owner)
        .append(") > 0");
}

}  // namespace atelier::follows

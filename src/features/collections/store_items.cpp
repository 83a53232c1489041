#include "features/collections/store.hpp"

// What is in collections.
namespace atelier::collections {
namespace store {
namespace {

#define ITEM_COLUMNS                                                                              \
  "i.id, i.collection_id, i.kind, i.subject_id, i.added_by, u.username, i.status, i.level,"       \
  " i.created_at"

const sql::Statement insert_item{
    "collections.add",
    "INSERT INTO collection_items (collection_id, kind, subject_id, added_by, status, level,"
    " created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING"};
const sql::Statement find_item{
    "collections.item", "SELECT " ITEM_COLUMNS
                        " FROM collection_items i JOIN users u ON u.id = i.added_by"
                        " WHERE i.collection_id = ?1 AND i.subject_id = ?2"};
const sql::Statement delete_item{
    "collections.remove",
    "DELETE FROM collection_items WHERE collection_id = ?1 AND subject_id = ?2"};
const sql::Statement update_status{
    "collections.decide",
    "UPDATE collection_items SET status = ?3, decided_by = ?4, decided_at = ?5"
    " WHERE collection_id = ?1 AND subject_id = ?2"};
const sql::Statement first_collected{
    "collections.collected_since",
    "SELECT min(created_at) FROM collection_items WHERE added_by = ?1 AND kind = ?2"
    " AND subject_id = ?3"};
const sql::Statement list_all{
    "collections.all_items", "SELECT " ITEM_COLUMNS
                             " FROM collection_items i JOIN users u ON u.id = i.added_by"
                             " WHERE i.collection_id = ?1 ORDER BY i.id"};
// SQLite has no bit_or; each bit's maximum is the same.
const sql::Statement accepted_totals{
    "collections.accepted",
    "SELECT count(*), coalesce(max(level & 1) + max(level & 2) + max(level & 4) + max(level & 8)"
    " + max(level & 16), 0) FROM collection_items"
    " WHERE collection_id = ?1 AND status = 'ACCEPTED'"};
const sql::Statement update_totals{
    "collections.refresh",
    "UPDATE collections SET item_count = ?2, nsfw_level = ?3, updated_at = ?4 WHERE id = ?1"};
const sql::Statement list_holding{
    "collections.holding",
    "SELECT collection_id FROM collection_items WHERE kind = ?1 AND subject_id = ?2"};
const sql::Statement update_level{
    "collections.set_level",
    "UPDATE collection_items SET level = ?3 WHERE kind = ?1 AND subject_id = ?2 AND level <> ?3"
    " RETURNING id"};
const sql::Statement list_places{
    "collections.places",
    "SELECT c.id, c.name, u.username, c.read_mode, c.is_bookmarks, i.status FROM collections c"
    " JOIN users u ON u.id = c.owner_id"
    " LEFT JOIN collection_contributors p ON p.collection_id = c.id AND p.user_id = ?1"
    " LEFT JOIN collection_items i ON i.collection_id = c.id AND i.subject_id = ?3"
    " WHERE c.kind = ?2 AND c.taken_down_at IS NULL"
    " AND (c.owner_id = ?1 OR (p.permission IS NOT NULL AND p.permission <> 'VIEW'))"
    " ORDER BY c.is_bookmarks DESC, c.updated_at DESC, c.id DESC LIMIT 500"};

template <class E>
E label(const sql::Row& row, std::size_t column) {
  return schema::from_label<E>(row.text(column)).value_or(E{});
}

Item read(const sql::Row& row) {
  Item item;
  item.place = row.whole(0);
  item.collection = row.id<CollectionId>(1);
  item.kind = label<SubjectKind>(row, 2);
  item.subject = row.whole(3);
  item.added_by = row.id<UserId>(4);
  item.added_by_name = row.string(5);
  item.status = label<ItemStatus>(row, 6);
  item.level = static_cast<int>(row.whole(7));
  item.created_at = row.whole(8);
  return item;
}

std::string bound(sql::Query& query, sql::Cell cell) {
  query.values.push_back(std::move(cell));
  return "?" + std::to_string(query.values.size());
}

}  // namespace

Result<void> add(sql::Tx& tx, const Item& item) {
  TRY(tx.run(insert_item, {item.collection, schema::label_of(item.kind), item.subject,
                           item.added_by, schema::label_of(item.status), item.level,
                           item.created_at}));
  return {};
}

Result<std::optional<Item>> item(sql::Tx& tx, CollectionId collection, std::int64_t subject) {
  const sql::Rows rows = TRY(tx.run(find_item, {collection, subject}));
  if (rows.empty()) return std::optional<Item>{};
  return read(rows.front());
}

Result<void> remove(sql::Tx& tx, CollectionId collection, std::int64_t subject) {
  TRY(tx.run(delete_item, {collection, subject}));
  return {};
}

Result<void> decide(sql::Tx& tx, CollectionId collection, std::int64_t subject, ItemStatus status,
                    UserId by, Millis now) {
  TRY(tx.run(update_status, {collection, subject, schema::label_of(status), by, now}));
  return {};
}

Result<std::optional<Millis>> collected_since(sql::Tx& tx, UserId user, SubjectKind kind,
                                              std::int64_t subject) {
  return TRY(tx.run(first_collected, {user, schema::label_of(kind), subject}))
      .front()
      .maybe_whole(0);
}

Result<std::vector<Item>> all_items(sql::Tx& tx, CollectionId collection) {
  std::vector<Item> all;
  const sql::Rows rows = TRY(tx.run(list_all, {collection}));
  for (const sql::Row& row : rows) all.push_back(read(row));
  return all;
}

metrics::Deeds deeds() {
  // What somebody keeps in several collections they collected once, when they first did.
  return {"collections",
          {platform::Metric::collect, platform::Metric::follow},
          {"SELECT i.kind, i.subject_id, 'collect' AS metric, i.created_at AS at"
           " FROM collection_items i WHERE NOT EXISTS (SELECT 1 FROM collection_items e"
           " WHERE e.added_by = i.added_by AND e.kind = i.kind AND e.subject_id = i.subject_id"
           " AND (e.created_at < i.created_at OR (e.created_at = i.created_at AND e.id < i.id)))",
           "SELECT 'collection' AS kind, collection_id AS subject_id, 'follow' AS metric,"
           " created_at AS at FROM collection_followers"}};
}

Result<void> refresh(sql::Tx& tx, CollectionId collection, Millis now) {
  const sql::Rows totals = TRY(tx.run(accepted_totals, {collection}));
  const std::int64_t level = totals.front().whole(1);
  TRY(tx.run(update_totals, {collection, totals.front().whole(0),
                             level == 0 ? maturity::pg : level, now}));
  return {};
}

Result<std::vector<Item>> items(sql::Tx& tx, CollectionId collection, ItemStatus status,
                                std::optional<UserId> by, std::int64_t before, int limit) {
  sql::Query query{"collections.items",
                   "SELECT " ITEM_COLUMNS " FROM collection_items i"
                   " JOIN users u ON u.id = i.added_by WHERE i.collection_id = ?1"
                   " AND i.status = ?2",
                   {collection, schema::label_of(status)}};
  if (by) query.text += " AND i.added_by = " + bound(query, *by);
  if (before > 0) query.text += " AND i.id < " + bound(query, before);
  query.text += " ORDER BY i.id DESC LIMIT " + bound(query, limit);
  std::vector<Item> all;
  const sql::Rows rows = TRY(tx.run(query));
  for (const sql::Row& row : rows) all.push_back(read(row));
  return all;
}

Result<std::vector<CollectionId>> holding(sql::Tx& tx, SubjectKind kind, std::int64_t subject) {
  std::vector<CollectionId> all;
  const sql::Rows rows = TRY(tx.run(list_holding, {schema::label_of(kind), subject}));
  for (const sql::Row& row : rows) all.push_back(row.id<CollectionId>(0));
  return all;
}

Result<bool> set_level(sql::Tx& tx, SubjectKind kind, std::int64_t subject, int level) {
  return !TRY(tx.run(update_level, {schema::label_of(kind), subject, level})).empty();
}

Result<std::vector<PlaceRow>> places(sql::Tx& tx, UserId user, CollectedKind kind,
                                     std::int64_t subject) {
  std::vector<PlaceRow> all;
  const sql::Rows rows = TRY(tx.run(list_places, {user, schema::label_of(kind), subject}));
  for (const sql::Row& row : rows) {
    PlaceRow place{row.id<CollectionId>(0), row.string(1), row.string(2),
                   label<CollectionRead>(row, 3), row.boolean(4), std::nullopt};
    if (!row.null(5)) place.status = label<ItemStatus>(row, 5);
    all.push_back(std::move(place));
  }
  return all;
}

}  // namespace store

namespace {

void add_ids(sql::Query& query, std::span<const std::int64_t> ids) {
  query.text += "(";
  for (std::size_t i = 0; i < ids.size(); ++i) {
    query.values.emplace_back(ids[i]);
    query.text += (i == 0 ? "?" : ", ?") + std::to_string(query.values.size());
  }
  query.text += ")";
}

Result<std::set<std::int64_t>> set_of(sql::Tx& tx, const sql::Query& query) {
  std::set<std::int64_t> all;
  const sql::Rows rows = TRY(tx.run(query));
  for (const sql::Row& row : rows) all.insert(row.whole(0));
  return all;
}

}  // namespace

void add_within(sql::Query& query, CollectionId collection, std::string_view id, bool few) {
  query.values.emplace_back(collection);
  const std::string which = " FROM collection_items ci WHERE ci.collection_id = ?" +
                            std::to_string(query.values.size()) + " AND ci.status = 'ACCEPTED'";
  if (few) query.text.append(" AND ").append(id).append(" IN (SELECT ci.subject_id" + which + ")");
  else query.text.append(" AND EXISTS (SELECT 1" + which + " AND ci.subject_id = ").append(id)
           .append(")");
}

Result<std::set<std::int64_t>> bookmarked(sql::Tx& tx, UserId user, SubjectKind kind,
                                          std::span<const std::int64_t> ids) {
  if (ids.empty()) return std::set<std::int64_t>{};
  sql::Query query{"collections.bookmarked",
                   "SELECT i.subject_id FROM collection_items i JOIN collections c"
                   " ON c.id = i.collection_id WHERE c.owner_id = ?1 AND c.is_bookmarks"
                   " AND c.kind = ?2 AND i.subject_id IN ",
                   {user, schema::label_of(kind)}};
  add_ids(query, ids);
  return set_of(tx, query);
}

Result<std::set<std::int64_t>> followed(sql::Tx& tx, UserId user,
                                        std::span<const std::int64_t> collections) {
  if (collections.empty()) return std::set<std::int64_t>{};
  sql::Query query{"collections.followed",
                   "SELECT collection_id FROM collection_followers WHERE user_id = ?1"
                   " AND collection_id IN ",
                   {user}};
  add_ids(query, collections);
  return set_of(tx, query);
}

}  // namespace atelier::collections

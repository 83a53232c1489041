#include "features/collections/store.hpp"

#include "base/text.hpp"
#include "features/visibility/visibility.hpp"

namespace atelier::collections::store {
namespace {

#define COLLECTION_COLUMNS                                                                        \
  "c.id, c.owner_id, u.username, c.name, c.description, c.kind, c.read_mode, c.write_mode,"       \
  " c.is_bookmarks, c.cover_image_id, c.nsfw_level, c.item_count, c.follower_count, c.created_at," \
  " c.updated_at, c.taken_down_at"
#define COLLECTION_TABLES " FROM collections c JOIN users u ON u.id = c.owner_id "

const sql::Statement insert_collection{
    "collections.insert",
    "INSERT INTO collections (owner_id, name, description, kind, read_mode, write_mode,"
    " is_bookmarks, nsfw_level, item_count, follower_count, created_at, updated_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, 0, 0, ?8, ?8) RETURNING id"};
const sql::Statement by_id{"collections.collection",
                           "SELECT " COLLECTION_COLUMNS COLLECTION_TABLES "WHERE c.id = ?1"};
const sql::Statement find_bookmarks{
    "collections.bookmarks", "SELECT " COLLECTION_COLUMNS COLLECTION_TABLES
                             "WHERE c.owner_id = ?1 AND c.kind = ?2 AND c.is_bookmarks"};
const sql::Statement update_collection{
    "collections.update",
    "UPDATE collections SET name = ?2, description = ?3, read_mode = ?4, write_mode = ?5,"
    " cover_image_id = ?6, updated_at = ?7 WHERE id = ?1"};
const sql::Statement update_taken_down{
    "collections.set_taken_down", "UPDATE collections SET taken_down_at = ?2 WHERE id = ?1"};
const sql::Statement update_followers{
    "collections.set_followers", "UPDATE collections SET follower_count = ?2 WHERE id = ?1"};
const sql::Statement delete_collection{"collections.erase",
                                       "DELETE FROM collections WHERE id = ?1"};
const sql::Statement owned_total{"collections.count_owned",
                                 "SELECT count(*) FROM collections WHERE owner_id = ?1"};
#define OPEN_COLLECTION                                                                     \
  "c.read_mode = 'Public' AND c.taken_down_at IS NULL AND NOT c.is_bookmarks"               \
  " AND u.status <> 'banned'"
const sql::Statement open_rows{
    "collections.open_ids", "SELECT c.id" COLLECTION_TABLES "WHERE c.id > ?1 AND " OPEN_COLLECTION
                            " ORDER BY c.id LIMIT ?2"};
const sql::Statement owner_rows{"collections.of_owner",
                                "SELECT id FROM collections WHERE owner_id = ?1"};
const sql::Statement find_permission{
    "collections.permission",
    "SELECT permission FROM collection_contributors WHERE collection_id = ?1 AND user_id = ?2"};
const sql::Statement upsert_permission{
    "collections.set_permission",
    "INSERT INTO collection_contributors (collection_id, user_id, permission, created_at)"
    " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (collection_id, user_id)"
    " DO UPDATE SET permission = excluded.permission"};
const sql::Statement delete_permission{
    "collections.remove_permission",
    "DELETE FROM collection_contributors WHERE collection_id = ?1 AND user_id = ?2"};
const sql::Statement list_contributors{
    "collections.contributors",
    "SELECT p.user_id, u.username, p.permission FROM collection_contributors p"
    " JOIN users u ON u.id = p.user_id WHERE p.collection_id = ?1 ORDER BY u.username_key"};
const sql::Statement insert_follower{
    "collections.follow",
    "INSERT INTO collection_followers (collection_id, user_id, created_at) VALUES (?1, ?2, ?3)"
    " ON CONFLICT DO NOTHING RETURNING user_id"};
const sql::Statement delete_follower{
    "collections.unfollow",
    "DELETE FROM collection_followers WHERE collection_id = ?1 AND user_id = ?2"
    " RETURNING created_at"};
const sql::Statement find_follower{
    "collections.follows",
    "SELECT 1 FROM collection_followers WHERE collection_id = ?1 AND user_id = ?2"};

template <class E>
E label(const sql::Row& row, std::size_t column) {
  return schema::from_label<E>(row.text(column)).value_or(E{});
}

Collection read(const sql::Row& row) {
  Collection collection;
  collection.id = row.id<CollectionId>(0);
  collection.owner = row.id<UserId>(1);
  collection.owner_name = row.string(2);
  collection.name = row.string(3);
  collection.description = row.string(4);
  collection.kind = label<CollectedKind>(row, 5);
  collection.read = label<CollectionRead>(row, 6);
  collection.write = label<CollectionWrite>(row, 7);
  collection.bookmarks = row.boolean(8);
  if (const auto cover = row.maybe_whole(9)) collection.cover = ImageId{*cover};
  collection.level = static_cast<int>(row.whole(10));
  collection.items = row.whole(11);
  collection.followers = row.whole(12);
  collection.created_at = row.whole(13);
  collection.updated_at = row.whole(14);
  collection.taken_down_at = row.maybe_whole(15);
  return collection;
}

std::optional<Collection> only(const sql::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return read(rows.front());
}

std::string bound(sql::Query& query, sql::Cell cell) {
  query.values.push_back(std::move(cell));
  return "?" + std::to_string(query.values.size());
}

template <class I>
std::string bound_list(sql::Query& query, const std::vector<I>& values) {
  std::string list;
  for (const I& value : values) list += (list.empty() ? "(" : ", ") + bound(query, value);
  return list + ")";
}

std::string pattern_of(std::string_view part) {
  std::string pattern = "%";
  for (const char c : lower_ascii(part)) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

void add_conditions(sql::Query& query, const Listing& listing, const Viewer& viewer) {
  if (listing.kind) query.text += " AND c.kind = " + bound(query, schema::label_of(*listing.kind));
  if (!listing.ids.empty()) query.text += " AND c.id IN " + bound_list(query, listing.ids);
  if (listing.owner) query.text += " AND c.owner_id = " + bound(query, *listing.owner);
  if (listing.mine) {
    const std::string who = bound(query, viewer.user);
    query.text += " AND (c.owner_id = " + who +
                  " OR EXISTS (SELECT 1 FROM collection_contributors p"
                  " WHERE p.collection_id = c.id AND p.user_id = " + who + "))";
  }
  if (listing.followed)
    query.text += " AND EXISTS (SELECT 1 FROM collection_followers f"
                  " WHERE f.collection_id = c.id AND f.user_id = " + bound(query, viewer.user) +
                  ")";
  if (!listing.query.empty())
    query.text += " AND lower(c.name) LIKE " + bound(query, pattern_of(listing.query)) +
                  " ESCAPE '\\'";
  visibility::add_visible(
      query, viewer,
      {.owner = "c.owner_id",
       .level = "c.nsfw_level",
       .open = listing.mine       ? "c.taken_down_at IS NULL"
               : listing.followed ? "c.taken_down_at IS NULL AND c.read_mode <> 'Private'"
                                  : "c.taken_down_at IS NULL AND c.read_mode = 'Public'"},
      visibility::Where::list);
  // Elsewhere also owners and moderators see what everybody sees: a list of public ones.
  if (!listing.mine && !listing.followed) query.text += " AND c.read_mode = 'Public'";
}

/// "id" or "followers|id", base64url.
Result<void> add_cursor(sql::Query& query, const Listing& listing) {
  if (listing.cursor.empty()) return {};
  std::vector<std::int64_t> numbers;
  if (const auto text = from_base64url(listing.cursor))
    for (const std::string_view part : split(*text, '|'))
      if (const auto number = parse_whole(part)) numbers.push_back(*number);
  const bool two = listing.sort == CollectionSort::mostFollowed;
  if (numbers.size() != (two ? 2u : 1u))
    return fail(Fault::invalid, "cursor_invalid", "This cursor is not from this list.");
  if (two) {
    const std::string followers = bound(query, numbers[0]);
    query.text += " AND (c.follower_count, c.id) < (" + followers + ", " +
                  bound(query, numbers[1]) + ")";
  } else {
    query.text += " AND c.id < " + bound(query, numbers[0]);
  }
  return {};
}

}  // namespace

Result<CollectionId> insert(sql::Tx& tx, const Collection& collection) {
  return TRY(tx.run(insert_collection,
                    {collection.owner, collection.name, collection.description,
                     schema::label_of(collection.kind), schema::label_of(collection.read),
                     schema::label_of(collection.write), collection.bookmarks,
                     collection.created_at}))
      .front()
      .id<CollectionId>(0);
}

Result<std::optional<Collection>> collection(sql::Tx& tx, CollectionId id) {
  return only(TRY(tx.run(by_id, {id})));
}

Result<std::optional<Collection>> bookmarks(sql::Tx& tx, UserId owner, CollectedKind kind) {
  return only(TRY(tx.run(find_bookmarks, {owner, schema::label_of(kind)})));
}

Result<void> update(sql::Tx& tx, const Collection& collection) {
  TRY(tx.run(update_collection,
             {collection.id, collection.name, collection.description,
              schema::label_of(collection.read), schema::label_of(collection.write),
              sql::Cell(collection.cover), collection.updated_at}));
  return {};
}

Result<void> set_taken_down(sql::Tx& tx, CollectionId id, std::optional<Millis> at) {
  TRY(tx.run(update_taken_down, {id, at}));
  return {};
}

Result<void> set_followers(sql::Tx& tx, CollectionId id, std::int64_t followers) {
  TRY(tx.run(update_followers, {id, followers}));
  return {};
}

Result<void> erase(sql::Tx& tx, CollectionId id) {
  TRY(tx.run(delete_collection, {id}));
  return {};
}

Result<std::int64_t> count_owned(sql::Tx& tx, UserId owner) {
  return TRY(tx.run(owned_total, {owner})).front().whole(0);
}

Result<std::vector<std::int64_t>> open_ids(sql::Tx& tx, std::int64_t after, int limit) {
  std::vector<std::int64_t> ids;
  for (const sql::Row row : TRY(tx.run(open_rows, {after, limit}))) ids.push_back(row.whole(0));
  return ids;
}

Result<std::vector<Collection>> open_collections(sql::Tx& tx, std::span<const std::int64_t> ids) {
  std::vector<Collection> collections;
  if (ids.empty()) return collections;
  sql::Query query{"collections.open",
                   "SELECT " COLLECTION_COLUMNS COLLECTION_TABLES "WHERE " OPEN_COLLECTION
                   " AND c.id IN ",
                   {}};
  query.text += bound_list(query, std::vector<std::int64_t>(ids.begin(), ids.end()));
  query.text += " ORDER BY c.id";
  for (const sql::Row row : TRY(tx.run(query))) collections.push_back(read(row));
  return collections;
}

Result<std::vector<CollectionId>> ids_of_owner(sql::Tx& tx, UserId owner) {
  std::vector<CollectionId> ids;
  for (const sql::Row row : TRY(tx.run(owner_rows, {owner})))
    ids.push_back(row.id<CollectionId>(0));
  return ids;
}

Result<Page> page(sql::Tx& tx, const Listing& listing, const Viewer& viewer) {
  sql::Query query{"collections.page",
                   "SELECT " COLLECTION_COLUMNS COLLECTION_TABLES "WHERE 1 = 1",
                   {}};
  add_conditions(query, listing, viewer);
  TRY(add_cursor(query, listing));
  const bool followed = listing.sort == CollectionSort::mostFollowed;
  query.text += followed ? " ORDER BY c.follower_count DESC, c.id DESC" : " ORDER BY c.id DESC";
  query.text += " LIMIT " + bound(query, listing.limit + 1);
  const sql::Rows rows = TRY(tx.run(query));
  Page page;
  for (const sql::Row& row : rows)
    if (page.collections.size() < std::size_t(listing.limit))
      page.collections.push_back(read(row));
  if (rows.size() > std::size_t(listing.limit)) {
    const Collection& last = page.collections.back();
    const std::string id = std::to_string(last.id.value);
    page.next_cursor =
        base64url(bytes_of(followed ? std::to_string(last.followers) + "|" + id : id));
  }
  return page;
}

Result<std::optional<Permission>> permission(sql::Tx& tx, CollectionId id, UserId user) {
  const sql::Rows rows = TRY(tx.run(find_permission, {id, user}));
  if (rows.empty()) return std::optional<Permission>{};
  return schema::from_label<Permission>(rows.front().text(0));
}

Result<void> set_permission(sql::Tx& tx, CollectionId id, UserId user, Permission permission,
                            Millis now) {
  TRY(tx.run(upsert_permission, {id, user, schema::label_of(permission), now}));
  return {};
}

Result<void> remove_permission(sql::Tx& tx, CollectionId id, UserId user) {
  TRY(tx.run(delete_permission, {id, user}));
  return {};
}

Result<std::vector<ContributorRow>> contributors(sql::Tx& tx, CollectionId id) {
  std::vector<ContributorRow> all;
  const sql::Rows rows = TRY(tx.run(list_contributors, {id}));
  for (const sql::Row& row : rows)
    all.push_back({row.id<UserId>(0), row.string(1), label<Permission>(row, 2)});
  return all;
}

Result<bool> follow(sql::Tx& tx, CollectionId id, UserId user, Millis now) {
  return !TRY(tx.run(insert_follower, {id, user, now})).empty();
}

Result<std::optional<Millis>> unfollow(sql::Tx& tx, CollectionId id, UserId user) {
  const sql::Rows rows = TRY(tx.run(delete_follower, {id, user}));
  return rows.empty() ? std::nullopt : std::optional(rows.front().whole(0));
}

Result<bool> follows(sql::Tx& tx, CollectionId id, UserId user) {
  return !TRY(tx.run(find_follower, {id, user})).empty();
}

}  // namespace atelier::collections::store

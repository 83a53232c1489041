#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "features/collections/endpoints.hpp"
#include "features/metrics/metrics.hpp"

/// All SQL of collections; items are in store_items.cpp.
namespace atelier::collections::store {

Result<CollectionId> insert(sql::Tx& tx, const Collection& collection);
Result<std::optional<Collection>> collection(sql::Tx& tx, CollectionId id);
Result<std::optional<Collection>> bookmarks(sql::Tx& tx, UserId owner, CollectedKind kind);
Result<void> update(sql::Tx& tx, const Collection& collection);  ///< words, modes, cover
Result<void> set_taken_down(sql::Tx& tx, CollectionId id, std::optional<Millis> at);
Result<void> set_followers(sql::Tx& tx, CollectionId id, std::int64_t followers);
Result<void> erase(sql::Tx& tx, CollectionId id);
Result<std::int64_t> count_owned(sql::Tx& tx, UserId owner);

/// What search holds: public collections of people who are not banned, without bookmarks.
Result<std::vector<std::int64_t>> open_ids(sql::Tx& tx, std::int64_t after, int limit);
Result<std::vector<Collection>> open_collections(sql::Tx& tx, std::span<const std::int64_t> ids);
Result<std::vector<CollectionId>> ids_of_owner(sql::Tx& tx, UserId owner);

struct Listing {
  std::vector<CollectionId> ids;
  std::optional<CollectedKind> kind;
  std::optional<UserId> owner;
  bool mine = false, followed = false;  ///< by the viewer
  std::string query;
  CollectionSort sort = CollectionSort::newest;
  std::string cursor;
  int limit = 30;
};
struct Page {
  std::vector<Collection> collections;
  std::string next_cursor;
};
Result<Page> page(sql::Tx& tx, const Listing& listing, const Viewer& viewer);

Result<std::optional<Permission>> permission(sql::Tx& tx, CollectionId id, UserId user);
Result<void> set_permission(sql::Tx& tx, CollectionId id, UserId user, Permission permission,
                            Millis now);
Result<void> remove_permission(sql::Tx& tx, CollectionId id, UserId user);
Result<std::vector<ContributorRow>> contributors(sql::Tx& tx, CollectionId id);

/// False if nothing changed.
Result<bool> follow(sql::Tx& tx, CollectionId id, UserId user, Millis now);
/// Since when they did; absent if nothing changed.
Result<std::optional<Millis>> unfollow(sql::Tx& tx, CollectionId id, UserId user);
Result<bool> follows(sql::Tx& tx, CollectionId id, UserId user);

struct Item {
  std::int64_t place = 0;        ///< rises with each item that is added
  CollectionId collection;
  SubjectKind kind = SubjectKind::model;
  std::int64_t subject = 0;
  UserId added_by;
  std::string added_by_name;
  ItemStatus status = ItemStatus::ACCEPTED;
  int level = 1;
  Millis created_at = 0;
};
Result<void> add(sql::Tx& tx, const Item& item);
Result<std::optional<Item>> item(sql::Tx& tx, CollectionId collection, std::int64_t subject);
Result<void> remove(sql::Tx& tx, CollectionId collection, std::int64_t subject);
Result<void> decide(sql::Tx& tx, CollectionId collection, std::int64_t subject, ItemStatus status,
                    UserId by, Millis now);
/// Since when this person has it in a collection that still holds it; absent: in none.
Result<std::optional<Millis>> collected_since(sql::Tx& tx, UserId user, SubjectKind kind,
                                              std::int64_t subject);
Result<std::vector<Item>> all_items(sql::Tx& tx, CollectionId collection);
metrics::Deeds deeds();
/// Level and number of items of the collection from its accepted items.
Result<void> refresh(sql::Tx& tx, CollectionId collection, Millis now);
/// Newest first, with a place before `before` (0 = from the newest); `by`: only theirs.
Result<std::vector<Item>> items(sql::Tx& tx, CollectionId collection, ItemStatus status,
                                std::optional<UserId> by, std::int64_t before, int limit);
/// Collections that hold it.
Result<std::vector<CollectionId>> holding(sql::Tx& tx, SubjectKind kind, std::int64_t subject);
/// True if the level was another.
Result<bool> set_level(sql::Tx& tx, SubjectKind kind, std::int64_t subject, int level);
Result<std::vector<PlaceRow>> places(sql::Tx& tx, UserId user, CollectedKind kind,
                                     std::int64_t subject);

}  // namespace atelier::collections::store

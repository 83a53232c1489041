#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/collections/collections.hpp"
#include "schema/types.hpp"

/// What the endpoints of collections take and give.
namespace atelier::collections {

using platform::SubjectKind;
using schema::Nothing;
using AnyId = schema::Whole<1, 2'147'483'647>;
using Name = schema::Text<1, 60>;
using Words = schema::Text<0, 2'000>;

enum class CollectedKind : unsigned char { model, image, post };
BOOST_DESCRIBE_ENUM(CollectedKind, model, image, post)
enum class CollectionRead : unsigned char { Private, Unlisted, Public };
BOOST_DESCRIBE_ENUM(CollectionRead, Private, Unlisted, Public)
/// Who may add beside the owner and contributors: nobody, everybody, everybody after a review.
enum class CollectionWrite : unsigned char { Private, Public, Review };
BOOST_DESCRIBE_ENUM(CollectionWrite, Private, Public, Review)
enum class ItemStatus : unsigned char { ACCEPTED, REVIEW, REJECTED };
BOOST_DESCRIBE_ENUM(ItemStatus, ACCEPTED, REVIEW, REJECTED)
/// Each includes the ones before it.
enum class Permission : unsigned char { VIEW, ADD_REVIEW, ADD, MANAGE };
BOOST_DESCRIBE_ENUM(Permission, VIEW, ADD_REVIEW, ADD, MANAGE)

struct Collection {
  CollectionId id;
  UserId owner;
  std::string owner_name, name, description;
  CollectedKind kind = CollectedKind::model;
  CollectionRead read = CollectionRead::Private;
  CollectionWrite write = CollectionWrite::Private;
  bool bookmarks = false;
  std::optional<ImageId> cover;
  int level = 1;
  std::int64_t items = 0, followers = 0;
  Millis created_at = 0, updated_at = 0;
  std::optional<Millis> taken_down_at;
};

struct CollectionCard {
  CollectionId id;
  std::string name, description;
  CollectedKind kind = CollectedKind::model;
  std::string owner;
  CollectionRead read = CollectionRead::Private;
  CollectionWrite write = CollectionWrite::Private;
  bool bookmarks = false;
  std::optional<ImageId> coverImage;
  std::int64_t nsfwLevel = 1;
  std::int64_t followerCount = 0;
  std::optional<std::int64_t> itemCount;  ///< for who manages it: others do not see all items
  schema::Time createdAt, updatedAt;
  bool takenDown = false;
  bool mayAdd = false, mayManage = false, mayDelete = false, followed = false;
};
BOOST_DESCRIBE_STRUCT(CollectionCard, (),
                      (id, name, description, kind, owner, read, write, bookmarks, coverImage,
                       nsfwLevel, followerCount, itemCount, createdAt, updatedAt, takenDown,
                       mayAdd, mayManage, mayDelete, followed))

enum class CollectionSort : unsigned char { newest, mostFollowed };
BOOST_DESCRIBE_ENUM(CollectionSort, newest, mostFollowed)

struct ListCollections {
  std::optional<CollectedKind> kind;
  std::optional<schema::Text<1, 30>> username;
  std::optional<bool> mine;         ///< own ones and those one contributes to, all of them
  std::optional<bool> followed;
  std::optional<schema::Text<0, 60>> query;
  std::optional<CollectionSort> sort;
  std::optional<schema::Text<1, 200>> cursor;
  std::optional<schema::Whole<1, 100>> limit;
};
BOOST_DESCRIBE_STRUCT(ListCollections, (),
                      (kind, username, mine, followed, query, sort, cursor, limit))

struct CollectionList {
  std::vector<CollectionCard> items;
  std::optional<std::string> nextCursor;
};
BOOST_DESCRIBE_STRUCT(CollectionList, (), (items, nextCursor))

struct CollectionPath {
  CollectionId id;
};
BOOST_DESCRIBE_STRUCT(CollectionPath, (), (id))

struct CreateCollection {
  Name name;
  CollectedKind kind = CollectedKind::model;
  std::optional<Words> description;
  std::optional<CollectionRead> read;
  std::optional<CollectionWrite> write;
};
BOOST_DESCRIBE_STRUCT(CreateCollection, (), (name, kind, description, read, write))

struct UpdateCollection {
  CollectionId id;
  std::optional<Name> name;
  std::optional<Words> description;
  std::optional<CollectionRead> read;
  std::optional<CollectionWrite> write;
  std::optional<schema::Nullable<ImageId>> coverImage;
};
BOOST_DESCRIBE_STRUCT(UpdateCollection, (), (id, name, description, read, write, coverImage))

struct CollectionItemCard {
  SubjectKind kind = SubjectKind::model;
  std::int64_t id = 0;              ///< of the model, image or post
  std::string title, address;
  std::int64_t nsfwLevel = 1;
  ItemStatus status = ItemStatus::ACCEPTED;
  std::string addedBy;
  schema::Time addedAt;
};
BOOST_DESCRIBE_STRUCT(CollectionItemCard, (),
                      (kind, id, title, address, nsfwLevel, status, addedBy, addedAt))

struct ListCollectionItems {
  CollectionId id;
  std::optional<ItemStatus> status;  ///< other than ACCEPTED: for who manages it, or one's own
  std::optional<schema::Text<1, 200>> cursor;
  std::optional<schema::Whole<1, 100>> limit;
};
BOOST_DESCRIBE_STRUCT(ListCollectionItems, (), (id, status, cursor, limit))

struct CollectionItemList {
  std::vector<CollectionItemCard> items;  ///< newest first
  std::optional<std::string> nextCursor;
};
BOOST_DESCRIBE_STRUCT(CollectionItemList, (), (items, nextCursor))

struct CollectionItemPath {
  CollectionId id;
  AnyId item;
};
BOOST_DESCRIBE_STRUCT(CollectionItemPath, (), (id, item))

struct DecideItem {
  CollectionId id;
  AnyId item;
  ItemStatus status = ItemStatus::ACCEPTED;
};
BOOST_DESCRIBE_STRUCT(DecideItem, (), (id, item, status))

struct CollectedState {
  std::optional<ItemStatus> status;  ///< none = it is not in there
};
BOOST_DESCRIBE_STRUCT(CollectedState, (), (status))

struct ContributorRow {
  UserId id;
  std::string username;
  Permission permission = Permission::VIEW;
};
BOOST_DESCRIBE_STRUCT(ContributorRow, (), (id, username, permission))
struct ContributorList {
  std::vector<ContributorRow> items;
};
BOOST_DESCRIBE_STRUCT(ContributorList, (), (items))
struct SetContributor {
  CollectionId id;
  AnyId user;
  Permission permission = Permission::VIEW;
};
BOOST_DESCRIBE_STRUCT(SetContributor, (), (id, user, permission))
struct ContributorPath {
  CollectionId id;
  AnyId user;
};
BOOST_DESCRIBE_STRUCT(ContributorPath, (), (id, user))

/// Where one may put a thing: for "save to …".
struct ListPlaces {
  CollectedKind kind = CollectedKind::model;
  AnyId id;
};
BOOST_DESCRIBE_STRUCT(ListPlaces, (), (kind, id))
struct PlaceRow {
  CollectionId id;
  std::string name, owner;
  CollectionRead read = CollectionRead::Private;
  bool bookmarks = false;
  std::optional<ItemStatus> status;  ///< of the thing in it; none = not in there
};
BOOST_DESCRIBE_STRUCT(PlaceRow, (), (id, name, owner, read, bookmarks, status))
struct PlaceList {
  std::vector<PlaceRow> items;
};
BOOST_DESCRIBE_STRUCT(PlaceList, (), (items))

struct BookmarkPath {
  CollectedKind kind = CollectedKind::model;
  AnyId id;
};
BOOST_DESCRIBE_STRUCT(BookmarkPath, (), (kind, id))

Result<CollectionList> list_collections(Context& context, const ListCollections& in);
Result<CollectionCard> get_collection(Context& context, const CollectionPath& in);
Result<CollectionCard> create_collection(Context& context, const CreateCollection& in);
Result<CollectionCard> update_collection(Context& context, const UpdateCollection& in);
Result<Nothing> delete_collection(Context& context, const CollectionPath& in);
Result<CollectionCard> follow_collection(Context& context, const CollectionPath& in);
Result<CollectionCard> unfollow_collection(Context& context, const CollectionPath& in);
Result<CollectionItemList> list_items(Context& context, const ListCollectionItems& in);
Result<CollectedState> collect(Context& context, const CollectionItemPath& in);
Result<CollectedState> uncollect(Context& context, const CollectionItemPath& in);
Result<CollectedState> decide(Context& context, const DecideItem& in);
Result<PlaceList> list_places(Context& context, const ListPlaces& in);
Result<CollectedState> bookmark(Context& context, const BookmarkPath& in);
Result<CollectedState> unbookmark(Context& context, const BookmarkPath& in);
Result<ContributorList> list_contributors(Context& context, const CollectionPath& in);
Result<ContributorList> set_contributor(Context& context, const SetContributor& in);
Result<ContributorList> remove_contributor(Context& context, const ContributorPath& in);
void subjects(platform::Subjects& all);
void events(Services& services);

}  // namespace atelier::collections

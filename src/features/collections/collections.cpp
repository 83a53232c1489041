#include <array>

#include "base/text.hpp"
#include "features/accounts/accounts.hpp"
#include "features/collections/rules.hpp"
#include "features/collections/store.hpp"
#include "features/metrics/metrics.hpp"
#include "features/visibility/visibility.hpp"
#include "platform/events.hpp"
#include "platform/screening.hpp"

// Collections themselves: lists, making, changing, following.
namespace atelier::collections {
namespace {

using platform::Metric;

constexpr int limit_usual = 30;
constexpr std::int64_t collections_max = 1'000;

std::unexpected<Error> missing() {
  return fail(Fault::missing, "collection_missing", "There is no such collection.");
}

Result<bool> shows_image(Context& context, ImageId image) {
  return TRY(context.services.subjects->find(context.tx(), SubjectKind::image, image.value,
                                             context.viewer))
      .has_value();
}

/// Blocked words and domains take the change back; doubtful ones put it before moderators.
Result<void> screen(Context& context, const Collection& collection) {
  return platform::screen(context.services, context.tx(),
                          {.kind = SubjectKind::collection,
                           .id = collection.id.value,
                           .owner = collection.owner,
                           .title = collection.name,
                           .address = "/collections/" + std::to_string(collection.id.value),
                           .level = collection.level},
                          {collection.name, collection.description});
}

CollectionCard shown(const Collection& collection, const Rights& rights) {
  CollectionCard out;
  out.id = collection.id;
  out.name = collection.name;
  out.description = collection.description;
  out.kind = collection.kind;
  out.owner = collection.owner_name;
  out.read = collection.read;
  out.write = collection.write;
  out.bookmarks = collection.bookmarks;
  out.nsfwLevel = collection.level;
  out.followerCount = collection.followers;
  if (rights.manage) out.itemCount = collection.items;
  out.createdAt = {collection.created_at};
  out.updatedAt = {collection.updated_at};
  out.takenDown = collection.taken_down_at.has_value();
  out.mayAdd = rights.add.has_value();
  out.mayManage = rights.manage;
  out.mayDelete = rights.own && !collection.bookmarks;
  return out;
}

Result<store::Listing> listing_of(Context& context, const ListCollections& in) {
  store::Listing listing;
  listing.kind = in.kind;
  listing.mine = in.mine.value_or(false);
  listing.followed = in.followed.value_or(false);
  if ((listing.mine || listing.followed) && !context.viewer.signed_in())
    return fail(Fault::unauthenticated, "sign_in_needed", "Sign in to see your collections.");
  if (in.username) {
    const auto user = TRY(accounts::find_user(context.tx(), in.username->value));
    if (!user) return fail(Fault::missing, "user_missing", "There is no such person.");
    listing.owner = user->id;
  }
  if (in.query) listing.query = std::string(trim(in.query->value));
  listing.sort = in.sort.value_or(CollectionSort::newest);
  if (in.cursor) listing.cursor = in.cursor->value;
  listing.limit = in.limit ? static_cast<int>(in.limit->value) : limit_usual;
  return listing;
}

}  // namespace

Result<Rights> rights(sql::Tx& tx, const Collection& collection, const Viewer& viewer) {
  Rights out;
  std::optional<Permission> permission;
  if (viewer.signed_in())
    permission = TRY(store::permission(tx, collection.id, viewer.user));
  const bool open = !collection.taken_down_at &&
                    (collection.read != CollectionRead::Private || permission);
  out.see = TRY(visibility::may_see(
      tx, {.owner = collection.owner, .level = collection.level, .open = open}, viewer));
  if (!out.see || !viewer.signed_in()) return out;
  out.own = viewer.user == collection.owner;
  out.manage = out.own || permission == Permission::MANAGE || viewer.at_least(Role::moderator);
  if (collection.taken_down_at) return out;
  if (out.own || permission >= Permission::ADD) out.add = ItemStatus::ACCEPTED;
  else if (collection.write == CollectionWrite::Public) out.add = ItemStatus::ACCEPTED;
  else if (permission == Permission::ADD_REVIEW || collection.write == CollectionWrite::Review)
    out.add = ItemStatus::REVIEW;
  return out;
}

Result<Opened> open(sql::Tx& tx, CollectionId id, const Viewer& viewer) {
  const auto collection = TRY(store::collection(tx, id));
  if (!collection) return missing();
  const Rights here = TRY(rights(tx, *collection, viewer));
  if (!here.see) return missing();
  return Opened{*collection, here};
}

Result<Opened> open(Context& context, CollectionId id) {
  return open(context.tx(), id, context.viewer);
}

Result<std::int64_t> need(Context& context, CollectionId id, SubjectKind kind) {
  const Opened opened = TRY(open(context, id));
  context.depends_on("collections", id.value);
  if (subject_kind(opened.collection.kind) == kind) return opened.collection.items;
  return fail(Fault::invalid, "kind_unfit", "This collection holds something else.");
}

Result<Opened> managed(Context& context, CollectionId id) {
  Opened opened = TRY(open(context, id));
  if (!opened.rights.manage)
    return fail(Fault::forbidden, "not_yours", "You do not manage this collection.");
  return opened;
}

Result<CollectionCard> card(Context& context, const Collection& collection) {
  CollectionCard out =
      shown(collection, TRY(rights(context.tx(), collection, context.viewer)));
  if (collection.cover && TRY(shows_image(context, *collection.cover)))
    out.coverImage = collection.cover;
  if (context.viewer.signed_in())
    out.followed = TRY(store::follows(context.tx(), collection.id, context.viewer.user));
  return out;
}

Result<void> tell(Context& context, std::string_view verb, CollectionId id) {
  return platform::publish(context.services, context.tx(), "collections", verb, id.value,
                           context.viewer.user);
}

Result<CollectionList> list_collections(Context& context, const ListCollections& in) {
  const store::Listing listing = TRY(listing_of(context, in));
  const store::Page page = TRY(store::page(context.tx(), listing, context.viewer));
  CollectionList out;
  for (const Collection& collection : page.collections)
    out.items.push_back(TRY(card(context, collection)));
  if (!page.next_cursor.empty()) out.nextCursor = page.next_cursor;
  return out;
}

Result<CollectionCard> get_collection(Context& context, const CollectionPath& in) {
  const Opened opened = TRY(open(context, in.id));
  return card(context, opened.collection);
}

Result<CollectionCard> create_collection(Context& context, const CreateCollection& in) {
  if (TRY(store::count_owned(context.tx(), context.viewer.user)) >= collections_max)
    return fail(Fault::conflict, "collections_full", "You have too many collections.");
  Collection collection;
  collection.owner = context.viewer.user;
  collection.name = std::string(trim(in.name.value));
  if (in.description) collection.description = in.description->value;
  collection.kind = in.kind;
  collection.read = in.read.value_or(CollectionRead::Private);
  collection.write = in.write.value_or(CollectionWrite::Private);
  collection.created_at = context.now;
  collection.id = TRY(store::insert(context.tx(), collection));
  TRY(screen(context, collection));
  TRY(tell(context, "created", collection.id));
  return card(context, *TRY(store::collection(context.tx(), collection.id)));
}

Result<CollectionCard> update_collection(Context& context, const UpdateCollection& in) {
  const Opened opened = TRY(managed(context, in.id));
  Collection collection = opened.collection;
  const bool modes = in.read || in.write;
  if (modes && !opened.rights.own)
    return fail(Fault::forbidden, "not_yours", "Only its owner may open or close a collection.");
  if (modes && collection.bookmarks)
    return fail(Fault::conflict, "is_bookmarks", "Bookmarks stay private.");
  if (in.name) collection.name = std::string(trim(in.name->value));
  if (in.description) collection.description = in.description->value;
  collection.read = in.read.value_or(collection.read);
  collection.write = in.write.value_or(collection.write);
  if (in.coverImage) {
    collection.cover = in.coverImage->value;
    if (collection.cover && !TRY(shows_image(context, *collection.cover)))
      return fail(Fault::missing, "subject_missing", "There is no such image.");
  }
  collection.updated_at = context.now;
  TRY(store::update(context.tx(), collection));
  TRY(screen(context, collection));
  TRY(tell(context, "changed", in.id));
  return card(context, collection);
}

Result<Nothing> delete_collection(Context& context, const CollectionPath& in) {
  const Opened opened = TRY(open(context, in.id));
  if (!opened.rights.own)
    return fail(Fault::forbidden, "not_yours", "Only its owner may delete a collection.");
  if (opened.collection.bookmarks)
    return fail(Fault::conflict, "is_bookmarks", "Bookmarks cannot be deleted.");
  for (const store::Item& item : TRY(store::all_items(context.tx(), in.id)))
    TRY(forget(context, item));
  TRY(store::erase(context.tx(), in.id));
  TRY(tell(context, "deleted", in.id));
  return Nothing{};
}

Result<CollectionCard> follow_collection(Context& context, const CollectionPath& in) {
  const Opened opened = TRY(open(context, in.id));
  if (TRY(store::follow(context.tx(), in.id, context.viewer.user, context.now))) {
    TRY(metrics::count(context.services, context.tx(),
                       {SubjectKind::collection, in.id.value, Metric::follow, 1, context.now},
                       context.viewer.user));
    TRY(tell(context, "followed", in.id));
  }
  return card(context, opened.collection);
}

/// Also one that was closed meanwhile; then nothing is told about it.
Result<CollectionCard> unfollow_collection(Context& context, const CollectionPath& in) {
  if (const auto since = TRY(store::unfollow(context.tx(), in.id, context.viewer.user)))
    TRY(metrics::count(context.services, context.tx(),
                       {SubjectKind::collection, in.id.value, Metric::follow, -1, *since},
                       context.viewer.user));
  const Opened opened = TRY(open(context, in.id));
  return card(context, opened.collection);
}

}  // namespace atelier::collections

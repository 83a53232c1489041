#include "base/text.hpp"
#include "features/collections/rules.hpp"
#include "features/collections/store.hpp"
#include "features/metrics/metrics.hpp"
#include "features/visibility/visibility.hpp"
#include "platform/events.hpp"

// What is put into collections, looked at there, and taken out.
namespace atelier::collections {
namespace {

using platform::Metric;
using platform::Subject;

constexpr int limit_usual = 50;
constexpr int looks_max = 5;  ///< pages read for one answer when most of it may not be seen
constexpr std::int64_t items_max = 100'000;

Result<void> count(Context& context, const store::Item& item, int delta, Millis at) {
  return metrics::count(context.services, context.tx(),
                        {item.kind, item.subject, Metric::collect, delta, at}, item.added_by);
}

/// Puts it in once. A rejected item stays rejected, unless who adds may accept.
Result<CollectedState> put(Context& context, const Collection& collection, std::int64_t id,
                           ItemStatus begins) {
  sql::Tx& tx = context.tx();
  const Subject subject = TRY(context.services.subjects->need(tx, subject_kind(collection.kind),
                                                              id, context.viewer));
  if (const auto there = TRY(store::item(tx, collection.id, id)))
    return CollectedState{there->status};
  if (collection.items >= items_max)
    return fail(Fault::conflict, "collection_full", "This collection is full.");
  store::Item item;
  item.collection = collection.id;
  item.kind = subject.kind;
  item.subject = id;
  item.added_by = context.viewer.user;
  item.status = begins;
  item.level = subject.level;
  item.created_at = context.now;
  if (!TRY(store::collected_since(tx, item.added_by, item.kind, id)))
    TRY(count(context, item, 1, item.created_at));
  TRY(store::add(tx, item));
  if (begins == ItemStatus::ACCEPTED) TRY(store::refresh(tx, collection.id, context.now));
  TRY(tell(context, "item_added", collection.id));
  return CollectedState{begins};
}

Result<CollectedState> take_out(Context& context, const store::Item& item) {
  TRY(forget(context, item));
  if (item.status == ItemStatus::ACCEPTED)
    TRY(store::refresh(context.tx(), item.collection, context.now));
  TRY(tell(context, "changed", item.collection));
  return CollectedState{};
}

CollectionItemCard shown(const store::Item& item, const Subject& subject) {
  return {.kind = item.kind,
          .id = item.subject,
          .title = subject.title,
          .address = subject.address,
          .nsfwLevel = subject.level,
          .status = item.status,
          .addedBy = item.added_by_name,
          .addedAt = {item.created_at}};
}

/// In lists moderators are members (features/visibility); not at the desk of pending items.
Viewer looking(const Context& context, ItemStatus status) {
  Viewer viewer = context.viewer;
  if (viewer.at_least(Role::moderator) && status == ItemStatus::ACCEPTED)
    viewer.role = Role::member;
  return viewer;
}

}  // namespace

Result<void> forget(Context& context, const store::Item& item) {
  sql::Tx& tx = context.tx();
  const auto since = [&] {
    return store::collected_since(tx, item.added_by, item.kind, item.subject);
  };
  const auto before = TRY(since());
  TRY(store::remove(tx, item.collection, item.subject));
  const auto after = TRY(since());
  if (before == after) return {};
  if (before) TRY(count(context, item, -1, *before));
  if (after) TRY(count(context, item, 1, *after));
  return {};
}

Result<CollectionItemList> list_items(Context& context, const ListCollectionItems& in) {
  const Opened opened = TRY(open(context, in.id));
  const ItemStatus status = in.status.value_or(ItemStatus::ACCEPTED);
  std::optional<UserId> by;
  if (status != ItemStatus::ACCEPTED && !opened.rights.manage) by = context.viewer.user;
  std::int64_t before = 0;
  if (in.cursor) {
    const auto place = parse_whole(in.cursor->value);
    if (!place || *place < 1)
      return fail(Fault::invalid, "cursor_invalid", "This cursor is not from this list.");
    before = *place;
  }
  const auto limit = static_cast<std::size_t>(in.limit ? in.limit->value : limit_usual);
  const Viewer viewer = looking(context, status);
  CollectionItemList out;
  for (int look = 0; look < looks_max; ++look) {
    const auto found = TRY(store::items(context.tx(), in.id, status, by, before,
                                        static_cast<int>(limit) + 1));
    for (std::size_t i = 0; i < found.size() && i < limit; ++i) {
      const store::Item& item = found[i];
      if (out.items.size() == limit) {
        out.nextCursor = std::to_string(before);
        return out;
      }
      before = item.place;
      if (const auto subject = TRY(context.services.subjects->find(context.tx(), item.kind,
                                                                   item.subject, viewer)))
        out.items.push_back(shown(item, *subject));
    }
    if (found.size() <= limit) return out;
  }
  out.nextCursor = std::to_string(before);
  return out;
}

Result<CollectedState> collect(Context& context, const CollectionItemPath& in) {
  const Opened opened = TRY(open(context, in.id));
  if (!opened.rights.add)
    return fail(Fault::forbidden, "not_yours", "You may not add to this collection.");
  return put(context, opened.collection, in.item.value, *opened.rights.add);
}

Result<CollectedState> uncollect(Context& context, const CollectionItemPath& in) {
  const Opened opened = TRY(open(context, in.id));
  const auto item = TRY(store::item(context.tx(), in.id, in.item.value));
  if (!item) return CollectedState{};
  if (!opened.rights.manage && item->added_by != context.viewer.user)
    return fail(Fault::forbidden, "not_yours", "Only who added it may take it out.");
  return take_out(context, *item);
}

Result<CollectedState> decide(Context& context, const DecideItem& in) {
  (void)TRY(managed(context, in.id));
  if (!TRY(store::item(context.tx(), in.id, in.item.value)))
    return fail(Fault::missing, "item_missing", "It is not in this collection.");
  TRY(store::decide(context.tx(), in.id, in.item.value, in.status, context.viewer.user,
                    context.now));
  TRY(store::refresh(context.tx(), in.id, context.now));
  TRY(tell(context, "item_decided", in.id));
  return CollectedState{in.status};
}

Result<PlaceList> list_places(Context& context, const ListPlaces& in) {
  return PlaceList{
      TRY(store::places(context.tx(), context.viewer.user, in.kind, in.id.value))};
}

Result<CollectedState> bookmark(Context& context, const BookmarkPath& in) {
  auto own = TRY(store::bookmarks(context.tx(), context.viewer.user, in.kind));
  if (!own) {
    Collection collection;
    collection.owner = context.viewer.user;
    collection.name = "Bookmarks";
    collection.kind = in.kind;
    collection.bookmarks = true;
    collection.created_at = context.now;
    const CollectionId id = TRY(store::insert(context.tx(), collection));
    own = TRY(store::collection(context.tx(), id));
  }
  return put(context, *own, in.id.value, ItemStatus::ACCEPTED);
}

Result<CollectedState> unbookmark(Context& context, const BookmarkPath& in) {
  const auto own = TRY(store::bookmarks(context.tx(), context.viewer.user, in.kind));
  if (!own) return CollectedState{};
  const auto item = TRY(store::item(context.tx(), own->id, in.id.value));
  if (!item) return CollectedState{};
  return take_out(context, *item);
}

}  // namespace atelier::collections

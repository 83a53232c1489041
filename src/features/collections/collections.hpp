#pragma once
#include <cstdint>
#include <set>
#include <span>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "platform/context.hpp"
#include "platform/feature.hpp"
#include "platform/subjects.hpp"
#include "ports/database.hpp"

/// Sets of models, images or posts that people keep, for themselves or with others. Each member
/// has one collection of bookmarks per kind, made when it is first used.
///
/// A collection's maturity is that of its accepted items together; who does not see an item does
/// not see it here either, nor is it counted to them.
///
/// Events: collections/created, changed, deleted, item_added, item_decided with the collection's
/// id, collections/followed.
namespace atelier::collections {

/// Of `ids`, those that `user` has bookmarked.
Result<std::set<std::int64_t>> bookmarked(sql::Tx& tx, UserId user, platform::SubjectKind kind,
                                          std::span<const std::int64_t> ids);
/// Of these collections, those that `user` follows.
Result<std::set<std::int64_t>> followed(sql::Tx& tx, UserId user,
                                        std::span<const std::int64_t> collections);

/// For lists of other features, whose answer then depends on it. `collection_missing` when the
/// viewer may not see it, `kind_unfit` when it holds another kind. Returns how many items it has.
Result<std::int64_t> need(Context& context, CollectionId collection, platform::SubjectKind kind);
/// Then appends " AND …", so that only accepted items of the collection are listed. `id` is the
/// SQL expression of the listed thing's id, "m.id". `few`: better to look the items up than to walk
/// through the list and ask of each thing whether it is one.
void add_within(sql::Query& query, CollectionId collection, std::string_view id,
                bool few = false);

platform::Feature feature();

}  // namespace atelier::collections

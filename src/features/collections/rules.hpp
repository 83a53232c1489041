#pragma once
#include "features/collections/endpoints.hpp"
#include "features/collections/store.hpp"

/// Who may do what with a collection: shared by this feature's source files.
namespace atelier::collections {

/// What one viewer may do with one collection.
struct Rights {
  bool see = false;
  std::optional<ItemStatus> add;  ///< with which an item of theirs begins; none = may not
  bool manage = false;            ///< decide on items, change words
  bool own = false;               ///< delete, modes, contributors
};
Result<Rights> rights(sql::Tx& tx, const Collection& collection, const Viewer& viewer);

struct Opened {
  Collection collection;
  Rights rights;
};
/// `collection_missing` when it is not for the viewer.
Result<Opened> open(sql::Tx& tx, CollectionId id, const Viewer& viewer);
Result<Opened> open(Context& context, CollectionId id);
/// The same; `not_yours` unless they manage it.
Result<Opened> managed(Context& context, CollectionId id);

Result<CollectionCard> card(Context& context, const Collection& collection);
/// Takes it out of its collection, and out of the counts unless who added it has it elsewhere.
Result<void> forget(Context& context, const store::Item& item);
Result<void> tell(Context& context, std::string_view verb, CollectionId id);
inline SubjectKind subject_kind(CollectedKind kind) {
  return kind == CollectedKind::model   ? SubjectKind::model
         : kind == CollectedKind::image ? SubjectKind::image
                                        : SubjectKind::post;
}

}  // namespace atelier::collections

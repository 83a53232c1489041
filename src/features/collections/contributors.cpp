#include <algorithm>

#include "features/collections/rules.hpp"
#include "features/collections/store.hpp"

// Whom an owner lets into a collection.
namespace atelier::collections {
namespace {

constexpr std::size_t contributors_max = 100;

Result<Opened> owned(Context& context, CollectionId id) {
  Opened opened = TRY(open(context, id));
  if (!opened.rights.own)
    return fail(Fault::forbidden, "not_yours", "Only its owner may say who contributes.");
  if (opened.collection.bookmarks)
    return fail(Fault::conflict, "is_bookmarks", "Bookmarks stay private.");
  return opened;
}

}  // namespace

Result<ContributorList> list_contributors(Context& context, const CollectionPath& in) {
  (void)TRY(open(context, in.id));
  return ContributorList{TRY(store::contributors(context.tx(), in.id))};
}

Result<ContributorList> set_contributor(Context& context, const SetContributor& in) {
  const Opened opened = TRY(owned(context, in.id));
  const UserId user{in.user.value};
  const auto person = TRY(context.services.subjects->need(context.tx(), SubjectKind::user,
                                                          user.value, context.viewer));
  if (!person.open) return fail(Fault::missing, "subject_missing", "There is no such person.");
  if (user == opened.collection.owner)
    return fail(Fault::invalid, "is_you", "It is yours already.");
  const auto there = TRY(store::contributors(context.tx(), in.id));
  if (there.size() >= contributors_max &&
      std::ranges::find(there, user, &ContributorRow::id) == there.end())
    return fail(Fault::conflict, "contributors_full", "There are too many contributors.");
  TRY(store::set_permission(context.tx(), in.id, user, in.permission, context.now));
  TRY(tell(context, "contributor", in.id));
  return ContributorList{TRY(store::contributors(context.tx(), in.id))};
}

/// By the owner, or by themselves.
Result<ContributorList> remove_contributor(Context& context, const ContributorPath& in) {
  const Opened opened = TRY(open(context, in.id));
  const UserId user{in.user.value};
  if (!opened.rights.own && user != context.viewer.user)
    return fail(Fault::forbidden, "not_yours", "Only its owner may say who contributes.");
  TRY(store::remove_permission(context.tx(), in.id, user));
  if (!opened.rights.own) return ContributorList{};
  return ContributorList{TRY(store::contributors(context.tx(), in.id))};
}

}  // namespace atelier::collections

#include "features/visibility/visibility.hpp"

#include "features/visibility/store.hpp"

namespace atelier::visibility {
bool can_see(const Facts& facts, const Viewer& viewer) {
  if (viewer.at_least(Role::moderator)) return true;
  if (viewer.signed_in() && viewer.user == facts.owner) return true;
  if (!facts.open || (facts.members && !viewer.signed_in())) return false;
  return (facts.level & viewer.browsing & maturity::all) != 0;
}

Result<bool> blocked(sql::Tx& tx, UserId one, UserId other) {
  if (!one || !other || one == other) return false;
  return store::blocked(tx, one, other);
}

Result<bool> may_see(sql::Tx& tx, const Facts& facts, const Viewer& viewer) {
  if (!can_see(facts, viewer)) return false;
  if (viewer.at_least(Role::moderator) || viewer.user == facts.owner) return true;
  if (TRY(store::banned(tx, facts.owner))) return false;
  return !TRY(blocked(tx, viewer.user, facts.owner));
}

int narrowed(const Viewer& viewer, std::optional<int> wanted) {
  return viewer.browsing & maturity::all & wanted.value_or(maturity::all);
}

}  // namespace atelier::visibility

#include "features/visibility/store.hpp"

// The condition that every search carries: add_visible, said to an index.
namespace atelier::visibility {
namespace {

using platform::SearchKind;
using ports::search::Condition;

Condition bits(std::string field, std::int64_t mask) {
  Condition condition;
  condition.kind = Condition::Kind::bits;
  condition.field = std::move(field);
  condition.mask = mask;
  return condition;
}

Condition among(std::string field, std::vector<std::string> values) {
  Condition condition;
  condition.kind = Condition::Kind::terms;
  condition.field = std::move(field);
  condition.values = std::move(values);
  return condition;
}

Condition among(std::vector<std::int64_t> ids) {
  Condition condition;
  condition.kind = Condition::Kind::terms;
  condition.field = "id";
  condition.ids = std::move(ids);
  return condition;
}

std::vector<std::string> keywords(const std::vector<UserId>& people) {
  std::vector<std::string> out;
  for (const UserId user : people) out.push_back(platform::keyword_of(user.value));
  return out;
}

Condition nothing_of(store::LeftOut left, SearchKind kind, bool moderates) {
  Condition none;
  none.kind = Condition::Kind::none;
  const auto people = keywords(moderates ? left.hidden_people : left.people);
  if (!people.empty()) none.children.push_back(among("owner", people));
  if (!left.tags.empty()) none.children.push_back(among("tag", std::move(left.tags)));
  auto& ids = kind == SearchKind::models ? left.models : left.images;
  if ((kind == SearchKind::models || kind == SearchKind::images) && !ids.empty())
    none.children.push_back(among(std::move(ids)));
  return none;
}

}  // namespace

Result<Condition> narrowing(sql::Tx& tx, const Viewer& viewer, SearchKind kind) {
  Condition others;
  others.children.push_back(bits("nsfwLevel", viewer.browsing & maturity::all));
  others.children.push_back(
      bits("audience", viewer.signed_in() ? platform::for_anyone | platform::for_members
                                          : platform::for_anyone));
  if (!viewer.signed_in()) return others;
  others.children.push_back(nothing_of(TRY(store::left_out(tx, viewer.user)), kind,
                                       viewer.at_least(Role::moderator)));
  Condition seen;
  seen.kind = Condition::Kind::any;
  seen.children.push_back(among("owner", {platform::keyword_of(viewer.user.value)}));
  seen.children.push_back(std::move(others));
  return seen;
}

}  // namespace atelier::visibility

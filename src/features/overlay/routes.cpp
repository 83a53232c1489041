#include <algorithm>
#include <map>
#include <set>

#include "features/collections/collections.hpp"
#include "features/follows/follows.hpp"
#include "features/overlay/overlay.hpp"
#include "features/reactions/reactions.hpp"
#include "features/reviews/reviews.hpp"
#include "platform/context.hpp"
#include "schema/types.hpp"

namespace atelier::overlay {
namespace {

using platform::SubjectKind;

struct GetOverlay {
  SubjectKind kind = SubjectKind::model;
  schema::List<schema::Whole<1, 2'147'483'647>, 200> ids;
};
BOOST_DESCRIBE_STRUCT(GetOverlay, (), (kind, ids))

struct OwnMarks {
  std::int64_t id = 0;
  std::vector<reactions::Reaction> reactions;
  std::optional<bool> recommended;  ///< of versions: one's review
  bool bookmarked = false;
  bool followed = false;            ///< of people and collections
  bool any() const { return !reactions.empty() || recommended || bookmarked || followed; }
};
BOOST_DESCRIBE_STRUCT(OwnMarks, (), (id, reactions, recommended, bookmarked, followed))

struct Overlay {
  std::vector<OwnMarks> items;  ///< only things with a mark, in the order asked for
};
BOOST_DESCRIBE_STRUCT(Overlay, (), (items))

Result<Overlay> get_overlay(Context& context, const GetOverlay& in) {
  std::vector<std::int64_t> ids;
  for (const auto& id : in.ids.value)
    if (std::ranges::find(ids, id.value) == ids.end()) ids.push_back(id.value);
  auto given = TRY(reactions::given(context.tx(), context.viewer.user, in.kind, ids));
  const UserId user = context.viewer.user;
  std::map<std::int64_t, bool> reviewed;
  if (in.kind == SubjectKind::version)
    reviewed = TRY(reviews::recommended(context.tx(), user, ids));
  const auto kept = TRY(collections::bookmarked(context.tx(), user, in.kind, ids));
  std::set<std::int64_t> followed;
  if (in.kind == SubjectKind::user) followed = TRY(follows::followed(context.tx(), user, ids));
  if (in.kind == SubjectKind::collection)
    followed = TRY(collections::followed(context.tx(), user, ids));
  Overlay out;
  for (const std::int64_t id : ids) {
    OwnMarks marks{.id = id, .reactions = std::move(given[id])};
    if (const auto found = reviewed.find(id); found != reviewed.end())
      marks.recommended = found->second;
    marks.bookmarked = kept.contains(id);
    marks.followed = followed.contains(id);
    if (marks.any()) out.items.push_back(std::move(marks));
  }
  return out;
}

void add_routes(schema::Routes& routes) {
  schema::bind(routes, schema::Method::get,
               {.path = "/api/v2/me/overlay", .id = "getOverlay",
                .summary = "Your own marks on the things of a list.",
                .access = schema::Access::member, .scope = schema::Scope::user_read,
                .cheap = true},
               get_overlay);
}

}  // namespace

platform::Feature feature() { return {.name = "overlay", .routes = add_routes}; }

}  // namespace atelier::overlay

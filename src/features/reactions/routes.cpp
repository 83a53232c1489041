#include <array>

#include "features/metrics/metrics.hpp"
#include "features/reactions/endpoints.hpp"
#include "features/reactions/store.hpp"

namespace atelier::reactions {
namespace {

using platform::SubjectKind;

schema::Row member_row(std::string_view id, std::string_view summary) {
  return {.path = "/api/v2/reactions/{kind}/{id}/{reaction}", .id = id, .summary = summary,
          .access = schema::Access::member, .scope = schema::Scope::social_write,
          .rate = schema::Rate::write};
}

void add_routes(schema::Routes& routes) {
  using schema::Method;
  schema::bind(routes, Method::put, member_row("react", "React to it; again changes nothing."),
               react);
  schema::bind(routes, Method::del, member_row("unreact", "Take a reaction back."), unreact);
}

Result<void> count(Context& context, const store::Mark& mark, int delta, Millis at) {
  return metrics::count(context.services, context.tx(),
                        {mark.kind, mark.subject, static_cast<platform::Metric>(mark.reaction),
                         delta, at},
                        mark.user);
}

Result<OwnReactions> left(Context& context, const store::Mark& mark) {
  const std::array ids = {mark.subject};
  auto all = TRY(given(context.tx(), mark.user, mark.kind, ids));
  return OwnReactions{std::move(all[mark.subject])};
}

store::Mark mark_of(const Context& context, const ReactionPath& in) {
  return {in.kind, in.id.value, context.viewer.user, in.reaction};
}

}  // namespace

Result<OwnReactions> react(Context& context, const ReactionPath& in) {
  if (in.kind == SubjectKind::user || in.kind == SubjectKind::version)
    return fail(Fault::invalid, "kind_unfit", "This kind of thing takes no reactions.");
  const auto subject = TRY(context.services.subjects->need(context.tx(), in.kind, in.id.value,
                                                           context.viewer));
  if (!subject.open && subject.owner != context.viewer.user)
    return fail(Fault::conflict, "not_open", "It takes no reactions now.");
  const store::Mark mark = mark_of(context, in);
  if (TRY(store::add(context.tx(), mark, context.now))) TRY(count(context, mark, 1, context.now));
  return left(context, mark);
}

/// Also from what one does not see any more.
Result<OwnReactions> unreact(Context& context, const ReactionPath& in) {
  const store::Mark mark = mark_of(context, in);
  if (const auto given = TRY(store::remove(context.tx(), mark)))
    TRY(count(context, mark, -1, *given));
  return left(context, mark);
}

platform::Feature feature() {
  return {.name = "reactions",
          .routes = add_routes,
          .events = [](Services&) { metrics::counted_from(store::deeds()); }};
}

}  // namespace atelier::reactions

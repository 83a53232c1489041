#include "features/visibility/endpoints.hpp"
#include "features/visibility/store.hpp"
#include "platform/events.hpp"
#include "platform/subjects.hpp"

namespace atelier::visibility {
namespace {

using platform::SubjectKind;

constexpr std::int64_t hidden_max = 5'000;

Result<HiddenList> list_of(Context& context) {
  return HiddenList{TRY(store::hidden(context.tx(), context.viewer.user))};
}

Result<void> check_room(Context& context) {
  if (TRY(store::count(context.tx(), context.viewer.user)) < hidden_max) return {};
  return fail(Fault::conflict, "hidden_full", "Your list of hidden things is full.");
}

Result<void> check_there(Context& context, HiddenKind kind, std::int64_t id) {
  if (kind == HiddenKind::user && id == context.viewer.user.value)
    return fail(Fault::invalid, "is_you", "You cannot hide from yourself.");
  if (kind == HiddenKind::tag) {
    if (TRY(store::tag_exists(context.tx(), id))) return {};
    return fail(Fault::missing, "subject_missing", "There is no such tag.");
  }
  const SubjectKind subject = kind == HiddenKind::user    ? SubjectKind::user
                              : kind == HiddenKind::model ? SubjectKind::model
                                                          : SubjectKind::image;
  (void)TRY(context.services.subjects->need(context.tx(), subject, id, context.viewer));
  return {};
}

/// The lists of this member are made anew; others' do not change.
Result<void> changed(Context& context) {
  return platform::publish(context.services, context.tx(), "hidden", "changed",
                           context.viewer.user.value, context.viewer.user);
}

}  // namespace

Result<HiddenList> list_hidden(Context& context, const schema::Nothing&) {
  return list_of(context);
}

Result<HiddenList> hide(Context& context, const HiddenPath& in) {
  TRY(check_there(context, in.kind, in.id.value));
  TRY(check_room(context));
  TRY(store::hide(context.tx(), context.viewer.user, in.kind, in.id.value, "hidden", context.now));
  TRY(changed(context));
  return list_of(context);
}

Result<HiddenList> unhide(Context& context, const HiddenPath& in) {
  (void)TRY(store::show(context.tx(), context.viewer.user, in.kind, in.id.value, "hidden"));
  TRY(changed(context));
  return list_of(context);
}

Result<HiddenList> block(Context& context, const BlockPath& in) {
  TRY(check_there(context, HiddenKind::user, in.id.value));
  TRY(check_room(context));
  const UserId other{in.id.value};
  TRY(store::hide(context.tx(), context.viewer.user, HiddenKind::user, other.value, "blocked",
                  context.now));
  TRY(store::hide(context.tx(), other, HiddenKind::user, context.viewer.user.value, "blocked_by",
                  context.now));
  TRY(platform::publish(context.services, context.tx(), "users", "blocked", other.value,
                        context.viewer.user));
  TRY(changed(context));
  return list_of(context);
}

Result<HiddenList> unblock(Context& context, const BlockPath& in) {
  const UserId other{in.id.value};
  (void)TRY(store::show(context.tx(), context.viewer.user, HiddenKind::user, other.value,
                        "blocked"));
  (void)TRY(store::show(context.tx(), other, HiddenKind::user, context.viewer.user.value,
                        "blocked_by"));
  TRY(changed(context));
  return list_of(context);
}

}  // namespace atelier::visibility

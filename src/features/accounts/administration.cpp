#include "base/text.hpp"
#include "features/accounts/functions.hpp"
#include "features/accounts/sessions.hpp"
#include "features/accounts/store.hpp"
#include "platform/events.hpp"
#include "ports/crypto.hpp"

// What administrators do with people and invites.
namespace atelier::accounts {
namespace {

UserRow shown(const User& user) {
  return {user.id,     user.username, user.email, user.role,
          user.status, user.demo,     {user.created_at}};
}

InviteRow shown(const store::Invite& invite) {
  return {invite.id,        invite.code,         invite.note,
          invite.uses_left, {invite.created_at}, {invite.expires_at}};
}

}  // namespace

Result<UserList> list_people(Context& context, const ListUsers& in) {
  UserPage page;
  if (in.query) page.query = in.query->value;
  if (in.limit) page.limit = static_cast<int>(in.limit->value);
  if (in.cursor) {
    const auto after = from_base64url(in.cursor->value);
    if (!after) return fail(Fault::invalid, "cursor_invalid", "This cursor is not ours.");
    page.after = *after;
  }
  page.limit += 1;
  const std::vector<User> users = TRY(store::page(context.tx(), page));
  UserList list;
  for (const User& user : users)
    if (list.items.size() + 1 < static_cast<std::size_t>(page.limit))
      list.items.push_back(shown(user));
  if (users.size() == static_cast<std::size_t>(page.limit))
    list.nextCursor = base64url(bytes_of(lower_ascii(list.items.back().username)));
  return list;
}

Result<UserRow> update_person(Context& context, const UpdateUser& in) {
  const auto user = TRY(store::user(context.tx(), in.id));
  if (!user) return fail(Fault::missing, "user_missing", "There is no such person.");
  const Role role = in.role.value_or(user->role);
  const AccountStatus status = in.status.value_or(user->status);
  if (role == Role::anonymous)
    return fail(Fault::invalid, "role_invalid", "Nobody can be made anonymous.");
  const bool loses_power = user->role == Role::administrator && role != Role::administrator;
  if (loses_power && TRY(store::count_administrators(context.tx())) <= 1)
    return fail(Fault::conflict, "last_administrator", "Somebody has to stay administrator.");
  // The status first: it looks at whether an administrator is left.
  TRY(set_status(context.services, context.tx(), in.id, status, context.viewer.user));
  TRY(store::set_standing(context.tx(), in.id, role, status));
  return shown(*TRY(store::user(context.tx(), in.id)));
}

Result<InviteList> list_invites(Context& context, const Nothing&) {
  InviteList list;
  for (const store::Invite& invite : TRY(store::invites(context.tx())))
    list.items.push_back(shown(invite));
  return list;
}

Result<InviteRow> make_invite(Context& context, const CreateInvite& in) {
  store::Invite invite;
  invite.code = base64url(bytes_of(context.services.crypto->random(12)));
  invite.note = in.note ? in.note->value : "";
  invite.created_by = context.viewer.user;
  invite.created_at = context.now;
  invite.expires_at = context.now + (in.days ? in.days->value : 14) * 86'400'000;
  invite.uses_left = in.uses ? in.uses->value : 1;
  invite.id = TRY(store::insert_invite(context.tx(), invite));
  return shown(invite);
}

Result<Nothing> remove_invite(Context& context, const InvitePath& in) {
  if (!TRY(store::delete_invite(context.tx(), in.id)))
    return fail(Fault::missing, "invite_missing", "There is no such invite.");
  return Nothing{};
}

}  // namespace atelier::accounts

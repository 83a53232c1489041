#pragma once
#include "features/accounts/endpoints.hpp"

/// The functions behind routes.cpp, one per row.
namespace atelier::accounts {

using schema::Nothing;

/// Marks a browser that signed in to this account before, so that strangers' failed attempts
/// never slow its owner down. Not a credential.
inline constexpr std::string_view device_cookie = "atelier_device";
std::string device_mark(const Services& services, UserId user);

Result<Me> me(Context& context, const Nothing&);
Result<Person> get_user(Context& context, const UserPath& in);
Result<Self> update_me(Context& context, const UpdateMe& in);

Result<Hashed> prepare_registration(Context& context, const Register& in);
Result<Self> register_account(Context& context, const Register& in, const Hashed& password);
Result<Hashed> prepare_setup(Context& context, const Setup& in);
Result<Self> set_up(Context& context, const Setup& in, const Hashed& password);

Result<Verified> prepare_sign_in(Context& context, const SignIn& in);
Result<Self> sign_in(Context& context, const SignIn& in, const Verified& verified);
Result<SessionList> list_sessions(Context& context, const Nothing&);
Result<Nothing> end_session(Context& context, const SessionPath& in);
Result<Nothing> sign_out(Context& context, const Nothing&);
Result<Nothing> end_other_sessions(Context& context, const Nothing&);
Result<Nothing> rotate_session(Context& context, const Nothing&);

Result<Hashed> prepare_password_change(Context& context, const ChangePassword& in);
Result<Nothing> change_password(Context& context, const ChangePassword& in, const Hashed& password);
Result<Verified> prepare_email_change(Context& context, const ChangeEmail& in);
Result<Self> change_email(Context& context, const ChangeEmail& in, const Verified& verified);
Result<Nothing> ask_reset(Context& context, const AskReset& in);
Result<Hashed> prepare_reset(Context& context, const ConfirmReset& in);
Result<Nothing> confirm_reset(Context& context, const ConfirmReset& in, const Hashed& password);

Result<KeyList> list_keys(Context& context, const Nothing&);
Result<KeyRow> make_key(Context& context, const CreateKey& in);
Result<Nothing> remove_key(Context& context, const KeyPath& in);

Result<UserList> list_people(Context& context, const ListUsers& in);
Result<UserRow> update_person(Context& context, const UpdateUser& in);
Result<InviteList> list_invites(Context& context, const Nothing&);
Result<InviteRow> make_invite(Context& context, const CreateInvite& in);
Result<Nothing> remove_invite(Context& context, const InvitePath& in);

Self self_of(const User& user);

}  // namespace atelier::accounts

#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/accounts/accounts.hpp"
#include "schema/types.hpp"

/// What accounts' endpoints take and give. Members are the JSON names.
namespace atelier::accounts {

using Username = schema::Text<3, 30>;
using Email = schema::Text<3, 254>;
using Password = schema::Text<1, 256>;

struct Person {  ///< a person as everybody sees them
  UserId id;
  std::string username;
  Role role = Role::member;
  std::string bio;
  schema::Time joinedAt;
  bool demo = false;
};
BOOST_DESCRIBE_STRUCT(Person, (), (id, username, role, bio, joinedAt, demo))

struct Self {  ///< a person as they see themselves
  UserId id;
  std::string username;
  std::string email;
  Role role = Role::member;
  AccountStatus status = AccountStatus::active;
  std::int64_t browsing = 0;
  std::string bio;
};
BOOST_DESCRIBE_STRUCT(Self, (), (id, username, email, role, status, browsing, bio))

struct Me {
  std::optional<Self> user;
  std::string siteName;
  Registration registration = Registration::open;
  bool mail = false;         ///< a mail server is configured
  bool secure = false;       ///< this page came over TLS
  bool setupNeeded = false;  ///< there is no administrator yet
  bool rotate = false;       ///< call rotateSession soon
};
BOOST_DESCRIBE_STRUCT(Me, (), (user, siteName, registration, mail, secure, setupNeeded, rotate))

struct Register {
  Email email;
  Username username;
  Password password;
  std::optional<schema::Text<1, 64>> invite;
};
BOOST_DESCRIBE_STRUCT(Register, (), (email, username, password, invite))

struct Setup {
  schema::Text<1, 128> token;
  Email email;
  Username username;
  Password password;
};
BOOST_DESCRIBE_STRUCT(Setup, (), (token, email, username, password))

struct SignIn {
  schema::Text<1, 254> login;
  Password password;
};
BOOST_DESCRIBE_STRUCT(SignIn, (), (login, password))

struct SessionRow {
  SessionId id;
  bool current = false;
  std::string agent;
  std::string address;
  schema::Time createdAt;
  schema::Time seenAt;
};
BOOST_DESCRIBE_STRUCT(SessionRow, (), (id, current, agent, address, createdAt, seenAt))
struct SessionList {
  std::vector<SessionRow> items;
};
BOOST_DESCRIBE_STRUCT(SessionList, (), (items))
struct SessionPath {
  SessionId id;
};
BOOST_DESCRIBE_STRUCT(SessionPath, (), (id))

struct UpdateMe {
  std::optional<schema::Text<0, 2000>> bio;
  std::optional<schema::Whole<1, 31>> browsing;
};
BOOST_DESCRIBE_STRUCT(UpdateMe, (), (bio, browsing))
struct ChangePassword {
  Password current;
  Password password;
};
BOOST_DESCRIBE_STRUCT(ChangePassword, (), (current, password))
struct ChangeEmail {
  Password current;
  Email email;
};
BOOST_DESCRIBE_STRUCT(ChangeEmail, (), (current, email))
struct AskReset {
  Email email;
};
BOOST_DESCRIBE_STRUCT(AskReset, (), (email))
struct ConfirmReset {
  schema::Text<1, 128> token;
  Password password;
};
BOOST_DESCRIBE_STRUCT(ConfirmReset, (), (token, password))
struct UserPath {
  Username username;
};
BOOST_DESCRIBE_STRUCT(UserPath, (), (username))

struct KeyRow {
  KeyId id;
  std::string name;
  std::string hint;
  std::vector<std::string> scopes;
  schema::Time createdAt;
  std::optional<schema::Time> usedAt;
  std::optional<schema::Time> expiresAt;
  std::optional<std::string> key;  ///< the key itself, in the reply that made it only
};
BOOST_DESCRIBE_STRUCT(KeyRow, (), (id, name, hint, scopes, createdAt, usedAt, expiresAt, key))
struct KeyList {
  std::vector<KeyRow> items;
};
BOOST_DESCRIBE_STRUCT(KeyList, (), (items))
struct CreateKey {
  schema::Text<1, 64> name;
  schema::List<schema::Text<1, 40>, 32> scopes;
  std::optional<schema::Time> expiresAt;
};
BOOST_DESCRIBE_STRUCT(CreateKey, (), (name, scopes, expiresAt))
struct KeyPath {
  KeyId id;
};
BOOST_DESCRIBE_STRUCT(KeyPath, (), (id))

struct InviteRow {
  InviteId id;
  std::string code;
  std::string note;
  std::int64_t usesLeft = 0;
  schema::Time createdAt;
  schema::Time expiresAt;
};
BOOST_DESCRIBE_STRUCT(InviteRow, (), (id, code, note, usesLeft, createdAt, expiresAt))
struct InviteList {
  std::vector<InviteRow> items;
};
BOOST_DESCRIBE_STRUCT(InviteList, (), (items))
struct CreateInvite {
  std::optional<schema::Text<0, 200>> note;
  std::optional<schema::Whole<1, 1000>> uses;
  std::optional<schema::Whole<1, 365>> days;
};
BOOST_DESCRIBE_STRUCT(CreateInvite, (), (note, uses, days))
struct InvitePath {
  InviteId id;
};
BOOST_DESCRIBE_STRUCT(InvitePath, (), (id))

struct UserRow {
  UserId id;
  std::string username;
  std::string email;
  Role role = Role::member;
  AccountStatus status = AccountStatus::active;
  bool demo = false;
  schema::Time joinedAt;
};
BOOST_DESCRIBE_STRUCT(UserRow, (), (id, username, email, role, status, demo, joinedAt))
struct UserList {
  std::vector<UserRow> items;
  std::optional<std::string> nextCursor;
};
BOOST_DESCRIBE_STRUCT(UserList, (), (items, nextCursor))
struct ListUsers {
  std::optional<schema::Text<0, 30>> query;
  std::optional<schema::Text<0, 60>> cursor;
  std::optional<schema::Whole<1, 200>> limit;
};
BOOST_DESCRIBE_STRUCT(ListUsers, (), (query, cursor, limit))
struct UpdateUser {
  UserId id;
  std::optional<Role> role;
  std::optional<AccountStatus> status;
};
BOOST_DESCRIBE_STRUCT(UpdateUser, (), (id, role, status))

/// A password that was judged and hashed before the transaction.
struct Hashed {
  std::string hash;
};
/// A sign-in whose password was verified before the transaction.
struct Verified {
  bool matches = false;
};

}  // namespace atelier::accounts

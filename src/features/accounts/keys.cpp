#include "base/text.hpp"
#include "features/accounts/functions.hpp"
#include "features/accounts/sessions.hpp"
#include "features/accounts/store.hpp"
#include "platform/events.hpp"
#include "ports/crypto.hpp"

// API keys: "ate_", 40 letters of base 62 (238 bits), 6 letters of checksum, so that a scanner can
// tell a leaked key from a random word without asking us.
namespace atelier::accounts {
namespace {

constexpr std::string_view letters =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t random_letters = 40, checksum_letters = 6, hint_letters = 8;

std::string spell(std::string_view bytes, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; out.size() < count && i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (byte < 62 * 4) out += letters[byte % 62];  // the rest would favour the first letters
  }
  return out;
}

std::vector<std::string> names_of(Scopes scopes) {
  if (scopes == all_scopes) return {"all"};
  std::vector<std::string> names;
  for (std::size_t i = 0; schema::TypeOf<schema::Scope>::All::names[i] != nullptr; ++i)
    if (scopes >> i & 1) names.emplace_back(schema::TypeOf<schema::Scope>::All::names[i]);
  return names;
}

KeyRow shown(const store::Key& key) {
  KeyRow row{key.id, key.name, key.hint, names_of(key.scopes), {key.created_at}, {}, {}, {}};
  if (key.used_at) row.usedAt = schema::Time{*key.used_at};
  if (key.expires_at) row.expiresAt = schema::Time{*key.expires_at};
  return row;
}

}  // namespace

Result<Scopes> parse_scopes(const std::vector<std::string>& names) {
  Scopes scopes = scope_bit(schema::Scope::open);
  for (const std::string& name : names) {
    if (name == "all") return all_scopes;
    if (name == "read") {
      using enum schema::Scope;
      for (const auto scope : {user_read, models_read, media_read, articles_read, bounties_read,
                               generation_read, buzz_read, collections_read, notifications_read})
        scopes |= scope_bit(scope);
      continue;
    }
    const auto scope = schema::from_label<schema::Scope>(name);
    if (!scope || *scope == schema::Scope::account) {
      Error error{Fault::invalid, "invalid_request", "There is no scope '" + name + "'.", {}, 0};
      error.fields.push_back({"/scopes", "scope_unknown", error.detail});
      return std::unexpected(std::move(error));
    }
    scopes |= scope_bit(*scope);
  }
  return scopes;
}

Result<NewKey> create_key(Services& services, sql::Tx& tx, UserId user, std::string_view name,
                          Scopes scopes, std::optional<Millis> expires_at) {
  std::string key = "ate_" + spell(services.crypto->random(256), random_letters);
  key += spell(services.crypto->sha256(key) + services.crypto->sha256(key + "."), checksum_letters);
  store::Key row;
  row.user = user;
  row.name = std::string(name);
  row.hint = key.substr(0, hint_letters);
  row.scopes = scopes;
  row.created_at = services.clock->now();
  row.expires_at = expires_at;
  const KeyId id = TRY(store::insert_key(tx, row, token_hash(services, key)));
  return NewKey{id, std::move(key)};
}

Result<KeyList> list_keys(Context& context, const Nothing&) {
  KeyList list;
  for (const store::Key& key : TRY(store::keys(context.tx(), context.viewer.user)))
    list.items.push_back(shown(key));
  return list;
}

Result<KeyRow> make_key(Context& context, const CreateKey& in) {
  std::vector<std::string> names;
  for (const auto& scope : in.scopes.value) names.push_back(scope.value);
  const Scopes scopes = TRY(parse_scopes(names));
  std::optional<Millis> expires_at;
  if (in.expiresAt) {
    if (in.expiresAt->value <= context.now)
      return fail(Fault::invalid, "expiry_past", "The key would have expired already.");
    expires_at = in.expiresAt->value;
  }
  const NewKey made = TRY(create_key(context.services, context.tx(), context.viewer.user,
                                     in.name.value, scopes, expires_at));
  store::Key row;
  row.id = made.id;
  row.name = in.name.value;
  row.hint = made.key.substr(0, hint_letters);
  row.scopes = scopes;
  row.created_at = context.now;
  row.expires_at = expires_at;
  KeyRow out = shown(row);
  out.key = made.key;
  return out;
}

Result<Nothing> remove_key(Context& context, const KeyPath& in) {
  if (!TRY(store::delete_key(context.tx(), in.id, context.viewer.user)))
    return fail(Fault::missing, "key_missing", "There is no such key.");
  TRY(platform::publish(context.services, context.tx(), "keys", "ended", in.id.value,
                        context.viewer.user));
  return Nothing{};
}

}  // namespace atelier::accounts

#pragma once
#include <cstdint>
#include <string>

#include "base/ids.hpp"
#include "schema/endpoint.hpp"

namespace atelier {

enum class Role : unsigned char { anonymous, member, moderator, administrator };
BOOST_DESCRIBE_ENUM(Role, anonymous, member, moderator, administrator)

/// Bits of schema::Scope that a key has; sessions have all.
using Scopes = std::uint64_t;
inline constexpr Scopes all_scopes = ~Scopes{0};
inline constexpr Scopes scope_bit(schema::Scope scope) {
  return Scopes{1} << static_cast<unsigned>(scope);
}

/// Maturity levels as bits (civitai.md §9).
namespace maturity {
inline constexpr int pg = 1, pg13 = 2, r = 4, x = 8, xxx = 16, blocked = 32;
inline constexpr int safe = pg | pg13, all = 31;
}  // namespace maturity

/// Who asks. The default is a stranger who sees PG only.
struct Viewer {
  UserId user;
  std::string username;
  Role role = Role::anonymous;
  SessionId session;  ///< 0 when a key or nothing was used
  KeyId key;          ///< 0 when a session or nothing was used
  Scopes scopes = all_scopes;
  int browsing = maturity::pg;  ///< levels this viewer wants to see
  bool muted = false;           ///< may read and tidy up, but write nothing that others see
  bool signed_in() const { return user.value != 0; }
  bool at_least(Role needed) const { return role >= needed; }
};

/// Turns credentials into a viewer. Implemented by the accounts feature, called by the binder on
/// any thread. An unknown, expired or revoked credential is `unauthenticated`.
class Identity {
 public:
  virtual ~Identity() = default;
  virtual Result<Viewer> by_session(std::string_view token) = 0;
  virtual Result<Viewer> by_key(std::string_view key) = 0;
};

inline constexpr std::string_view session_cookie = "atelier_session";
/// The same behind TLS, where the browser enforces the prefix (RFC 6265bis §4.1.3.2).
inline constexpr std::string_view secure_session_cookie = "__Host-atelier_session";

}  // namespace atelier

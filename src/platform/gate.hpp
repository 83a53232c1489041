#pragma once
#include <string>
#include <string_view>

#include "platform/services.hpp"
#include "platform/viewer.hpp"
#include "schema/endpoint.hpp"

/// Who asks, and whether this row answers them. Default is no.
namespace atelier::platform {

/// How a request says who it is. At most one is used: a key wins over a cookie.
struct Credential {
  enum class Kind : unsigned char { none, session, key, broken } kind = Kind::none;
  std::string token;
};

/// The value of the first cookie of this name (RFC 6265 §5.4), or "". Lives as long as the request.
std::string_view cookie(const http::Request& request, std::string_view name);

/// Reads `Authorization: Bearer` (RFC 6750 §2.1), on Civitai's face `?token=`, else the session
/// cookie. Another Authorization scheme is `broken`.
Credential credential_of(const http::Request& request, schema::Face face);

/// Asks the identity; may read the database. A broken key is `unauthenticated` on native rows and
/// a stranger on Civitai's; a stale session cookie is a stranger on both, else nobody could sign
/// in again.
Result<Viewer> identify(Services& services, const Credential& credential, schema::Face face);

/// Role, scope and mutes: `unauthenticated` (sign_in), `forbidden` (role_missing, scope_missing,
/// muted). Who is muted may read, take away what is theirs (DELETE), care for the account, and
/// call the rows that say `muted_may`; every other write is closed, so that a new row cannot
/// forget to be.
Result<void> authorise(const schema::Endpoint& endpoint, const Viewer& viewer);
/// True for rows that a muted member may not call.
bool speaks(const schema::Endpoint& endpoint);

/// Cross-site request forgery: unsafe requests that carry no key must come from our own pages, as
/// Sec-Fetch-Site says, or Origin where a browser is too old for it (the rules of Go 1.25's
/// CrossOriginProtection). Programs send neither and pass.
Result<void> refuse_cross_site(const http::Request& request, const Credential& credential,
                               schema::Face face);

}  // namespace atelier::platform

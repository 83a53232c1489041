#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "ports/crypto.hpp"

/// Links to bytes that need no credential, because they carry a signature and end soon.
namespace atelier::files {

struct SignedLink {
  FileId file;
  VersionId counted;  ///< what a download counts for; 0 = nothing
  UserId viewer;      ///< who asked; 0 = nobody known
  Millis expires_at = 0;
};

/// "<file>-<counted>-<viewer>-<expiry, seconds>-<mac>": the numbers in base 36, the MAC the first
/// 16 bytes of HMAC-SHA-256 over them and the shown name, base64url (whose '-' and '_' are never
/// split: it comes last).
std::string sign_link(const ports::Crypto& crypto, std::string_view secret, const SignedLink& link,
                      std::string_view shown_name);
/// Nothing if the signature is not ours; the caller compares the expiry.
std::optional<SignedLink> read_link(const ports::Crypto& crypto, std::string_view secret,
                                    std::string_view token, std::string_view shown_name);

/// `attachment; filename="…"; filename*=UTF-8''…` (RFC 6266, RFC 8187): the first for old clients
/// in ASCII, the second exact, left out when it says the same. No byte of `name` can end the field.
std::string attachment(std::string_view name);

}  // namespace atelier::files

#pragma once
#include <memory>

#include "ports/crypto.hpp"

namespace atelier::engines::sodium {

/// libsodium's generator, SHA-256, HMAC and Argon2id. `hashes_at_once` bounds how many passwords
/// are hashed in parallel (19 MiB each).
std::unique_ptr<ports::Crypto> make_crypto(int hashes_at_once = 2);

}  // namespace atelier::engines::sodium

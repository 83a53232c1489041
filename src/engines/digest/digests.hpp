#pragma once
#include <memory>

#include "ports/digest.hpp"

namespace atelier::digest {

/// Hashing by this processor. With `second_lane`, large pieces are hashed on two threads,
/// AutoV3's SHA-256 and BLAKE3 beside the plain SHA-256 and the CRCs; a stream whose second
/// thread is busy with another stream goes on alone.
std::unique_ptr<ports::Digests> make_digests(bool second_lane);

}  // namespace atelier::digest

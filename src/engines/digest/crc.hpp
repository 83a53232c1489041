#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

/// Two cyclic redundancy checks, both bit-reflected, with all ones before and after.
namespace atelier::digest {

/// CRC-32/ISO-HDLC (zlib, PNG, zip; polynomial 04C11DB7). `crc` is 0 at the start, then the last
/// result. Check: "123456789" gives CBF43926.
std::uint32_t crc32(std::uint32_t crc, std::span<const std::byte> bytes);

/// CRC-32C (iSCSI, RFC 3720; polynomial 1EDC6F41). Check: "123456789" gives E3069283.
std::uint32_t crc32c(std::uint32_t crc, std::span<const std::byte> bytes);

/// The same two without any special instruction, for processors that lack them and for tests.
std::uint32_t crc32_by_table(std::uint32_t crc, std::span<const std::byte> bytes);
std::uint32_t crc32c_by_table(std::uint32_t crc, std::span<const std::byte> bytes);

}  // namespace atelier::digest

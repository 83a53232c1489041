#include "ports/crypto.hpp"

#include "base/text.hpp"

namespace atelier::ports {

std::string random_uuid(const Crypto& crypto) {
  std::string bytes = crypto.random(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string text = hex(bytes_of(bytes));
  for (const std::size_t at : {8u, 13u, 18u, 23u}) text.insert(at, 1, '-');
  return text;
}

}  // namespace atelier::ports

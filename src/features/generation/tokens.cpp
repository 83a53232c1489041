#include "features/generation/tokens.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "features/generation/store.hpp"
#include "ports/crypto.hpp"
#include "ports/database.hpp"

namespace atelier::generation {
namespace {

constexpr std::string_view mark = "sealed:";

std::string key(const Services& services) {
  return services.crypto->hmac_sha256(services.secret, "generation.tokens");
}

}  // namespace

std::string sealed_token(const Services& services, std::string_view token) {
  if (token.empty()) return {};
  return std::string(mark) + base64url(bytes_of(services.crypto->seal(key(services), token)));
}

ports::BackendAddress opened(const Services& services, ports::BackendAddress address) {
  if (!address.token.starts_with(mark)) return address;
  const auto bytes = from_base64url(std::string_view(address.token).substr(mark.size()));
  const auto token = bytes ? services.crypto->open(key(services), *bytes) : std::nullopt;
  address.token = token.value_or("");
  return address;
}

Result<void> seal_tokens(Services& services) {
  const auto plain = [](const store::Backend& one) {
    return !one.address.token.empty() && !one.address.token.starts_with(mark);
  };
  const auto all = TRY(sql::ask(*services.database, store::backends));
  if (std::ranges::none_of(all, plain)) return {};
  return services.database->write_now(sql::Lane::interactive, [&](sql::Tx& tx) -> Result<void> {
    for (store::Backend& one : TRY(store::backends(tx))) {
      if (!plain(one)) continue;
      one.address.token = sealed_token(services, one.address.token);
      TRY(store::update_backend(tx, one));
    }
    return {};
  });
}

}  // namespace atelier::generation

#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "platform/services.hpp"
#include "ports/generator.hpp"

/// Tokens of backends as they are kept: sealed under the server's secret, so that whoever has only
/// the database, or a copy of it, can use none.
namespace atelier::generation {

/// "" stays "".
std::string sealed_token(const Services& services, std::string_view token);

/// The address as it is called: with the token itself. One that was sealed under another secret is
/// left out; the backend then says that it wants one.
ports::BackendAddress opened(const Services& services, ports::BackendAddress address);

/// Seals what an older version kept as it was given.
Result<void> seal_tokens(Services& services);

}  // namespace atelier::generation

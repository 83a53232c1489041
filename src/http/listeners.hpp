#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/file_handle.hpp"
#include "base/result.hpp"

/// Listening sockets, before Asio takes them.
namespace atelier::http {

/// Opens `count` sockets that share one address ("host:port", "[::1]:0"; the kernel spreads
/// connections over them). Codes `bad_address`, `address_in_use`, `address_unusable`.
Result<std::vector<FileHandle>> open_listeners(const std::string& address, int count);

/// "127.0.0.1:8080" or "[::1]:8080" of a bound socket; "" if it is none.
std::string address_of(int socket);
int port_of(int socket);  ///< 0 if it is none

}  // namespace atelier::http

#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/head.hpp"

namespace atelier::http {

/// Networks whose forwarding headers are believed. Nobody else can say who a client is.
class Proxies {
 public:
  /// "10.0.0.0/8", "::1", … Fails on the first that is not an address or network.
  static Result<Proxies> parse(const std::vector<std::string>& networks);
  bool trusts(std::string_view address) const;
  bool none() const { return networks_.empty(); }
  /// Fills `request.peer` and `request.origin`: the rightmost address of X-Forwarded-For that is
  /// not a trusted proxy, and the scheme and host the nearest proxy names. `direct` is the
  /// connection's other end; `fixed_origin`, unless empty, overrides what requests say.
  void locate(Head& head, std::string_view direct, bool secure,
              std::string_view fixed_origin) const;

 private:
  using Address = std::array<std::uint8_t, 16>;  ///< IPv4 as ::ffff:a.b.c.d
  struct Network {
    Address address{};
    int bits = 128;
  };
  static bool parse_address(std::string_view text, Address& address);
  std::vector<Network> networks_;
};

}  // namespace atelier::http

#include "http/proxies.hpp"

#include <arpa/inet.h>

#include <cstring>
#include <algorithm>

#include "base/text.hpp"

namespace atelier::http {

namespace {

/// The last element of a comma list; shortens the list.
std::string_view pop_last(std::string_view& list) {
  const std::size_t comma = list.rfind(',');
  const std::string_view last = trim(comma == list.npos ? list : list.substr(comma + 1));
  list = comma == list.npos ? std::string_view{} : list.substr(0, comma);
  return last;
}

bool is_host(std::string_view text) {
  constexpr std::string_view marks = ".-:_[]";
  return !text.empty() && text.size() <= 261 && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != marks.npos;
  });
}

}  // namespace

bool Proxies::parse_address(std::string_view text, Address& address) {
  const std::string copy(text);
  in_addr v4{};
  if (::inet_pton(AF_INET, copy.c_str(), &v4) == 1) {
    address = {};
    address[10] = address[11] = 0xff;
    std::memcpy(address.data() + 12, &v4, 4);
    return true;
  }
  return ::inet_pton(AF_INET6, copy.c_str(), address.data()) == 1;
}

Result<Proxies> Proxies::parse(const std::vector<std::string>& networks) {
  Proxies proxies;
  for (const std::string& text : networks) {
    const std::size_t slash = text.find('/');
    Network network;
    const bool v4 = text.find(':') == text.npos;
    bool ok = parse_address(text.substr(0, slash), network.address);
    if (ok && slash != text.npos) {
      const auto bits = parse_whole(text.substr(slash + 1));
      ok = bits && *bits >= 0 && *bits <= (v4 ? 32 : 128);
      if (ok) network.bits = static_cast<int>(*bits) + (v4 ? 96 : 0);
    }
    if (!ok)
      return fail(Fault::invalid, "bad_proxy", "Not an address or network: \"" + text + "\".");
    proxies.networks_.push_back(network);
  }
  return proxies;
}

bool Proxies::trusts(std::string_view text) const {
  Address address{};
  if (networks_.empty() || !parse_address(text, address)) return false;
  return std::ranges::any_of(networks_, [&](const Network& network) {
    const int whole = network.bits / 8;
    if (std::memcmp(network.address.data(), address.data(), static_cast<std::size_t>(whole)) != 0)
      return false;
    const int rest = network.bits % 8;
    if (rest == 0) return true;
    const int mask = 0xff00 >> rest;
    return ((network.address[whole] ^ address[whole]) & mask & 0xff) == 0;
  });
}

void Proxies::locate(Head& head, std::string_view direct, bool secure,
                     std::string_view fixed_origin) const {
  Request& request = head.request;
  request.peer.assign(direct);
  // Whoever asks whether the client is this machine must know that it may be somebody behind it.
  if (!head.forwarded_for.empty() || !head.forwarded_proto.empty() || !head.forwarded_host.empty())
    request.headers.set("via", "proxy");
  std::string_view scheme = secure ? "https" : "http";
  std::string_view host = head.host;
  if (!networks_.empty() && trusts(direct)) {
    std::string_view list = head.forwarded_for;
    Address ignored{};
    while (!list.empty() && trusts(request.peer)) {
      const std::string_view before = pop_last(list);
      if (!parse_address(before, ignored)) break;
      request.peer.assign(before);
    }
    std::string_view protos = head.forwarded_proto;
    const std::string_view proto = pop_last(protos);
    if (proto == "http" || proto == "https") scheme = proto;
    std::string_view hosts = head.forwarded_host;
    const std::string_view named = pop_last(hosts);
    if (is_host(named)) host = named;
  }
  if (!fixed_origin.empty()) {
    request.origin.assign(fixed_origin);
    return;
  }
  request.origin.assign(scheme);
  request.origin += "://";
  request.origin += host.empty() ? "localhost" : host;
}

}  // namespace atelier::http

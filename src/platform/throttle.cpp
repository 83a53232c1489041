#include "platform/throttle.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/text.hpp"

namespace atelier::platform {
namespace {

struct Size {
  double burst;       ///< tokens a full bucket holds
  double per_second;  ///< tokens that come back
};

/// A tool looks thousands of files up by their hashes, one by one; an upload of 2 GiB in pieces of
/// 8 MiB comes 256 times. Logins are few, because each may be a guess.
constexpr Size size_of(schema::Rate rate) {
  switch (rate) {
    case schema::Rate::read: return {3000, 100};
    case schema::Rate::write: return {120, 2};
    case schema::Rate::create: return {60, 0.5};
    case schema::Rate::login: return {10, 1.0 / 30};
    case schema::Rate::upload: return {1200, 40};
    case schema::Rate::search: return {120, 5};
  }
  return {1, 1};
}

constexpr std::string_view address_prefix = "address:";

/// A customer gets a whole /64 of IPv6 (RFC 6177), so all of it is one key; IPv4 inside IPv6
/// (RFC 4291 §2.5.5.2) counts as that IPv4 address.
std::string normal_key(std::string_view key) {
  if (!key.starts_with(address_prefix)) return std::string(key);
  std::string address(key.substr(address_prefix.size()));
  if (address.size() >= 2 && address.front() == '[' && address.back() == ']')
    address = address.substr(1, address.size() - 2);
  in6_addr parsed{};
  if (inet_pton(AF_INET6, address.c_str(), &parsed) != 1) return std::string(key);
  const auto bytes = std::as_bytes(std::span(parsed.s6_addr));
  if (IN6_IS_ADDR_V4MAPPED(&parsed)) {
    char text[INET_ADDRSTRLEN] = "";
    inet_ntop(AF_INET, parsed.s6_addr + 12, text, sizeof text);
    return std::string(address_prefix) + text;
  }
  return std::string(address_prefix) + hex(bytes.first(8)) + "/64";
}

struct Bucket {
  double tokens = 0;
  Millis at = 0;
};

/// Two generations bound the memory: when the young one is full it becomes the old one, and what
/// was not asked about since then is forgotten.
class Shard {
 public:
  Bucket& at(const std::string& key, double burst, Millis now) {
    if (const auto found = young_.find(key); found != young_.end()) return found->second;
    Bucket bucket{burst, now};
    if (const auto found = old_.find(key); found != old_.end()) bucket = found->second;
    if (young_.size() >= keys_max) {
      old_ = std::move(young_);
      young_.clear();
    }
    return young_.emplace(key, bucket).first->second;
  }
  std::mutex mutex;

 private:
  static constexpr std::size_t keys_max = 8'192;
  std::unordered_map<std::string, Bucket> young_, old_;
};

}  // namespace

struct Throttle::State {
  const Clock& clock;
  std::atomic<double> scale{1};
  std::array<Shard, 16> shards;
};

Throttle::Throttle(const Clock& clock) : state_(new State{clock}) {}
Throttle::~Throttle() = default;

void Throttle::set_scale(double scale) { state_->scale = std::max(0.0, scale); }

Throttle::Verdict Throttle::take(schema::Rate rate, std::string_view key) {
  const double scale = state_->scale;
  if (scale == 0) return {};
  Size size = size_of(rate);
  size.burst = std::max(1.0, size.burst * scale);
  size.per_second *= scale;
  std::string name = normal_key(key);
  name += static_cast<char>('0' + static_cast<int>(rate));
  Shard& shard = state_->shards[std::hash<std::string>{}(name) % state_->shards.size()];
  const Millis now = state_->clock.now();

  const std::lock_guard lock(shard.mutex);
  Bucket& bucket = shard.at(name, size.burst, now);
  const double passed_s = static_cast<double>(std::max<Millis>(0, now - bucket.at)) / 1000;
  bucket.tokens = std::min(size.burst, bucket.tokens + passed_s * size.per_second);
  bucket.at = now;
  Verdict verdict;
  verdict.limit = static_cast<int>(size.burst);
  verdict.allowed = bucket.tokens > 1 - 1e-6;  // sums of fractions fall short a little
  if (verdict.allowed) bucket.tokens = std::max(0.0, bucket.tokens - 1);
  else verdict.retry_after_s = static_cast<int>(std::ceil((1 - bucket.tokens) / size.per_second));
  verdict.left = static_cast<int>(bucket.tokens);
  return verdict;
}

}  // namespace atelier::platform

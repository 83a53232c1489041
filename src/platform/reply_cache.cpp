#include "platform/reply_cache.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/unordered/unordered_flat_map.hpp>
#include <mutex>

#include "platform/fifo_queue.hpp"

namespace atelier::platform {
namespace {

using Reply = std::shared_ptr<const CachedReply>;

constexpr std::size_t shards_max = 16;
constexpr std::size_t shard_bytes_min = 1 << 20;
constexpr std::size_t flights_max = 1'024;      ///< per shard
constexpr Millis flight_ms = 10'000;            ///< then another caller may try
constexpr std::size_t entry_bytes = 2'048;       // usual, for sizing only
constexpr std::size_t tag_slots = 1 << 14;

/// The last bump of each tag. Tags that share a slot only drop each other too early.
class Generations {
 public:
  static std::uint32_t slot_of(std::string_view tag) {
    return static_cast<std::uint32_t>(std::hash<std::string_view>{}(tag) % tag_slots);
  }
  std::uint64_t now() const { return now_.load(); }
  std::uint64_t of(std::uint32_t slot) const {
    return slots_[slot].load(std::memory_order_acquire);
  }
  void bump(std::uint32_t slot) { raise(slots_[slot], ++now_); }
  void bump_all() { raise(floor_, ++now_); }
  std::uint64_t floor() const { return floor_.load(std::memory_order_acquire); }

 private:
  static void raise(std::atomic<std::uint64_t>& kept, std::uint64_t to) {
    std::uint64_t seen = kept.load();
    while (seen < to && !kept.compare_exchange_weak(seen, to)) {
    }
  }
  std::atomic<std::uint64_t> now_{0};
  std::atomic<std::uint64_t> floor_{0};  ///< everything before it is gone
  std::array<std::atomic<std::uint64_t>, tag_slots> slots_{};
};

struct Entry : FifoLink {
  std::string key;
  Reply reply;
  std::vector<std::uint32_t> tags;  ///< slots
  std::uint64_t generation = 0;
  Millis fresh_until = 0, stale_until = 0;

  bool current(const Generations& generations) const {
    if (generation < generations.floor()) return false;
    return std::ranges::all_of(
        tags, [&](std::uint32_t slot) { return generations.of(slot) <= generation; });
  }
};

/// Somebody makes this reply; others wait for it.
struct Flight {
  Millis since = 0;
  std::vector<ReplyCache::Then> waiting;
};

std::size_t weight_of(std::string_view key, const CachedReply& reply) {
  std::size_t weight = sizeof(Entry) + sizeof(CachedReply) + 2 * key.size() + reply.etag.size();
  for (const auto& [name, value] : reply.headers.all()) weight += name.size() + value.size() + 64;
  return weight + (reply.body ? reply.body->size() : 0);
}

struct Shard {
  explicit Shard(std::size_t bytes_max) : queues(bytes_max, bytes_max / entry_bytes) {}
  alignas(64) std::mutex mutex;
  boost::unordered_flat_map<std::uint64_t, std::unique_ptr<Entry>> entries;
  boost::unordered_flat_map<std::uint64_t, Flight> flights;
  FifoQueues queues;
  ReplyCache::Counts counts;

  void drop(std::uint64_t hash) {
    const auto found = entries.find(hash);
    if (found == entries.end()) return;
    queues.remove(*found->second);
    entries.erase(found);
  }

  /// True if the caller is now the one who makes it.
  bool take_flight(std::uint64_t hash, Millis now) {
    const auto found = flights.find(hash);
    if (found != flights.end()) {
      if (now - found->second.since < flight_ms) return false;
      found->second.since = now;
      return true;
    }
    if (flights.size() < flights_max) flights[hash].since = now;
    return true;
  }

  std::vector<ReplyCache::Then> land(std::uint64_t hash) {
    const auto found = flights.find(hash);
    if (found == flights.end()) return {};
    std::vector<ReplyCache::Then> waiting = std::move(found->second.waiting);
    flights.erase(found);
    return waiting;
  }
};

/// Spreads the expiry of what was stored together over a tenth of its time.
Millis jittered(Millis ttl, std::uint64_t hash) {
  return ttl - ttl / 10 + static_cast<Millis>(hash % 1'024) * ttl / 10 / 1'024;
}

std::size_t shard_count(std::size_t bytes_max) {
  std::size_t count = 1;
  while (count < shards_max && bytes_max / (count * 2) >= shard_bytes_min) count *= 2;
  return count;
}

}  // namespace

struct ReplyCache::State {
  State(const Clock& the_clock, std::size_t bytes_max)
      : clock(the_clock), shard_bytes(bytes_max / shard_count(bytes_max)) {
    for (std::size_t i = 0; i < shard_count(bytes_max); ++i)
      shards.push_back(std::make_unique<Shard>(shard_bytes));
  }
  const Clock& clock;
  std::size_t shard_bytes;
  Generations generations;
  std::vector<std::unique_ptr<Shard>> shards;  ///< a power of two

  Shard& shard(std::uint64_t hash) { return *shards[(hash >> 48) & (shards.size() - 1)]; }
};

ReplyCache::ReplyCache(const Clock& clock, std::size_t bytes_max)
    : state_(std::make_unique<State>(clock, bytes_max)) {}
ReplyCache::~ReplyCache() = default;

ReplyCache::Found ReplyCache::find(std::string_view key) {
  const std::uint64_t hash = std::hash<std::string_view>{}(key);
  const Millis now = state_->clock.now();
  Shard& shard = state_->shard(hash);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.entries.find(hash);
  if (found != shard.entries.end() && found->second->key == key) {
    Entry& entry = *found->second;
    if (now < entry.stale_until && entry.current(state_->generations)) {
      shard.queues.use(entry);
      if (now < entry.fresh_until) {
        ++shard.counts.hits;
        return {entry.reply, false, false};
      }
      ++shard.counts.stale;
      return {entry.reply, true, shard.take_flight(hash, now)};
    }
    shard.drop(hash);
  }
  ++shard.counts.misses;
  return {nullptr, false, shard.take_flight(hash, now)};
}

bool ReplyCache::join(std::string_view key, Then then) {
  const std::uint64_t hash = std::hash<std::string_view>{}(key);
  Shard& shard = state_->shard(hash);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.flights.find(hash);
  if (found == shard.flights.end()) return false;
  found->second.waiting.push_back(std::move(then));
  return true;
}

void ReplyCache::abandon(std::string_view key) {
  const std::uint64_t hash = std::hash<std::string_view>{}(key);
  Shard& shard = state_->shard(hash);
  std::vector<Then> waiting;
  {
    const std::lock_guard lock(shard.mutex);
    waiting = shard.land(hash);
  }
  for (const Then& then : waiting) then(nullptr);
}

std::uint64_t ReplyCache::generation() const { return state_->generations.now(); }

void ReplyCache::store(std::string_view key, std::shared_ptr<const CachedReply> reply,
                       const std::vector<std::string>& tags, int ttl_s,
                       std::uint64_t generation_before) {
  const std::uint64_t hash = std::hash<std::string_view>{}(key);
  auto entry = std::make_unique<Entry>();
  entry->hash = hash;
  entry->key = key;
  entry->reply = reply;
  entry->generation = generation_before;
  for (const std::string& tag : tags) entry->tags.push_back(Generations::slot_of(tag));
  const std::size_t weight = weight_of(key, *reply) + tags.size() * sizeof(std::uint32_t);
  const Millis ttl = jittered(Millis{ttl_s} * 1'000, hash);
  entry->fresh_until = state_->clock.now() + ttl;
  entry->stale_until = entry->fresh_until + ttl;

  Shard& shard = state_->shard(hash);
  std::vector<Then> waiting;
  std::vector<std::unique_ptr<Entry>> evicted;  // freed after the lock is released
  bool current = false;
  {
    const std::lock_guard lock(shard.mutex);
    waiting = shard.land(hash);
    current = entry->current(state_->generations);
    if (!current || weight > state_->shard_bytes / 4) {
      ++shard.counts.refused;
    } else {
      ++shard.counts.stored;
      shard.drop(hash);
      entry->weight = static_cast<std::uint32_t>(weight);
      shard.queues.insert(*entry);
      shard.entries[hash] = std::move(entry);
      while (FifoLink* link = shard.queues.evict()) {
        const auto gone = shard.entries.find(link->hash);
        evicted.push_back(std::move(gone->second));
        shard.entries.erase(gone);
        ++shard.counts.evicted;
      }
    }
  }
  for (const Then& then : waiting) then(current ? reply : nullptr);
}

void ReplyCache::bump(std::string_view tag) {
  state_->generations.bump(Generations::slot_of(tag));
}

void ReplyCache::clear() {
  state_->generations.bump_all();
  for (const auto& shard : state_->shards) {
    const std::lock_guard lock(shard->mutex);
    while (!shard->entries.empty()) shard->drop(shard->entries.begin()->first);
  }
}

ReplyCache::Counts ReplyCache::counts() const {
  Counts all;
  for (const auto& shard : state_->shards) {
    const std::lock_guard lock(shard->mutex);
    all.hits += shard->counts.hits;
    all.stale += shard->counts.stale;
    all.misses += shard->counts.misses;
    all.stored += shard->counts.stored;
    all.refused += shard->counts.refused;
    all.evicted += shard->counts.evicted;
    all.entries += shard->entries.size();
    all.bytes += shard->queues.weight();
  }
  return all;
}

}  // namespace atelier::platform

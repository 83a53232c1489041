// The first-level cache: hit ratios on generated traces beside other policies, and gets a second
// of the real ReplyCache on one core. Prints {"traces": [{"name", "ours", "lru", "s3fifo",
// "tinylfu"}…] (per cent), "gets": …}.
#include <cmath>
#include <cstdio>
#include <ctime>
#include <random>
#include <string>

#include "bench/cache_policies.hpp"
#include "platform/reply_cache.hpp"

namespace {

using namespace atelier;
using bench::Key;
using Trace = std::vector<Key>;

/// Ranks 0…n-1 with probability ~ 1/(rank+1)^skew, by inversion of the summed weights.
class Zipf {
 public:
  Zipf(std::size_t n, double skew) : sums_(n) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sums_[i] = sum += std::pow(double(i + 1), -skew);
  }
  Key operator()(std::mt19937_64& random) const {
    const double at = std::uniform_real_distribution<>(0, sums_.back())(random);
    return static_cast<Key>(std::ranges::lower_bound(sums_, at) - sums_.begin());
  }

 private:
  std::vector<double> sums_;
};

constexpr std::size_t keys = 100'000, cache_size = 5'000, length = 2'000'000;

Trace zipf(double skew) {
  std::mt19937_64 random(1);
  const Zipf next(keys, skew);
  Trace trace(length);
  for (Key& key : trace) key = next(random);
  return trace;
}

/// Every tenth stretch reads 20,000 new keys once, as a crawler does.
Trace with_scans() {
  std::mt19937_64 random(2);
  const Zipf next(keys, 0.9);
  Trace trace;
  for (Key fresh = keys; trace.size() < length;) {
    for (int i = 0; i < 180'000; ++i) trace.push_back(next(random));
    for (int i = 0; i < 20'000; ++i) trace.push_back(fresh++);
  }
  return trace;
}

/// What is popular moves on: ranks slide over the keys.
Trace drifting() {
  std::mt19937_64 random(3);
  const Zipf next(keys, 1.0);
  Trace trace(length);
  for (std::size_t i = 0; i < length; ++i) trace[i] = (next(random) + i / 50) % keys;
  return trace;
}

Trace loop(std::size_t span) {
  Trace trace(length);
  for (std::size_t i = 0; i < length; ++i) trace[i] = i % span;
  return trace;
}

/// A loop larger than the cache in between requests that have favourites.
Trace loop_and_zipf() {
  std::mt19937_64 random(4);
  const Zipf next(keys, 1.0);
  Trace trace(length);
  for (std::size_t i = 0; i < length; ++i)
    trace[i] = i % 4 == 0 ? keys + (i / 4) % (2 * cache_size) : next(random);
  return trace;
}

template <class Policy>
double hits(const Trace& trace) {
  Policy policy(cache_size);
  std::size_t count = 0;
  for (const Key key : trace) count += policy.get(key);
  return 100.0 * double(count) / double(trace.size());
}

void compare(const char* name, const Trace& trace, bool last = false) {
  std::printf("{\"name\": \"%s\", \"ours\": %.2f, \"lru\": %.2f, \"s3fifo\": %.2f, "
              "\"tinylfu\": %.2f}%s", name, hits<bench::Ours>(trace), hits<bench::Lru>(trace),
              hits<bench::S3Fifo>(trace), hits<bench::TinyLfu>(trace), last ? "" : ", ");
}

/// Of this thread: other programs on the machine do not count.
double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return double(time.tv_sec) + double(time.tv_nsec) * 1e-9;
}

double gets_per_second() {
  const SystemClock clock;
  platform::ReplyCache cache(clock, 64 << 20);
  std::vector<std::string> names;
  for (int i = 0; i < 10'000; ++i)
    names.push_back("listModels?baseModel=SDXL&limit=20&sort=newest&page=" + std::to_string(i));
  auto reply = std::make_shared<platform::CachedReply>();
  reply->body = std::make_shared<const std::string>(1'000, 'x');
  for (const std::string& name : names)
    cache.store(name, reply, {"models", "models:1", "users"}, 3'600, cache.generation());
  std::mt19937_64 random(5);
  const Zipf next(names.size(), 1.0);
  std::vector<const std::string*> asked(1 << 16);
  for (const std::string*& name : asked) name = &names[next(random)];
  std::size_t found = 0, rounds = 0;
  const double began = cpu_seconds();
  while (cpu_seconds() - began < 1) {
    for (const std::string* name : asked) found += cache.find(*name).reply != nullptr;
    ++rounds;
  }
  if (found != rounds * asked.size()) std::fprintf(stderr, "some gets missed\n");
  return double(found) / (cpu_seconds() - began);
}

}  // namespace

int main() {
  std::printf("{\"traces\": [");
  compare("zipf 0.7", zipf(0.7));
  compare("zipf 1.0", zipf(1.0));
  compare("zipf 1.2", zipf(1.2));
  compare("zipf 0.9 with scans", with_scans());
  compare("zipf 1.0 drifting", drifting());
  compare("loop of 1.2 caches", loop(cache_size * 12 / 10));
  compare("loop of 4 caches", loop(cache_size * 4));
  compare("loop beside zipf", loop_and_zipf(), true);
  std::printf("], \"gets\": %.0f}\n", gets_per_second());
  return 0;
}

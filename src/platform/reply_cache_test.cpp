#include "platform/reply_cache.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace atelier::platform {
namespace {

std::shared_ptr<const CachedReply> reply(std::string body) {
  auto made = std::make_shared<CachedReply>();
  made->body = std::make_shared<const std::string>(std::move(body));
  return made;
}

struct Cache : testing::Test {
  ManualClock clock;
  ReplyCache cache{clock, 1 << 20};
  void put(std::string_view key, std::vector<std::string> tags = {}, int ttl_s = 100) {
    cache.store(key, reply(std::string(key)), tags, ttl_s, cache.generation());
  }
  bool has(std::string_view key) {
    const auto found = cache.find(key);
    if (found.refresh) cache.abandon(key);
    return found.reply != nullptr && *found.reply->body == key;
  }
};

TEST_F(Cache, GivesBackWhatWasStored) {
  EXPECT_FALSE(has("a"));
  put("a");
  EXPECT_TRUE(has("a"));
  EXPECT_FALSE(has("b"));
  cache.clear();
  EXPECT_FALSE(has("a"));
}

TEST_F(Cache, ABumpedTagDropsWhatDependsOnItAndNothingElse) {
  put("a", {"models", "models:1"});
  put("b", {"models:2"});
  put("c", {"users:1"});
  cache.bump("models:1");
  EXPECT_FALSE(has("a"));
  EXPECT_TRUE(has("b"));
  EXPECT_TRUE(has("c"));
}

TEST_F(Cache, RefusesAReplyMadeFromASnapshotBeforeTheBump) {
  const std::uint64_t before = cache.generation();
  cache.bump("models:1");
  cache.store("a", reply("a"), {"models:1"}, 100, before);
  EXPECT_FALSE(has("a"));
  cache.store("a", reply("a"), {"models:2"}, 100, before);
  EXPECT_TRUE(has("a"));
}

TEST_F(Cache, RefusesAReplyMadeBeforeClear) {
  const std::uint64_t before = cache.generation();
  cache.clear();
  cache.store("a", reply("a"), {}, 100, before);
  EXPECT_FALSE(has("a"));
}

TEST_F(Cache, StaleIsServedWhileOneCallerMakesItAnew) {
  put("a", {}, 100);
  clock.advance(110'000);
  const auto first = cache.find("a");
  EXPECT_TRUE(first.reply && first.stale && first.refresh);
  const auto second = cache.find("a");
  EXPECT_TRUE(second.reply && second.stale);
  EXPECT_FALSE(second.refresh);
  put("a", {}, 100);
  const auto third = cache.find("a");
  EXPECT_TRUE(third.reply && !third.stale);
  clock.advance(300'000);
  EXPECT_FALSE(has("a"));
}

TEST_F(Cache, AStaleReplyWhoseTagWasBumpedIsNotServed) {
  put("a", {"t"}, 100);
  clock.advance(110'000);
  cache.bump("t");
  EXPECT_FALSE(has("a"));
}

TEST_F(Cache, OneCallerMakesAMissingReplyAndOthersGetIt) {
  EXPECT_TRUE(cache.find("a").refresh);
  int got = 0;
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(cache.find("a").refresh);
    EXPECT_TRUE(cache.join("a", [&](auto made) { got += made && *made->body == "a"; }));
  }
  put("a");
  EXPECT_EQ(got, 5);
  EXPECT_FALSE(cache.join("a", [](auto) {}));
}

TEST_F(Cache, WaitersHearOfAFailureAndOfABump) {
  EXPECT_TRUE(cache.find("a").refresh);
  int nulls = 0;
  EXPECT_TRUE(cache.join("a", [&](auto made) { nulls += made == nullptr; }));
  cache.abandon("a");
  EXPECT_EQ(nulls, 1);
  EXPECT_TRUE(cache.find("a").refresh);
  EXPECT_TRUE(cache.join("a", [&](auto made) { nulls += made == nullptr; }));
  const std::uint64_t before = cache.generation();
  cache.bump("t");
  cache.store("a", reply("a"), {"t"}, 100, before);
  EXPECT_EQ(nulls, 2);
}

TEST_F(Cache, AnotherCallerTakesOverWhenTheFirstIsNotHeardOf) {
  EXPECT_TRUE(cache.find("a").refresh);
  EXPECT_FALSE(cache.find("a").refresh);
  clock.advance(10'001);
  EXPECT_TRUE(cache.find("a").refresh);
}

TEST_F(Cache, StaysWithinItsBytesAndKeepsWhatIsUsedThroughAScan) {
  const std::string body(1'000, 'x');
  const auto store = [&](const std::string& key) {
    cache.store(key, reply(body), {}, 1'000, cache.generation());
  };
  for (int round = 0; round < 3; ++round)
    for (int i = 0; i < 100; ++i) {
      const std::string key = "hot" + std::to_string(i);
      if (cache.find(key).reply == nullptr) store(key);
    }
  int hits = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string key = "scan" + std::to_string(i);
    if (cache.find(key).reply == nullptr) store(key);
    EXPECT_LE(cache.counts().bytes, std::size_t{1} << 20);
    const std::string hot = "hot" + std::to_string(i % 100);  // one get in ten, each every 1,000
    if (i % 10 == i / 100 % 10) hits += cache.find(hot).reply != nullptr;
  }
  EXPECT_GE(hits, 1'900);  // of 2,000; a cache that keeps the newest would have almost none
  EXPECT_GT(cache.counts().evicted, 10'000u);
}

TEST_F(Cache, DoesNotKeepWhatIsTooLarge) {
  cache.store("a", reply(std::string(600'000, 'x')), {}, 100, cache.generation());
  EXPECT_EQ(cache.find("a").reply, nullptr);
}

TEST_F(Cache, NeverServesAnOldGenerationUnderThreads) {
  // The writer raises `truth`, then bumps; whoever looks after that must not see less.
  std::atomic<int> truth{0}, announced{0};
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (int i = 1; i <= 20'000; ++i) {
      truth = i;
      cache.bump("t");
      announced = i;
    }
    done = true;
  });
  std::vector<std::thread> readers;
  std::atomic<int> old{0};
  for (int r = 0; r < 2; ++r)
    readers.emplace_back([&] {
      while (!done) {
        const int least = announced;
        const auto found = cache.find("k");
        if (found.reply) {
          old += std::stoi(*found.reply->body) < least;
          continue;
        }
        const std::uint64_t before = cache.generation();
        cache.store("k", reply(std::to_string(truth)), {"t"}, 100, before);
      }
    });
  writer.join();
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(old, 0);
}

}  // namespace
}  // namespace atelier::platform

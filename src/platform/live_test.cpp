#include "platform/live.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace atelier::platform {
namespace {

TEST(Live, ReachesWatchersOfTheTopicInOrder) {
  Live live;
  std::vector<std::string> heard;
  auto handle = live.watch({"jobs:1", "jobs"}, 0, [&](const LiveMessage& message) {
    heard.push_back(message.topic + " " + message.name + " " + *message.json);
  });
  live.send("jobs:1", "progress", "1");
  live.send("jobs:2", "progress", "2");
  live.send("jobs", "changed", "3");
  EXPECT_EQ(heard, (std::vector<std::string>{"jobs:1 progress 1", "jobs changed 3"}));
  handle.reset();
  live.send("jobs", "changed", "4");
  EXPECT_EQ(heard.size(), 2u);
}

TEST(Live, AnEndIsToldAndNotReplayed) {
  Live live;
  int ends = 0;
  const auto count = [&](const LiveMessage& message) { ends += message.json ? 0 : 1; };
  auto first = live.watch({"user:1", "session:1"}, 0, count);
  live.send("user:1", "a", "{}");
  live.end("user:1", false);
  EXPECT_EQ(ends, 1);
  auto second = live.watch({"user:1", "session:1"}, 1, count);  // replays, or is told to reset
  EXPECT_EQ(ends, 1);
  live.end("session:1", true);
  EXPECT_EQ(ends, 3);
  auto third = live.watch({"session:1"}, 0, count);
  EXPECT_EQ(ends, 4);
}

TEST(Live, ReplaysWhatIsStillThere) {
  Live live;
  std::vector<std::int64_t> ids;
  auto first = live.watch({"a"}, 0, [&](const LiveMessage& m) { ids.push_back(m.id); });
  for (int i = 0; i < 3; ++i) live.send("a", "n", "{}");
  live.send("b", "n", "{}");
  std::vector<std::int64_t> again;
  auto second = live.watch({"a"}, ids[0], [&](const LiveMessage& m) { again.push_back(m.id); });
  EXPECT_EQ(again, (std::vector<std::int64_t>{ids[1], ids[2]}));
  live.send("a", "n", "{}");
  EXPECT_EQ(again.size(), 3u);
}

TEST(Live, SaysResetWhenTheRingIsPastOrTheIdIsFromElsewhere) {
  Live live;
  std::int64_t first_id = 0;
  auto watcher = live.watch({"a"}, 0, [&](const LiveMessage& m) {
    if (first_id == 0) first_id = m.id;
  });
  for (int i = 0; i < 10'000; ++i) live.send("a", "n", "{}");
  for (const std::int64_t after : {first_id, std::int64_t{17}, first_id + 1'000'000}) {
    std::vector<std::string> names;
    auto late = live.watch({"a"}, after, [&](const LiveMessage& m) { names.push_back(m.name); });
    EXPECT_EQ(names, std::vector<std::string>{"reset"}) << after;
  }
}

TEST(Live, AWatcherMayLetGoWhileItIsCalledAndWhileOthersSend) {
  Live live;
  int heard = 0;
  std::shared_ptr<void> handle;
  handle = live.watch({"a"}, 0, [&](const LiveMessage&) {
    ++heard;
    handle.reset();
  });
  live.send("a", "n", "{}");
  live.send("a", "n", "{}");
  EXPECT_EQ(heard, 1);

  std::thread sender([&] {
    for (int i = 0; i < 2'000; ++i) live.send("a", "n", "{}");
  });
  for (int i = 0; i < 200; ++i) {
    auto brief = std::make_unique<int>(0);
    auto watching = live.watch({"a"}, 0, [&](const LiveMessage&) { ++*brief; });
    watching.reset();
    brief.reset();  // nobody may touch it now (the sanitizers would see)
  }
  sender.join();
}

}  // namespace
}  // namespace atelier::platform

#include "features/generation/scheduler.hpp"

#include <gtest/gtest.h>

#include <set>

namespace atelier::generation {
namespace {

Waiting work(double tag, std::string model, std::vector<Choice> choices, int owner = 0) {
  return {tag, std::move(model), std::move(choices), owner};
}

std::vector<std::pair<std::size_t, std::size_t>> pairs(const std::vector<Binding>& bindings) {
  std::vector<std::pair<std::size_t, std::size_t>> out;
  for (const Binding& binding : bindings) out.emplace_back(binding.waiting, binding.station);
  return out;
}
using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

TEST(Scheduler, NothingWithoutRoomOrWork) {
  EXPECT_TRUE(decide({}, {Station{1, 0, ""}}).empty());
  const std::vector<Waiting> one{work(0, "", {{0, 100, 0}})};
  EXPECT_TRUE(decide(one, {Station{0, 500, ""}}).empty());
  EXPECT_TRUE(decide(std::vector<Waiting>{work(0, "", {})}, {Station{1, 0, ""}}).empty());
}

TEST(Scheduler, GoesWhereItEndsFirst) {
  const std::vector<Waiting> one{work(0, "", {{0, 1'000, 0}, {1, 100, 0}})};
  EXPECT_EQ(pairs(decide(one, {Station{1, 0, ""}, Station{1, 0, ""}})), (Pairs{{0, 1}}));
}

TEST(Scheduler, WaitsForAFastBackendRatherThanTakeASlowOne) {
  // The fast one is done in 50 ms and needs 100; the slow one would need a second.
  const std::vector<Waiting> one{work(0, "", {{0, 1'000, 0}, {1, 100, 0}})};
  EXPECT_TRUE(decide(one, {Station{1, 0, ""}, Station{0, 50, ""}}).empty());
}

TEST(Scheduler, ManyThatWaitMakeTheSlowOneWorthIt) {
  std::vector<Waiting> many;
  for (int i = 0; i < 20; ++i) many.push_back(work(i, "", {{0, 1'000, 0}, {1, 100, 0}}));
  const auto bindings = pairs(decide(many, {Station{1, 0, ""}, Station{0, 50, ""}}));
  ASSERT_EQ(bindings.size(), 1u);
  EXPECT_EQ(bindings[0].second, 0u);
  EXPECT_GT(bindings[0].first, 5u);  // those before it end sooner on the fast one
}

TEST(Scheduler, LoadingAModelCounts) {
  const std::vector<Waiting> one{work(0, "b", {{0, 100, 5'000}, {1, 300, 5'000}})};
  EXPECT_EQ(pairs(decide(one, {Station{1, 0, "a"}, Station{1, 0, "b"}})), (Pairs{{0, 1}}));
  EXPECT_FALSE(decide(one, {Station{1, 0, "a"}, Station{1, 0, "b"}})[0].swaps);
  const auto swapped = decide(std::vector<Waiting>{work(0, "b", {{0, 100, 5'000}})},
                              {Station{1, 0, "a"}});
  ASSERT_EQ(swapped.size(), 1u);
  EXPECT_TRUE(swapped[0].swaps);
  EXPECT_EQ(swapped[0].predicted_ms, 5'100);
}

TEST(Scheduler, WarmWorkOvertakesWithinTheQuantumOnly) {
  const std::vector<Choice> here{{0, 100, 5'000}};
  const std::vector<Waiting> near{work(0, "b", here), work(30, "a", here)};
  EXPECT_EQ(pairs(decide(near, {Station{1, 0, "a"}})), (Pairs{{1, 0}}));
  const std::vector<Waiting> far{work(0, "b", here, 1), work(290, "a", here, 2)};
  EXPECT_EQ(pairs(decide(far, {Station{1, 0, "a"}})), (Pairs{{0, 0}}));
}

TEST(Scheduler, WhoHasMoreInLineWaitsForItAnyway) {
  const std::vector<Choice> here{{0, 100, 5'000}};
  const std::vector<Waiting> line{work(0, "b", here, 1), work(290, "a", here, 2),
                                  work(300, "b", here, 1)};
  EXPECT_EQ(pairs(decide(line, {Station{1, 0, "a"}})), (Pairs{{1, 0}}));
  // But not for others' where nothing needs loading.
  const std::vector<Choice> both{{0, 100, 5'000}, {1, 100, 5'000}};
  const std::vector<Waiting> ready{work(0, "a", both, 1), work(1, "a", both, 1),
                                   work(290, "a", both, 2), work(300, "a", both, 1)};
  EXPECT_EQ(pairs(decide(ready, {Station{1, 0, "a"}, Station{1, 0, "a"}})),
            (Pairs{{0, 0}, {1, 1}}));
}

TEST(Scheduler, LoadsWhereNoModelIsLostThatIsWanted) {
  const std::vector<Choice> both{{0, 100, 5'000}, {1, 200, 5'000}};
  const std::vector<Waiting> one{work(0, "c", both)};
  EXPECT_EQ(pairs(decide(one, {Station{1, 0, "a"}, Station{1, 0, "b"}})), (Pairs{{0, 0}}));
  EXPECT_EQ(pairs(decide(one, {Station{1, 0, "a", 0.5}, Station{1, 0, "b", 0.1}})),
            (Pairs{{0, 1}}));
  // By whoever waits: the fast one keeps its model for them.
  const std::vector<Waiting> two{work(0, "c", both, 1), work(500, "a", {{0, 100, 5'000}}, 2)};
  EXPECT_EQ(pairs(decide(two, {Station{1, 0, "a"}, Station{1, 0, "b"}})),
            (Pairs{{0, 1}, {1, 0}}));
}

TEST(Scheduler, AShortLineIsPlannedAtOnce) {
  // The second would end a second sooner where its model has to be loaded for five.
  const std::vector<Choice> both{{0, 6'000, 5'000}, {1, 6'000, 5'000}};
  std::vector<Waiting> line{work(0, "a", both), work(1, "a", both)};
  const std::vector<Station> stations{{1, 0, "a"}, {1, 0, ""}};
  EXPECT_EQ(pairs(decide(line, stations)), (Pairs{{0, 0}}));
  // What is far behind shows that there is more to do.
  line.push_back(work(290, "a", both, 1));
  EXPECT_EQ(pairs(decide(line, stations)), (Pairs{{0, 0}, {1, 1}}));
}

TEST(Scheduler, FillsEverySlotOnceAndNoMore) {
  std::vector<Waiting> many;
  for (int i = 0; i < 10; ++i) many.push_back(work(i, "", {{0, 100, 0}, {1, 100, 0}}));
  const auto bindings = decide(many, {Station{2, 0, ""}, Station{1, 0, ""}});
  EXPECT_EQ(bindings.size(), 3u);
  std::set<std::size_t> placed;
  int first = 0;
  for (const Binding& binding : bindings) {
    EXPECT_TRUE(placed.insert(binding.waiting).second);
    first += binding.station == 0;
  }
  EXPECT_EQ(first, 2);
}

TEST(Scheduler, ForecastsBehindWhatWaits) {
  const std::vector<Waiting> before{work(0, "", {{0, 100, 0}}), work(1, "", {{0, 200, 0}})};
  const Forecast seen = forecast(before, {Station{0, 50, ""}}, work(2, "", {{0, 400, 0}}));
  EXPECT_EQ(seen.start_ms, 350);
  EXPECT_EQ(seen.finish_ms, 750);
  EXPECT_LT(forecast({}, {Station{1, 0, ""}}, work(0, "", {})).start_ms, 0);
}

}  // namespace
}  // namespace atelier::generation

#include "features/generation/assignment.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace atelier::generation {
namespace {

using Stations = std::vector<Station>;

Waiting work(std::string model, std::vector<Choice> choices) {
  return {0, std::move(model), std::move(choices), 0};
}

/// The station of each.
std::vector<std::size_t> where(const std::vector<Waiting>& waiting, const Stations& stations) {
  std::vector<std::size_t> out;
  for (const Choice* const choice : assign(waiting, stations)) out.push_back(choice->station);
  return out;
}
using Where = std::vector<std::size_t>;

TEST(Assignment, NothingForWhatNobodyCanDo) {
  EXPECT_TRUE(assign({}, Stations{{1, 0, ""}}).empty());
  const std::vector<Waiting> waiting{work("a", {}), work("a", {{0, 100, 0}})};
  const auto choices = assign(waiting, Stations{{1, 0, ""}});
  EXPECT_EQ(choices[0], nullptr);
  EXPECT_EQ(choices[1], waiting[1].choices.data());
}

TEST(Assignment, AModelIsNotBroughtToASecondStationForALittle) {
  // Both on one: 12 s. One on each: 6 s, and a model loaded for 10 s.
  const Waiting one = work("a", {{0, 6'000, 10'000}, {1, 6'000, 10'000}});
  EXPECT_EQ(where({one, one}, {{1, 0, "a"}, {1, 0, ""}}), (Where{0, 0}));
  // Where that takes no time it is.
  const Waiting light = work("a", {{0, 6'000, 100}, {1, 6'000, 100}});
  const Where both = where({light, light}, {{1, 0, "a"}, {1, 0, ""}});
  EXPECT_NE(both[0], both[1]);
}

TEST(Assignment, AllOfAModelMoveTogether) {
  // Both are begun where they end first, and neither alone would leave: both would load it then.
  EXPECT_EQ(where({work("c", {{0, 2'000, 2'000}, {1, 3'000, 2'000}}),
                   work("c", {{0, 2'000, 2'000}, {1, 3'000, 2'000}}),
                   work("a", {{0, 8'000, 2'000}})},
                  {{1, 0, "a"}, {1, 0, "b"}}),
            (Where{1, 1, 0}));
}

TEST(Assignment, WhatIsOftenAskedForStays) {
  const Waiting seldom = work("c", {{0, 100, 5'000}, {1, 2'000, 5'000}});
  EXPECT_EQ(where({seldom}, {{1, 0, "a", 0.1}, {1, 0, "b", 0.1}}), (Where{0}));
  EXPECT_EQ(where({seldom}, {{1, 0, "a", 0.9}, {1, 0, "b", 0.1}}), (Where{1}));
  // One that another has as well is not lost.
  EXPECT_EQ(where({work("c", {{1, 100, 5'000}, {2, 2'000, 5'000}})},
                  {{1, 0, "a", 0.9}, {1, 0, "a", 0.9}, {1, 0, "b", 0.1}}),
            (Where{1}));
}

TEST(Assignment, BusyStationsAndSlotsCount) {
  const Waiting one = work("", {{0, 100, 0}, {1, 400, 0}});
  EXPECT_EQ(where({one}, {{0, 200, ""}, {1, 0, ""}}), (Where{0}));
  EXPECT_EQ(where({one}, {{0, 900, ""}, {1, 0, ""}}), (Where{1}));
  // Two at once take as long as one, and one no less than alone.
  const Waiting either = work("", {{0, 100, 0}, {1, 90, 0}});
  EXPECT_EQ(where({either, either, either}, {{2, 0, ""}, {1, 0, ""}}), (Where{1, 0, 0}));
}

/// The sum that the header names.
double cost(const std::vector<Waiting>& waiting, const Stations& stations,
            const std::vector<const Choice*>& choices) {
  double last = 0, more = 0;
  for (std::size_t s = 0; s < stations.size(); ++s) {
    std::vector<std::string> loaded;
    double end = 0;
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if (choices[i]->station != s) continue;
      if (end == 0 && stations[s].free == 0) end = stations[s].busy_ms;
      end += choices[i]->work_ms;
      const std::string& model = waiting[i].model;
      if (model == stations[s].resident || std::ranges::count(loaded, model) > 0) continue;
      loaded.push_back(model);
      end += choices[i]->load_ms;
      more += choices[i]->load_ms;
      if (loaded.size() == 1) more += choices[i]->load_ms * stations[s].worth;
    }
    last = std::max(last, end);
    more += end / 20;
  }
  return last + more;
}

TEST(Assignment, NoSinglePieceWouldBeBetterElsewhere) {
  std::mt19937 random(1);
  const auto below = [&](int bound) {
    return std::uniform_int_distribution<int>(0, bound - 1)(random);
  };
  for (int round = 0; round < 200; ++round) {
    Stations stations;
    const int count = 1 + below(5);
    for (int s = 0; s < count; ++s)  // each has another, so that each would be lost
      stations.push_back({below(2), 1.0 + below(20'000), std::to_string(s), below(10) / 10.0});
    std::vector<Waiting> waiting;
    for (int i = 1 + below(12); i > 0; --i) {
      Waiting one = work(std::to_string(below(8)), {});
      for (int s = 0; s < count; ++s)
        if (one.choices.empty() || below(4) > 0)
          one.choices.push_back({static_cast<std::size_t>(s), 1.0 + below(30'000), 12'000});
      waiting.push_back(std::move(one));
    }
    std::vector<const Choice*> choices = assign(waiting, stations);
    EXPECT_EQ(choices, assign(waiting, stations));
    const double least = cost(waiting, stations, choices);
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      const Choice* const chosen = choices[i];
      for (const Choice& other : waiting[i].choices) {
        choices[i] = &other;
        EXPECT_GE(cost(waiting, stations, choices), least - 0.01) << round << ' ' << i;
      }
      choices[i] = chosen;
    }
  }
}

}  // namespace
}  // namespace atelier::generation

#include "features/generation/wildcards.hpp"

#include <gtest/gtest.h>

#include <set>

namespace atelier::generation {
namespace {

using Texts = std::vector<std::string>;

Texts all(std::string_view prompt, const std::vector<NamedList>& lists = {}) {
  const auto expanded = expand_all(prompt, lists, 100);
  return expanded ? *expanded : Texts{expanded.error().code};
}

TEST(Wildcards, WhatIsNoChoiceStays) {
  for (const char* plain : {"", "a fox", "{fox}", "a | b", "{a", "a}", "}{", "__fox__", "__", "{}",
                            "(red:1.2) <lora:ink:0.8>"})
    EXPECT_EQ(all(plain), Texts{plain}) << plain;
}

TEST(Wildcards, EachChoiceInTurn) {
  EXPECT_EQ(all("{red|blue} fox"), (Texts{"red fox", "blue fox"}));
  EXPECT_EQ(all("{a|b}{c|d}"), (Texts{"ac", "ad", "bc", "bd"}));
  EXPECT_EQ(all("{a|{b|c}d|}"), (Texts{"a", "bd", "cd", ""}));
}

TEST(Wildcards, EscapedOnesStandForThemselves) {
  EXPECT_EQ(all(R"(\{a|b\})"), Texts{"{a|b}"});
  EXPECT_EQ(all(R"({a\|b|c})"), (Texts{"a|b", "c"}));
  EXPECT_EQ(all(R"(\a)"), Texts{R"(\a)"});
}

TEST(Wildcards, ListsByName) {
  const std::vector<NamedList> lists{{"animal", {"fox", "{red|grey} wolf"}}, {"empty", {}},
                                     {"loop", {"x__loop__"}}};
  EXPECT_EQ(all("a __animal__", lists), (Texts{"a fox", "a red wolf", "a grey wolf"}));
  EXPECT_EQ(all("{a __animal__|none}", lists),
            (Texts{"a fox", "a red wolf", "a grey wolf", "none"}));
  EXPECT_EQ(all("__empty__ __other__", lists), Texts{"__empty__ __other__"});
  EXPECT_EQ(all("__loop__", lists).size(), 1u);  // ends by itself
}

TEST(Wildcards, TooManyAreRefused) {
  EXPECT_EQ(all("{a|b}{a|b}{a|b}{a|b}{a|b}{a|b}{a|b}"), Texts{"too_many_combinations"});
}

TEST(Wildcards, ChanceFollowsTheSeed) {
  const std::string prompt = "{a|b|c|d} {e|f|g|h}";
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const std::string one = expand_one(prompt, {}, seed);
    EXPECT_EQ(one, expand_one(prompt, {}, seed));
    seen.insert(one);
  }
  EXPECT_EQ(seen.size(), 16u);
}

TEST(Wildcards, HostileTextsTakeNoTime) {
  const std::string braces(200'000, '{'), bars = "{" + std::string(200'000, '|') + "}";
  EXPECT_EQ(expand_one(braces, {}, 1), braces);
  EXPECT_EQ(expand_one(bars, {}, 1), "");
  std::string nested;
  for (int i = 0; i < 1'000; ++i) nested += "{a|";
  for (int i = 0; i < 1'000; ++i) nested += "}";
  EXPECT_FALSE(expand_one(nested, {}, 3).empty());
}

}  // namespace
}  // namespace atelier::generation

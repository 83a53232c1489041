#include "engines/lsa/lsa.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>

#include "platform/log.hpp"
#include "tests/support/folder.hpp"

namespace atelier::engines::lsa {
namespace {

/// Texts about three things. The words of a thing stand together, but no text has all of them.
std::vector<std::string> texts(std::size_t count) {
  static const std::vector<std::vector<std::string>> things{
      {"castle", "knight", "sword", "dragon", "shield", "armour", "tower", "queen", "battle",
       "kingdom"},
      {"sneaker", "street", "fashion", "jacket", "hoodie", "denim", "runway", "outfit", "urban",
       "model"},
      {"nebula", "planet", "rocket", "galaxy", "orbit", "astronaut", "comet", "telescope",
       "cosmos", "satellite"}};
  std::mt19937 random(3);
  std::vector<std::string> made;
  for (std::size_t i = 0; i < count; ++i) {
    std::string text;
    for (int k = 0; k < 5; ++k) text += things[i % 3][random() % 10] + ' ';
    for (int k = 0; k < 3; ++k) text += "noise" + std::to_string(random() % 50) + ' ';
    made.push_back(text);
  }
  return made;
}

Lsa::Texts each(const std::vector<std::string>& all) {
  return [&all, at = std::size_t{0}]() mutable -> std::optional<std::string> {
    if (at == all.size()) return {};
    return all[at++];
  };
}

float cosine(const std::vector<float>& a, const std::vector<float>& b) {
  float sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

TEST(Lsa, UntrainedSaysSo) {
  const test::Folder folder;
  Lsa lsa(folder.path() / "model");
  EXPECT_EQ(lsa.identity(), "");
  const std::vector<std::string> asked{"castle"};
  EXPECT_EQ(lsa.embed(asked).error().code, "embedder_untrained");
  EXPECT_EQ(lsa.embed(asked).error().fault, Fault::unavailable);
  const auto few = texts(10);
  EXPECT_EQ(lsa.train(each(few)).error().code, "texts_too_few");
  EXPECT_EQ(lsa.identity(), "");
}

TEST(Lsa, WhatStandsInLikeCompanyIsNear) {
  const test::Folder folder;
  const auto all = texts(600);
  Lsa lsa(folder.path() / "model");
  ASSERT_TRUE(lsa.train(each(all)));
  const std::vector<std::string> asked{"Dragons and knights", "queen of the kingdom",
                                       "planets, a rocket", "satellite orbit", "unheard words",
                                       ""};
  const auto vectors = lsa.embed(asked);
  ASSERT_TRUE(vectors);
  const auto& v = *vectors;
  ASSERT_EQ(v[0].size(), 128u);
  EXPECT_EQ(lsa.dimensions(), 128);
  EXPECT_NEAR(cosine(v[0], v[0]), 1, 1e-4);
  EXPECT_GT(cosine(v[0], v[1]), cosine(v[0], v[2]) + 0.2f) << "no word in common";
  EXPECT_GT(cosine(v[2], v[3]), cosine(v[1], v[3]) + 0.2f);
  EXPECT_TRUE(v[4].empty());
  EXPECT_TRUE(v[5].empty());
}

TEST(Lsa, NeighboursOfATextAreOfItsThing) {
  const test::Folder folder;
  const auto all = texts(900);
  Lsa lsa(folder.path() / "model");
  ASSERT_TRUE(lsa.train(each(all)));
  const auto vectors = *lsa.embed(all);
  int right = 0, asked = 0;
  for (std::size_t i = 0; i < 90; ++i) {
    std::vector<std::pair<float, std::size_t>> near;
    for (std::size_t k = 0; k < all.size(); ++k)
      if (k != i) near.emplace_back(-cosine(vectors[i], vectors[k]), k);
    std::ranges::sort(near);
    for (std::size_t n = 0; n < 10; ++n, ++asked) right += near[n].second % 3 == i % 3 ? 1 : 0;
  }
  EXPECT_GE(double(right) / asked, 0.9);
}

TEST(Lsa, TheSameTextsGiveTheSameModel) {
  const test::Folder folder;
  const auto all = texts(300), more = texts(301);
  Lsa one(folder.path() / "one"), two(folder.path() / "two");
  ASSERT_TRUE(one.train(each(all)));
  ASSERT_TRUE(two.train(each(all)));
  EXPECT_EQ(one.identity(), two.identity());
  EXPECT_TRUE(one.identity().starts_with("lsa-"));
  EXPECT_EQ(*one.embed(all), *two.embed(all));
  ASSERT_TRUE(two.train(each(more)));
  EXPECT_NE(one.identity(), two.identity());
  const Lsa::Texts none = [] { return std::optional<std::string>(); };
  const std::string before = two.identity();
  EXPECT_FALSE(two.train(none));
  EXPECT_EQ(two.identity(), before) << "the old model serves on";
}

TEST(Lsa, KeptAndDamaged) {
  const test::Folder folder;
  const auto path = folder.path() / "model";
  const auto all = texts(300);
  std::string identity;
  std::vector<std::vector<float>> vectors;
  {
    Lsa lsa(path);
    ASSERT_TRUE(lsa.train(each(all)));
    identity = lsa.identity();
    vectors = *lsa.embed(all);
  }
  {
    Lsa again(path);
    EXPECT_EQ(again.identity(), identity);
    EXPECT_EQ(*again.embed(all), vectors);
  }
  log::set_level("off");
  std::ifstream file(path, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(file), {}};
  for (std::size_t at = 0; at < whole.size(); at += 61) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    for (const std::string& damaged : {bytes, whole.substr(0, at)}) {
      std::ofstream(path, std::ios::binary).write(damaged.data(), std::ssize(damaged));
      EXPECT_EQ(Lsa(path).identity(), "") << at;
    }
  }
  log::set_level("info");
}

}  // namespace
}  // namespace atelier::engines::lsa

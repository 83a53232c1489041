#include <gtest/gtest.h>

#include "features/images/derived.hpp"
#include "features/images/functions.hpp"

namespace atelier::images {
namespace {

std::vector<store::Vote> votes(std::initializer_list<int> levels) {
  std::vector<store::Vote> all;
  for (const int level : levels) all.push_back({UserId{std::int64_t(all.size()) + 1}, level});
  return all;
}

TEST(ImageLevels, two_people_move_nothing) {
  EXPECT_EQ(level_of_votes({}, 1), 0);
  EXPECT_EQ(level_of_votes(votes({16, 16}), 1), 0);
}

TEST(ImageLevels, three_people_move_it_to_their_median) {
  EXPECT_EQ(level_of_votes(votes({4, 4, 4}), 1), 4);
  EXPECT_EQ(level_of_votes(votes({16, 1, 4}), 1), 4);
  EXPECT_EQ(level_of_votes(votes({1, 1, 16}), 8), 1);
}

TEST(ImageLevels, of_two_middle_votes_the_one_nearer_to_the_claim_counts) {
  EXPECT_EQ(level_of_votes(votes({1, 2, 8, 16}), 1), 2);
  EXPECT_EQ(level_of_votes(votes({1, 2, 8, 16}), 16), 8);
  EXPECT_EQ(level_of_votes(votes({1, 2, 8, 16}), 4), 4);
}

TEST(ImageLevels, a_moderator_goes_before_the_community_and_that_before_the_owner) {
  Image image;
  image.level_claim = 1;
  EXPECT_EQ(image.level(), 1);
  image.level_vote = 4;
  EXPECT_EQ(image.level(), 4);
  image.level_locked = 2;
  EXPECT_EQ(image.level(), 2);
}

TEST(ModelLevels, a_gallery_makes_a_model_more_mature_and_never_less) {
  EXPECT_EQ(models::joined(1, 0), 1);
  EXPECT_EQ(models::joined(1, 4 | 8), 1 | 4 | 8);
  EXPECT_EQ(models::joined(16, 1 | 4), 16);
  EXPECT_EQ(models::joined(4, 1 | 8), 4 | 8);
  EXPECT_EQ(models::joined(0, 2), 2);
}

TEST(Derived, any_width_becomes_one_of_a_few) {
  EXPECT_EQ(snapped(1), 96);
  EXPECT_EQ(snapped(450), 450);
  EXPECT_EQ(snapped(451), 525);
  EXPECT_EQ(snapped(100'000), 0);
  EXPECT_EQ(snapped(0), 0);
  EXPECT_EQ(snapped(-5), 0);
  std::set<int> all;
  for (int width = 0; width < 10'000; ++width) all.insert(snapped(width));
  EXPECT_LE(all.size(), 12u);
}

}  // namespace
}  // namespace atelier::images

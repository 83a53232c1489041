#include "engines/native_search/vectors.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <iterator>
#include <random>
#include <set>

#include "tests/support/folder.hpp"

namespace atelier::engines::native_search {
namespace {

constexpr std::size_t dimensions = 48;

using Vector = std::vector<float>;

/// Unit vectors around some centres, the same in every run.
class Cloud {
 public:
  explicit Cloud(std::size_t centres) : centres_(centres) {
    for (Vector& centre : centres_) centre = direction();
  }
  Vector next() {
    Vector vector = centres_[random_() % centres_.size()];
    float squares = 0;
    for (float& x : vector) {
      x += 0.12f * normal_(random_);
      squares += x * x;
    }
    for (float& x : vector) x /= std::sqrt(squares);
    return vector;
  }

 private:
  Vector direction() {
    Vector vector(dimensions);
    float squares = 0;
    for (float& x : vector) {
      x = normal_(random_);
      squares += x * x;
    }
    for (float& x : vector) x /= std::sqrt(squares);
    return vector;
  }
  std::mt19937 random_{7};
  std::normal_distribution<float> normal_;
  std::vector<Vector> centres_;
};

float cosine(const Vector& a, const Vector& b) {
  float sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// The nearest by full precision among those that pass.
std::set<std::int64_t> exact(const std::vector<Vector>& all, const Vector& query,
                             std::size_t count,
                             const std::function<bool(std::int64_t)>& passes) {
  std::vector<std::pair<float, std::int64_t>> found;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (passes(std::int64_t(i))) found.emplace_back(-cosine(all[i], query), std::int64_t(i));
  std::ranges::sort(found);
  std::set<std::int64_t> ids;
  for (std::size_t i = 0; i < std::min(count, found.size()); ++i) ids.insert(found[i].second);
  return ids;
}

Passing passing(std::size_t total, std::function<bool(std::int64_t)> holds) {
  Passing made;
  for (std::size_t i = 0; i < total; ++i) made.count += holds(std::int64_t(i)) ? 1 : 0;
  made.holds = holds;
  made.each = [total, holds](const std::function<void(std::int64_t)>& visit) {
    for (std::size_t i = 0; i < total; ++i)
      if (holds(std::int64_t(i))) visit(std::int64_t(i));
  };
  return made;
}

class VectorsTest : public testing::Test {
 protected:
  static constexpr std::size_t total = 4000;

  void fill(Vectors& vectors) {
    for (std::size_t i = 0; i < total; ++i) {
      all.push_back(cloud.next());
      ASSERT_TRUE(vectors.put(std::int64_t(i), all.back()));
    }
  }

  double recall(const Vectors& vectors, const std::function<bool(std::int64_t)>& passes,
                bool filtered) {
    const Passing filter = passing(all.size(), passes);
    double hits = 0, wanted = 0;
    for (int q = 0; q < 60; ++q) {
      const Vector query = cloud.next();
      const auto truth = exact(all, query, 10, passes);
      const auto found = vectors.nearest(query, 10, filtered ? &filter : nullptr);
      EXPECT_TRUE(found);
      EXPECT_EQ(found->size(), truth.size());
      for (const Neighbour& one : *found) {
        EXPECT_TRUE(passes(one.id));
        hits += truth.contains(one.id) ? 1 : 0;
      }
      wanted += double(truth.size());
    }
    return hits / wanted;
  }

  Cloud cloud{200};
  std::vector<Vector> all;
};

const auto everything = [](std::int64_t) { return true; };

TEST_F(VectorsTest, GraphFindsWhatComparingFinds) {
  Vectors vectors(dimensions, 500);
  fill(vectors);
  vectors.settle();
  EXPECT_EQ(vectors.size(), total);
  EXPECT_GE(recall(vectors, everything, false), 0.97);
  for (const int part : {2, 5})  // 2000 and 800 pass: more than are compared
    EXPECT_GE(recall(vectors, [part](std::int64_t id) { return id % part == 0; }, true), 0.97);
  EXPECT_GE(recall(vectors, [](std::int64_t id) { return id % 100 == 0; }, true), 0.97);
}

TEST_F(VectorsTest, FewAreCompared) {
  Vectors vectors(dimensions);
  fill(vectors);
  EXPECT_GE(recall(vectors, everything, false), 0.97);
  const Passing none = passing(total, [](std::int64_t) { return false; });
  EXPECT_TRUE(vectors.nearest(all[0], 10, &none)->empty());
}

TEST_F(VectorsTest, NewErasedAndChangedAreSeenAtOnce) {
  Vectors vectors(dimensions, 100);
  fill(vectors);
  const Vector query = all[17];
  EXPECT_EQ(vectors.nearest(query, 1)->at(0).id, 17);
  vectors.erase(17);
  EXPECT_NE(vectors.nearest(query, 1)->at(0).id, 17);
  EXPECT_FALSE(vectors.get(17));
  ASSERT_TRUE(vectors.put(99'999, query));
  EXPECT_EQ(vectors.nearest(query, 1)->at(0).id, 99'999);
  ASSERT_TRUE(vectors.put(99'999, cloud.next()));
  EXPECT_NE(vectors.nearest(query, 1)->at(0).id, 99'999);
  ASSERT_TRUE(vectors.put(17, query));
  EXPECT_EQ(vectors.nearest(query, 1)->at(0).id, 17);
  EXPECT_EQ(vectors.size(), total + 1);
  const auto kept = vectors.get(17);
  ASSERT_TRUE(kept);
  EXPECT_GT(cosine(*kept, query), 0.999f);
}

TEST_F(VectorsTest, ManyDeletionsAreForgotten) {
  Vectors vectors(dimensions, 500);
  fill(vectors);
  vectors.settle();
  const std::size_t before = vectors.bytes();
  for (std::size_t i = 0; i < total / 2; ++i) vectors.erase(std::int64_t(i));
  const auto second_half = [](std::int64_t id) { return id >= std::int64_t(total / 2); };
  EXPECT_GE(recall(vectors, second_half, false), 0.97) << "while they are in the graph";
  vectors.settle();
  EXPECT_LT(vectors.bytes(), before * 3 / 4);
  EXPECT_GE(recall(vectors, second_half, false), 0.97);
  EXPECT_EQ(vectors.size(), total / 2);
}

TEST_F(VectorsTest, ChangesDuringARebuildAreKept) {
  Vectors vectors(dimensions, 500);
  fill(vectors);
  for (int round = 0; round < 4; ++round)
    for (std::size_t i = 0; i < total; i += 2) {
      all[i] = cloud.next();
      ASSERT_TRUE(vectors.put(std::int64_t(i), all[i]));
    }
  for (std::size_t i = 1; i < total; i += 4) vectors.erase(std::int64_t(i));
  vectors.settle();
  const auto left = [](std::int64_t id) { return id % 4 != 1; };
  EXPECT_EQ(vectors.size(), total / 4 * 3);
  EXPECT_GE(recall(vectors, left, false), 0.97);
  for (std::size_t i = 0; i < total; i += 97) {
    const auto kept = vectors.get(std::int64_t(i));
    ASSERT_EQ(kept.has_value(), left(std::int64_t(i)));
    EXPECT_TRUE(!kept || cosine(*kept, all[i]) > 0.999f);
  }
}

TEST_F(VectorsTest, SearchesAndChangesTogether) {
  Vectors vectors(dimensions, 200);
  fill(vectors);
  std::jthread changer([&] {
    Cloud other(50);
    for (std::int64_t i = 0; i < 2000; ++i)
      if (i % 3 == 0) vectors.erase(i);
      else EXPECT_TRUE(vectors.put(10'000 + i, other.next()));
  });
  std::vector<std::jthread> readers;
  for (int r = 0; r < 2; ++r)
    readers.emplace_back([&, r] {
      for (std::size_t i = 0; i < 200; ++i) {
        const auto found = vectors.nearest(all[i * 7 + std::size_t(r)], 10);
        ASSERT_TRUE(found);
        EXPECT_EQ(found->size(), 10u);
      }
    });
}

TEST_F(VectorsTest, SavedAndLoaded) {
  const test::Folder folder;
  const auto path = folder.path() / "vectors";
  Vectors vectors(dimensions, 500);
  fill(vectors);
  vectors.settle();
  vectors.erase(3);
  ASSERT_TRUE(vectors.put(70'000, all[3]));
  ASSERT_TRUE(vectors.save(path));
  const auto again = Vectors::load(path, dimensions, 500);
  ASSERT_TRUE(again);
  EXPECT_EQ((*again)->size(), vectors.size());
  for (std::size_t q = 0; q < 50; ++q) {
    const auto found = vectors.nearest(all[q * 31], 10), kept = (*again)->nearest(all[q * 31], 10);
    ASSERT_EQ(found->size(), kept->size());
    for (std::size_t i = 0; i < found->size(); ++i) {
      EXPECT_EQ((*found)[i].id, (*kept)[i].id);
      EXPECT_EQ((*found)[i].similarity, (*kept)[i].similarity);
    }
  }
  EXPECT_EQ((*again)->nearest(all[3], 1)->at(0).id, 70'000);
  for (int i = 0; i < 200; ++i) ASSERT_TRUE((*again)->put(80'000 + i, cloud.next()));
  (*again)->settle();
  EXPECT_EQ((*again)->size(), vectors.size() + 200);
  EXPECT_FALSE(Vectors::load(path, dimensions + 1));
}

TEST_F(VectorsTest, DamageIsDetected) {
  const test::Folder folder;
  const auto path = folder.path() / "vectors";
  Vectors vectors(dimensions, 50);
  for (int i = 0; i < 120; ++i) ASSERT_TRUE(vectors.put(i, cloud.next()));
  vectors.settle();
  ASSERT_TRUE(vectors.save(path));
  std::ifstream file(path, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(file), {}};
  const auto refused = [&](const std::string& bytes) {
    std::ofstream(path, std::ios::binary).write(bytes.data(), std::ssize(bytes));
    const auto loaded = Vectors::load(path, dimensions, 50);
    return !loaded && loaded.error().code == "file_damaged";
  };
  for (std::size_t at = 0; at < whole.size(); at += 61) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    EXPECT_TRUE(refused(bytes)) << at;
    EXPECT_TRUE(refused(whole.substr(0, at))) << at;
  }
  EXPECT_FALSE(refused(whole));
}

TEST_F(VectorsTest, EmptyAndBad) {
  const test::Folder folder;
  Vectors vectors(dimensions);
  EXPECT_TRUE(vectors.nearest(cloud.next(), 10)->empty());
  EXPECT_EQ(vectors.put(1, Vector(dimensions - 1)).error().code, "search_vector");
  EXPECT_EQ(vectors.put(1, Vector(dimensions)).error().code, "search_vector");
  EXPECT_EQ(vectors.put(1, Vector(dimensions, NAN)).error().code, "search_vector");
  EXPECT_EQ(vectors.nearest(Vector(3), 10).error().code, "search_vector");
  vectors.erase(1);
  vectors.settle();
  ASSERT_TRUE(vectors.save(folder.path() / "none"));
  EXPECT_EQ((*Vectors::load(folder.path() / "none", dimensions))->size(), 0u);
  EXPECT_EQ(Vectors::load(folder.path() / "missing", dimensions).error().code, "file_missing");
}

TEST(Rows, AllWaysToMultiplyAgree) {
  std::mt19937 random(3);
  for (const std::size_t count : {64u, 128u, 384u, 1536u})
    for (int round = 0; round < 50; ++round) {
      std::vector<std::vector<std::byte>> rows(3, std::vector<std::byte>(count));
      for (auto& row : rows)
        for (std::byte& byte : row)
          byte = round == 0 ? std::byte{0x81} : std::byte(random() % 255 - 127);
      const std::array<const std::byte*, 2> others{rows[1].data(), rows[2].data()};
      std::array<std::int32_t, 2> products{};
      dots(rows[0].data(), others, count, products.data());
      for (std::size_t i = 0; i < others.size(); ++i)
        EXPECT_EQ(products[i], dot_plain(rows[0].data(), others[i], count));
    }
}

}  // namespace
}  // namespace atelier::engines::native_search

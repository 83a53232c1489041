#include "features/images/derived.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <future>
#include <latch>
#include <semaphore>
#include <vector>

#include "tests/support/folder.hpp"

namespace atelier::images {
namespace {

/// Stands in for a decoder that is slow: it makes nothing until it is let go.
class SlowImaging final : public ports::Imaging {
 public:
  Result<ports::Probe> probe(const ports::Source&) override { return ports::Probe{}; }
  Result<ports::Appearance> describe(const ports::Source&) override {
    return ports::Appearance{};
  }
  Result<std::vector<ports::Variant>> variants(const ports::Source&,
                                               std::span<const ports::VariantWish>) override {
    begun.release();
    go_on.wait();
    return std::vector<ports::Variant>{{"picture", 1, 1, 1}};
  }
  Result<ports::Pixels> pixels(const ports::Source&, int, int) override {
    return ports::Pixels{};
  }

  std::counting_semaphore<> begun{0};
  std::latch go_on{1};
};

struct DerivedTest : testing::Test {
  Result<ports::Blob> get(const std::string& name) {
    return derived.get(imaging, original, name, {450, false});
  }

  test::Folder folder;
  SlowImaging imaging;
  Derived derived{folder.path() / "derived"};
  ports::Blob original{
      std::make_shared<const FileHandle>(::open("/dev/null", O_RDONLY | O_CLOEXEC)), 0, 0};
};

TEST_F(DerivedTest, WhoWouldWaitTooLongIsToldToAskAgainAndGetsItThen) {
  std::vector<std::future<Result<ports::Blob>>> waiting;
  for (int i = 0; i < 6; ++i) {
    waiting.push_back(std::async(std::launch::async, [this, i] {
      return get("made" + std::to_string(i));
    }));
    imaging.begun.acquire();
  }
  const auto refused = get("late");
  imaging.go_on.count_down();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::unavailable);
  EXPECT_EQ(refused.error().code, "imaging_busy");
  EXPECT_EQ(refused.error().retry_after_s, 1);
  for (auto& one : waiting) EXPECT_TRUE(one.get());
  EXPECT_TRUE(get("late"));
}

TEST_F(DerivedTest, WhatIsMadeIsNeverRefused) {
  {
    auto first = std::async(std::launch::async, [this] { return get("hot"); });
    imaging.begun.acquire();
    imaging.go_on.count_down();
    ASSERT_TRUE(first.get());
  }
  SlowImaging busy;
  std::vector<std::future<Result<ports::Blob>>> waiting;
  for (int i = 0; i < 6; ++i) {
    waiting.push_back(std::async(std::launch::async, [&, i] {
      return derived.get(busy, original, "cold" + std::to_string(i), {450, false});
    }));
    busy.begun.acquire();
  }
  EXPECT_FALSE(derived.get(busy, original, "cold", {450, false}));
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(derived.get(busy, original, "hot", {450, false}));
  busy.go_on.count_down();
}

}  // namespace
}  // namespace atelier::images

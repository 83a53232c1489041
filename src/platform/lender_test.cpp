#include "platform/lender.hpp"

#include <gtest/gtest.h>

#include <future>

namespace atelier::platform {
namespace {

struct Thing {
  int number;
  bool good = true;
  bool usable() const { return good; }
};

class Lending : public testing::Test {
 protected:
  Lender<Thing> lender(int most) {
    return Lender<Thing>(most, std::chrono::milliseconds(20), [this] { return open(); });
  }
  Result<std::unique_ptr<Thing>> open() {
    if (broken_) return fail(Fault::unavailable, "broken", "broken");
    return std::make_unique<Thing>(Thing{++opened_});
  }
  int opened_ = 0;
  bool broken_ = false;
};

TEST_F(Lending, opens_only_when_nothing_is_free) {
  Lender<Thing> things = lender(3);
  {
    const auto first = things.borrow();
    const auto second = things.borrow();
    EXPECT_EQ(opened_, 2);
  }
  const auto again = things.borrow();
  EXPECT_EQ(opened_, 2);
}

TEST_F(Lending, gives_a_thread_what_it_had_last) {
  Lender<Thing> things = lender(3);
  auto first = things.borrow();
  std::async(std::launch::async, [&] { EXPECT_EQ((**things.borrow()).number, 2); }).wait();
  first = fail(Fault::internal, "given back", "");
  EXPECT_EQ((**things.borrow()).number, 1);
}

TEST_F(Lending, says_busy_when_all_are_out_and_forgets_the_unusable) {
  Lender<Thing> things = lender(1);
  {
    const auto only = things.borrow();
    const auto none = things.borrow();
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, "busy");
    (**only).good = false;
  }
  EXPECT_EQ((**things.borrow()).number, 2);
}

TEST_F(Lending, a_failed_opening_takes_no_place) {
  Lender<Thing> things = lender(1);
  broken_ = true;
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto none = things.borrow();
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, "broken");
  }
  broken_ = false;
  EXPECT_TRUE(things.borrow());
}

}  // namespace
}  // namespace atelier::platform

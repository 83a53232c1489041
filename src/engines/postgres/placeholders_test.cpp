#include "engines/postgres/placeholders.hpp"

#include <gtest/gtest.h>

namespace atelier::postgres {
namespace {

TEST(Placeholders, change_in_code_only) {
  EXPECT_EQ(with_dollars("SELECT ?1, ?12 FROM t WHERE a=?2"), "SELECT $1, $12 FROM t WHERE a=$2");
  EXPECT_EQ(with_dollars("'?1' \"?1\" /*?1*/ --?1"), "'?1' \"?1\" /*?1*/ --?1");
  EXPECT_EQ(with_dollars("a ? b ?| c ?0"), "a ? b ?| c ?0");
  EXPECT_EQ(with_dollars("?"), "?");
}

}  // namespace
}  // namespace atelier::postgres

#include "features/mentions/mentions.hpp"

#include <gtest/gtest.h>

namespace atelier::mentions {
namespace {

using Names = std::vector<std::string>;

TEST(Mentions, names_stand_in_text_only) {
  EXPECT_EQ(names_in("<p>Hello @Ann, and @bob_2. Also (@cy-d)</p>"),
            (Names{"ann", "bob_2", "cy-d"}));
  EXPECT_EQ(names_in("<p>@ann @ANN</p>"), (Names{"ann"}));
  EXPECT_EQ(names_in("<p>mail ann@example.org</p>"), Names{});
  EXPECT_EQ(names_in("<p><code>@ann</code> <a href=\"/@bob\">@bob</a> <b>@cyd</b></p>"),
            (Names{"cyd"}));
  EXPECT_EQ(names_in("<p title=\"@ann\">x</p>"), Names{});
}

TEST(Mentions, what_is_no_name_stays_text) {
  for (const char* text : {"@", "@a", "@_ab", "@@", "@ ann", "<", "@<b>ann</b>", "<p", "@.ann",
                           "@aaaaaaaaaabbbbbbbbbbccccccccccd"})
    EXPECT_EQ(names_in(text), Names{}) << text;
}

}  // namespace
}  // namespace atelier::mentions

#include "features/moderation/spelling.hpp"

#include <gtest/gtest.h>

namespace atelier::moderation {
namespace {

TEST(Spelling, FindsAWordHoweverItIsSpelled) {
  const std::string word = plain_spelling("Snake Oil");
  for (const char* text :
       {"snake oil", "SNAKE\toil", "the snake-oil, there", "ｓｎａｋｅ　ｏｉｌ", "snàké oìl",
        "snаke оil" /* Cyrillic а, о */, "sn\xE2\x80\x8B" "ake\xC2\xAD oil", "5n4k3 0il",
        "**snake** *oil*", "𝓼𝓷𝓪𝓴𝓮 𝓸𝓲𝓵", "ⓢⓝⓐⓚⓔ oil"})
    EXPECT_NE(plain_spelling(text).find(word), std::string::npos) << text;
}

TEST(Spelling, LeavesOtherWordsAlone) {
  const std::string word = plain_spelling("ass");
  for (const char* text : {"class", "assassin", "passage", "as s"})
    EXPECT_EQ(plain_spelling(text).find(word), std::string::npos) << text;
  EXPECT_EQ(plain_spelling("…!?"), " ");
  EXPECT_EQ(plain_spelling(""), " ");
}

TEST(Spelling, HostsAreReadAsABrowserReadsThem) {
  EXPECT_EQ(host_of("https://user@Sub.Evil.Example:8443/a?b#c"), "sub.evil.example");
  EXPECT_EQ(host_of("evil.example."), "evil.example");
  EXPECT_EQ(host_of("http://evil。example/"), "evil.example");
  EXPECT_EQ(host_of("ｅｖｉｌ．example"), "evil.example");
  EXPECT_EQ(host_of("word"), "");
  EXPECT_EQ(hosts_in("see a.example, b.example/x and c"),
            (std::vector<std::string>{"a.example", "b.example"}));
}

TEST(Spelling, DomainsMatchAtTheBordersOfLabels) {
  EXPECT_TRUE(is_under("evil.example", "evil.example"));
  EXPECT_TRUE(is_under("a.b.evil.example", "evil.example"));
  EXPECT_FALSE(is_under("notevil.example", "evil.example"));
  EXPECT_FALSE(is_under("evil.example.org", "evil.example"));
}

}  // namespace
}  // namespace atelier::moderation

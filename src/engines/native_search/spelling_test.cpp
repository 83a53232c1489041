#include "engines/native_search/spelling.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <thread>

namespace atelier::engines::native_search {
namespace {

std::vector<std::string> words_of(const std::vector<Near>& found) {
  std::vector<std::string> words;
  for (const Near& one : found) words.push_back(one.word);
  return words;
}

using Words = std::vector<std::string>;

Spelling& small() {
  static Spelling spelling;
  static const bool filled = [] {
    const std::vector<WordCount> words{
        {"model", 900}, {"models", 500}, {"modal", 40}, {"realistic", 300}, {"realism", 200},
        {"lora", 800}, {"lore", 5}, {"landscape", 90}, {"dream", 70}, {"shaper", 30},
        {"cat", 100}, {"car", 100}, {"картинка", 50}, {"sdxl10", 10}, {"\1model", 999}};
    spelling.extend(words);
    return true;
  }();
  EXPECT_TRUE(filled);
  return spelling;
}

TEST(Spelling, NearestFirst) {
  EXPECT_EQ(words_of(small().near("modle", 5)), (Words{"model"}));
  EXPECT_EQ(words_of(small().near("modl", 5)), (Words{"model", "modal"}));
  EXPECT_EQ(words_of(small().near("reelistic", 5)), (Words{"realistic"}));
  EXPECT_EQ(words_of(small().near("relaisctic", 5)), (Words{"realistic"}));
  EXPECT_EQ(words_of(small().near("lora", 5)), (Words{"lore"})) << "never the word itself";
  EXPECT_EQ(words_of(small().near("картинак", 5)), (Words{"картинка"}));
  EXPECT_EQ(small().near("modl", 1).size(), 1u);
}

TEST(Spelling, FirstLettersCountMore) {
  Spelling spelling;
  const std::vector<WordCount> words{{"marker", 1}, {"darker", 1000}, {"barker", 10}};
  spelling.extend(words);
  EXPECT_EQ(words_of(spelling.near("marier", 5)), (Words{"marker"}));
  EXPECT_EQ(words_of(spelling.near("larker", 5)), (Words{"darker", "barker", "marker"}));
  EXPECT_EQ(words_of(spelling.near("markers", 5)), (Words{"marker"}));
  EXPECT_EQ(words_of(spelling.near("dmarkerss", 5)), (Words{})) << "three edits";
  EXPECT_EQ(words_of(spelling.near("barkerss", 5)), (Words{"barker"}));
  EXPECT_EQ(words_of(spelling.near("parker", 2)), (Words{"darker", "barker"}));
}

TEST(Spelling, ShortWordsAndNumbersHaveNone) {
  EXPECT_TRUE(small().near("cst", 5).empty());
  EXPECT_TRUE(small().near("sdxl11", 5).empty());
  EXPECT_TRUE(small().near("", 5).empty());
  EXPECT_TRUE(small().near("\xff\xfe\xfd\xfc", 5).empty());
  EXPECT_TRUE(small().near(std::string(1000, 'a'), 5).empty());
  EXPECT_EQ(small().frequency("\1model"), 0u);
  EXPECT_EQ(small().frequency("sdxl10"), 10u);
}

TEST(Spelling, WordsWrittenTogether) {
  EXPECT_EQ(small().split("dreamshaper"), std::pair(std::string("dream"), std::string("shaper")));
  EXPECT_FALSE(small().split("dreamshapes"));
  EXPECT_FALSE(small().split("картинка"));
}

TEST(Spelling, FrequenciesChangeAndWordsGo) {
  Spelling spelling;
  spelling.extend(std::vector<WordCount>{{"castle", 5}, {"cattle", 3}});
  EXPECT_EQ(words_of(spelling.near("cartle", 5)), (Words{"castle", "cattle"}));
  spelling.extend(std::vector<WordCount>{{"castle", 1}});
  EXPECT_EQ(words_of(spelling.near("cartle", 5)), (Words{"cattle", "castle"}));
  spelling.extend(std::vector<WordCount>{{"cattle", 0}});
  EXPECT_EQ(words_of(spelling.near("cartle", 5)), (Words{"castle"}));
  EXPECT_EQ(spelling.size(), 2u);
}

/// Lowrance and Wagner's recurrence in full, for any distance.
int reference(const std::u32string& a, const std::u32string& b) {
  const int n = int(a.size()), m = int(b.size()), far = n + m;
  std::map<char32_t, int> last;
  std::vector<std::vector<int>> d(std::size_t(n + 2), std::vector<int>(std::size_t(m + 2)));
  const auto at = [&](int i, int j) -> int& { return d[std::size_t(i + 1)][std::size_t(j + 1)]; };
  at(-1, -1) = far;
  for (int i = 0; i <= n; ++i) at(i, -1) = far, at(i, 0) = i;
  for (int j = 0; j <= m; ++j) at(-1, j) = far, at(0, j) = j;
  for (int i = 1; i <= n; ++i) {
    int column = 0;
    for (int j = 1; j <= m; ++j) {
      const int k = last[b[std::size_t(j - 1)]], l = column;
      int cost = 1;
      if (a[std::size_t(i - 1)] == b[std::size_t(j - 1)]) cost = 0, column = j;
      at(i, j) = std::min({at(i - 1, j - 1) + cost, at(i, j - 1) + 1, at(i - 1, j) + 1,
                           at(k - 1, l - 1) + (i - k - 1) + 1 + (j - l - 1)});
    }
    last[a[std::size_t(i - 1)]] = i;
  }
  return at(n, m);
}

TEST(Damerau, AgreesWithTheWholeRecurrence) {
  std::mt19937 random(5);
  const auto word = [&] {
    std::u32string made(random() % 9, U'a');
    for (char32_t& letter : made) letter += random() % 3;
    return made;
  };
  for (int i = 0; i < 30'000; ++i) {
    const std::u32string a = word(), b = word();
    EXPECT_EQ(damerau(a, b), std::min(3, reference(a, b)));
  }
  EXPECT_EQ(damerau(U"ca", U"abc"), 2) << "swapped, with a letter between";
}

/// Words of syllables, as many as are asked for.
std::vector<std::string> vocabulary(std::size_t count, std::mt19937& random) {
  static const char* const syllables[] = {"ra", "lo", "mi", "ven", "tor", "sha", "cle", "dru",
                                          "an", "ist", "pho", "gra", "ing", "ex", "ul", "bek"};
  std::set<std::string> words;
  while (words.size() < count) {
    std::string word;
    for (std::size_t i = 2 + random() % 3; i > 0; --i) word += syllables[random() % 16];
    words.insert(word);
  }
  return {words.begin(), words.end()};
}

std::string misspelt(std::string word, std::mt19937& random) {
  const std::size_t at = random() % word.size();
  const char letter = static_cast<char>('a' + random() % 26);
  switch (random() % 4) {
    case 0: word.insert(at, 1, letter); break;
    case 1: word.erase(at, 1); break;
    case 2: word[at] = letter; break;
    default: std::swap(word[at], word[at + 1 < word.size() ? at + 1 : 0]); break;
  }
  return word;
}

/// What a scan of all words finds, the index finds, in the same order.
TEST(Spelling, FindsAllThatAScanFinds) {
  std::mt19937 random(11);
  const auto words = vocabulary(1500, random);
  std::vector<WordCount> counts;
  for (const auto& word : words) counts.push_back({word, 1 + std::uint32_t(random() % 1000)});
  Spelling spelling;
  for (std::size_t at = 0; at < counts.size(); at += 37)  // in pieces: tables and scanned words
    spelling.extend(std::span(counts).subspan(at, std::min<std::size_t>(37, counts.size() - at)));
  ASSERT_EQ(spelling.size(), words.size());
  for (int i = 0; i < 200; ++i) {
    std::string typed = misspelt(words[random() % words.size()], random);
    if (i % 2) typed = misspelt(typed, random);
    if (typed.size() < 4) continue;
    const int most = typed.size() <= 7 ? 1 : 2;
    std::set<std::string> expected;
    for (const auto& word : words) {
      const int distance = damerau(std::u32string(typed.begin(), typed.end()),
                                   std::u32string(word.begin(), word.end()));
      if (distance > 0 && distance <= most) expected.insert(word);
    }
    const auto found = words_of(spelling.near(typed, 1000));
    EXPECT_EQ(std::set(found.begin(), found.end()), expected) << typed;
  }
}

/// Of 2,000 words with one edit, the one that was meant is among the first five.
TEST(Spelling, RecallAtOneEdit) {
  std::mt19937 random(13);
  const auto words = vocabulary(20'000, random);
  std::vector<WordCount> counts;
  for (const auto& word : words)
    counts.push_back({word, 1 + std::uint32_t(100'000 / (1 + random() % 5000))});
  Spelling spelling;
  spelling.extend(counts);
  EXPECT_LT(spelling.bytes() / words.size(), 450u) << "90 MB for 200,000 words";
  int asked = 0, right = 0;
  while (asked < 2000) {
    const std::string& meant = words[random() % words.size()];
    const std::string typed = misspelt(meant, random);
    if (typed.size() < 4 || spelling.frequency(typed) > 0) continue;
    ++asked;
    const auto found = words_of(spelling.near(typed, 5));
    right += std::ranges::find(found, meant) != found.end() ? 1 : 0;
  }
  EXPECT_GE(double(right) / asked, 0.95);
}

TEST(Spelling, ReadersBesideAWriter) {
  std::mt19937 random(17);
  const auto words = vocabulary(2000, random);
  Spelling spelling;
  std::jthread writer([&] {
    for (const auto& word : words) spelling.extend(std::vector<WordCount>{{word, 1}});
  });
  for (int i = 0; i < 500; ++i)
    for (const Near& one : spelling.near("loravenshaist", 3)) EXPECT_LE(one.distance, 2);
  writer.join();
  EXPECT_EQ(spelling.size(), words.size());
}

}  // namespace
}  // namespace atelier::engines::native_search

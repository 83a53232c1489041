// What every search engine finds and counts equals what looking at every document gives, on random
// documents that are put, put again, patched and erased, flushed and opened again.
// ATELIER_SOAK=1: 2,000 queries over 20,000 documents; else a tenth and a twentieth,
// and fewer where each question crosses a network.
// ATELIER_SEED repeats a run.
#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>

#include "tests/contract/search/engines.hpp"
#include "tests/support/plain_search.hpp"

namespace atelier::test {
namespace {

using namespace ports::search;
using Ids = std::vector<std::int64_t>;
using Counts = std::vector<std::pair<std::string, std::vector<std::pair<std::string,
                                                                        std::int64_t>>>>;

/// What is asked and written at random. Words are open syllables, which no stemmer shortens.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {
    std::set<std::string> words;
    while (words.size() < 400) {
      std::string word = syllable() + syllable();
      if (chance(60)) word += syllable();
      words.insert(word);
    }
    words_.assign(words.begin(), words.end());
    std::ranges::shuffle(words_, random_);
  }

  std::int64_t below(std::int64_t end) {
    return std::uniform_int_distribution<std::int64_t>(0, end - 1)(random_);
  }
  bool chance(int percent) { return below(100) < percent; }
  /// Some words are common, most are rare.
  const std::string& word() { return words_[std::size_t(skewed(std::int64_t(words_.size())))]; }
  std::int64_t skewed(std::int64_t end) { return below(below(end) + 1); }

  std::string text(std::int64_t longest) {
    std::string out;
    for (std::int64_t left = below(longest) + 1; left > 0; --left)
      out += (out.empty() ? "" : " ") + word();
    return out;
  }
  std::vector<std::string> tags() {
    std::vector<std::string> out;
    for (std::int64_t left = below(5); left > 0; --left)
      out.push_back("tag" + std::to_string(skewed(60)));
    return out;
  }

  Document document(std::int64_t id, std::int64_t version) {
    Document out;
    out.id = id;
    out.version = version;
    out.texts = {{"name", text(4)}, {"description", text(chance(5) ? 300 : 25)}};
    if (chance(20)) out.texts.emplace_back("name", text(3));
    out.keywords = {{"tag", tags()}, {"type", {"type" + std::to_string(skewed(7))}}};
    out.numbers = {{"downloads", skewed(chance(50) ? 20 : 1'000'000'000'000)},
                   {"level", std::int64_t(1) << below(5)}};
    return out;
  }

  Clause clause() {
    Clause out;
    if (chance(25)) {
      out.kind = Clause::Kind::phrase;
      out.text = word() + " " + word();
      if (!seen_.empty() && chance(80)) out.text = piece(seen_[std::size_t(below(seen()))]);
    } else {
      out.text = word();
      if (chance(25)) out.text += " " + word();
      out.prefix = chance(30);
      if (out.prefix) out.text.resize(out.text.size() - std::size_t(below(3)));
    }
    if (chance(20)) out.fields = {chance(50) ? "name" : "description"};
    return out;
  }

  Condition condition(int depth) {
    using Kind = Condition::Kind;
    switch (below(depth > 0 ? 7 : 4)) {
      case 0: return terms("tag", tags());
      case 1: return terms("type", {"type" + std::to_string(skewed(8))});
      case 2: return bits("level", below(32));
      case 3: {
        const std::int64_t low = skewed(20);
        Condition out = range("downloads", low, low + skewed(1'000'000));
        if (chance(30)) out.low.reset();
        if (chance(30)) out.high.reset();
        return out;
      }
      default: break;
    }
    std::vector<Condition> children;
    for (std::int64_t left = below(3); left > 0; --left) children.push_back(condition(depth - 1));
    const Kind kinds[] = {Kind::all, Kind::any, Kind::none};
    return joined(kinds[below(3)], std::move(children));
  }

  Query query() {
    Query out;
    out.index = "models";
    out.typos = false;
    for (std::int64_t left = below(4); left > 0; --left) out.clauses.push_back(clause());
    for (std::size_t i = 1; i < out.clauses.size(); ++i) out.clauses[i].excluded = chance(25);
    if (chance(60)) out.filter = condition(2);
    if (chance(40)) out.filters.emplace_back("type", terms("type", {"type0", "type3"}));
    if (chance(30)) out.filters.emplace_back("tag", terms("tag", tags()));
    if (chance(70)) out.facets = {{"type", 20}, {"tag", int(below(30)) + 1}};
    if (chance(50)) out.order = {"downloads", chance(60)};
    return out;
  }

  void remember(const Document& document) {
    if (chance(10)) seen_.push_back(document.texts[1].second);
  }

 private:
  std::string syllable() {
    const std::string_view consonants = "bdfgklmnprtvz", vowels = "aou";
    return {consonants[std::size_t(below(13))], vowels[std::size_t(below(3))]};
  }
  std::int64_t seen() const { return std::int64_t(seen_.size()); }
  /// Two or three words of a text in a row.
  std::string piece(const std::string& text) {
    const std::vector<std::string> words = plain_words(text);
    const std::size_t begin = std::size_t(below(std::int64_t(words.size())));
    std::string out;
    for (std::size_t i = begin; i < words.size() && i < begin + 3; ++i)
      out += (out.empty() ? "" : " ") + words[i];
    return out;
  }

  std::mt19937_64 random_;
  std::vector<std::string> words_, seen_;
};

Counts counts_of(const Answer& answer) {
  Counts out;
  for (const auto& [field, values] : answer.facets) {
    out.emplace_back(field, Counts::value_type::second_type{});
    for (const FacetCount& each : values) out.back().second.emplace_back(each.value, each.count);
  }
  return out;
}

std::string said(const Condition& condition) {
  std::string out = std::to_string(int(condition.kind)) + condition.field + "(";
  for (const std::string& value : condition.values) out += value + " ";
  if (condition.low) out += "≥" + std::to_string(*condition.low);
  if (condition.high) out += "≤" + std::to_string(*condition.high);
  if (condition.mask) out += "&" + std::to_string(condition.mask);
  for (const Condition& child : condition.children) out += said(child);
  return out + ")";
}

std::string said(const Query& query) {
  std::string out = "order " + query.order.field + (query.order.descending ? " falling" : "");
  for (const Clause& clause : query.clauses) {
    out += clause.excluded ? " not" : "";
    out += clause.kind == Clause::Kind::phrase ? " phrase [" : " words [";
    out += clause.text + (clause.prefix ? "*]" : "]");
    for (const std::string& field : clause.fields) out += " in " + field;
  }
  out += " filter " + said(query.filter);
  for (const auto& [name, condition] : query.filters) out += " " + name + ":" + said(condition);
  return out;
}

class RandomSearches : public OnSearchEngines {
 protected:
  void change(int documents) {
    std::vector<Change> batch;
    for (int turn = 0; turn < documents; ++turn) {
      Change each;
      each.document.id = dice_.below(documents) + 1;
      const int kind = int(dice_.below(100));
      if (kind < 70) {
        each.document = dice_.document(each.document.id, ++version_);
        dice_.remember(each.document);
      } else if (kind < 85) {
        each.kind = Change::Kind::patch;
        each.document.numbers = {{"downloads", dice_.skewed(1'000'000)}};
        if (dice_.chance(50)) each.document.numbers = {{"level", 1 << dice_.below(5)}};
      } else {
        each.kind = Change::Kind::erase;
        each.document.version = ++version_;
      }
      batch.push_back(std::move(each));
      if (dice_.chance(2)) send(batch);
      if (dice_.below(documents) < 4) {
        ASSERT_TRUE(engine_->flush("models"));
      }
      if (GetParam().durable && dice_.below(documents) < 2) restart(batch);
    }
    send(batch);
  }

  void send(std::vector<Change>& batch) {
    apply(batch);
    ASSERT_TRUE(plain_.apply("models", batch));
    batch.clear();
  }

  void restart(std::vector<Change>& batch) {
    send(batch);
    ASSERT_TRUE(engine_->mark("models", "here", ++position_));
    ASSERT_TRUE(engine_->flush("models"));
    reopen();
  }

  /// Hits of all pages together.
  Ids paged(Query query, int limit) {
    query.limit = limit;
    Ids out;
    do {
      const Answer answer = search(query);
      for (const Hit& hit : answer.hits) out.push_back(hit.id);
      query.after = answer.next;
    } while (!query.after.empty() && out.size() < 200'000);
    return out;
  }

  void compare(Query query) {
    SCOPED_TRACE(said(query));
    query.limit = 1000;
    const Answer ours = search(query), wanted = *plain_.search(query);
    ASSERT_EQ(ours.total, wanted.total);
    ASSERT_EQ(counts_of(ours), counts_of(wanted));
    Ids all = paged(query, int(dice_.below(900)) + 100), right;
    Query whole = query;
    do {
      const Answer page = *plain_.search(whole);
      for (const Hit& hit : page.hits) right.push_back(hit.id);
      whole.after = page.next;
    } while (!whole.after.empty());
    const bool text = std::ranges::any_of(query.clauses, [](const Clause& each) {
      return !each.excluded;
    });
    if (query.order.field.empty() && text) {  // by relevance, which has no plain answer
      std::ranges::sort(all);
      std::ranges::sort(right);
    }
    ASSERT_EQ(all, right);
  }

  static bool soak() { return std::getenv("ATELIER_SOAK") != nullptr; }
  static std::uint64_t seed() {
    const char* const text = std::getenv("ATELIER_SEED");
    return text ? std::strtoull(text, nullptr, 10) : 7;
  }

  Dice dice_{seed()};
  PlainSearch plain_;
  std::int64_t version_ = 10, position_ = 0;
};

TEST_P(RandomSearches, EqualLookingAtEveryDocument) {
  const bool few = GetParam().remote && !soak();
  const int documents = soak() ? 20'000 : few ? 400 : 1'000, rounds = few ? 2 : 4;
  const int queries = soak() ? 2'000 : few ? 80 : 200;
  ASSERT_TRUE(plain_.open(schema()));
  for (int round = 0; round < rounds; ++round) {
    ASSERT_NO_FATAL_FAILURE(change(documents));
    EXPECT_EQ(engine_->standing("models")->documents, plain_.standing("models")->documents);
    EXPECT_EQ(*engine_->scan("models", 0, 100'000), *plain_.scan("models", 0, 100'000));
    for (int turn = 0; turn < queries / rounds; ++turn)
      ASSERT_NO_FATAL_FAILURE(compare(dice_.query())) << "seed " << seed() << ", round " << round;
  }
}

INSTANTIATE_TEST_SUITE_P(All, RandomSearches, testing::ValuesIn(search_engines()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace atelier::test

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "engines/native_search/native_search.hpp"
#include "tests/support/folder.hpp"

/// Queries without a text against the same said in the simplest way, while documents are put,
/// patched and erased.
namespace atelier::engines::native_search {
namespace {

namespace search = ports::search;
using search::Change;
using search::Condition;

search::Schema models() {
  using enum search::FieldKind;
  return {"models", 1,
          {{"name", text, 3, search::Analysis::name},
           {"type", keyword},
           {"base", keyword},
           {"level", bits},
           {"downloads", number}},
          0};
}

class Browsing : public testing::Test {
 protected:
  void SetUp() override {
    engine_ = make_engine({folder_.path() / "search", 0});
    ASSERT_TRUE(engine_->open(models()));
    put_some(6000);
  }

  std::int64_t below(std::int64_t limit) {
    return std::int64_t(random_() % std::uint64_t(limit));
  }

  void put_some(int count) {
    std::vector<Change> batch;
    for (; count > 0; --count) {
      Change change;
      change.document.id = ++last_id_;
      change.document.version = 1;
      change.document.keywords = {{"type", {"t" + std::to_string(below(1 + below(5)))}},
                                  {"base", {"b" + std::to_string(below(1 + below(9)))}}};
      change.document.numbers = {{"level", 1 << below(4)}, {"downloads", below(300)}};
      documents_[last_id_] = change.document;
      batch.push_back(change);
    }
    ASSERT_TRUE(engine_->apply("models", batch)->empty());
  }

  void change_some() {
    std::vector<Change> batch;
    for (int i = 0; i < 30; ++i) {
      auto found = documents_.lower_bound(1 + below(last_id_));
      if (found == documents_.end()) continue;
      Change change;
      change.document.id = found->first;
      if (below(3) == 0) {
        change.kind = Change::Kind::erase;
        change.document.version = 9;
        documents_.erase(found);
      } else {
        change.kind = Change::Kind::patch;
        change.document.numbers = {{below(5) ? "downloads" : "level", below(300)}};
        for (auto& [field, value] : found->second.numbers)
          if (field == change.document.numbers[0].first) value = change.document.numbers[0].second;
      }
      batch.push_back(change);
    }
    ASSERT_TRUE(engine_->apply("models", batch)->empty());
  }

  Condition terms(const std::string& field) {
    Condition out{.kind = Condition::Kind::terms, .field = field};
    for (auto i = 1 + below(2); i > 0; --i)
      out.values.push_back(field.substr(0, 1) + std::to_string(below(field == "type" ? 5 : 9)));
    return out;
  }

  search::Query query() {
    search::Query out;
    out.index = "models";
    if (below(4)) {
      out.filter.children.push_back(
          {.kind = Condition::Kind::bits, .field = "level", .mask = 1 + below(7)});
      if (below(3) == 0) out.filter.children.push_back(terms("type"));
    }
    for (const std::string field : {"type", "base"}) {
      if (below(2)) out.filters.emplace_back(field, terms(field));
      if (below(2)) out.facets.push_back({field, 20});
    }
    if (below(5)) out.order = {"downloads", below(2) == 0};
    out.limit = int(1 + below(60));
    return out;
  }

  static bool holds(const search::Document& document, const Condition& condition) {
    if (condition.kind == Condition::Kind::all)
      return std::ranges::all_of(condition.children, [&](const Condition& child) {
        return holds(document, child);
      });
    if (condition.kind == Condition::Kind::bits)
      return (document.numbers[0].second & condition.mask) != 0;
    const auto& value = document.keywords[condition.field == "base"].second[0];
    return std::ranges::count(condition.values, value) > 0;
  }

  /// Whether it passes all filters but that of `facet`.
  static bool passes(const search::Document& document, const search::Query& query,
                     const std::string& facet) {
    return holds(document, query.filter) &&
           std::ranges::all_of(query.filters, [&](const auto& filter) {
             return filter.first == facet || holds(document, filter.second);
           });
  }

  /// All pages one after another.
  std::vector<std::int64_t> expected(const search::Query& query) const {
    std::vector<std::pair<std::int64_t, std::int64_t>> keys;
    for (const auto& [id, document] : documents_)
      if (passes(document, query, "")) {
        const auto key = query.order.field.empty() ? id : document.numbers[1].second;
        const bool descending = query.order.field.empty() || query.order.descending;
        keys.emplace_back(descending ? -key : key, -id);
      }
    std::ranges::sort(keys);
    std::vector<std::int64_t> ids;
    for (const auto& key : keys) ids.push_back(-key.second);
    return ids;
  }

  void expect_facets(const search::Query& query, const search::Answer& answer) const {
    ASSERT_EQ(answer.facets.size(), query.facets.size());
    for (const auto& [field, counts] : answer.facets) {
      std::map<std::string, std::int64_t> plain, found;
      for (const auto& [id, document] : documents_)
        if (passes(document, query, field)) ++plain[document.keywords[field == "base"].second[0]];
      for (const auto& each : counts) found[each.value] = each.count;
      EXPECT_EQ(found, plain) << field;
    }
  }

  void expect_pages(search::Query query) {
    const auto all = expected(query);
    for (std::size_t begin = 0, page = 0; page < 3; ++page, begin += std::size_t(query.limit)) {
      const auto answer = engine_->search(query);
      ASSERT_TRUE(answer);
      EXPECT_EQ(answer->total, std::int64_t(all.size()));
      expect_facets(query, *answer);
      std::vector<std::int64_t> ids;
      for (const auto& hit : answer->hits) ids.push_back(hit.id);
      const auto end = std::min(all.size(), begin + std::size_t(query.limit));
      ASSERT_EQ(ids, std::vector(all.begin() + std::ptrdiff_t(begin),
                                 all.begin() + std::ptrdiff_t(end)));
      EXPECT_EQ(answer->next.empty(), end == all.size());
      if (answer->next.empty()) return;
      query.after = answer->next;
    }
  }

  test::Folder folder_;
  std::unique_ptr<search::Engine> engine_;
  std::map<std::int64_t, search::Document> documents_;
  std::int64_t last_id_ = 0;
  std::mt19937 random_{23};
};

TEST_F(Browsing, IsExactWhateverIsChangedBetween) {
  std::vector<search::Query> asked;
  for (int i = 0; i < 20; ++i) asked.push_back(query());
  for (int turn = 0; turn < 60; ++turn) {
    for (int i = 0; i < 4; ++i) expect_pages(asked[std::size_t(below(20))]);
    expect_pages(query());
    if (HasFatalFailure()) return;
    if (below(4) == 0) put_some(int(1 + below(40)));
    if (below(3)) change_some();
  }
}

}  // namespace
}  // namespace atelier::engines::native_search

#include "engines/native_search/index.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <fstream>
#include <random>
#include <sstream>

#include "tests/support/eventually.hpp"
#include "tests/support/folder.hpp"

namespace atelier::engines::native_search {
namespace {

namespace search = ports::search;
using search::Change;
using search::State;

search::Schema models(int dimensions = 0) {
  using enum search::FieldKind;
  return {"models", 1,
          {{"name", text, 3, search::Analysis::name},
           {"type", keyword},
           {"downloads", number}},
          dimensions};
}

Change put(std::int64_t id, std::string name, std::int64_t downloads = 0,
           std::vector<float> vector = {}) {
  Change change;
  change.document = {id, 1, {{"name", std::move(name)}}, {{"type", {"LORA"}}},
                     {{"downloads", downloads}}, std::move(vector)};
  return change;
}

Change patch(std::int64_t id, std::int64_t downloads) {
  Change change;
  change.kind = Change::Kind::patch;
  change.document.id = id;
  change.document.numbers = {{"downloads", downloads}};
  return change;
}

Change erase(std::int64_t id) {
  Change change;
  change.kind = Change::Kind::erase;
  change.document.id = id;
  change.document.version = 2;
  return change;
}

search::Query words(std::string text) {
  search::Query query;
  query.index = "models";
  if (!text.empty()) query.clauses.push_back({search::Clause::Kind::words, std::move(text)});
  return query;
}

class Indexes : public testing::Test {
 protected:
  std::shared_ptr<Index> open(int dimensions = 0) {
    auto index = Index::open(folder_.path() / "models", models(dimensions), 0);
    EXPECT_TRUE(index);
    return *index;
  }
  static void apply(Index& index, std::vector<Change> changes) {
    const auto refusals = index.apply(changes);
    ASSERT_TRUE(refusals);
    EXPECT_TRUE(refusals->empty());
  }
  std::vector<std::filesystem::path> files() {
    std::vector<std::filesystem::path> out;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path() / "models"))
      out.push_back(entry.path());
    return out;
  }
  static std::string read(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return std::move(out).str();
  }
  static void write(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }
  /// Two segments, something dead, something patched.
  void make() {
    const auto index = open();
    apply(*index, {put(1, "amber lamp", 5), put(2, "cobalt lamp", 6), put(3, "fog", 7)});
    index->mark("here", 3);
    ASSERT_TRUE(index->flush());
    apply(*index, {put(4, "ship", 8), erase(3), patch(1, 50)});
    index->mark("here", 4);
    ASSERT_TRUE(index->flush());
  }

  test::Folder folder_;
};

TEST_F(Indexes, EveryByteThatIsChangedIsNoticed) {
  make();
  ASSERT_EQ(open()->standing().documents, 3);
  for (const auto& path : files()) {
    const auto whole = read(path);
    for (std::size_t i = 0; i < whole.size(); ++i) {
      auto wrong = whole;
      wrong[i] = static_cast<char>(wrong[i] ^ (1 << i % 8));
      write(path, wrong);
      const auto index = open();
      ASSERT_EQ(index->standing().state, State::damaged) << path << " at " << i;
      EXPECT_NE(index->standing().reason, "");
      EXPECT_EQ(index->search(words("lamp")).error().code, "search_unavailable");
      EXPECT_EQ(index->apply(std::vector{put(9, "x")}).error().code, "search_unavailable");
    }
    write(path, whole);
  }
  EXPECT_EQ(open()->standing().documents, 3);
}

TEST_F(Indexes, EveryFileThatIsCutOffOrGoneIsNoticed) {
  make();
  for (const auto& path : files()) {
    const auto whole = read(path);
    for (std::size_t size = 0; size < whole.size(); size += 1 + whole.size() / 97) {
      write(path, whole.substr(0, size));
      ASSERT_EQ(open()->standing().state, State::damaged) << path << " of " << size;
    }
    write(path, whole + '\0');
    EXPECT_EQ(open()->standing().state, State::damaged);
    std::filesystem::remove(path);
    EXPECT_EQ(open()->standing().state, State::damaged) << path;
    write(path, whole);
  }
  EXPECT_EQ(open()->standing().state, State::ready);
}

TEST_F(Indexes, WhatACrashLeftBehindIsRemoved) {
  make();
  write(folder_.path() / "models" / "segments-77", "half a segm");
  write(folder_.path() / "models" / "segments-78.new", "");
  const auto before = files().size();
  EXPECT_EQ(open()->standing().documents, 3);
  EXPECT_EQ(files().size(), before - 2);
}

TEST_F(Indexes, DeletionsAndPatchesAreThereAfterARestart) {
  make();
  const auto index = open();
  EXPECT_EQ(index->standing().position, 4);
  auto query = words("");
  query.order.field = "downloads";
  const auto answer = index->search(query);
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->hits.size(), 3u);
  EXPECT_EQ(answer->hits[0].id, 1);
  EXPECT_EQ(answer->hits[1].id, 4);
  EXPECT_EQ(index->search(words("fog"))->total, 0);
}

TEST_F(Indexes, OneFlushWritesOneFileAndOldOnesGo) {
  const auto index = open();
  int turn = 0;
  for (; turn < 40; ++turn) {
    for (int i = 0; i < 10; ++i) apply(*index, {put(turn * 10 + i + 1, "lamp")});
    index->mark("here", turn + 1);
    ASSERT_TRUE(index->flush());
  }
  EXPECT_EQ(index->search(words("lamp"))->total, 400);
  // What the thread has merged meanwhile goes with the next flush.
  EXPECT_TRUE(test::eventually([&] {
    apply(*index, {put(1, "lamp")});
    index->mark("here", ++turn);
    return index->flush() && files().size() < 40;
  }));
  EXPECT_EQ(index->search(words("lamp"))->total, 400);
}

TEST_F(Indexes, VectorsAreFoundAfterARestartWithAndWithoutTheirFile) {
  {
    const auto index = open(4);
    apply(*index, {put(1, "lamp", 0, {1, 0, 0, 0}), put(2, "moon", 0, {0, 1, 0, 0}),
                   put(3, "ship", 0, {0.8f, 0.6f, 0, 0})});
    apply(*index, {erase(1), put(2, "moon", 0, {0.6f, 0.8f, 0, 0})});
    index->mark("here", 4);
    ASSERT_TRUE(index->flush());
  }
  const auto index = open(4);
  auto query = words("");
  query.vector = {1, 0, 0, 0};
  const auto answer = index->search(query);
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->hits.size(), 2u);
  EXPECT_EQ(answer->hits[0].id, 3);
  EXPECT_EQ(answer->hits[1].id, 2);
  EXPECT_TRUE(index->vector(1)->empty());
}

/// Else every start would have to make it again.
TEST_F(Indexes, AGraphThatHasGrownIsSavedThoughNothingChanged) {
  const auto index = open(2);
  std::vector<Change> changes;
  for (std::int64_t id = 1; id <= std::int64_t(Vectors::compared_max) + 1000; ++id)
    changes.push_back(put(id, "lamp", 0, {std::cos(float(id)), std::sin(float(id))}));
  apply(*index, std::move(changes));
  const auto saved = [&] {
    EXPECT_TRUE(index->flush());
    std::vector<std::string> names;
    for (const auto& path : files())
      if (path.filename().string().starts_with("vectors-")) names.push_back(path.filename());
    return names;
  };
  const auto first = saved();
  ASSERT_EQ(first.size(), 1u);
  EXPECT_TRUE(test::eventually([&] { return saved() != first; }));
  EXPECT_EQ(saved().size(), 1u);
}

TEST_F(Indexes, AJoinedListSaysBothPlaces) {
  const auto index = open(4);
  apply(*index, {put(1, "lamp", 0, {0, 1, 0, 0}), put(2, "moon", 0, {1, 0, 0, 0})});
  auto query = words("lamp");
  query.vector = {1, 0, 0, 0};
  query.explain = true;
  const auto answer = index->search(query);
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->hits.size(), 2u);
  EXPECT_NE(answer->hits[0].explanation.find("place 1 by text: 1 / (60 + 1)\n"
                                             "place 2 by vector: 1 / (60 + 2)\n"),
            std::string::npos) << answer->hits[0].explanation;
  EXPECT_EQ(answer->hits[1].explanation, "place 1 by vector: 1 / (60 + 1)\n");
}

/// Readers, writers, merges and patches at once: what a snapshot shows always adds up. Run it under
/// ThreadSanitizer.
TEST_F(Indexes, MixedLoadAlwaysAddsUp) {
  constexpr std::int64_t documents = 400;
  const auto index = open();
  std::vector<Change> all;
  for (std::int64_t id = 1; id <= documents; ++id) all.push_back(put(id, "lamp", id));
  apply(*index, all);
  std::atomic<bool> stop = false;
  std::atomic<int> wrong = 0, asked = 0;
  std::vector<std::jthread> readers;
  for (int reader = 0; reader < 2; ++reader)
    readers.emplace_back([&, reader] {
      while (!stop) {
        auto query = words(reader == 0 ? "lamp" : "");
        query.facets = {{"type", 5}};
        if (reader == 1) query.order.field = "downloads";
        query.limit = 1000;
        const auto answer = index->search(query);
        if (!answer || answer->total != documents || answer->hits.size() != documents ||
            answer->facets[0].second.at(0).count != documents)
          ++wrong;
        (void)index->suggest("la", 3);
        (void)index->scan(0, 10);
        ++asked;
      }
    });
  std::jthread flusher([&] {
    for (int turn = 1; !stop; ++turn) {
      index->mark("here", turn);
      if (!index->flush()) ++wrong;
    }
  });
  std::mt19937 random(23);
  for (int turn = 0; turn < 300 || asked < 40; ++turn) {
    std::vector<Change> batch;
    for (int i = 0; i < 5; ++i) {
      const std::int64_t id = 1 + std::int64_t(random() % documents);
      batch.push_back(i % 2 ? patch(id, std::int64_t(random() % 1000))
                            : put(id, "lamp and more", std::int64_t(random() % 1000)));
    }
    apply(*index, batch);
  }
  stop = true;
  readers.clear();
  flusher.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(index->standing().documents, documents);
}

}  // namespace
}  // namespace atelier::engines::native_search

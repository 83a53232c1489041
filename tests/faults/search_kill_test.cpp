#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "engines/native_search/native_search.hpp"
#include "tests/support/folder.hpp"

/// The search engine through kill -9: what it says is durable is there, and once the events since
/// have come again everything is, once. ATELIER_SOAK=1: 500 kills.
namespace atelier::test {
namespace {

using namespace ports::search;

constexpr std::int64_t ids = 600;

Schema models() {
  Schema out;
  out.index = "models";
  out.fields = {{"name", FieldKind::text, 2, Analysis::name},
                {"tag", FieldKind::keyword},
                {"downloads", FieldKind::number}};
  return out;
}

/// The change of one event; the same whenever it comes.
Change event(std::int64_t number) {
  std::mt19937_64 random(static_cast<std::uint64_t>(number));
  Change out;
  out.document.id = 1 + std::int64_t(random() % ids);
  out.document.version = number;
  const auto kind = random() % 10;
  if (kind < 2) {
    out.kind = Change::Kind::patch;
    out.document.numbers = {{"downloads", number}};
    return out;
  }
  if (kind < 4) {
    out.kind = Change::Kind::erase;
    return out;
  }
  out.document.texts = {{"name", "lamp colour" + std::string(1, char('a' + number % 5))}};
  out.document.keywords = {{"tag", {"tag" + std::to_string(number % 3)}}};
  out.document.numbers = {{"downloads", number}};
  return out;
}

std::unique_ptr<Engine> opened(const std::filesystem::path& folder) {
  auto engine = engines::native_search::make_engine({folder, 1});
  if (!engine->open(models())) return nullptr;
  return engine;
}

/// Applies events in batches from `first` on, without end; tells each batch before it is applied.
[[noreturn]] void write_until_killed(const std::filesystem::path& folder, int pipe,
                                     std::int64_t first) {
  const auto engine = opened(folder);
  if (!engine) _exit(3);
  std::mt19937 random(static_cast<unsigned>(first));
  while (true) {
    const std::int64_t last = first + std::int64_t(random() % 40);
    if (::write(pipe, &last, sizeof last) != sizeof last) _exit(4);
    std::vector<Change> batch;
    for (; first <= last; ++first) batch.push_back(event(first));
    if (!engine->apply("models", batch) || !engine->mark("models", "here", last)) _exit(5);
    if (random() % 20 == 0 && !engine->flush("models")) _exit(6);
  }
}

/// The last event that the process may have applied before it was killed.
std::int64_t run_and_kill(const std::filesystem::path& folder, std::int64_t first,
                          std::minstd_rand& random) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t process = fork();
  if (process == 0) {
    close(ends[0]);
    write_until_killed(folder, ends[1], first);
  }
  close(ends[1]);
  std::int64_t last = first - 1, read_last = 0;
  const std::size_t enough = random() % 60;
  for (std::size_t batches = 0; read(ends[0], &read_last, sizeof last) == sizeof last; ++batches) {
    last = read_last;
    if (batches == enough) {
      usleep(random() % 3000);  // NOLINT: some moment within
      kill(process, SIGKILL);
    }
  }
  close(ends[0]);
  int status = 0;
  waitpid(process, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "ended by itself: " << status;
  return last;
}

struct Kept {
  std::int64_t version = 0, downloads = 0;
  std::string name, tag;
};

void follow(std::map<std::int64_t, Kept>& model, const Change& change) {
  const auto& document = change.document;
  const auto known = model.find(document.id);
  if (change.kind == Change::Kind::erase) {
    model.erase(document.id);
  } else if (change.kind == Change::Kind::put) {
    model[document.id] = {document.version, document.numbers[0].second,
                          document.texts[0].second, document.keywords[0].second[0]};
  } else if (known != model.end()) {
    known->second.downloads = document.numbers[0].second;
  }
}

void expect_equal(Engine& engine, const std::map<std::int64_t, Kept>& model) {
  std::vector<std::pair<std::int64_t, std::int64_t>> rows;
  std::map<std::string, std::int64_t> colours, tags;
  for (const auto& [id, kept] : model) {
    rows.emplace_back(id, kept.version);
    ++colours[kept.name.substr(5)];
    ++tags[kept.tag];
  }
  ASSERT_EQ(*engine.scan("models", 0, 10'000), rows);
  for (const auto& [colour, count] : colours) {
    Query query;
    query.index = "models";
    query.clauses.push_back({Clause::Kind::words, colour});
    ASSERT_EQ(engine.search(query)->total, count) << colour;
  }
  Query all;
  all.index = "models";
  all.order.field = "downloads";
  all.facets = {{"tag", 10}};
  all.limit = 1000;
  const auto answer = engine.search(all);
  ASSERT_TRUE(answer);
  for (const auto& [tag, count] : answer->facets[0].second) ASSERT_EQ(count, tags[tag]) << tag;
  std::vector<std::pair<std::int64_t, std::int64_t>> sorted;
  for (const auto& [id, kept] : model) sorted.emplace_back(-kept.downloads, -id);
  std::ranges::sort(sorted);
  ASSERT_EQ(answer->hits.size(), sorted.size());
  for (std::size_t i = 0; i < sorted.size(); ++i)
    ASSERT_EQ(answer->hits[i].id, -sorted[i].second) << i;
}

TEST(KilledSearch, LosesAndDoublesNothing) {
  const bool soak = std::getenv("ATELIER_SOAK") != nullptr;
  const int kills = soak ? 500 : 12;
  std::minstd_rand random(41);
  Folder folder;
  std::map<std::int64_t, Kept> model;
  std::int64_t done = 0, ahead = 0;
  for (int turn = 0; turn < kills; ++turn) {
    const std::int64_t last = run_and_kill(folder.path() / "search", done + 1, random);
    const auto engine = opened(folder.path() / "search");
    ASSERT_TRUE(engine);
    const auto standing = engine->standing("models");
    ASSERT_EQ(standing->state, State::ready) << standing->reason;
    ASSERT_LE(standing->position, last);
    ASSERT_GE(standing->position, ahead) << "what was durable is no more";
    // What was durable is there before anything comes again: else this would not mend it.
    std::vector<Change> again;
    for (std::int64_t number = standing->position + 1; number <= last; ++number)
      again.push_back(event(number));
    for (std::int64_t number = done + 1; number <= last; ++number) follow(model, event(number));
    ASSERT_TRUE(engine->apply("models", again)->empty());
    ASSERT_NO_FATAL_FAILURE(expect_equal(*engine, model)) << "kill " << turn;
    if (turn % 2 == 0) {
      ASSERT_TRUE(engine->mark("models", "here", last));
      ASSERT_TRUE(engine->flush("models"));
    }
    ahead = engine->standing("models")->position;
    done = last;
  }
  EXPECT_GT(done, kills * 10);
}

}  // namespace
}  // namespace atelier::test

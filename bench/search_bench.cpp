// Our engine through its port, on the corpus of search_corpus.cpp. Each command prints one line of
// JSON:
//   search_bench build CORPUS INDEX       builds the index
//   search_bench query CORPUS INDEX N     opens it, asks every query N times after one warm-up
//   search_bench updates CORPUS INDEX S   S seconds of queries alone, then S beside 1,000 changes/s
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "bench/search_corpus.hpp"
#include "bench/search_schema.hpp"
#include "bench/wanted.hpp"
#include "engines/native_search/native_search.hpp"

namespace {

using namespace atelier;
using namespace atelier::ports::search;
using bench::CorpusDocument;
using bench::CorpusQuery;
using bench::wanted;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

std::unique_ptr<Engine> opened(const std::string& folder) {
  auto engine = engines::native_search::make_engine({folder});
  wanted(engine->open(bench::schema()));
  return engine;
}

/// Bytes in memory: (now, at most). From /proc/self/status, in kB there.
std::pair<long, long> memory() {
  long now = 0, peak = 0;
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("VmRSS:")) now = std::atol(line.c_str() + 6) * 1024;
    if (line.starts_with("VmHWM:")) peak = std::atol(line.c_str() + 6) * 1024;
  }
  return {now, peak};
}

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return double(time.tv_sec) + double(time.tv_nsec) * 1e-9;
}

/// Until the threads of the engine have had nothing to do for a second: merges are over.
void settle() {
  for (int turn = 0; turn < 600; ++turn) {
    const double before = cpu_seconds();
    std::this_thread::sleep_for(std::chrono::seconds(1));
    if (cpu_seconds() - before < 0.02) return;
  }
}

int build(const std::string& corpus, const std::string& folder) {
  std::filesystem::remove_all(folder);
  const auto engine = opened(folder);
  std::ifstream in(corpus + "/documents.tsv");
  const auto began = Clock::now();
  std::vector<Change> batch;
  CorpusDocument row;
  std::int64_t count = 0;
  const auto send = [&] {
    if (!wanted(engine->apply("models", batch)).empty()) std::exit(1);
    batch.clear();
  };
  while (bench::read_document(in, row)) {
    batch.push_back({Change::Kind::put, bench::document(row, 1)});
    ++count;
    if (batch.size() == 1000) send();
  }
  send();
  wanted(engine->mark("models", "bench", count));
  wanted(engine->flush("models"));
  const double took = seconds_since(began);
  settle();
  wanted(engine->flush("models"));
  const Standing standing = wanted(engine->standing("models"));
  std::printf("{\"documents\": %lld, \"seconds\": %.2f, \"bytes\": %lld, \"peak\": %ld}\n",
              static_cast<long long>(standing.documents), took,
              static_cast<long long>(standing.bytes), memory().second);
  return 0;
}

struct Times {
  std::vector<double> us;
  std::vector<std::int64_t> totals;  ///< of each query once

  double at(double part) {
    std::ranges::sort(us);
    return us[std::min(us.size() - 1, std::size_t(part * double(us.size())))];
  }
};

int query(const std::string& corpus, const std::string& folder, int rounds) {
  const auto began = Clock::now();
  const auto engine = opened(folder);
  const auto queries = bench::read_queries(corpus + "/queries.tsv");
  if (wanted(engine->search(bench::query(queries.front()))).total == 0)
    std::fprintf(stderr, "the first query found nothing\n");
  const double restart = seconds_since(began);
  std::map<std::string, Times> classes;
  for (int round = 0; round <= rounds; ++round) {
    for (const CorpusQuery& each : queries) {
      const Query asked = bench::query(each);
      const auto start = Clock::now();
      const Answer answer = wanted(engine->search(asked));
      const double us = seconds_since(start) * 1e6;
      Times& times = classes[each.kind];
      if (round == 0) times.totals.push_back(bench::counted(answer, each));
      else times.us.push_back(us);
    }
  }
  std::printf("{\"restart\": %.4f, \"resident\": %ld, \"classes\": {", restart, memory().first);
  const char* between = "";
  for (auto& [name, times] : classes) {
    std::printf("%s\"%s\": {\"p50\": %.1f, \"p99\": %.1f, \"totals\": [", between, name.c_str(),
                times.at(0.5), times.at(0.99));
    for (std::size_t i = 0; i < times.totals.size(); ++i)
      std::printf("%s%lld", i ? ", " : "", static_cast<long long>(times.totals[i]));
    std::printf("]}");
    between = ", ";
  }
  std::printf("}}\n");
  return 0;
}

/// Asks 100 queries a second, each on its time, until told to stop.
Times ask(Engine& engine, const std::vector<CorpusQuery>& queries, const std::atomic<bool>& stop) {
  Times times;
  auto due = Clock::now();
  for (std::size_t turn = 0; !stop; ++turn, due += std::chrono::milliseconds(10)) {
    std::this_thread::sleep_until(due);
    const auto answer = engine.search(bench::query(queries[turn % queries.size()]));
    wanted(answer);
    times.us.push_back(std::chrono::duration<double, std::micro>(Clock::now() - due).count());
  }
  return times;
}

/// 1,000 changes a second in batches of 10, each on its time: how long after its time every batch
/// is found. Of ten changes five are patches of a count, as on a hub; five write a document anew.
Times change(Engine& engine, const std::vector<CorpusDocument>& rows, int seconds) {
  Times times;
  auto due = Clock::now();
  std::int64_t version = Clock::now().time_since_epoch().count();
  for (int turn = 0; turn < seconds * 100; ++turn, due += std::chrono::milliseconds(10)) {
    std::this_thread::sleep_until(due);
    std::vector<Change> batch;
    const std::string mark = "fresh" + std::to_string(++version);
    for (std::size_t i = 0; i < 10; ++i) {
      CorpusDocument row = rows[(std::size_t(turn) * 10 + i) % rows.size()];
      if (i % 2) {
        batch.push_back({Change::Kind::patch, {}});
        batch.back().document.id = row.id;
        batch.back().document.numbers = {{"downloads", version % 100'000}};
        continue;
      }
      row.body += " " + mark;
      batch.push_back({Change::Kind::put, bench::document(row, version)});
    }
    wanted(engine.apply("models", batch));
    Query query = bench::query({"one", mark, "", "", 0});
    query.typos = false;
    if (wanted(engine.search(query)).total != 5) {
      std::fprintf(stderr, "a change was not found at once\n");
      std::exit(1);
    }
    times.us.push_back(std::chrono::duration<double, std::micro>(Clock::now() - due).count());
  }
  return times;
}

int updates(const std::string& corpus, const std::string& folder, int seconds) {
  const auto engine = opened(folder);
  std::vector<CorpusQuery> queries = bench::read_queries(corpus + "/queries.tsv");
  std::vector<CorpusDocument> rows(20'000);
  std::ifstream in(corpus + "/documents.tsv");
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (!bench::read_document(in, rows[i])) rows.resize(i);
  std::atomic<bool> stop = false;
  const auto period = [&](const std::function<void()>& work) {
    stop = false;
    Times times;
    std::thread asking([&] { times = ask(*engine, queries, stop); });
    work();
    stop = true;
    asking.join();
    return times;
  };
  Times alone = period([&] { std::this_thread::sleep_for(std::chrono::seconds(seconds)); });
  Times visible;
  Times beside = period([&] { visible = change(*engine, rows, seconds); });
  std::printf("{\"alone\": {\"p50\": %.1f, \"p99\": %.1f}, \"beside\": {\"p50\": %.1f, "
              "\"p99\": %.1f}, \"visible\": {\"p50\": %.1f, \"p99\": %.1f}, \"resident\": %ld}\n",
              alone.at(0.5), alone.at(0.99), beside.at(0.5), beside.at(0.99), visible.at(0.5),
              visible.at(0.99), memory().first);
  return 0;
}

}  // namespace

int main(int count, char** words) {
  const std::string command = count > 3 ? words[1] : "";
  if (command == "build") return build(words[2], words[3]);
  if (command == "query" && count > 4) return query(words[2], words[3], std::atoi(words[4]));
  if (command == "updates" && count > 4) return updates(words[2], words[3], std::atoi(words[4]));
  std::fprintf(stderr, "search_bench build|query|updates CORPUS INDEX [ROUNDS|SECONDS]\n");
  return 2;
}

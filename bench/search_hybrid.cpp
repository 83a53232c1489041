// Text and vectors together: our engine, which joins both lists in one question, beside what one
// would put together without it: the same text question to our engine, the 200 nearest of plain
// hnswlib (f32, M 16, efConstruction 200), and both lists joined by their ranks.
//   search_hybrid CORPUS FOLDER DOCUMENTS N
// takes the first DOCUMENTS of the corpus, builds what is not there yet, asks every query of two
// classes N times after one warm-up, each side first in every other round, and prints one line of
// JSON: times, how many of the 20 shown both agree on, and of the nearest by exact comparison how
// many each side finds (`recall`: of the first 10 and of all 200 that are joined with the texts).
// Vectors of documents are drawn around 1,000 centres, those of queries too: how fast they are
// found is real, how well texts and vectors agree is not.
#include <hnswlib/hnswlib.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "bench/search_corpus.hpp"
#include "bench/search_schema.hpp"
#include "bench/wanted.hpp"
#include "engines/native_search/native_search.hpp"

namespace {

using namespace atelier;
using namespace atelier::ports::search;
using bench::wanted;
using Clock = std::chrono::steady_clock;
using Graph = hnswlib::HierarchicalNSW<float>;

constexpr int dimensions = 128, centres = 1000, window = 200, shown = 20;

std::vector<float> unit(std::vector<float> vector) {
  float squares = 0;
  for (const float x : vector) squares += x * x;
  for (float& x : vector) x /= std::sqrt(squares);
  return vector;
}

/// Always the same for the same number.
std::vector<float> vector_of(std::uint64_t number) {
  std::mt19937_64 random(number);
  std::mt19937_64 centre(1'000'000 + random() % centres);
  std::normal_distribution<float> spread;
  std::vector<float> out(dimensions);
  for (float& x : out) x = spread(centre);
  for (float& x : out) x += 0.7f * spread(random);
  return unit(std::move(out));
}

/// Beside the schema of the other classes: vectors.
Schema schema() {
  Schema out = bench::schema();
  out.dimensions = dimensions;
  return out;
}

std::unique_ptr<Engine> ours(const std::string& corpus, const std::string& folder, int documents) {
  auto engine = engines::native_search::make_engine({folder});
  wanted(engine->open(schema()));
  if (wanted(engine->standing("models")).documents == documents) return engine;
  std::ifstream in(corpus + "/documents.tsv");
  bench::CorpusDocument row;
  std::vector<Change> batch;
  for (int i = 0; i < documents && bench::read_document(in, row); ++i) {
    batch.push_back({Change::Kind::put, bench::document(row, 1)});
    batch.back().document.vector = vector_of(std::uint64_t(row.id));
    if (batch.size() < 1000 && i + 1 < documents) continue;
    if (!wanted(engine->apply("models", batch)).empty()) std::exit(1);
    batch.clear();
  }
  wanted(engine->mark("models", "bench", 1));
  wanted(engine->flush("models"));
  return engine;
}

std::unique_ptr<Graph> plain(hnswlib::InnerProductSpace& space, const std::string& file,
                             int documents) {
  if (std::filesystem::exists(file)) return std::make_unique<Graph>(&space, file);
  auto graph = std::make_unique<Graph>(&space, std::size_t(documents), 16, 200);
  for (int id = 1; id <= documents; ++id)
    graph->addPoint(vector_of(std::uint64_t(id)).data(), std::size_t(id));
  graph->saveIndex(file);
  return graph;
}

using Ids = std::vector<std::int64_t>;

/// The nearest first.
Ids nearest(Graph& graph, const std::vector<float>& vector) {
  auto found = graph.searchKnn(vector.data(), window);
  Ids ids(found.size());
  for (; !found.empty(); found.pop()) ids[found.size() - 1] = std::int64_t(found.top().second);
  return ids;
}

/// The best `shown` of both lists by 1 / (60 + rank).
Ids joined(Engine& engine, Graph& graph, const Query& asked) {
  Query query = asked;
  query.vector.clear();
  query.limit = window;
  std::unordered_map<std::int64_t, float> scores;
  const auto answer = wanted(engine.search(query));
  for (std::size_t i = 0; i < answer.hits.size(); ++i)
    scores[answer.hits[i].id] += 1 / (60 + float(i + 1));
  const Ids near = nearest(graph, asked.vector);
  for (std::size_t i = 0; i < near.size(); ++i) scores[near[i]] += 1 / (60 + float(i + 1));
  std::vector<std::pair<float, std::int64_t>> ranked;
  for (const auto& [id, score] : scores) ranked.emplace_back(score, id);
  const auto kept = std::min<std::size_t>(shown, ranked.size());
  std::ranges::partial_sort(ranked, ranked.begin() + std::ptrdiff_t(kept), std::greater());
  Ids out;
  for (std::size_t i = 0; i < kept; ++i) out.push_back(ranked[i].second);
  return out;
}

/// By comparing with every vector, at full precision.
class Exact {
 public:
  explicit Exact(int documents) {
    for (int id = 1; id <= documents; ++id) vectors_.push_back(vector_of(std::uint64_t(id)));
  }
  Ids nearest(const std::vector<float>& vector) const {
    std::vector<std::pair<float, std::int64_t>> found;
    for (const auto& each : vectors_)
      found.emplace_back(std::inner_product(each.begin(), each.end(), vector.begin(), 0.0f),
                         std::ssize(found) + 1);
    const auto kept = std::min<std::size_t>(window, found.size());
    std::ranges::partial_sort(found, found.begin() + std::ptrdiff_t(kept), std::greater());
    Ids ids;
    for (std::size_t i = 0; i < kept; ++i) ids.push_back(found[i].second);
    return ids;
  }

 private:
  std::vector<std::vector<float>> vectors_;
};

struct Recall {
  std::size_t of_first = 0, first = 0, of_all = 0, all = 0;

  void add(const Ids& found, const Ids& exact) {
    const std::set<std::int64_t> ids(found.begin(), found.end());
    for (std::size_t i = 0; i < exact.size(); ++i) {
      const std::size_t hit = ids.count(exact[i]);
      of_all += hit, ++all;
      if (i < 10) of_first += hit, ++first;
    }
  }
};

/// Until the engine's threads have had nothing to do for three seconds: its graph is whole.
void settle() {
  for (int idle = 0; idle < 3;) {
    const std::clock_t before = std::clock();
    std::this_thread::sleep_for(std::chrono::seconds(1));
    idle = std::clock() - before < CLOCKS_PER_SEC / 50 ? idle + 1 : 0;
  }
}

double at(std::vector<double> us, double part) {
  std::ranges::sort(us);
  return us[std::min(us.size() - 1, std::size_t(part * double(us.size())))];
}

struct Side {
  std::vector<double> us;
  Recall recall;

  std::string json() const {
    char text[160];
    std::snprintf(text, sizeof text, "{\"p50\": %.1f, \"p99\": %.1f, \"recall\": [%.4f, %.4f]}",
                  at(us, 0.5), at(us, 0.99), double(recall.of_first) / double(recall.first),
                  double(recall.of_all) / double(recall.all));
    return text;
  }
};

struct Class {
  Side ours, peer;
  std::size_t agreed = 0, asked = 0;
};

/// How well each finds what is near, asked for nothing else.
void measure_recall(Engine& engine, Graph& graph, const Exact& exact, const Query& asked,
                    Class& sides) {
  Query query;
  query.index = asked.index;
  query.vector = asked.vector;
  query.limit = window;
  Ids ours;
  for (const Hit& hit : wanted(engine.search(query)).hits) ours.push_back(hit.id);
  const Ids truth = exact.nearest(asked.vector);
  sides.ours.recall.add(ours, truth);
  sides.peer.recall.add(nearest(graph, asked.vector), truth);
}

template <class Call>
auto timed(std::vector<double>& us, Call call) {
  const auto began = Clock::now();
  auto answer = call();
  us.push_back(std::chrono::duration<double, std::micro>(Clock::now() - began).count());
  return answer;
}

/// The side that comes second finds the text's postings in the processor's caches.
void ask(Engine& engine, Graph& graph, const Query& query, bool ours_first, Class& sides) {
  Answer answer;
  const auto ours = [&] {
    answer = timed(sides.ours.us, [&] { return wanted(engine.search(query)); });
  };
  if (ours_first) ours();
  const Ids other = timed(sides.peer.us, [&] { return joined(engine, graph, query); });
  if (!ours_first) ours();
  for (const Hit& hit : answer.hits)
    sides.agreed += std::size_t(std::ranges::count(other, hit.id));
  sides.asked += other.size();
}

}  // namespace

int main(int count, char** words) {
  if (count != 5) return 2;
  const std::string corpus = words[1], folder = words[2];
  const int documents = std::atoi(words[3]), rounds = std::atoi(words[4]);
  std::filesystem::create_directories(folder);
  const auto engine = ours(corpus, folder + "/ours", documents);
  hnswlib::InnerProductSpace space(dimensions);
  const auto graph = plain(space, folder + "/hnswlib", documents);
  graph->setEf(window);
  settle();
  wanted(engine->flush("models"));  // the next run begins with the whole graph
  const Exact exact(documents);
  std::map<std::string, Class> classes;
  const auto queries = bench::read_queries(corpus + "/queries.tsv");
  for (int round = 0; round <= rounds; ++round)
    for (std::size_t i = 0; i < queries.size(); ++i) {
      if (queries[i].kind != "one_common" && queries[i].kind != "and2") continue;
      Query query = bench::query(queries[i]);
      query.vector = vector_of(10'000'000 + i);
      Class& sides = classes[queries[i].kind];
      Class warming;
      if (round == 0) measure_recall(*engine, *graph, exact, query, sides);
      ask(*engine, *graph, query, round % 2 == 1, round == 0 ? warming : sides);
    }
  std::printf("{");
  const char* between = "";
  for (const auto& [name, each] : classes) {
    std::printf("%s\"%s\": {\"ours\": %s, \"peer\": %s, \"agreed\": %.4f}", between,
                name.c_str(), each.ours.json().c_str(), each.peer.json().c_str(),
                double(each.agreed) / double(each.asked));
    between = ", ";
  }
  std::printf("}\n");
  return 0;
}

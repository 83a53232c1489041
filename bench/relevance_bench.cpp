// Our engine on the judged searches: relevance_bench tests/relevance/models.txt FOLDER reads one
// query a line and answers each with a line of at most ten ids, best first.
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "bench/search_corpus.hpp"
#include "engines/native_search/native_search.hpp"

namespace {

using namespace atelier;
using namespace atelier::ports::search;

Schema schema() {
  Schema out;
  out.index = "models";
  out.fields = {{"name", FieldKind::text, 4, Analysis::name},
                {"triggers", FieldKind::text, 3, Analysis::name},
                {"tags", FieldKind::text, 2, Analysis::prose},
                {"creator", FieldKind::text, 2, Analysis::name},
                {"type", FieldKind::text, 1, Analysis::name},
                {"base", FieldKind::text, 1, Analysis::name},
                {"description", FieldKind::text, 1, Analysis::prose}};
  return out;
}

Change put(const std::vector<std::string>& cells) {
  Change out;
  out.document.id = std::stoll(cells[0]);
  out.document.version = 1;
  const auto several = [&](const char* field, const std::string& list) {
    for (const std::string& each : bench::columns(list, ','))
      out.document.texts.emplace_back(field, each);
  };
  out.document.texts = {{"name", cells[1]}, {"type", cells[2]}, {"base", cells[3]},
                        {"creator", cells[4]}, {"description", cells[7]}};
  several("triggers", cells[5]);
  several("tags", cells[6]);
  return out;
}

}  // namespace

int main(int count, char** words) {
  if (count != 3) return 2;
  const auto engine = engines::native_search::make_engine({words[2]});
  if (!engine->open(schema())) return 1;
  std::vector<Change> changes;
  std::ifstream models(words[1]);
  for (std::string line; std::getline(models, line);)
    if (!line.starts_with("#")) changes.push_back(put(bench::columns(line, '|')));
  const auto refusals = engine->apply("models", changes);
  if (!refusals || !refusals->empty()) return 1;
  for (std::string line; std::getline(std::cin, line);) {
    Query query;
    query.index = "models";
    query.limit = 10;
    Clause clause;
    clause.text = line;
    query.clauses = {clause};
    const auto answer = engine->search(query);
    if (!answer) return 1;
    for (const Hit& hit : answer->hits) std::printf("%lld ", static_cast<long long>(hit.id));
    std::printf("\n");
  }
  return 0;
}

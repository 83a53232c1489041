// Our engine on the judged searches: relevance_bench tests/relevance/models.txt FOLDER
// [related|joined] reads one query a line and answers each with a line of at most ten ids, best
// first. `related`: as GET /api/v2/search does it, what is about the same behind what has the
// words, by vectors that the catalogue's own texts give; `joined`: both by reciprocal ranks.
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "bench/search_corpus.hpp"
#include "engines/lsa/lsa.hpp"
#include "engines/native_search/native_search.hpp"
#include "features/search/related.hpp"
#include "platform/searchables.hpp"

namespace {

using namespace atelier;
using namespace atelier::ports::search;

Schema shape(int dimensions) {
  Schema out;
  out.index = "models";
  out.dimensions = dimensions;
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

/// Vectors of the texts, learnt from them.
bool embed(ports::Embedder& embedder, std::vector<Change>& changes) {
  std::vector<std::string> texts;
  for (const Change& change : changes) texts.push_back(platform::text_of(change.document));
  std::size_t next = 0;
  const auto trained = embedder.train([&]() -> std::optional<std::string> {
    return next < texts.size() ? std::optional(texts[next++]) : std::nullopt;
  });
  auto vectors = embedder.embed(texts);
  if (!trained || !vectors) return false;
  for (std::size_t i = 0; i < changes.size(); ++i)
    changes[i].document.vector = std::move((*vectors)[i]);
  return true;
}

enum class Mode { words, related, joined };

Result<std::vector<Hit>> find(Engine& engine, ports::Embedder& embedder, Mode mode,
                              const std::string& line) {
  Query query;
  query.index = "models";
  query.limit = 10;
  query.clauses.emplace_back().text = line;
  if (mode == Mode::joined) query.vector = TRY(embedder.embed_query(line));
  auto answer = TRY(engine.search(query));
  const int room = query.limit - static_cast<int>(answer.hits.size());
  if (mode != Mode::related || room == 0) return std::move(answer.hits);
  const auto vector =
      TRY(embedder.embed_query(answer.corrected.empty() ? line : answer.corrected));
  if (vector.empty()) return std::move(answer.hits);
  auto near = TRY(engine.search(search::related_query(query, answer, vector, room)));
  search::keep_related(vector, near.hits);
  answer.hits.insert(answer.hits.end(), near.hits.begin(), near.hits.end());
  return std::move(answer.hits);
}

}  // namespace

int main(int count, char** words) {
  if (count != 3 && count != 4) return 2;
  const std::string_view option = count == 4 ? words[3] : "";
  const Mode mode = option == "related" ? Mode::related
                    : option == "joined" ? Mode::joined
                                         : Mode::words;
  const std::filesystem::path folder = words[2];
  engines::lsa::Lsa lsa(folder / "embeddings");
  const auto engine = engines::native_search::make_engine({folder / "search"});
  if (!engine->open(shape(lsa.dimensions()))) return 1;
  std::vector<Change> changes;
  std::ifstream models(words[1]);
  for (std::string line; std::getline(models, line);)
    if (!line.starts_with("#")) changes.push_back(put(bench::columns(line, '|')));
  if (!embed(lsa, changes)) return 1;
  const auto refusals = engine->apply("models", changes);
  if (!refusals || !refusals->empty()) return 1;
  for (std::string line; std::getline(std::cin, line);) {
    const auto hits = find(*engine, lsa, mode, line);
    if (!hits) return 1;
    for (const Hit& hit : *hits) std::printf("%lld ", static_cast<long long>(hit.id));
    std::printf("\n");
  }
  return 0;
}

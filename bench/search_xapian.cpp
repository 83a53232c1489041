// Xapian on the corpus of search_corpus.cpp. Each command prints one line of JSON:
//   search_xapian build CORPUS INDEX
//   search_xapian query CORPUS INDEX N     every query N times after one warm-up
// BM25 with titles counted three times; all matches are counted, as our port does.
#include <xapian.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>

#include "bench/search_corpus.hpp"

namespace {

using namespace atelier::bench;
using Clock = std::chrono::steady_clock;
using Xapian::Query;

constexpr Xapian::valueno downloads_slot = 0, type_slot = 1, base_slot = 2;
/// More than any corpus has: ask for the exact number of matches.
constexpr Xapian::doccount all = 1'000'000'000;

double seconds_since(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

Xapian::Document document(const CorpusDocument& row) {
  Xapian::Document out;
  Xapian::TermGenerator generator;
  generator.set_document(out);
  generator.index_text(row.title, 3);
  generator.increase_termpos(100);  // no phrase spans both
  generator.index_text(row.body, 1);
  out.add_boolean_term("XT" + row.type);
  out.add_boolean_term("XB" + row.base);
  out.add_boolean_term("XL" + std::to_string(row.level));
  for (const std::string& tag : row.tags) out.add_boolean_term("XG" + tag);
  out.add_boolean_term("Q" + std::to_string(row.id));
  out.add_value(downloads_slot, Xapian::sortable_serialise(double(row.downloads)));
  out.add_value(type_slot, row.type);
  out.add_value(base_slot, row.base);
  return out;
}

int build(const std::string& corpus, const std::string& folder) {
  const auto began = Clock::now();
  Xapian::WritableDatabase database(folder,
                                    Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_NO_SYNC);
  std::ifstream in(corpus + "/documents.tsv");
  CorpusDocument row;
  int count = 0;
  for (; read_document(in, row); ++count) database.add_document(document(row));
  database.commit();
  std::printf("{\"documents\": %d, \"seconds\": %.2f}\n", count, seconds_since(began));
  return 0;
}

Query text(const CorpusQuery& asked) {
  const auto words = columns(asked.words, ' ');
  if (asked.kind == "phrase") return Query(Query::OP_PHRASE, words.begin(), words.end());
  const bool prefix = asked.kind == "prefix" || asked.kind == "and_prefix";
  std::vector<Query> parts;
  for (std::size_t i = 0; i < words.size(); ++i)
    parts.push_back(prefix && i + 1 == words.size() ? Query(Query::OP_WILDCARD, words[i])
                                                    : Query(words[i]));
  return Query(Query::OP_AND, parts.begin(), parts.end());
}

Query whole(const CorpusQuery& asked) {
  std::vector<Query> filters, levels;
  if (!asked.type.empty()) filters.emplace_back("XT" + asked.type);
  if (!asked.base.empty()) filters.emplace_back("XB" + asked.base);
  for (std::int64_t bit = 1; bit < 32; bit <<= 1)
    if (asked.mask & bit) levels.emplace_back("XL" + std::to_string(bit));
  if (asked.mask) filters.emplace_back(Query::OP_OR, levels.begin(), levels.end());
  const Query filter(Query::OP_AND, filters.begin(), filters.end());
  if (asked.words.empty()) return Query(Query::OP_SCALE_WEIGHT, filter, 0.0);
  return filters.empty() ? text(asked) : Query(Query::OP_FILTER, text(asked), filter);
}

/// All matches, and of facets the sum of all counts too, as search_bench counts.
std::int64_t ask(const Xapian::Database& database, const CorpusQuery& asked) {
  Xapian::Enquire enquire(database);
  enquire.set_query(whole(asked));
  Xapian::ValueCountMatchSpy types(type_slot), bases(base_slot);
  const bool facets = asked.kind.ends_with("_facet");
  if (facets) {
    enquire.add_matchspy(&types);
    enquire.add_matchspy(&bases);
  }
  if (asked.words.empty()) {
    enquire.set_weighting_scheme(Xapian::BoolWeight());
    enquire.set_sort_by_value(downloads_slot, true);
  }
  const Xapian::MSet found = enquire.get_mset(0, 20, all);
  std::int64_t sum = found.get_matches_estimated();
  if (!facets) return sum;
  for (const Xapian::ValueCountMatchSpy* spy : {&types, &bases})
    for (auto value = spy->values_begin(); value != spy->values_end(); ++value)
      sum += value.get_termfreq();
  return sum;
}

int query(const std::string& corpus, const std::string& folder, int rounds) {
  const Xapian::Database database(folder);
  std::map<std::string, std::pair<std::vector<double>, std::string>> classes;
  const auto queries = read_queries(corpus + "/queries.tsv");
  for (int round = 0; round <= rounds; ++round) {
    for (const CorpusQuery& each : queries) {
      if (each.kind == "typo") continue;  // the index has no dictionary of spellings
      const auto began = Clock::now();
      const std::int64_t total = ask(database, each);
      auto& [times, totals] = classes[each.kind];
      if (round > 0) times.push_back(seconds_since(began) * 1e6);
      else totals += (totals.empty() ? "" : ", ") + std::to_string(total);
    }
  }
  std::printf("{\"classes\": {");
  const char* between = "";
  for (auto& [name, each] : classes) {
    auto& times = each.first;
    std::ranges::sort(times);
    std::printf("%s\"%s\": {\"p50\": %.1f, \"p99\": %.1f, \"totals\": [%s]}", between,
                name.c_str(), times[times.size() / 2], times[times.size() * 99 / 100],
                each.second.c_str());
    between = ", ";
  }
  std::printf("}}\n");
  return 0;
}

}  // namespace

int main(int count, char** words) {
  const std::string command = count > 3 ? words[1] : "";
  if (command == "build") return build(words[2], words[3]);
  if (command == "query" && count > 4) return query(words[2], words[3], std::atoi(words[4]));
  return 2;
}

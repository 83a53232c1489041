#pragma once
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

/// Rows of the generated corpus and of the queries over it, as search_corpus.cpp writes them: one
/// a line, columns parted by tabs.
namespace atelier::bench {

struct CorpusDocument {
  std::int64_t id = 0;
  std::string type, base;         ///< "t3", "b12"
  std::int64_t level = 1;         ///< one bit of five
  std::int64_t downloads = 0;
  std::vector<std::string> tags;  ///< "g17"
  std::string title, body;
};

struct CorpusQuery {
  std::string kind;       ///< the class: and2, browse_facet, …
  std::string words;      ///< "" = none
  std::string type, base; ///< "" = any
  std::int64_t mask = 0;  ///< 0 = any level
};

inline std::vector<std::string> columns(const std::string& line, char between) {
  std::vector<std::string> out;
  std::string each;
  for (std::istringstream in(line); std::getline(in, each, between);) out.push_back(each);
  return out;
}

inline bool read_document(std::istream& in, CorpusDocument& out) {
  std::string line;
  if (!std::getline(in, line)) return false;
  auto cells = columns(line, '\t');
  cells.resize(8);
  out = {std::stoll(cells[0]), cells[1], cells[2], std::stoll(cells[3]), std::stoll(cells[4]),
         columns(cells[5], ','), cells[6], cells[7]};
  return true;
}

inline std::vector<CorpusQuery> read_queries(const std::string& path) {
  std::vector<CorpusQuery> out;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    auto cells = columns(line, '\t');
    cells.resize(5);
    out.push_back({cells[0], cells[1], cells[2], cells[3],
                   cells[4].empty() ? 0 : std::stoll(cells[4])});
  }
  return out;
}

}  // namespace atelier::bench

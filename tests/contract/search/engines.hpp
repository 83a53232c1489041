#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "ports/search.hpp"
#include "tests/support/folder.hpp"

namespace atelier::test {

/// One engine of the search port, for the suites of this folder.
struct SearchEngine {
  std::string name;
  std::function<Result<std::unique_ptr<ports::search::Engine>>(const std::filesystem::path&)> make;
  bool durable = true;   ///< made again on the same folder, it has what it said was durable
  bool language = true;  ///< has stems, typos, synonyms, snippets; the plain reference has not
  std::function<std::string()> absent;  ///< why it cannot be tested here; "" = it can
  std::vector<std::string> lacks;  ///< tests of promises that it does not keep yet
  bool remote = false;   ///< each question crosses a network: long tests play fewer rounds
};

inline void PrintTo(const SearchEngine& engine, std::ostream* out) { *out << engine.name; }

/// Every engine; the reference too, which shows that the suite itself reads the port rightly.
std::vector<SearchEngine> search_engines();
std::vector<SearchEngine> search_engines_with_language();
std::vector<SearchEngine> search_engines_that_last();
std::vector<SearchEngine> search_engines_of_many_nodes();

/// A fresh engine in a folder of its own with one open index, "models".
class OnSearchEngines : public testing::TestWithParam<SearchEngine> {
 protected:
  void SetUp() override;
  /// The same folder, as after a restart of the program.
  void reopen();

  static ports::search::Schema schema();
  /// A put. `fields` is name, tags (each a keyword), downloads, level.
  static ports::search::Change put(std::int64_t id, std::string name, std::string description = {},
                                   std::vector<std::string> tags = {}, std::int64_t downloads = 0,
                                   std::int64_t level = 1, std::int64_t version = 1);
  static ports::search::Change erase(std::int64_t id, std::int64_t version = 1);
  static ports::search::Change patch(std::int64_t id, std::string field, std::int64_t number);
  static ports::search::Query words(std::string text);

  void apply(std::vector<ports::search::Change> changes);
  ports::search::Answer search(const ports::search::Query& query);
  std::vector<std::int64_t> ids(const ports::search::Query& query);
  /// As `ids`, rising: what is found, whatever its order.
  std::vector<std::int64_t> found(const ports::search::Query& query);
  std::vector<std::int64_t> found(std::string text) { return found(words(std::move(text))); }
  std::string fault(const ports::search::Query& query);

  Folder folder_;
  std::unique_ptr<ports::search::Engine> engine_;
};

ports::search::Condition terms(std::string field, std::vector<std::string> values);
ports::search::Condition range(std::string field, std::optional<std::int64_t> low,
                               std::optional<std::int64_t> high);
ports::search::Condition bits(std::string field, std::int64_t mask);
ports::search::Condition joined(ports::search::Condition::Kind kind,
                                std::vector<ports::search::Condition> children);

}  // namespace atelier::test

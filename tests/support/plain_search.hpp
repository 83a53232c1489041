#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ports/search.hpp"

namespace atelier::test {

/// The search port as its header reads, without any index: every question looks at every document.
/// What other engines answer is compared with this. It knows lower-case ASCII words that have no
/// other stem, mends no typos, knows no synonyms, and orders by relevance by counting words, so
/// only the set of such an answer can be compared. Kept in memory only. Thread-safe.
class PlainSearch final : public ports::search::Engine {
 public:
  Result<void> open(const ports::search::Schema& schema) override;
  Result<ports::search::Standing> standing(std::string_view index) override;
  Result<std::vector<ports::search::Refusal>> apply(
      std::string_view index, std::span<const ports::search::Change> changes) override;
  Result<void> mark(std::string_view index, std::string_view origin,
                    std::int64_t position) override;
  Result<void> flush(std::string_view index) override;
  Result<void> begin_rebuild(const ports::search::Schema& schema) override;
  Result<void> finish_rebuild(std::string_view index, std::string_view origin,
                              std::int64_t position) override;
  Result<void> abandon_rebuild(std::string_view index) override;
  Result<ports::search::Answer> search(const ports::search::Query& query) override;
  Result<std::vector<std::string>> suggest(std::string_view index, std::string_view text,
                                           int limit) override;
  Result<std::vector<float>> vector(std::string_view index, std::int64_t id) override;
  Result<std::vector<std::pair<std::int64_t, std::int64_t>>> scan(std::string_view index,
                                                                  std::int64_t after,
                                                                  int limit) override;
  Result<void> synonyms(std::vector<std::vector<std::string>> groups) override;

  struct Kept {
    ports::search::Document document;
    std::map<std::string, std::vector<std::vector<std::string>>, std::less<>> words;  ///< by field
    std::map<std::string, std::set<std::string>, std::less<>> keywords;
    std::map<std::string, std::int64_t, std::less<>> numbers;
  };

 private:
  struct Index {
    ports::search::Schema schema;
    ports::search::Standing standing;
    std::map<std::int64_t, Kept> documents;
  };

  Result<Index*> find(std::string_view name);
  static Result<void> check(const Index& index, const ports::search::Query& query);
  static std::string change_one(Index& index, const ports::search::Change& change);

  std::mutex mutex_;
  std::map<std::string, Index, std::less<>> indexes_;
};

/// The lower-case words of a text, in order.
std::vector<std::string> plain_words(std::string_view text);

}  // namespace atelier::test

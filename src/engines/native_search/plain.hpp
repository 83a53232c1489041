#pragma once
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "engines/native_search/analysis.hpp"
#include "engines/native_search/shape.hpp"
#include "engines/native_search/synonyms.hpp"

/// The same answers the slow way: every document is looked at for every query. What the words of a
/// query mean, and what is counted, is said here once in its simplest form.
namespace atelier::engines::native_search {

struct PlainDocument {
  ports::search::Document source;
  /// Of each text field: where its terms stand.
  std::vector<std::unordered_map<std::string, std::vector<std::uint32_t>>> terms;
  std::vector<std::uint32_t> lengths;  ///< words of each text field
  std::vector<std::int64_t> numbers;
  std::vector<std::vector<std::string>> keywords;  ///< each sorted, no value twice
};

/// Not thread-safe.
class Plain {
 public:
  explicit Plain(Shape shape) : shape_(std::move(shape)) {}

  void put(const ports::search::Document& document);
  void erase(std::int64_t id) { documents_.erase(id); }
  void patch(const ports::search::Document& document);

  void synonyms(std::shared_ptr<const Synonyms> words) { synonyms_ = std::move(words); }

  const std::map<std::int64_t, PlainDocument>& documents() const { return documents_; }
  const Shape& shape() const { return shape_; }
  /// The query was checked.
  Result<ports::search::Answer> search(const ports::search::Query& query) const;

 private:
  struct Asked;
  bool matches(const PlainDocument& document, const Asked& asked) const;
  bool holds(const PlainDocument& document, const ports::search::Condition& condition) const;
  double score(const PlainDocument& document, const Asked& asked,
               const ports::search::Query& query) const;
  void ask(const Forms& forms, const std::vector<std::uint32_t>& fields, Asked& asked) const;
  Asked read(const ports::search::Query& query) const;

  Shape shape_;
  std::shared_ptr<const Synonyms> synonyms_;
  std::map<std::int64_t, PlainDocument> documents_;
};

}  // namespace atelier::engines::native_search

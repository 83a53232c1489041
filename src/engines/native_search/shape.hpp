#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "ports/search.hpp"

namespace atelier::engines::native_search {

/// Where a field is: the how-manieth among the fields that are kept alike. Numbers and bits are
/// kept alike.
struct Place {
  ports::search::FieldKind kind = ports::search::FieldKind::text;
  std::uint32_t slot = 0;
};

constexpr std::size_t text_fields_max = 8;
constexpr std::size_t fields_max = 64;
constexpr std::size_t keyword_bytes_max = 255;
constexpr std::size_t keywords_max = 1000;           ///< of one field of a document
constexpr std::size_t text_bytes_max = 4 << 20;      ///< of one field of a document
constexpr std::string_view id_field = "id";

/// A schema, ready to be asked. Never changes.
class Shape {
 public:
  /// Invalid with `search_schema`: the index's name, a field twice, too many of them.
  static Result<Shape> of(ports::search::Schema schema);

  const ports::search::Schema& schema() const { return schema_; }
  std::optional<Place> find(std::string_view field) const;
  const std::vector<ports::search::Field>& texts() const { return texts_; }
  const std::vector<ports::search::Field>& keywords() const { return keywords_; }
  const std::vector<ports::search::Field>& numbers() const { return numbers_; }

  /// The reason why a change cannot be taken; empty = it can.
  std::string refusal(const ports::search::Change& change) const;
  /// Invalid with `search_field` or `search_limit`.
  Result<void> check(const ports::search::Query& query) const;

 private:
  Result<void> check(const ports::search::Condition& condition, int depth) const;
  Result<void> expect(std::string_view field, ports::search::FieldKind kind) const;
  bool is_number(std::string_view field) const;
  std::string text_refusal(const ports::search::Document& document) const;
  std::string keyword_refusal(const ports::search::Document& document) const;

  ports::search::Schema schema_;
  std::unordered_map<std::string, Place> places_;
  std::vector<ports::search::Field> texts_, keywords_, numbers_;
};

}  // namespace atelier::engines::native_search

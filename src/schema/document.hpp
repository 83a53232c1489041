#pragma once
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace atelier::schema {

/// JSON of other programs, whose shape is theirs: asked member by member instead of read into a
/// described struct. Wrong kinds and missing members are just absent. At most 32 levels deep.
class Document {
 public:
  using Path = std::initializer_list<std::string_view>;
  /// `invalid` with code `bad_json`.
  static Result<Document> parse(std::string_view text);

  /// Strings only: well-formed UTF-8 without NUL.
  std::optional<std::string> text(Path path) const;
  std::optional<std::int64_t> whole(Path path) const;
  std::optional<bool> boolean(Path path) const;
  /// The strings in a list; of objects the string member `member`, if one is named.
  std::vector<std::string> texts(Path path, std::string_view member = {}) const;
  bool has(Path path) const;
  /// The part at `path` as a document of its own.
  std::optional<Document> part(Path path) const;
  std::vector<Document> items(Path path) const;

 private:
  struct Tree;
  Document(std::shared_ptr<const Tree> tree, const void* at) : tree_(std::move(tree)), at_(at) {}
  const void* find(Path path) const;
  std::shared_ptr<const Tree> tree_;
  const void* at_;
};

}  // namespace atelier::schema

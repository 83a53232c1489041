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
/// described struct. Wrong kinds and missing members are just absent.
class Document {
 public:
  using Path = std::initializer_list<std::string_view>;
  /// `invalid` with code `bad_json`; also what is more than `depth_max` levels deep.
  static Result<Document> parse(std::string_view text, std::size_t depth_max = 32);

  /// Strings only: well-formed UTF-8 without NUL.
  std::optional<std::string> text(Path path) const;
  std::optional<std::int64_t> whole(Path path) const;
  std::optional<double> real(Path path) const;  ///< any number
  std::optional<bool> boolean(Path path) const;
  /// The strings in a list; of objects the string member `member`, if one is named.
  std::vector<std::string> texts(Path path, std::string_view member = {}) const;
  /// Names of an object's members, as they stand there.
  std::vector<std::string> names(Path path) const;
  bool is_list(Path path) const;
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

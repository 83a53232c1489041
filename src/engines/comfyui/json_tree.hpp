#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace atelier::engines::comfyui {

/// JSON (RFC 8259) as a tree whose values keep the spelling that they were read with: what is
/// only passed on comes out as it went in, numbers beyond a double too. Wrong kinds and missing
/// members are answered as absent. Views into the text of their JsonTree.
class JsonNode {
 public:
  enum class Kind : unsigned char { null, flag, number, text, list, object };

  Kind kind() const { return kind_; }
  bool is_list() const { return kind_ == Kind::list; }
  bool is_object() const { return kind_ == Kind::object; }
  bool is_null() const { return kind_ == Kind::null; }
  /// As it was written.
  std::string_view json() const { return json_; }

  /// Null if there is no such member or item; of members that stand twice the last counts.
  const JsonNode* find(std::string_view name) const;
  const JsonNode* item(std::size_t index) const;
  /// Of lists and objects.
  const std::vector<JsonNode>& items() const { return items_; }
  /// Of objects, one for each item.
  const std::vector<std::string>& names() const { return names_; }

  std::optional<std::string> text() const;
  std::optional<std::int64_t> whole() const;
  std::optional<double> real() const;
  std::optional<bool> flag() const;
  /// Of members; absent too if there is no such.
  std::optional<std::string> text(std::string_view name) const;
  std::optional<std::int64_t> whole(std::string_view name) const;
  std::optional<double> real(std::string_view name) const;
  bool flag(std::string_view name) const;  ///< false if absent

 private:
  friend class JsonTree;
  std::size_t read(std::string_view text, std::size_t at);

  Kind kind_ = Kind::null;
  std::string_view json_;
  std::vector<JsonNode> items_;
  std::vector<std::string> names_;
};

class JsonTree {
 public:
  /// `invalid`, code `bad_json`; also what is more than 32 levels deep. NaN and Infinity, which
  /// Python writes, are null, as in ComfyUI's pages.
  static Result<JsonTree> parse(std::string text);
  const JsonNode& root() const { return *root_; }

 private:
  std::unique_ptr<const std::string> text_;
  std::unique_ptr<const JsonNode> root_;
};

}  // namespace atelier::engines::comfyui

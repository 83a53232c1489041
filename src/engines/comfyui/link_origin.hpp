#pragma once
#include <cstddef>
#include <optional>
#include <string>

#include "engines/comfyui/standing.hpp"

namespace atelier::engines::comfyui {

/// Where a link comes from in the end: an output of a node that is carried out, or the value that
/// the node of a subgraph has for it, or nothing.
struct LinkOrigin {
  std::string node;               ///< its id in the whole; "" = none
  std::size_t slot = 0;
  const Widget* value = nullptr;
  bool circle = false;            ///< it comes from itself
};

/// Follows links back through reroutes, setters, bypassed nodes and the borders of subgraphs.
class LinkOrigins {
 public:
  LinkOrigin find(Standing& at, EditorNode& node, std::size_t input);
  bool tangled() const;  ///< it took too many steps, and links are missing

 private:
  struct Place {
    Standing* at;
    EditorNode* node;
    std::size_t slot;
    bool input;
    bool keeps_type = false;  ///< what is sought is still what the first input takes
  };
  static bool ends_at(const Place& place);
  static std::optional<Place> behind_input(const Place& place, LinkOrigin& origin);
  static std::optional<Place> behind_output(const Place& place, const std::string& type);
  static std::optional<Place> origin_of(Standing& at, const SavedLink& link);

  std::size_t steps_ = 0;
};

}  // namespace atelier::engines::comfyui

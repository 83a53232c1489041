#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "engines/vips/window.hpp"

namespace atelier::vips {

/// A box of an ISO base media file (ISO 14496-12 §4.2): where its content begins and ends.
struct Box {
  std::string kind;
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

/// Goes through the boxes that stand between two offsets.
class Boxes {
 public:
  Boxes(Window& window, std::int64_t begin, std::int64_t end)
      : window_(&window), at_(begin), end_(end) {}
  /// What is inside a box, after `skip` bytes of its own (4: version and flags).
  Boxes(Window& window, const Box& box, std::int64_t skip = 0)
      : Boxes(window, box.begin + skip, box.end) {}

  /// Absent at the end, and where a box does not fit into what it stands in.
  std::optional<Box> next();
  /// The next of a kind.
  std::optional<Box> find(std::string_view kind);

 private:
  Window* window_;
  std::int64_t at_, end_;
};

}  // namespace atelier::vips

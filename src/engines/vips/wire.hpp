#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "ports/imaging.hpp"

namespace atelier::vips {

/// What parent and child say to one another over their socket. Both are the same program, so the
/// structs go over as they lie in memory. The parent believes nothing a child says: a picture may
/// have taken it over.

constexpr int child_socket = 3;  ///< the child's end, as a descriptor
constexpr std::size_t wishes_max = 8;
constexpr std::size_t payload_max = 128u << 20;  ///< bytes of all pieces together

enum class Task : std::uint32_t { describe, variants, pixels };

struct WishWire {
  std::uint32_t medium = 0;
  std::int32_t width = 0, height = 0;  ///< the box it has to fit, in pixels
  std::int32_t quality = 0;
  std::int32_t animated = 0;
};

/// Comes with the picture's descriptor (SCM_RIGHTS).
struct Request {
  Task task = Task::describe;
  std::uint32_t medium = 0;
  std::int64_t size = 0;  ///< bytes
  std::uint32_t deadline_ms = 0;
  std::uint32_t wishes = 0;  ///< pixels: one, of which only the size counts
  std::array<WishWire, wishes_max> wish{};
};

enum class Outcome : std::uint32_t {
  ready,       ///< the first word of a child: it can be used
  made,        ///< payload follows
  broken,      ///< the decoder does not like the bytes
  memory,      ///< not enough memory
  unprepared,  ///< the child cannot work at all; it leaves
};

/// Followed by `payload` bytes: an AppearanceWire, the variants one after another, or the pixels.
struct Reply {
  Outcome outcome = Outcome::broken;
  std::uint32_t pieces = 0;
  std::array<std::uint64_t, wishes_max> payload{};
  std::array<char, 200> words{};  ///< why not, for the log
};

struct AppearanceWire {
  std::uint64_t perceptual_hash = 0;
  std::uint32_t dominant_colour = 0;
  std::uint32_t thumb_hash_size = 0;
  std::array<char, 32> thumb_hash{};
};

}  // namespace atelier::vips

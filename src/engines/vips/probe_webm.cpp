#include <bit>
#include <cmath>

#include "engines/vips/probe.hpp"

namespace atelier::vips {
namespace {

constexpr std::uint64_t unknown_size = ~std::uint64_t{0};

/// An EBML element: what it is and where its content lies.
struct Element {
  std::uint64_t id = 0;
  std::int64_t begin = 0, end = 0;
};

/// Goes through the elements between two offsets (RFC 8794 §4–6).
class Elements {
 public:
  Elements(Window& window, std::int64_t begin, std::int64_t end)
      : window_(&window), at_(begin), end_(end) {}
  Elements(Window& window, const Element& in) : Elements(window, in.begin, in.end) {}

  std::optional<Element> next() {
    if (at_ >= end_) return std::nullopt;
    const auto id_bytes = length(at_, 4);
    if (!id_bytes) return std::nullopt;
    Element element;
    element.id = window_->big(at_, *id_bytes).value_or(0);
    const std::int64_t size_at = at_ + static_cast<std::int64_t>(*id_bytes);
    const auto size_bytes = length(size_at, 8);
    if (!size_bytes) return std::nullopt;
    const auto raw = window_->big(size_at, *size_bytes);
    if (!raw) return std::nullopt;
    const std::uint64_t mask = (std::uint64_t{1} << (7 * *size_bytes)) - 1;
    const std::uint64_t size = (*raw & mask) == mask ? unknown_size : *raw & mask;
    element.begin = size_at + static_cast<std::int64_t>(*size_bytes);
    if (element.begin > end_) return std::nullopt;
    // A live recording does not know its size: it goes on to the end.
    const auto left = static_cast<std::uint64_t>(end_ - element.begin);
    element.end = size > left ? end_ : element.begin + static_cast<std::int64_t>(size);
    at_ = element.end;
    return element;
  }

  std::optional<Element> find(std::uint64_t id) {
    while (auto element = next())
      if (element->id == id) return element;
    return std::nullopt;
  }

 private:
  /// How many bytes a number takes, told by its first byte's leading zeros.
  std::optional<std::size_t> length(std::int64_t at, std::size_t most) {
    const auto first = window_->big(at, 1);
    if (!first || *first == 0) return std::nullopt;
    const std::size_t bytes = 1 + static_cast<std::size_t>(
        std::countl_zero(static_cast<std::uint8_t>(*first)));
    return bytes <= most ? std::optional(bytes) : std::nullopt;
  }

  Window* window_;
  std::int64_t at_, end_;
};

std::optional<std::uint64_t> whole(Window& window, const Element& element) {
  const std::int64_t size = element.end - element.begin;
  if (size < 1 || size > 8) return std::nullopt;
  return window.big(element.begin, static_cast<std::size_t>(size));
}

std::optional<double> real(Window& window, const Element& element) {
  const auto bits = whole(window, element);
  if (!bits) return std::nullopt;
  if (element.end - element.begin == 4)
    return std::bit_cast<float>(static_cast<std::uint32_t>(*bits));
  if (element.end - element.begin == 8) return std::bit_cast<double>(*bits);
  return std::nullopt;
}

void read_length(Window& window, const Element& about, ports::Probe& probe) {
  double nanoseconds = 1'000'000;
  if (const auto scale = Elements(window, about).find(0x2ad7b1))
    nanoseconds = static_cast<double>(whole(window, *scale).value_or(1'000'000));
  const auto duration = Elements(window, about).find(0x4489);
  const auto units = duration ? real(window, *duration) : std::nullopt;
  if (!units) return;
  const double milliseconds = *units * nanoseconds / 1e6;
  if (milliseconds > 0 && milliseconds < 1e12)
    probe.duration_ms = static_cast<std::int64_t>(std::llround(milliseconds));
}

/// The first track that has a picture.
bool read_tracks(Window& window, const Element& tracks, ports::Probe& probe) {
  Elements entries(window, tracks);
  while (const auto entry = entries.find(0xae)) {
    const auto video = Elements(window, *entry).find(0xe0);
    if (!video) continue;
    const auto across = Elements(window, *video).find(0xb0);
    const auto down = Elements(window, *video).find(0xba);
    if (!across || !down) continue;
    if (const auto alpha = Elements(window, *video).find(0x53c0))
      probe.has_alpha = whole(window, *alpha) == 1;
    return set_size(probe, whole(window, *across).value_or(0), whole(window, *down).value_or(0), 1);
  }
  return false;
}

}  // namespace

std::optional<ports::Probe> probe_webm(Window& window) {
  Elements top(window, 0, window.size());
  const auto head = top.next();
  const auto kind = head ? Elements(window, *head).find(0x4282) : std::nullopt;
  if (!kind || kind->end - kind->begin != 4 || !window.starts(kind->begin, "webm"))
    return std::nullopt;
  const auto segment = top.find(0x18538067);
  if (!segment) return std::nullopt;
  ports::Probe probe;
  bool sized = false;
  Elements parts(window, *segment);
  while (const auto part = parts.next()) {
    if (part->id == 0x1549a966) read_length(window, *part, probe);
    if (part->id == 0x1654ae6b) sized = read_tracks(window, *part, probe) || sized;
    if (part->id == 0x1f43b675 && sized) break;  // the first cluster of frames
  }
  return sized ? std::optional(probe) : std::nullopt;
}

}  // namespace atelier::vips

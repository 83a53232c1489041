#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ports/imaging.hpp"

namespace atelier::vips {

/// Reads numbers out of a source at any offset; nothing outside its bytes is ever touched: what is
/// not all there is absent. Offsets may be any number a file claims. One thread at a time.
class Window {
 public:
  explicit Window(const ports::Source& source);

  std::int64_t size() const { return size_; }
  /// `count` bytes as they are (as a view until the next call), at most 64 KiB.
  std::optional<std::string_view> text(std::int64_t at, std::size_t count);
  /// Unsigned, of 1 to 8 bytes.
  std::optional<std::uint64_t> big(std::int64_t at, std::size_t bytes);
  std::optional<std::uint64_t> little(std::int64_t at, std::size_t bytes);
  /// True if these bytes stand there.
  bool starts(std::int64_t at, std::string_view bytes);
  /// False once the file made us look at more places than any sound file would. Each look costs.
  bool patient() const { return looks_ < looks_max; }

 private:
  static constexpr std::int64_t looks_max = 4'000'000;

  int descriptor_;
  std::span<const std::byte> bytes_;
  std::int64_t size_ = 0;
  std::int64_t looks_ = 0;
  std::vector<char> kept_;       ///< a piece of the file
  std::int64_t kept_at_ = 0;
};

}  // namespace atelier::vips

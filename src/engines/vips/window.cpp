#include "engines/vips/window.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace atelier::vips {
namespace {

constexpr std::size_t piece_bytes = 64u << 10;
constexpr std::size_t first_bytes = 4u << 10;  ///< most files are told apart by their first page

}  // namespace

Window::Window(const ports::Source& source)
    : descriptor_(source.descriptor()), bytes_(source.bytes()) {
  if (descriptor_ < 0) {
    size_ = static_cast<std::int64_t>(bytes_.size());
    return;
  }
  struct stat status {};
  if (::fstat(descriptor_, &status) == 0) size_ = status.st_size;
}

std::optional<std::string_view> Window::text(std::int64_t at, std::size_t count) {
  ++looks_;
  if (at < 0 || count > piece_bytes || at > size_ ||
      static_cast<std::uint64_t>(size_ - at) < count || !patient())
    return std::nullopt;
  if (descriptor_ < 0)
    return std::string_view(reinterpret_cast<const char*>(bytes_.data()) + at, count);
  const bool kept = at >= kept_at_ && at - kept_at_ <= std::int64_t(kept_.size()) &&
                    kept_.size() - static_cast<std::size_t>(at - kept_at_) >= count;
  if (!kept) {
    // A look right behind the last piece is a walk: take more at once.
    const bool walking = at >= kept_at_ && at <= kept_at_ + std::int64_t(kept_.size()) && at > 0;
    kept_.resize(std::max(walking ? piece_bytes : first_bytes, count));
    kept_at_ = at;
    std::size_t got = 0;
    while (got < kept_.size()) {
      const ssize_t read = ::pread(descriptor_, kept_.data() + got, kept_.size() - got,
                                   at + static_cast<std::int64_t>(got));
      if (read <= 0) break;
      got += static_cast<std::size_t>(read);
    }
    kept_.resize(got);
    if (got < count) return std::nullopt;
  }
  return std::string_view(kept_.data() + (at - kept_at_), count);
}

std::optional<std::uint64_t> Window::big(std::int64_t at, std::size_t bytes) {
  const auto raw = text(at, bytes);
  if (!raw) return std::nullopt;
  std::uint64_t value = 0;
  for (const char byte : *raw) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

std::optional<std::uint64_t> Window::little(std::int64_t at, std::size_t bytes) {
  const auto raw = text(at, bytes);
  if (!raw) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = bytes; i-- > 0;) value = value << 8 | static_cast<unsigned char>((*raw)[i]);
  return value;
}

bool Window::starts(std::int64_t at, std::string_view bytes) {
  return text(at, bytes.size()) == bytes;
}

}  // namespace atelier::vips

#include "engines/vips/boxes.hpp"

namespace atelier::vips {

std::optional<Box> Boxes::next() {
  if (at_ < 0 || end_ > window_->size() || at_ > end_ - 8) return std::nullopt;
  const auto size = window_->big(at_, 4);
  const auto kind = window_->text(at_ + 4, 4);
  if (!size || !kind) return std::nullopt;
  Box box{std::string(*kind), at_ + 8, 0};
  std::uint64_t whole = *size;
  if (whole == 0) whole = static_cast<std::uint64_t>(end_ - at_);
  if (whole == 1) {
    whole = window_->big(at_ + 8, 8).value_or(0);
    box.begin += 8;
  }
  if (whole < static_cast<std::uint64_t>(box.begin - at_) ||
      whole > static_cast<std::uint64_t>(end_ - at_))
    return std::nullopt;
  box.end = at_ + static_cast<std::int64_t>(whole);
  at_ = box.end;
  return box;
}

std::optional<Box> Boxes::find(std::string_view kind) {
  while (auto box = next())
    if (box->kind == kind) return box;
  return std::nullopt;
}

}  // namespace atelier::vips

#include "schema/scalars.hpp"

#include <cmath>

#include "base/text.hpp"

namespace atelier::schema {
namespace {

std::string between(const Type& type, std::string_view unit) {
  std::string text = "must be ";
  const bool low = type.min != INT64_MIN;
  const bool high = type.max != INT64_MAX;
  if (low && high) text += std::to_string(type.min) + " to " + std::to_string(type.max);
  else if (low) text += "at least " + std::to_string(type.min);
  else text += "at most " + std::to_string(type.max);
  if (!unit.empty()) text.append(" ").append(unit);
  return text;
}

std::string labels(const Type& type) {
  std::string text = "must be one of ";
  for (std::size_t i = 0; type.labels[i] != nullptr; ++i) {
    if (i > 0) text += ", ";
    text += type.labels[i];
  }
  return text;
}

}  // namespace

std::string pointer_token(std::string_view name) {
  std::string token;
  for (const char c : name) {
    if (c == '~') token += "~0";
    else if (c == '/') token += "~1";
    else token += c;
  }
  return token;
}

void Faults::add(std::string_view code, std::string_view detail) { add_at(path_, code, detail); }

void Faults::add_at(std::string path, std::string_view code, std::string_view detail) {
  if (list_.size() < kept_max)
    list_.push_back({std::move(path), std::string(code), std::string(detail)});
}

Result<void> Faults::result() {
  if (list_.empty()) return {};
  std::string detail = list_.size() == 1 ? "1 field is wrong"
                                         : std::to_string(list_.size()) + " fields are wrong";
  return std::unexpected(
      Error{Fault::invalid, "invalid_request", std::move(detail), std::move(list_), 0});
}

Faults::Step::Step(Faults& faults, std::string_view token)
    : faults_(faults), length_(faults.path_.size()) {
  faults.path_ += '/';
  faults.path_ += pointer_token(token);
}

Faults::Step::Step(Faults& faults, std::size_t index)
    : faults_(faults), length_(faults.path_.size()) {
  faults.path_ += '/';
  faults.path_ += std::to_string(index);
}

void store_whole(const Type& type, std::int64_t number, void* value, Faults& faults) {
  if (number < type.min || number > type.max) return faults.add("out_of_range", between(type, ""));
  *static_cast<std::int64_t*>(value) = number;
}

void store_real(const Type& type, double number, void* value, Faults& faults) {
  if (!std::isfinite(number) || number < static_cast<double>(type.min) ||
      number > static_cast<double>(type.max))
    return faults.add("out_of_range", between(type, ""));
  *static_cast<double*>(value) = number;
}

void store_text(const Type& type, std::string_view text, void* value, Faults& faults) {
  if (!is_text(text)) return faults.add("not_text", "must be UTF-8 without NUL");
  const auto length = static_cast<std::int64_t>(code_points(text));
  if (length < type.min) return faults.add("too_short", between(type, "characters"));
  if (length > type.max) return faults.add("too_long", between(type, "characters"));
  static_cast<std::string*>(value)->assign(text);
}

void store_time(std::string_view text, void* value, Faults& faults) {
  const std::optional<Millis> at = parse_iso_time(text);
  if (!at) return faults.add("wrong_kind", "must be a time like 2026-11-22T12:15:52.123Z");
  static_cast<Time*>(value)->value = *at;
}

void store_label(const Type& type, std::string_view label, void* value, Faults& faults) {
  for (std::int32_t i = 0; type.labels[i] != nullptr; ++i) {
    if (label != type.labels[i]) continue;
    if (type.size == 1) *static_cast<std::uint8_t*>(value) = static_cast<std::uint8_t>(i);
    else std::memcpy(value, &i, sizeof i);
    return;
  }
  faults.add("unknown_value", labels(type));
}

bool list_fits(const Type& type, std::size_t count, Faults& faults) {
  if (static_cast<std::int64_t>(count) <= type.max) return true;
  faults.add("too_many", "must be at most " + std::to_string(type.max) + " items");
  return false;
}

}  // namespace atelier::schema

#include "schema/message.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace atelier::http {

const char* name_of(Method method) {
  constexpr const char* names[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
  return names[static_cast<std::size_t>(method)];
}

void Headers::add(std::string_view name, std::string_view value) {
  all_.emplace_back(lower_ascii(name), value);
}

void Headers::set(std::string_view name, std::string_view value) {
  const std::string lower = lower_ascii(name);
  std::erase_if(all_, [&](const auto& header) { return header.first == lower; });
  all_.emplace_back(lower, value);
}

std::string_view Headers::find(std::string_view name) const {
  for (const auto& [key, value] : all_)
    if (key == name) return value;
  return {};
}

bool Headers::has(std::string_view name) const {
  return std::ranges::any_of(all_, [&](const auto& header) { return header.first == name; });
}

}  // namespace atelier::http

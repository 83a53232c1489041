#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// JSON of requests, put together from pieces that are JSON already.
namespace atelier::engines::elasticsearch::json {

using Member = std::pair<std::string_view, std::string>;

std::string text(std::string_view value);  ///< quoted; bytes that are not UTF-8 become U+FFFD
std::string number(double value);
std::string whole(std::int64_t value);
std::string boolean(bool value);
std::string object(std::initializer_list<Member> members);
/// As above, for names that are made.
std::string object(const std::vector<std::pair<std::string, std::string>>& members);
std::string list(const std::vector<std::string>& items);
std::string texts(const std::vector<std::string>& values);

}  // namespace atelier::engines::elasticsearch::json

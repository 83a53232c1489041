#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "platform/viewer.hpp"
#include "ports/database.hpp"

/// People named as @name in text that others read.
namespace atelier::mentions {

inline constexpr std::size_t people_max = 20;  ///< of one text; further names stay plain

struct Linked {
  std::string html;
  std::vector<UserId> people;  ///< each once; not the writer, nobody with a block between them
};
/// `html` is safe HTML of features/markdown. Names of people who exist become links to them,
/// except inside links and code.
Result<Linked> link(sql::Tx& tx, std::string_view html, UserId writer);

/// The names as written, each once in lower case, in order. For `link` and its tests.
std::vector<std::string> names_in(std::string_view html);

}  // namespace atelier::mentions

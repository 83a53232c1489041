#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "features/generation/request.hpp"

/// Prompts with choices in them: `{red|blue} fox`, where choices may hold choices, and `__name__`
/// for one of a list. `\{`, `\|` and `\}` stand for themselves; braces without a `|` do too.
namespace atelier::generation {

struct NamedList {
  std::string name;
  std::vector<std::string> values;
};

/// One by chance; the same seed gives the same words. A name without a list stays as it is.
std::string expand_one(std::string_view prompt, const std::vector<NamedList>& lists,
                       std::uint64_t seed);

/// Each combination once, the first choices first. `invalid` (`too_many_combinations`) beyond
/// `most`.
Result<std::vector<std::string>> expand_all(std::string_view prompt,
                                            const std::vector<NamedList>& lists, std::size_t most);

}  // namespace atelier::generation

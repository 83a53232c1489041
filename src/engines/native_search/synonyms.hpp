#pragma once
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engines/native_search/analysis.hpp"

namespace atelier::engines::native_search {

/// Words that mean the same ("sdxl", "stable diffusion xl"). A query with one of a group also finds
/// what has another. Never changes.
class Synonyms {
 public:
  explicit Synonyms(const std::vector<std::vector<std::string>>& groups);

  /// Gives words of a query the readings of their groups; a run of words that is a member becomes
  /// one word.
  void widen(std::vector<QueryWord>& words) const;

 private:
  struct Member {
    std::vector<Forms> forms;
    std::size_t group = 0;
  };
  const Member* longest(const std::vector<QueryWord>& words, std::size_t at) const;

  std::vector<std::vector<Member>> groups_;
  std::unordered_map<std::string, std::vector<Member>> by_first_;
};

}  // namespace atelier::engines::native_search

#pragma once
#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "schema/message.hpp"

namespace atelier::platform {

/// Finds the row of a path, segment by segment. A word beats `{name}`, which beats `{name...}`.
/// Immutable after the last `add`, then thread-safe.
class Router {
 public:
  static constexpr std::size_t methods = 7;  ///< of http::Method
  static constexpr int none = -1;

  Router();
  ~Router();
  /// Fails if the same method and path (whatever their names) are there already.
  Result<void> add(http::Method method, std::string_view path, int row);

  struct Match {
    int row = none;                             ///< of this method
    std::array<int, methods> rows;              ///< of every method, or `none`
    std::vector<std::pair<std::string_view, std::string_view>> names;  ///< values not decoded
    bool found() const;                         ///< some method has a row
  };
  /// Views in the match point into `path` and into this router. HEAD falls back to GET.
  Match match(http::Method method, std::string_view path) const;

  /// "GET, HEAD, OPTIONS", as an Allow header says it (RFC 9110 §10.2.1).
  static std::string allow(const Match& match);

 private:
  struct Node;
  std::unique_ptr<Node> root_;
};

/// The names in "/a/{x}/{y...}": x, y.
std::vector<std::string_view> path_names(std::string_view path);

}  // namespace atelier::platform

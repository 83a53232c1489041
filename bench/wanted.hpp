#pragma once
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "base/result.hpp"

/// For benchmarks: what there must be, or the program says why there is none and ends.
namespace atelier::bench {

inline void wanted(const Result<void>& result) {
  if (result) return;
  std::fprintf(stderr, "%s: %s\n", result.error().code.c_str(), result.error().detail.c_str());
  std::exit(1);
}

template <class T>
T wanted(Result<T> result) {
  if (!result) wanted(Result<void>(std::unexpected(result.error())));
  return std::move(*result);
}

}  // namespace atelier::bench

#pragma once
#include <string>

#include "schema/describe.hpp"

namespace atelier::schema {

/// As Json, but a request's may be 1 MiB. Raise `body_max` of its row.
struct LargeJson {
  std::string value = "null";
};

template <> struct TypeOf<LargeJson> {
  static constexpr Type value{.kind = Kind::json, .size = sizeof(LargeJson), .max = 1 << 20};
};

}  // namespace atelier::schema

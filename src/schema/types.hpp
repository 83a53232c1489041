#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"

/// Field types whose constraints are part of the type. A request or reply is a struct of these,
/// described with BOOST_DESCRIBE_STRUCT; nothing about a field is written a second time.
/// Plain `bool`, `double`, `std::int64_t`, `std::string`, enums (BOOST_DESCRIBE_ENUM), Id<…>,
/// `std::optional<T>`, `std::vector<T>` and other described structs may be fields too.
/// JSON names are the member names: write members of described structs in camelCase.
namespace atelier::schema {

/// Well-formed UTF-8 without NUL, `Min`…`Max` code points.
template <int Min, int Max>
struct Text {
  std::string value;
};

/// An integer in [Min, Max].
template <std::int64_t Min, std::int64_t Max>
struct Whole {
  std::int64_t value = Min > 0 ? Min : 0;
};

/// A real number in [Min, Max].
template <std::int64_t Min, std::int64_t Max>
struct Real {
  double value = 0;
};

/// A list of at most `Max` items.
template <class T, int Max>
struct List {
  std::vector<T> value;
};

/// A moment; JSON shows ISO 8601 in UTC with milliseconds.
struct Time {
  Millis value = 0;
};

/// Like std::optional, but an absent value is written as `null` instead of being left out.
template <class T>
struct Nullable {
  std::optional<T> value;
};

/// A JSON text that passes through as it is. A request's is kept in compact form, at most 64 KiB;
/// a reply's must be valid JSON already.
struct Json {
  std::string value = "null";
};

/// For requests and replies without members. As a reply it answers 204 without a body.
struct Nothing {};

}  // namespace atelier::schema

#pragma once
#include "schema/describe.hpp"
#include "schema/types.hpp"

namespace atelier::images {

/// Settings group "images".
struct ImagesSettings {
  schema::Whole<1'000, 1'000'000'000> imageBytesMax{50'000'000};
  schema::Whole<1'000, 10'000'000'000> videoBytesMax{750'000'000};
  /// Of pictures made smaller; the ones longest not asked for go first.
  schema::Whole<1'000'000, 1'000'000'000'000'000> derivedBytesMax{10'000'000'000};
  schema::Whole<1, 3650> binDays{30};  ///< until what was deleted is erased
};
BOOST_DESCRIBE_STRUCT(ImagesSettings, (),
                      (imageBytesMax, videoBytesMax, derivedBytesMax, binDays))

}  // namespace atelier::images

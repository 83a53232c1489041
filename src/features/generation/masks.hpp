#pragma once
#include <string>

#include "base/result.hpp"
#include "platform/services.hpp"

namespace atelier::generation {

/// A mask as every engine takes it: an 8-bit grey PNG, white = edit, black = keep. Colours count
/// by their luma, and what is transparent is kept.
Result<std::string> grey_mask(Services& services, const std::string& bytes);

}  // namespace atelier::generation

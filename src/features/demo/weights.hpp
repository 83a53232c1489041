#pragma once
#include <string>

#include "features/demo/catalogue.hpp"

namespace atelier::demo {

/// The bytes of a small safetensors file for this entry: the names and shapes of its kind, numbers
/// drawn from its name, and the metadata a trainer would write. Same entry, same bytes.
std::string weights(const Entry& entry);

}  // namespace atelier::demo

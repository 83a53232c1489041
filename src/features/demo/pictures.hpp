#pragma once
#include <string>

#include "features/demo/catalogue.hpp"

namespace atelier::demo {

/// A small PNG drawn by arithmetic, after this entry's name and `number`, with a text as A1111
/// writes it: `autov2` is how the entry's own file is named in it. Same input, same bytes.
std::string picture(const Entry& entry, int number, const std::string& autov2);

}  // namespace atelier::demo

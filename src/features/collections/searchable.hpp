#pragma once
#include "platform/searchables.hpp"

namespace atelier::collections {

/// Public collections as things to be found by words.
void searchables(platform::Searchables& all);

}  // namespace atelier::collections

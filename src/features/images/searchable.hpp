#pragma once
#include "platform/searchables.hpp"

namespace atelier::images {

/// Images as things to be found by words.
void searchables(platform::Searchables& all);

}  // namespace atelier::images

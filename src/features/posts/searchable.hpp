#pragma once
#include "platform/searchables.hpp"

namespace atelier::posts {

/// Posts as things to be found by words.
void searchables(platform::Searchables& all);

}  // namespace atelier::posts

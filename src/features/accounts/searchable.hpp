#pragma once
#include "platform/searchables.hpp"

namespace atelier::accounts {

/// People as somebody to be found by name.
void searchables(platform::Searchables& all);

}  // namespace atelier::accounts

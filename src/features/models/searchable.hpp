#pragma once
#include "platform/searchables.hpp"

/// What of the catalogue can be found by words.
namespace atelier::models {

void searchables(platform::Searchables& all);
/// The kind of tags, of which `searchables` is made too.
void add_tags(platform::Searchables& all);

}  // namespace atelier::models

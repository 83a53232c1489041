#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "engines/elasticsearch/clauses.hpp"

namespace atelier::engines::elasticsearch {

/// The part of a text of `field` with the most of what is looked for, as the native engine cuts it;
/// nothing where the text has none of it.
std::vector<ports::search::Snippet> snippets(const AskedText& asked,
                                             const ports::search::Field& field,
                                             std::string_view text);

}  // namespace atelier::engines::elasticsearch

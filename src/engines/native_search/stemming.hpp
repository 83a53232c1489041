#pragma once
#include <string>
#include <string_view>

#include "engines/native_search/folding.hpp"

namespace atelier::engines::native_search {

/// The Snowball stem of a folded word ("galleries" → "galleri"), by the language that is most
/// likely for its script; the word itself where there is no stemmer or it is longer than 40 bytes.
/// Any number of threads; each has stemmers and a cache of its own. The view holds until the
/// thread's next call, and no longer than `plain`.
std::string_view stem(std::string_view plain, Script script);

}  // namespace atelier::engines::native_search

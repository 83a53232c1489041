#pragma once
#include "platform/feature.hpp"

/// Asking the indexes that platform/indexing keeps true: one search over every kind of thing,
/// suggestions while somebody types, what is like something, and what administrators see of it.
///
/// An index narrows to what a viewer may see (visibility::narrowing), so totals and facets are
/// theirs; every hit that is shown is asked of SQL again. Without an index a reply says so, and
/// lists by name from SQL where that can be done; it never says that nothing was found.
namespace atelier::search {

platform::Feature feature();

}  // namespace atelier::search

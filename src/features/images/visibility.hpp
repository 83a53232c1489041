#pragma once
#include "features/images/images.hpp"
#include "features/visibility/visibility.hpp"

/// Who sees which image: how its columns answer the questions of features/visibility.
namespace atelier::images {

/// Appends " AND …" for a list of `images i`.
/// `open`: the list says `i.is_open` itself. Then it need not be asked of each row, which would
/// have to be fetched for it where all else is in an index.
void add_visible(sql::Query& query, const Viewer& viewer, bool open = false);
/// The page of one image; blocks between people count.
Result<bool> may_see(sql::Tx& tx, const Image& image, const Viewer& viewer);

}  // namespace atelier::images

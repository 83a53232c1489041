#pragma once
#include "features/images/images.hpp"
#include "features/visibility/visibility.hpp"

/// Who sees which image: how its columns answer the questions of features/visibility.
namespace atelier::images {

/// Appends " AND …" for a list of `images i`.
void add_visible(sql::Query& query, const Viewer& viewer);
/// The page of one image; blocks between people count.
Result<bool> may_see(sql::Tx& tx, const Image& image, const Viewer& viewer);

}  // namespace atelier::images

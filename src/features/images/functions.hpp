#pragma once
#include <string_view>

#include "features/images/endpoints.hpp"
#include "features/images/store.hpp"
#include "platform/subjects.hpp"

/// Shared by this feature's sources only.
namespace atelier::images {

/// Writes the row and tells whom it concerns: readers, its post, the gallery it is in.
Result<void> save(Services& services, sql::Tx& tx, Image& image, UserId by = {},
                  std::string_view verb = "changed");
/// `invalid` at `path` unless it is 0 or one bit.
Result<void> check_level(std::int64_t level, std::string_view path);
/// The image, if the viewer may change it; else `missing` or `forbidden`.
Result<Image> editable(Context& context, ImageId id);
/// The image, if the viewer may see it; else `missing`.
Result<Image> visible(Context& context, ImageId id);
platform::Subject subject_of(const Image& image);
Result<ImagePage> page_of(Context& context, const Image& image);
Result<ImageLevels> levels_of(sql::Tx& tx, const Image& image, const Viewer& viewer);
/// The community's level: 0 while fewer than three voted, else the median; of two middle votes the
/// one nearer to the claim.
int level_of_votes(const std::vector<store::Vote>& votes, int claim);
/// Fills what creators show of their versions, for the catalogue.
Result<void> add_showcase(sql::Tx& tx, std::vector<models::Version>& versions, int each,
                          const Viewer& viewer);

/// The row of a new image, whose bytes are still to be read.
Result<Image> insert_new(Services& services, sql::Tx& tx, const NewImage& wanted);
Result<void> enqueue_reading(sql::Tx& tx, Millis now, ImageId image, UserId owner);
/// Resources of a recipe become rows, linked to versions as far as they are known.
Result<void> put_resources(sql::Tx& tx, ImageId image, const recipes::Recipe& recipe);
/// The row for the version to whose gallery it was posted.
Result<void> put_gallery_resource(sql::Tx& tx, const Image& image);
/// A version came to be published: resources that name its files or its number find it.
Result<void> link_again(Services& services, sql::Tx& tx, ModelId model);

}  // namespace atelier::images

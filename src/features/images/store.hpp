#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "features/images/images.hpp"
#include "features/recipes/recipes.hpp"
#include "platform/subjects.hpp"

/// All SQL of images. Lists are in store_listing.cpp, recipes and resources in store_recipes.cpp,
/// levels and counts in store_levels.cpp.
namespace atelier::images::store {

Result<ImageId> insert(sql::Tx& tx, const Image& image, std::int64_t shuffle);
/// Every column but the counts and what never changes.
Result<void> update(sql::Tx& tx, const Image& image);
/// The bare row, seen by nobody in particular: permission is the caller's to check.
Result<std::optional<Image>> image(sql::Tx& tx, ImageId id);
Result<std::optional<Image>> by_key(sql::Tx& tx, std::string_view key);
Result<std::vector<Image>> of_post(sql::Tx& tx, PostId post);  ///< without the bin
Result<std::vector<Image>> all_of_post(sql::Tx& tx, PostId post);
Result<void> erase(sql::Tx& tx, ImageId id);
Result<bool> file_is_used(sql::Tx& tx, FileId file);  ///< by an image or a version
Result<std::vector<ImageId>> with_file_of(sql::Tx& tx, FileId file);
Result<std::vector<ImageId>> bin(sql::Tx& tx, Millis before);
Result<std::vector<ImageId>> demo_images(sql::Tx& tx);

// ---- lists

Result<std::vector<Image>> page(sql::Tx& tx, const Filter& filter, const Viewer& viewer, Millis now,
                                std::string& next_cursor, std::string& previous_cursor);
Result<std::vector<Image>> of_posts(sql::Tx& tx, const std::vector<PostId>& posts, int each,
                                    const Viewer& viewer);
Result<std::vector<Image>> showcase(sql::Tx& tx, const std::vector<VersionId>& versions, int each,
                                    const Viewer& viewer, std::optional<int> levels);
Result<std::optional<TagId>> tag(sql::Tx& tx, std::string_view name);
Result<std::vector<std::string>> tags_of_post(sql::Tx& tx, PostId post);
Result<std::map<ImageId, std::vector<TagName>>> tags_of(sql::Tx& tx,
                                                        const std::vector<ImageId>& images);

// ---- recipes and resources

struct StoredRecipe {
  std::string recipe;    ///< JSON
  std::string raw;       ///< JSON: CarriedTextRow[]
  std::string graph, workflow;
};
Result<void> put_recipe(sql::Tx& tx, ImageId image, const StoredRecipe& recipe);
Result<std::optional<StoredRecipe>> recipe(sql::Tx& tx, ImageId image);
Result<std::map<ImageId, std::string>> recipes(sql::Tx& tx, const std::vector<ImageId>& images);

struct Resource {
  std::int64_t id = 0;
  ImageId image;
  std::string name, kind, hash, air;
  std::optional<double> strength;
  bool detected = true;
  std::optional<VersionId> version;
  std::optional<std::int64_t> named_version;
  std::vector<std::string> hashes;  ///< written, not read
};
Result<void> clear_resources(sql::Tx& tx, ImageId image, bool detected);
Result<void> insert_resource(sql::Tx& tx, const Resource& resource, int position);
Result<std::vector<Resource>> resources(sql::Tx& tx, ImageId image);
Result<std::map<ImageId, std::vector<VersionId>>> versions_of(sql::Tx& tx,
                                                              const std::vector<ImageId>& images);
/// Resources without a version that have this hash (lower case).
Result<std::vector<Resource>> unlinked_by_hash(sql::Tx& tx, std::string_view hash);
Result<void> link(sql::Tx& tx, std::int64_t resource, VersionId version);

// ---- levels and counts

Result<void> put_vote(sql::Tx& tx, ImageId image, UserId user, int level, Millis now);
Result<void> delete_vote(sql::Tx& tx, ImageId image, UserId user);
struct Vote {
  UserId user;
  int level = 0;
};
Result<std::vector<Vote>> votes(sql::Tx& tx, ImageId image);
struct Gallery {
  int creator_levels = 0;  ///< bits of its creator's own open images
  std::int64_t images = 0;
};
Result<Gallery> gallery(sql::Tx& tx, VersionId version);
Result<void> put_counts(sql::Tx& tx, const platform::Tally& tally);
/// Ranks carry what lists ask of an image: after the row was changed.
Result<void> refresh_ranks(sql::Tx& tx, ImageId image);
Result<void> put_rank(sql::Tx& tx, const platform::Tally& tally);

// ---- what search holds: open images of people who are not banned

Result<std::vector<std::int64_t>> open_ids(sql::Tx& tx, std::int64_t after, int limit);
Result<std::vector<Image>> open_images(sql::Tx& tx, std::span<const std::int64_t> ids);
Result<std::vector<ImageId>> ids_of_owner(sql::Tx& tx, UserId owner);

/// Shared by the sources.
std::string image_columns();  ///< of `images i JOIN users u`
Image read_image(const sql::Row& row);
template <class I>
void add_list(sql::Query& query, const std::vector<I>& values) {
  query.text += "(";
  for (std::size_t i = 0; i < values.size(); ++i) {
    query.values.emplace_back(values[i]);
    query.text += (i == 0 ? "?" : ", ?") + std::to_string(query.values.size());
  }
  query.text += ")";
}

}  // namespace atelier::images::store

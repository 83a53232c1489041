#pragma once
#include <string>
#include <vector>

#include "features/models/models.hpp"

/// All SQL of the catalogue. Lists are in store_listing.cpp, their counts in store_facets.cpp.
namespace atelier::models::store {

Result<ModelId> insert_model(sql::Tx& tx, const Model& model);
Result<void> update_model(sql::Tx& tx, const Model& model);  ///< every column but counts
Result<void> take_down(sql::Tx& tx, ModelId id, std::string_view reason);
Result<void> give_back(sql::Tx& tx, ModelId id);  ///< as it was before
Result<VersionId> insert_version(sql::Tx& tx, const Version& version);
Result<void> update_version(sql::Tx& tx, const Version& version);
Result<void> insert_file(sql::Tx& tx, VersionId version, const VersionFile& file);
Result<void> update_file(sql::Tx& tx, VersionId version, const VersionFile& file);
/// Format, precision and quantisation, now that the file was inspected.
Result<void> refresh_file(sql::Tx& tx, VersionId version, const files::File& file);
Result<bool> delete_file(sql::Tx& tx, VersionId version, FileId file);
Result<bool> file_is_used(sql::Tx& tx, FileId file);
/// By a version that is published or will be, of a model that is too; the bin counts, since what
/// comes back from there is to be whole.
Result<bool> file_is_published(sql::Tx& tx, FileId file);
Result<void> set_gallery(sql::Tx& tx, VersionId version, int creator_levels, std::int64_t images);
/// Absent: no longer locked.
Result<void> lock_level(sql::Tx& tx, ModelId model, std::optional<int> level);
/// Levels of the model and its versions, and its number of images, from what they follow from.
Result<void> refresh_levels(sql::Tx& tx, ModelId model);
Result<void> delete_version(sql::Tx& tx, VersionId id, Millis now);  ///< marks it
Result<void> erase_model(sql::Tx& tx, ModelId id);

/// The bare row, seen by nobody in particular: permission is the caller's to check.
Result<std::optional<Model>> model(sql::Tx& tx, ModelId id);
Result<std::optional<Version>> version(sql::Tx& tx, VersionId id);
/// `with_text` false: descriptions stay empty.
Result<std::vector<Version>> versions(sql::Tx& tx, const std::vector<ModelId>& models,
                                      bool with_text = true);
/// Versions' files, with the stored file's facts.
Result<void> load_files(sql::Tx& tx, std::vector<Version>& versions);
Result<void> load_tags(sql::Tx& tx, std::vector<Model>& models);
Result<std::vector<VersionId>> versions_with(sql::Tx& tx, const std::vector<FileId>& files);

/// Makes tags where needed; replaces the model's list.
Result<void> set_tags(sql::Tx& tx, ModelId model, const std::vector<std::string>& names);
/// Counts published models again for the tags of `model`.
Result<void> recount_tags(sql::Tx& tx, ModelId model);
/// last_version_at from the published versions.
Result<void> refresh_last_version(sql::Tx& tx, ModelId model);
Result<std::vector<ModelId>> demo_models(sql::Tx& tx);
/// Tags that no model carries any more.
Result<void> delete_unused_tags(sql::Tx& tx);
/// Columns that lists are sorted by, from tallies of all time; images are counted by galleries.
Result<void> set_counts(sql::Tx& tx, ModelId model, const Counts& counts);
Result<void> set_counts(sql::Tx& tx, VersionId version, const Counts& counts);

struct Due {
  std::vector<ModelId> models;
  std::vector<VersionId> versions;
};
Result<Due> due(sql::Tx& tx, Millis now);  ///< scheduled, and their time has come

Result<std::vector<Model>> page(sql::Tx& tx, const Filter& filter, const Viewer& viewer, Millis now,
                                std::string& next_cursor);
Result<std::int64_t> count(sql::Tx& tx, const Filter& filter, const Viewer& viewer, Millis now);
/// " AND …" for what the filter asks of `models m` and what the viewer may see.
void add_conditions(sql::Query& query, const Filter& filter, const Viewer& viewer, Millis now);
Millis period_ms(Period period);
/// `personal`: only of models that this one may see otherwise than others who browse alike: own
/// ones, and what is hidden or blocked.
Result<Facets> facets(sql::Tx& tx, const Filter& filter, const Viewer& viewer, Millis now,
                      const Viewer* personal = nullptr);
/// Whether there are such models.
Result<bool> has_personal(sql::Tx& tx, const Viewer& viewer);
Result<std::vector<TagCount>> tags(sql::Tx& tx, std::string_view query, int limit, int offset);
Result<std::int64_t> count_tags(sql::Tx& tx, std::string_view query);
Result<std::vector<Creator>> creators(sql::Tx& tx, std::string_view query, int limit, int offset);
Result<std::int64_t> count_creators(sql::Tx& tx, std::string_view query);

/// What search holds: open models of people who are not banned.
Result<std::vector<std::int64_t>> open_ids(sql::Tx& tx, std::int64_t after, int limit);
Result<std::vector<Model>> open_models(sql::Tx& tx, const std::vector<ModelId>& ids,
                                       bool with_text);
Result<std::vector<ModelId>> ids_of_owner(sql::Tx& tx, UserId owner);
struct Tag {
  TagId id;
  std::string name;
  std::int64_t models = 0, images = 0;  ///< published ones
};
/// Those that something published carries.
Result<std::vector<std::int64_t>> used_tag_ids(sql::Tx& tx, std::int64_t after, int limit);
Result<std::vector<Tag>> used_tags(sql::Tx& tx, std::span<const std::int64_t> ids);
Result<std::vector<TagId>> tags_of_model(sql::Tx& tx, ModelId model);
Result<std::vector<TagId>> tags_of_post(sql::Tx& tx, PostId post);
/// Used ones that the viewer has not hidden: these, or what has the words in its name.
Result<std::vector<Tag>> visible_tags(sql::Tx& tx, const Viewer& viewer,
                                      std::span<const std::int64_t> ids);
Result<std::vector<Tag>> visible_tags(sql::Tx& tx, const Viewer& viewer, std::string_view words,
                                      int limit);

/// Shared by the two source files.
std::string model_columns(bool with_text);  ///< of `models m JOIN users u`
Model read_model(const sql::Row& row);
std::string like_pattern(std::string_view part);
template <class I>
void add_list(sql::Query& query, const std::vector<I>& values) {
  query.text += "(";
  for (std::size_t i = 0; i < values.size(); ++i) {
    query.values.emplace_back(values[i]);
    query.text += (i == 0 ? "?" : ", ?") + std::to_string(query.values.size());
  }
  query.text += ")";
}

}  // namespace atelier::models::store

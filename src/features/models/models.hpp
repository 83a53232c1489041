#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "features/files/files.hpp"
#include "features/models/vocabulary.hpp"
#include "platform/context.hpp"
#include "platform/feature.hpp"

/// The catalogue: models, their versions, and the files that belong to a version.
namespace atelier::models {

struct Counts {
  std::int64_t downloads = 0, thumbs_up = 0, thumbs_down = 0;
  std::int64_t comments = 0, collected = 0, images = 0;  ///< of models only
};

struct VersionFile {
  files::File file;
  std::string name;             ///< shown and downloaded as
  std::string type = "Model";
  Visibility visibility = Visibility::Public;
  std::string format;
  std::optional<std::string> size, fp, quant_type;
  bool primary = false;         ///< chosen by `choose_primary`
};

/// A picture that its creator shows of a version. Its bytes are at `/img/{key}/width=450/{name}`.
struct ShowcaseImage {
  ImageId id;
  std::string key, name;
  bool video = false;
  std::int64_t width = 0, height = 0;
  std::string thumbHash;           ///< base64
  std::int64_t nsfwLevel = 1;      ///< one bit
};
BOOST_DESCRIBE_STRUCT(ShowcaseImage, (),
                      (id, key, name, video, width, height, thumbHash, nsfwLevel))

struct Version {
  VersionId id;
  ModelId model;
  std::string name;
  std::string base_model;
  BaseModelType base_model_type = BaseModelType::Standard;
  Status status = Status::Draft;
  std::string description, description_html;
  std::vector<std::string> trained_words;
  std::optional<std::int64_t> clip_skip, steps, epochs;
  bool require_auth = false;
  UsageControl usage_control = UsageControl::Download;
  int nsfw_level = maturity::pg;
  Millis created_at = 0, updated_at = 0;
  std::optional<Millis> published_at;
  Counts counts;
  std::vector<VersionFile> files;
  std::vector<ShowcaseImage> images;  ///< as far as the viewer browses them
};

struct Model {
  ModelId id;
  UserId owner;
  std::string owner_name;
  std::string name;
  ModelType type = ModelType::Other;
  Status status = Status::Draft;
  std::optional<Mode> mode;
  Availability availability = Availability::Public;
  std::optional<CheckpointType> checkpoint_type;
  std::string description, description_html;
  int nsfw_level = maturity::pg;   ///< what follows from claim, galleries and moderators
  int nsfw_claim = maturity::pg;   ///< bits that its author says
  bool poi = false, minor = false, sfw_only = false;
  bool allow_no_credit = true, allow_derivatives = true, allow_different_license = true;
  std::vector<CommercialUse> allow_commercial_use{CommercialUse::Sell};
  bool demo = false;
  Millis created_at = 0, updated_at = 0, last_version_at = 0;
  std::optional<Millis> published_at, deleted_at;
  Counts counts;
  std::vector<std::string> tags;
  std::vector<Version> versions;  ///< newest first
};

enum class Sort : unsigned char {
  newest, oldest, mostDownloaded, highestRated, mostLiked, mostDiscussed, mostCollected, mostImages,
};
BOOST_DESCRIBE_ENUM(Sort, newest, oldest, mostDownloaded, highestRated, mostLiked, mostDiscussed,
                    mostCollected, mostImages)
enum class Period : unsigned char { AllTime, Year, Month, Week, Day };
BOOST_DESCRIBE_ENUM(Period, AllTime, Year, Month, Week, Day)

/// What to list. Empty members do not filter.
struct Filter {
  std::string query;                     ///< words; without an index part of the name, any case
  bool by_relevance = false;             ///< with `query` and an index: instead of `sort`
  std::vector<ModelId> ids;
  std::vector<VersionId> version_ids;
  std::vector<ModelType> types;
  std::vector<std::string> base_models;
  std::vector<std::string> formats;
  std::string tag;
  std::optional<UserId> owner;
  bool followed = false;                 ///< only of people whom the viewer follows
  std::optional<CollectionId> collection;  ///< only what is in it; may be read: `need`
  std::optional<CheckpointType> checkpoint_type;
  std::optional<bool> allow_no_credit, allow_derivatives, allow_different_license;
  std::vector<CommercialUse> allow_commercial_use;  ///< any of them
  std::optional<Status> status;          ///< other than Published: only one's own
  std::optional<bool> archived;
  bool deleted = false;                  ///< one's own bin instead
  std::optional<int> levels;             ///< narrows what the viewer may see, never widens
  Period period = Period::AllTime;
  Sort sort = Sort::newest;
  std::string cursor;                    ///< opaque
  std::int64_t offset = 0;               ///< for faces with page numbers
  int limit = 40;
  bool with_text = true;                 ///< false: descriptions stay empty
};

struct Page {
  std::vector<Model> models;
  std::string next_cursor;               ///< "" = the end
  bool plain = false;                    ///< there was no index to ask: only names were looked at
};

/// How many models each value of a filter would list, beside all other filters that are on.
struct Facets {
  using Counts = std::vector<std::pair<std::string, std::int64_t>>;  ///< none without models
  std::int64_t total = 0;  ///< with every filter on
  Counts types, base_models, formats, checkpoint_types, periods;
};

/// `cursor_invalid` if the cursor is not ours. Only what `viewer` may see.
/// Its `query` is part of a name; `list(Context&, …)` asks the search index for words.
Result<Page> list(sql::Tx& tx, const Filter& filter, const Viewer& viewer, Millis now);
/// Full pages in a stable order; what the index finds is asked of SQL again. Leaves the loop.
Result<Page> list(Context& context, const Filter& filter);
Result<Facets> facets(Context& context, const Filter& filter);
Result<std::int64_t> count(sql::Tx& tx, const Filter& filter, const Viewer& viewer, Millis now);
/// Absent when it does not exist or `viewer` may not see it. Hides versions they may not see.
Result<std::optional<Model>> find(sql::Tx& tx, ModelId id, const Viewer& viewer);
/// The model of this version, reduced to it.
Result<std::optional<Model>> find(sql::Tx& tx, VersionId id, const Viewer& viewer);
/// Versions that hold one of these files and that `viewer` may see, first published first.
Result<std::vector<VersionId>> with_files(sql::Tx& tx, const std::vector<FileId>& files,
                                          const Viewer& viewer);

struct Preference {
  std::string format = "SafeTensor", size = "pruned", fp = "fp16", quant_type = "Q4_K_M";
};
/// Civitai's primary-file rule (civitai.md §9). Index into `files`; none for an empty list.
std::optional<std::size_t> choose_primary(const std::vector<VersionFile>& files,
                                          const Preference& preference = {});
/// The name a download gets (civitai.md §9, "Download name").
std::string download_name(const Model& model, const Version& version, const VersionFile& file);

struct TagCount {
  std::int64_t id = 0;
  std::string name;
  std::int64_t models = 0;
};
/// Tags in use that contain `query`, most used first.
Result<std::vector<TagCount>> tags(sql::Tx& tx, std::string_view query, int limit, int offset);
struct Creator {
  UserId id;
  std::string username;
  std::int64_t models = 0;
};
/// People with published models whose name contains `query`, by name.
Result<std::vector<Creator>> creators(sql::Tx& tx, std::string_view query, int limit, int offset);
Result<std::int64_t> count_tags(sql::Tx& tx, std::string_view query);
Result<std::int64_t> count_creators(sql::Tx& tx, std::string_view query);

// ---- changing: for routes, import and demo. Who may is the caller's to check.

/// Fills `id`, times and the shown description; versions are added separately.
Result<ModelId> add_model(Services& services, sql::Tx& tx, Model model);
Result<VersionId> add_version(Services& services, sql::Tx& tx, Version version);
Result<void> add_file(sql::Tx& tx, VersionId version, const VersionFile& file);
/// Refusal to publish: no file, one that is not inspected yet, or a dangerous one.
Result<void> check_publishable(const Version& version);
/// Publishes model and version now. `force` skips the checks on hashes and verdicts (import).
Result<void> publish(Services& services, sql::Tx& tx, VersionId version, bool force, UserId by);
/// Sets what was only guessed before its file was read. Empty values leave things as they are.
Result<void> correct(Services& services, sql::Tx& tx, VersionId version,
                     std::optional<ModelType> type, const std::string& base_model,
                     const std::vector<std::string>& trained_words);
/// What a version's gallery holds now: the levels of its author's own published images, and how
/// many there are of everybody. Levels of version and model follow; the same may come again.
Result<void> set_gallery(Services& services, sql::Tx& tx, VersionId version, int creator_levels,
                         std::int64_t images);
/// The author's claim with what a gallery shows: a gallery makes a thing more mature, and never
/// shows it to people to whom the claim alone would not.
int joined(int claim, int gallery);
Result<std::vector<ModelId>> demo_models(sql::Tx& tx);
/// Rows and all, for good. Files go when no other version names them.
Result<void> erase(Services& services, sql::Tx& tx, ModelId model);

/// Fills `images` of versions with at most `each` of what their creators show. Set once, before
/// requests are served; the gallery does.
using Showcase = Result<void> (*)(sql::Tx& tx, std::vector<Version>& versions, int each,
                                  const Viewer& viewer);
void showcase_by(Showcase showcase);

platform::Feature feature();

}  // namespace atelier::models

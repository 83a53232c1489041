#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/models/models.hpp"
#include "schema/types.hpp"

/// What the catalogue's endpoints take and give. Members are the JSON names.
namespace atelier::models {

using ModelName = schema::Text<1, 100>;
using Description = schema::Text<0, 100'000>;
using TagName = schema::Text<1, 40>;
using TriggerWord = schema::Text<1, 300>;

struct CardHashes {
  std::string SHA256, AutoV1, AutoV2, AutoV3, CRC32, BLAKE3;
};
BOOST_DESCRIBE_STRUCT(CardHashes, (), (SHA256, AutoV1, AutoV2, AutoV3, CRC32, BLAKE3))

struct FileCard {
  FileId id;
  std::string name;
  std::string type;
  std::int64_t bytes = 0;
  bool primary = false;
  Visibility visibility = Visibility::Public;
  std::string format;
  std::optional<std::string> size, fp, quantType;
  files::FileVerdict verdict = files::FileVerdict::pending;
  std::string verdictMessage;
  std::string detectedType, detectedBase;
  CardHashes hashes;
  std::string downloadUrl;
};
BOOST_DESCRIBE_STRUCT(FileCard, (),
                      (id, name, type, bytes, primary, visibility, format, size, fp, quantType,
                       verdict, verdictMessage, detectedType, detectedBase, hashes, downloadUrl))

struct VersionCard {
  VersionId id;
  std::string name;
  std::string baseModel;
  BaseModelType baseModelType = BaseModelType::Standard;
  Status status = Status::Draft;
  std::string description;      ///< Markdown, as written
  std::string descriptionHtml;  ///< safe to show
  std::vector<std::string> trainedWords;
  std::optional<std::int64_t> clipSkip, steps, epochs;
  bool requireAuth = false;
  UsageControl usageControl = UsageControl::Download;
  std::int64_t nsfwLevel = 1;
  schema::Time createdAt, updatedAt;
  std::optional<schema::Time> publishedAt;
  std::int64_t downloadCount = 0, thumbsUpCount = 0;
  std::vector<FileCard> files;
  std::vector<ShowcaseImage> images;  ///< its creator's own; in lists the first one
};
BOOST_DESCRIBE_STRUCT(VersionCard, (),
                      (id, name, baseModel, baseModelType, status, description, descriptionHtml,
                       trainedWords, clipSkip, steps, epochs, requireAuth, usageControl, nsfwLevel,
                       createdAt, updatedAt, publishedAt, downloadCount, thumbsUpCount, files,
                       images))

struct ModelCard {
  ModelId id;
  std::string name;
  ModelType type = ModelType::Other;
  Status status = Status::Draft;
  std::optional<Mode> mode;
  Availability availability = Availability::Public;
  std::optional<CheckpointType> checkpointType;
  std::string creator;
  std::string description;
  std::string descriptionHtml;
  std::vector<std::string> tags;
  std::int64_t nsfwLevel = 1;
  bool poi = false, minor = false, sfwOnly = false;
  bool allowNoCredit = true, allowDerivatives = true, allowDifferentLicense = true;
  std::vector<CommercialUse> allowCommercialUse;
  bool demo = false;
  bool mayEdit = false;         ///< this viewer may change it
  schema::Time createdAt, updatedAt, lastVersionAt;
  std::optional<schema::Time> publishedAt, deletedAt;
  std::int64_t downloadCount = 0, thumbsUpCount = 0, commentCount = 0, imageCount = 0;
  std::vector<VersionCard> versions;
};
BOOST_DESCRIBE_STRUCT(ModelCard, (),
                      (id, name, type, status, mode, availability, checkpointType, creator,
                       description, descriptionHtml, tags, nsfwLevel, poi, minor, sfwOnly,
                       allowNoCredit, allowDerivatives, allowDifferentLicense, allowCommercialUse,
                       demo, mayEdit, createdAt, updatedAt, lastVersionAt, publishedAt, deletedAt,
                       downloadCount, thumbsUpCount, commentCount, imageCount, versions))

struct ModelList {
  std::vector<ModelCard> items;
  std::optional<std::string> nextCursor;
  std::optional<bool> searchUnavailable;  ///< true: with `query`, only names were looked at
};
BOOST_DESCRIBE_STRUCT(ModelList, (), (items, nextCursor, searchUnavailable))

struct ListModels {
  std::optional<schema::List<ModelId, 100>> ids;  ///< of these, which the viewer may see
  std::optional<schema::Text<0, 200>> query;  ///< words; without `sort` by relevance
  std::optional<schema::List<ModelType, 30>> type;
  std::optional<schema::List<schema::Text<1, 60>, 100>> baseModel;
  std::optional<schema::List<schema::Text<1, 20>, 10>> format;
  std::optional<TagName> tag;
  std::optional<schema::Text<3, 30>> username;
  std::optional<CheckpointType> checkpointType;
  std::optional<bool> followed;      ///< only of people whom one follows
  std::optional<CollectionId> collection;
  std::optional<bool> mine;            ///< your own, whatever their status
  std::optional<Status> status;        ///< with `mine`
  std::optional<bool> archived;
  std::optional<bool> deleted;         ///< with `mine`: the bin
  std::optional<Period> period;
  std::optional<Sort> sort;
  std::optional<schema::Text<0, 200>> cursor;
  std::optional<schema::Whole<1, 100>> limit;
};
BOOST_DESCRIBE_STRUCT(ListModels, (),
                      (ids, query, type, baseModel, format, tag, username, checkpointType,
                       followed, collection, mine, status, archived, deleted, period, sort,
                       cursor, limit))

struct ModelPath {
  ModelId id;
};
BOOST_DESCRIBE_STRUCT(ModelPath, (), (id))
struct VersionPath {
  VersionId id;
};
BOOST_DESCRIBE_STRUCT(VersionPath, (), (id))

/// Everything that can be said of a model; create needs name and type.
struct ModelFields {
  std::optional<Availability> availability;
  std::optional<CheckpointType> checkpointType;
  std::optional<Description> description;
  std::optional<schema::List<TagName, 20>> tags;
  std::optional<schema::Whole<0, 31>> nsfwLevel;
  std::optional<bool> poi, minor, sfwOnly;
  std::optional<bool> allowNoCredit, allowDerivatives, allowDifferentLicense;
  std::optional<schema::List<CommercialUse, 5>> allowCommercialUse;
};
BOOST_DESCRIBE_STRUCT(ModelFields, (),
                      (availability, checkpointType, description, tags, nsfwLevel, poi, minor,
                       sfwOnly, allowNoCredit, allowDerivatives, allowDifferentLicense,
                       allowCommercialUse))
struct CreateModel : ModelFields {
  ModelName name;
  ModelType type = ModelType::Other;
};
BOOST_DESCRIBE_STRUCT(CreateModel, (ModelFields), (name, type))
struct UpdateModel : ModelFields {
  ModelId id;
  std::optional<ModelName> name;
  std::optional<ModelType> type;
};
BOOST_DESCRIBE_STRUCT(UpdateModel, (ModelFields), (id, name, type))

struct VersionFields {
  std::optional<BaseModelType> baseModelType;
  std::optional<Description> description;
  std::optional<schema::List<TriggerWord, 100>> trainedWords;
  std::optional<schema::Whole<1, 12>> clipSkip;
  std::optional<schema::Whole<1, 10'000'000>> steps;
  std::optional<schema::Whole<1, 1'000'000>> epochs;
  std::optional<bool> requireAuth;
  std::optional<UsageControl> usageControl;
};
BOOST_DESCRIBE_STRUCT(VersionFields, (),
                      (baseModelType, description, trainedWords, clipSkip, steps, epochs,
                       requireAuth, usageControl))
struct CreateVersion : VersionFields {
  ModelId id;                          ///< the model
  ModelName name;
  schema::Text<1, 60> baseModel;
};
BOOST_DESCRIBE_STRUCT(CreateVersion, (VersionFields), (id, name, baseModel))
struct UpdateVersion : VersionFields {
  VersionId id;
  std::optional<ModelName> name;
  std::optional<schema::Text<1, 60>> baseModel;
};
BOOST_DESCRIBE_STRUCT(UpdateVersion, (VersionFields), (id, name, baseModel))

struct PublishVersion {
  VersionId id;
  std::optional<schema::Time> at;      ///< later: scheduled
};
BOOST_DESCRIBE_STRUCT(PublishVersion, (), (id, at))

struct AttachFile {
  VersionId id;
  std::optional<UploadId> upload;      ///< a finished upload of yours, or
  std::optional<FileId> file;          ///< a file you uploaded before
  std::optional<schema::Text<1, 250>> name;
  std::optional<schema::Text<1, 40>> type;
  std::optional<schema::Text<1, 20>> size;
  std::optional<Visibility> visibility;
};
BOOST_DESCRIBE_STRUCT(AttachFile, (), (id, upload, file, name, type, size, visibility))
struct VersionFilePath {
  VersionId id;
  FileId file;
};
BOOST_DESCRIBE_STRUCT(VersionFilePath, (), (id, file))

struct TagRow {
  std::int64_t id = 0;                 ///< for hiding it: `PUT /api/v2/me/hidden/tag/{id}`
  std::string name;
  std::int64_t models = 0;
};
BOOST_DESCRIBE_STRUCT(TagRow, (), (id, name, models))
struct TagList {
  std::vector<TagRow> items;
};
BOOST_DESCRIBE_STRUCT(TagList, (), (items))
struct ListTags {
  std::optional<schema::Text<0, 40>> query;
  std::optional<schema::Whole<1, 100>> limit;
};
BOOST_DESCRIBE_STRUCT(ListTags, (), (query, limit))

struct Vocabulary {
  std::vector<std::string> modelTypes, baseModels, activeBaseModels, fileTypes, fileFormats;
};
BOOST_DESCRIBE_STRUCT(Vocabulary, (),
                      (modelTypes, baseModels, activeBaseModels, fileTypes, fileFormats))

// ---- the functions behind routes.cpp
using schema::Nothing;
ModelCard card(Model model, const Context& context);
Result<ModelList> list_models(Context& context, const ListModels& in);
Result<ModelCard> get_model(Context& context, const ModelPath& in);
Result<ModelCard> create_model(Context& context, const CreateModel& in);
Result<ModelCard> update_model(Context& context, const UpdateModel& in);
Result<Nothing> delete_model(Context& context, const ModelPath& in);
Result<ModelCard> restore_model(Context& context, const ModelPath& in);
Result<ModelCard> unpublish_model(Context& context, const ModelPath& in);
Result<ModelCard> archive_model(Context& context, const ModelPath& in);
Result<ModelCard> unarchive_model(Context& context, const ModelPath& in);
Result<ModelCard> create_version(Context& context, const CreateVersion& in);
Result<ModelCard> update_version(Context& context, const UpdateVersion& in);
Result<Nothing> delete_version(Context& context, const VersionPath& in);
Result<ModelCard> publish_version(Context& context, const PublishVersion& in);
Result<ModelCard> unpublish_version(Context& context, const VersionPath& in);
Result<ModelCard> attach_file(Context& context, const AttachFile& in);
Result<ModelCard> detach_file(Context& context, const VersionFilePath& in);
Result<TagList> list_tags(Context& context, const ListTags& in);
Result<Vocabulary> get_vocabulary(Context& context, const Nothing&);
void jobs(platform::Jobs& jobs);
void events(Services& services);
void subjects(platform::Subjects& all);

}  // namespace atelier::models

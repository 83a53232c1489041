#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "features/images/images.hpp"
#include "features/models/models.hpp"
#include "schema/types.hpp"

/// The published JSON shapes. A Nullable is written as null, an optional is left out: clients
/// depend on which is which.
namespace atelier::civitai_api {

using schema::Nullable;
using Text = std::string;

struct FileMetadata {
  Nullable<Text> format, size, fp;
  std::optional<Text> quantType;
};
BOOST_DESCRIBE_STRUCT(FileMetadata, (), (format, size, fp, quantType))

struct FileHashes {
  std::optional<Text> AutoV1, AutoV2, AutoV3, SHA256, CRC32, BLAKE3;
};
BOOST_DESCRIBE_STRUCT(FileHashes, (), (AutoV1, AutoV2, AutoV3, SHA256, CRC32, BLAKE3))

struct File {
  std::int64_t id = 0;
  double sizeKB = 0;  ///< bytes / 1024, not rounded
  Text name;
  Nullable<Text> overrideName;
  Text type;
  Text pickleScanResult;
  Nullable<Text> pickleScanMessage;
  Text virusScanResult;
  Nullable<Text> virusScanMessage;
  Nullable<schema::Time> scannedAt;
  FileMetadata metadata;
  FileHashes hashes;
  Text downloadUrl;
  std::optional<bool> primary;
};
BOOST_DESCRIBE_STRUCT(File, (),
                      (id, sizeKB, name, overrideName, type, pickleScanResult, pickleScanMessage,
                       virusScanResult, virusScanMessage, scannedAt, metadata, hashes, downloadUrl,
                       primary))

struct VersionStats {
  std::int64_t downloadCount = 0, ratingCount = 0;
  double rating = 0;
  std::int64_t thumbsUpCount = 0, thumbsDownCount = 0;
};
BOOST_DESCRIBE_STRUCT(VersionStats, (),
                      (downloadCount, ratingCount, rating, thumbsUpCount, thumbsDownCount))

/// Of a version's creator. Members that are not written in every reply are optional.
struct ImageOfVersion {
  std::optional<std::int64_t> id;
  Text url;
  std::int64_t nsfwLevel = 1;
  std::int64_t width = 0, height = 0;
  Nullable<Text> hash;  ///< BlurHash
  Text type;
  std::optional<schema::Json> metadata, meta;
  bool minor = false, poi = false;
  std::optional<Text> availability;
  bool hasMeta = false, hasPositivePrompt = false, onSite = false;
  Nullable<std::int64_t> remixOfId;
};
BOOST_DESCRIBE_STRUCT(ImageOfVersion, (),
                      (id, url, nsfwLevel, width, height, hash, type, metadata, meta, minor, poi,
                       availability, hasMeta, hasPositivePrompt, onSite, remixOfId))

struct VersionOfModel {
  std::int64_t id = 0, modelId = 0, index = 0;
  Text name, baseModel, baseModelType, status;
  schema::Time createdAt, updatedAt;
  Nullable<schema::Time> publishedAt;
  Text availability;
  std::int64_t nsfwLevel = 1;
  Text description;
  std::vector<Text> trainedWords;
  Nullable<std::int64_t> vaeId;
  std::int64_t flags = 0, earlyAccessTimeFrame = 0;
  Nullable<schema::Time> earlyAccessDeadline;
  Nullable<schema::Json> paidAccess;
  bool supportsGeneration = false;
  VersionStats stats;
  std::vector<File> files;
  std::vector<ImageOfVersion> images;
  std::optional<Text> downloadUrl;
};
BOOST_DESCRIBE_STRUCT(VersionOfModel, (),
                      (id, modelId, index, name, baseModel, baseModelType, status, createdAt,
                       updatedAt, publishedAt, availability, nsfwLevel, description, trainedWords,
                       vaeId, flags, earlyAccessTimeFrame, earlyAccessDeadline, paidAccess,
                       supportsGeneration, stats, files, images, downloadUrl))

struct ModelStats {
  std::int64_t downloadCount = 0, favoriteCount = 0, thumbsUpCount = 0, thumbsDownCount = 0;
  std::int64_t commentCount = 0, ratingCount = 0;
  double rating = 0;
  std::int64_t tippedAmountCount = 0;
};
BOOST_DESCRIBE_STRUCT(ModelStats, (),
                      (downloadCount, favoriteCount, thumbsUpCount, thumbsDownCount, commentCount,
                       ratingCount, rating, tippedAmountCount))

struct Creator {
  Text username;
  Nullable<Text> image;
};
BOOST_DESCRIBE_STRUCT(Creator, (), (username, image))

struct Model {
  std::int64_t id = 0;
  Text name, description, type;
  bool nsfw = false;
  std::int64_t nsfwLevel = 1;
  bool poi = false, minor = false, sfwOnly = false;
  Text availability;
  std::int64_t userId = 0;
  Nullable<schema::Json> cosmetic;
  bool allowNoCredit = true;
  std::vector<Text> allowCommercialUse;
  bool allowDerivatives = true, allowDifferentLicense = true;
  std::vector<Text> baseModels;
  bool supportsGeneration = false;
  std::optional<Text> mode;
  ModelStats stats;
  Creator creator;
  std::vector<Text> tags;
  std::vector<VersionOfModel> modelVersions;
};
BOOST_DESCRIBE_STRUCT(Model, (),
                      (id, name, description, type, nsfw, nsfwLevel, poi, minor, sfwOnly,
                       availability, userId, cosmetic, allowNoCredit, allowCommercialUse,
                       allowDerivatives, allowDifferentLicense, baseModels, supportsGeneration,
                       mode, stats, creator, tags, modelVersions))

struct ListMetadata {
  std::optional<Text> nextCursor, nextPage, prevPage;
  std::optional<std::int64_t> totalItems, currentPage, pageSize, totalPages;
};
BOOST_DESCRIBE_STRUCT(ListMetadata, (),
                      (nextCursor, nextPage, prevPage, totalItems, currentPage, pageSize,
                       totalPages))

struct ModelList {
  std::vector<Model> items;
  ListMetadata metadata;
};
BOOST_DESCRIBE_STRUCT(ModelList, (), (items, metadata))

struct ModelOfVersion {
  Text name, type;
  bool nsfw = false, poi = false, minor = false;
  std::optional<Text> mode;
};
BOOST_DESCRIBE_STRUCT(ModelOfVersion, (), (name, type, nsfw, poi, minor, mode))

struct Version {
  std::int64_t id = 0, modelId = 0;
  Text name;
  std::int64_t nsfwLevel = 1;
  schema::Time createdAt, updatedAt;
  Text status;
  Nullable<schema::Time> publishedAt;
  std::vector<Text> trainedWords;
  Nullable<Text> trainingStatus;
  Nullable<schema::Json> trainingDetails;
  Text baseModel, baseModelType, description, uploadType, usageControl, availability, air;
  Nullable<std::int64_t> licensingFee;
  Nullable<schema::Json> paidAccess, earlyAccessConfig;
  Nullable<schema::Time> earlyAccessEndsAt;
  VersionStats stats;
  ModelOfVersion model;
  std::vector<File> files;
  std::vector<ImageOfVersion> images;
  std::optional<Text> downloadUrl;
};
BOOST_DESCRIBE_STRUCT(Version, (),
                      (id, modelId, name, nsfwLevel, createdAt, updatedAt, status, publishedAt,
                       trainedWords, trainingStatus, trainingDetails, baseModel, baseModelType,
                       description, uploadType, usageControl, availability, air, licensingFee,
                       paidAccess, earlyAccessConfig, earlyAccessEndsAt, stats, model, files,
                       images, downloadUrl))

/// What generation workers ask of a version (civitai.md §10).
struct MiniVersion {
  Text air, versionName, modelName;
  std::int64_t userId = 0;
  Text baseModel, availability;
  Nullable<schema::Time> publishedAt;
  double size = 0;  ///< KiB, not rounded
  Text fileType, fileName;
  FileHashes hashes;
  std::vector<Text> downloadUrls;
  Nullable<Text> format;
  bool canGenerate = false, isFeatured = false, requireAuth = false, checkPermission = false;
  Nullable<schema::Time> earlyAccessEndsAt;
  Nullable<std::int64_t> freeTrialLimit;
  bool additionalResourceCharge = false, minor = false, sfwOnly = false;
  std::vector<schema::Json> fees;
  bool payoutEnabled = false;
};
BOOST_DESCRIBE_STRUCT(MiniVersion, (),
                      (air, versionName, modelName, userId, baseModel, availability, publishedAt,
                       size, fileType, fileName, hashes, downloadUrls, format, canGenerate,
                       isFeatured, requireAuth, checkPermission, earlyAccessEndsAt, freeTrialLimit,
                       additionalResourceCharge, minor, sfwOnly, fees, payoutEnabled))

/// What creators show of their versions, and recipes as JSON where they are told.
struct Galleries {
  std::map<VersionId, std::vector<images::Image>> images;
  std::map<ImageId, std::string> recipes;
};

/// `origin` is how the client sees this host: all addresses begin with it. Images have their
/// numbers in lists only.
Model shown(const models::Model& model, const Galleries& galleries, bool in_list,
            const std::string& origin);
/// The one version that `model` was reduced to.
Version shown_version(const models::Model& model, const Galleries& galleries,
                      const std::string& origin);
/// The same in short, of the file with this number, or of the main one (0). None: no such file.
std::optional<MiniVersion> shown_mini(const models::Model& model, FileId file,
                                      const std::string& origin);
/// "urn:air:sdxl:lora:host:12@34".
std::string air(const models::Model& model, const models::Version& version,
                const std::string& origin);

}  // namespace atelier::civitai_api

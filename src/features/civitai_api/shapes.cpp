#include "features/civitai_api/shapes.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/civitai_api/images.hpp"

namespace atelier::civitai_api {
namespace {

template <class E>
std::optional<Text> maybe_label(const std::optional<E>& value) {
  if (!value) return std::nullopt;
  return Text(schema::label_of(*value));
}

std::optional<Text> known(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<Text>(text);
}

/// Pending, Success, Danger or Error.
Text scan_result(files::FileVerdict verdict) {
  switch (verdict) {
    case files::FileVerdict::pending: return "Pending";
    case files::FileVerdict::safe: return "Success";
    case files::FileVerdict::failed: return "Error";
    case files::FileVerdict::unknown_import:
    case files::FileVerdict::dangerous:
    case files::FileVerdict::malformed: break;
  }
  return "Danger";
}

Text download_address(const models::Version& version, const models::VersionFile& file,
                      const std::string& origin) {
  Text address = origin + "/api/download/models/" + std::to_string(version.id.value);
  if (file.primary) return address;
  return address + "?fileId=" + std::to_string(file.file.id.value);
}

File shown(const models::VersionFile& file, const models::Version& version,
           const std::string& origin) {
  File out;
  out.id = file.file.id.value;
  out.sizeKB = static_cast<double>(file.file.bytes) / 1024.0;
  out.name = file.name;
  out.type = file.type;
  out.pickleScanResult = scan_result(file.file.verdict);
  out.pickleScanMessage.value = known(file.file.verdict_message);
  // No virus scanner is part of this program; "Success" would be a claim nobody checked.
  out.virusScanResult = "Pending";
  if (file.file.scanned_at) out.scannedAt.value = schema::Time{*file.file.scanned_at};
  out.metadata = {{known(file.format)}, {file.size}, {file.fp}, file.quant_type};
  const files::Hashes& hashes = file.file.hashes;
  out.hashes = {known(hashes.autov1), known(hashes.autov2),
                known(hashes.autov3.substr(0, 12)), known(hashes.sha256),
                known(hashes.crc32), known(hashes.blake3)};
  out.downloadUrl = download_address(version, file, origin);
  return out;
}

bool is_archived(const models::Model& model) { return model.mode == models::Mode::Archived; }

std::vector<File> shown_files(const models::Model& model, const models::Version& version,
                              const std::string& origin, bool say_not_primary) {
  std::vector<File> out;
  if (is_archived(model)) return out;
  for (const models::VersionFile& file : version.files) {
    File item = shown(file, version, origin);
    if (file.primary || say_not_primary) item.primary = file.primary;
    out.push_back(std::move(item));
  }
  return out;
}

std::optional<Text> main_download(const models::Model& model, const models::Version& version,
                                  const std::string& origin) {
  if (is_archived(model) || version.files.empty()) return std::nullopt;
  return origin + "/api/download/models/" + std::to_string(version.id.value);
}

bool is_nsfw(int level) { return (level & ~maturity::safe) != 0; }

/// Members-only models are public to those who can ask for them at all.
Text availability(const models::Model& model) {
  return model.availability == models::Availability::Private ? "Private" : "Public";
}

VersionStats stats(const models::Version& version) {
  const models::Counts& counts = version.counts;
  return {counts.downloads, 0, 0, counts.thumbs_up, counts.thumbs_down};
}

VersionOfModel shown(const models::Model& model, const models::Version& version,
                     std::int64_t index, const Galleries& galleries, bool in_list,
                     const std::string& origin) {
  VersionOfModel out;
  out.id = version.id.value;
  out.modelId = model.id.value;
  out.index = index;
  out.name = version.name;
  out.baseModel = version.base_model;
  out.baseModelType = schema::label_of(version.base_model_type);
  out.status = schema::label_of(version.status);
  out.createdAt = {version.created_at};
  out.updatedAt = {version.updated_at};
  if (version.published_at) out.publishedAt.value = schema::Time{*version.published_at};
  out.availability = availability(model);
  out.nsfwLevel = version.nsfw_level;
  out.description = version.description_html;
  out.trainedWords = version.trained_words;
  out.stats = stats(version);
  out.files = shown_files(model, version, origin, false);
  out.images = shown_images(model, version.id, galleries, in_list, origin);
  out.downloadUrl = main_download(model, version, origin);
  return out;
}

/// The word for a base model in AIR names.
std::string ecosystem(const std::string& base) {
  constexpr auto words = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"SD 1", "sd1"}, {"SD 2", "sd2"}, {"SD 3", "sd3"}, {"SDXL", "sdxl"}, {"Pony V7", "auraflow"},
      {"Pony", "sdxl"}, {"Illustrious", "sdxl"}, {"NoobAI", "sdxl"}, {"Flux.1", "flux1"},
      {"Flux.2", "flux2"}, {"AuraFlow", "auraflow"}, {"Hunyuan Video", "hyv1"},
      {"Wan Video", "wanvideo"}, {"LTXV", "ltxv"}, {"Qwen", "qwen"}, {"Chroma", "chroma"},
      {"HiDream", "hidream"}, {"Kolors", "kolors"}, {"Lumina", "lumina"}, {"Mochi", "mochi"},
      {"PixArt", "pixart"}, {"CogVideoX", "cogvideox"}, {"ZImage", "zimage"},
  });
  const auto* found = std::ranges::find_if(
      words, [&](const auto& word) { return base.starts_with(word.first); });
  return found == words.end() ? "other" : std::string(found->second);
}

}  // namespace

std::string air(const models::Model& model, const models::Version& version,
                const std::string& origin) {
  std::string host = origin.substr(origin.find("//") + 2);
  host = host.substr(0, host.find(':'));
  const std::string type = model.type == models::ModelType::TextualInversion
                               ? "embedding"
                               : lower_ascii(schema::label_of(model.type));
  return "urn:air:" + ecosystem(version.base_model) + ":" + type + ":" + host + ":" +
         std::to_string(model.id.value) + "@" + std::to_string(version.id.value);
}

Model shown(const models::Model& model, const Galleries& galleries, bool in_list,
            const std::string& origin) {
  Model out;
  out.id = model.id.value;
  out.name = model.name;
  out.description = model.description_html;
  out.type = schema::label_of(model.type);
  out.nsfw = is_nsfw(model.nsfw_level);
  out.nsfwLevel = model.nsfw_level;
  out.poi = model.poi;
  out.minor = model.minor;
  out.sfwOnly = model.sfw_only;
  out.availability = availability(model);
  out.userId = model.owner.value;
  out.allowNoCredit = model.allow_no_credit;
  for (const models::CommercialUse use : model.allow_commercial_use)
    out.allowCommercialUse.emplace_back(schema::label_of(use));
  out.allowDerivatives = model.allow_derivatives;
  out.allowDifferentLicense = model.allow_different_license;
  out.mode = maybe_label(model.mode);
  const models::Counts& counts = model.counts;
  out.stats = {counts.downloads, counts.thumbs_up, counts.thumbs_up, counts.thumbs_down,
               counts.comments,  0,                0,                0};
  out.creator.username = model.owner_name;
  out.tags = model.tags;
  std::int64_t index = 0;
  for (const models::Version& version : model.versions) {
    if (version.status != models::Status::Published || version.files.empty()) continue;
    if (std::ranges::find(out.baseModels, version.base_model) == out.baseModels.end())
      out.baseModels.push_back(version.base_model);
    out.modelVersions.push_back(shown(model, version, index++, galleries, in_list, origin));
  }
  return out;
}

Version shown_version(const models::Model& model, const Galleries& galleries,
                      const std::string& origin) {
  const models::Version& version = model.versions.front();
  Version out;
  out.id = version.id.value;
  out.modelId = model.id.value;
  out.name = version.name;
  out.nsfwLevel = version.nsfw_level;
  out.createdAt = {version.created_at};
  out.updatedAt = {version.updated_at};
  out.status = schema::label_of(version.status);
  if (version.published_at) out.publishedAt.value = schema::Time{*version.published_at};
  out.trainedWords = version.trained_words;
  out.baseModel = version.base_model;
  out.baseModelType = schema::label_of(version.base_model_type);
  out.description = version.description_html;
  out.uploadType = "Created";
  out.usageControl = schema::label_of(version.usage_control);
  out.availability = availability(model);
  out.air = air(model, version, origin);
  out.stats = stats(version);
  out.model = {model.name, schema::label_of(model.type), is_nsfw(model.nsfw_level), model.poi,
               model.minor, maybe_label(model.mode)};
  out.files = shown_files(model, version, origin, true);
  out.images = shown_images_with_meta(model, version.id, galleries, origin);
  out.downloadUrl = main_download(model, version, origin);
  return out;
}

std::optional<MiniVersion> shown_mini(const models::Model& model, FileId wanted,
                                      const std::string& origin) {
  const models::Version& version = model.versions.front();
  const std::vector<File> files = shown_files(model, version, origin, true);
  const auto found = std::ranges::find_if(files, [&](const File& file) {
    return wanted ? file.id == wanted.value : file.primary.value_or(false);
  });
  if (found == files.end()) return std::nullopt;
  MiniVersion out;
  out.air = air(model, version, origin);
  out.versionName = version.name;
  out.modelName = model.name;
  out.userId = model.owner.value;
  out.baseModel = version.base_model;
  out.availability = availability(model);
  if (version.published_at) out.publishedAt.value = schema::Time{*version.published_at};
  out.size = found->sizeKB;
  out.fileType = found->type;
  out.fileName = found->name;
  out.hashes = found->hashes;
  out.downloadUrls = {found->downloadUrl};
  out.format = found->metadata.format;
  out.requireAuth = version.require_auth;
  out.minor = model.minor;
  out.sfwOnly = model.sfw_only;
  return out;
}

}  // namespace atelier::civitai_api

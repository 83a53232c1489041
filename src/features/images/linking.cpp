#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "features/images/functions.hpp"
#include "platform/events.hpp"

// Which versions here an image was made with: by hashes of any kind, by AIR and by the numbers
// that a file made on this site names.
namespace atelier::images {
namespace {

constexpr std::size_t resources_max = 60;

/// A moderator, because a link is made for everybody; who may see the version is asked on reading.
Viewer anybody() { return {.user = UserId{-1}, .role = Role::moderator}; }

/// The start of the SHA-256 of nothing: tools write it for files they could not read.
constexpr std::string_view hash_of_nothing = "e3b0c44298fc";

bool useful(std::string_view hash) {
  const std::size_t size = hash.size();
  return (size == 8 || size == 10 || size == 12 || size == 64) &&
         !hash.starts_with(hash_of_nothing.substr(0, std::min(size, hash_of_nothing.size()))) &&
         std::ranges::all_of(hash, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

/// The version at the end of "urn:air:sdxl:lora:host:12@34".
std::optional<std::int64_t> version_of_air(std::string_view air) {
  const auto at = air.rfind('@');
  if (!air.starts_with("urn:air:") || at == air.npos) return std::nullopt;
  return parse_whole(air.substr(at + 1));
}

/// A number is believed only where it cannot mean another site's version of the same number: a
/// model that is here under that number must be named alike.
Result<bool> names_match(sql::Tx& tx, VersionId id, const recipes::RecipeResource& resource) {
  const auto model = TRY(models::find(tx, id, anybody()));
  if (!model || resource.name.empty()) return false;
  return (!resource.modelId || *resource.modelId == model->id.value) &&
         slug(model->name) == slug(resource.name);
}

bool is_published(const models::Model& model) {
  return model.status == models::Status::Published && !model.versions.empty() &&
         model.versions.front().status == models::Status::Published;
}

/// The oldest published version that holds a file with this hash.
Result<std::optional<VersionId>> version_by_hash(sql::Tx& tx, const std::string& hash) {
  const auto files = TRY(files::by_hash(tx, hash));
  if (files.empty()) return std::optional<VersionId>{};
  for (const VersionId id : TRY(models::with_files(tx, files, anybody()))) {
    const auto model = TRY(models::find(tx, id, anybody()));
    if (model && is_published(*model)) return std::optional<VersionId>(id);
  }
  return std::optional<VersionId>{};
}

Result<std::optional<VersionId>> version_of(sql::Tx& tx, const store::Resource& row,
                                            const recipes::RecipeResource& resource) {
  for (const std::string& hash : row.hashes)
    if (const auto found = TRY(version_by_hash(tx, hash))) return found;
  if (row.named_version && TRY(names_match(tx, VersionId{*row.named_version}, resource)))
    return std::optional<VersionId>(VersionId{*row.named_version});
  return std::optional<VersionId>{};
}

store::Resource row_of(ImageId image, const recipes::RecipeResource& resource) {
  store::Resource row;
  row.image = image;
  row.name = resource.name.empty() ? resource.fileName : resource.name;
  row.kind = schema::label_of(resource.kind);
  row.air = resource.air;
  row.strength = resource.strength;
  for (const recipes::RecipeHash& hash : resource.hashes) {
    const std::string value = lower_ascii(hash.value);
    if (useful(value)) row.hashes.push_back(value);
  }
  if (!row.hashes.empty()) row.hash = row.hashes.front();
  row.named_version = resource.modelVersionId;
  if (!row.named_version) row.named_version = version_of_air(resource.air);
  return row;
}

}  // namespace

Result<void> put_resources(sql::Tx& tx, ImageId image, const recipes::Recipe& recipe) {
  TRY(store::clear_resources(tx, image, true));
  int position = 0;
  for (const recipes::RecipeResource& resource : recipe.resources) {
    if (static_cast<std::size_t>(position) == resources_max) break;
    store::Resource row = row_of(image, resource);
    row.version = TRY(version_of(tx, row, resource));
    TRY(store::insert_resource(tx, row, position++));
  }
  return {};
}

Result<void> put_gallery_resource(sql::Tx& tx, const Image& image) {
  TRY(store::clear_resources(tx, image.id, false));
  if (!image.version) return {};
  for (const store::Resource& resource : TRY(store::resources(tx, image.id)))
    if (resource.version == image.version) return {};  // what the file says is better
  const auto model = TRY(models::find(tx, *image.version, anybody()));
  if (!model) return {};
  store::Resource row;
  row.image = image.id;
  row.name = model->name;
  row.kind = schema::label_of(recipes::ResourceKind::other);
  row.detected = false;
  row.version = image.version;
  return store::insert_resource(tx, row, static_cast<int>(resources_max));
}

Result<void> link_again(Services& services, sql::Tx& tx, ModelId id) {
  const auto model = TRY(models::find(tx, id, anybody()));
  if (!model) return {};
  for (const models::Version& version : model->versions) {
    if (version.status != models::Status::Published) continue;
    for (const models::VersionFile& file : version.files) {
      const files::Hashes& known = file.file.hashes;
      std::set<std::string> hashes;
      for (const std::string& hash : {known.sha256, known.autov1, known.autov2, known.autov3,
                                      known.autov3.substr(0, 12), known.sha256.substr(0, 12),
                                      known.crc32, known.crc32c, known.blake3})
        if (useful(lower_ascii(hash))) hashes.insert(lower_ascii(hash));
      for (const std::string& hash : hashes)
        for (const store::Resource& resource : TRY(store::unlinked_by_hash(tx, hash))) {
          TRY(store::link(tx, resource.id, version.id));
          TRY(platform::publish(services, tx, "images", "linked", resource.image.value));
        }
    }
  }
  return {};
}

}  // namespace atelier::images

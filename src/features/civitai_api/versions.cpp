#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "features/civitai_api/endpoints.hpp"
#include "features/civitai_api/images.hpp"

// Versions by number and by hash of any of their files (civitai.md §10.4–10.5).
namespace atelier::civitai_api {
namespace {

constexpr std::size_t hashes_max = 100, ids_max = 10'000;

Result<std::optional<models::Model>> find_by_hash(sql::Tx& tx, std::string_view hash,
                                                  const Viewer& viewer) {
  const auto versions =
      TRY(models::with_files(tx, TRY(files::by_hash(tx, hash)), viewer));
  for (const VersionId id : versions) {
    auto model = TRY(models::find(tx, id, viewer));
    if (model && !model->versions.empty() &&
        model->versions.front().status == models::Status::Published)
      return model;
  }
  return std::optional<models::Model>{};
}

Result<std::vector<std::string>> read_hashes(const http::Request& request, std::size_t max) {
  auto hashes = schema::from_json<std::vector<std::string>>(request.body);
  if (!hashes || hashes->size() > max)
    return fail(Fault::invalid, "invalid_request",
                "Request must include an array of SHA256 Hashes. At most " + std::to_string(max) +
                    " hashes are accepted.");
  return hashes;
}

Result<Version> shown_with_images(sql::Tx& tx, const models::Model& model, const Viewer& viewer,
                                  const std::string& origin) {
  return shown_version(model, TRY(galleries_with_meta(tx, model, viewer)), origin);
}

http::Response json(std::string body) {
  http::Response response;
  response.headers.set("content-type", "application/json");
  response.body = std::move(body);
  return response;
}

}  // namespace

Result<Version> get_version(Context& context, const IdPath& in) {
  const auto model = TRY(models::find(context.tx(), VersionId{in.id.value}, context.viewer));
  if (!model || model->versions.empty())
    return fail(Fault::missing, "version_missing", "Model not found");
  if (model->versions.front().files.empty())
    return fail(Fault::missing, "file_missing", "Missing model file");
  context.depends_on("models");
  context.depends_on("files");
  context.depends_on("users");
  return shown_with_images(context.tx(), *model, context.viewer, context.request->origin);
}

Result<MiniVersion> get_mini(Context& context, const MiniPath& in) {
  const auto model = TRY(models::find(context.tx(), VersionId{in.id.value}, context.viewer));
  context.depends_on("models");
  context.depends_on("files");
  context.depends_on("users");
  if (!model || model->versions.empty())
    return fail(Fault::missing, "version_missing", "Model not found");
  const FileId file{in.modelFileId ? in.modelFileId->value : 0};
  auto mini = shown_mini(*model, file, context.request->origin);
  if (!mini) return fail(Fault::missing, "file_missing", "Missing model file");
  return std::move(*mini);
}

Result<Version> by_hash(Context& context, const HashPath& in) {
  const auto model = TRY(find_by_hash(context.tx(), in.hash.value, context.viewer));
  context.depends_on("models");
  context.depends_on("files");
  context.depends_on("users");
  if (!model) return fail(Fault::missing, "version_missing", "Model not found");
  return shown_with_images(context.tx(), *model, context.viewer, context.request->origin);
}

Result<http::Response> by_hashes(Context& context, const http::Request& request) {
  const auto hashes = TRY(read_hashes(request, hashes_max));
  std::vector<Version> out = TRY(sql::ask(
      *context.services.database, [&](sql::Tx& tx) -> Result<std::vector<Version>> {
        std::vector<Version> found;
        std::set<VersionId> seen;
        for (const std::string& hash : hashes) {
          const auto model = TRY(find_by_hash(tx, hash, context.viewer));
          if (model && seen.insert(model->versions.front().id).second)
            found.push_back(TRY(shown_with_images(tx, *model, context.viewer, request.origin)));
        }
        return found;
      }));
  return json(schema::to_json(out));
}

Result<http::Response> ids_by_hashes(Context& context, const http::Request& request) {
  const auto hashes = TRY(read_hashes(request, ids_max));
  std::vector<HashMatch> out = TRY(sql::ask(
      *context.services.database, [&](sql::Tx& tx) -> Result<std::vector<HashMatch>> {
        std::vector<HashMatch> found;
        for (const std::string& hash : hashes)
          if (const auto model = TRY(find_by_hash(tx, hash, context.viewer)))
            found.push_back({model->versions.front().id.value, model->id.value,
                             upper_ascii(hash)});
        return found;
      }));
  return json(schema::to_json(out));
}

}  // namespace atelier::civitai_api

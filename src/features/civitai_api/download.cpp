#include <algorithm>

#include "base/text.hpp"
#include "features/civitai_api/endpoints.hpp"

// GET /api/download/models/{versionId}: 307 to a short-lived signed address (civitai.md §10.8).
namespace atelier::civitai_api {
namespace {

struct Refused {
  std::string error, message;
};
BOOST_DESCRIBE_STRUCT(Refused, (), (error, message))

struct Wanted {
  std::optional<std::int64_t> file;
  std::string type;
  std::optional<std::string> format, size, fp, quant_type;
};

Result<Wanted> wanted_of(const http::Request& request) {
  Wanted wanted;
  for (const schema::Parameter& parameter : TRY(schema::parse_query(request.query))) {
    if (parameter.name == "fileId") {
      wanted.file = parse_whole(parameter.text);
      if (!wanted.file) return fail(Fault::invalid, "invalid_request", "fileId is a number.");
    }
    if (parameter.name == "type") wanted.type = parameter.text;
    if (parameter.name == "format") wanted.format = parameter.text;
    if (parameter.name == "size") wanted.size = parameter.text;
    if (parameter.name == "fp") wanted.fp = parameter.text;
    if (parameter.name == "quantType") wanted.quant_type = parameter.text;
  }
  return wanted;
}

/// What was asked for must be what is found; what was not asked for follows the preference.
const models::VersionFile* choose(const models::Version& version, const Wanted& wanted) {
  std::vector<models::VersionFile> fitting;
  for (const models::VersionFile& file : version.files) {
    const auto differs = [](const auto& asked, const auto& has) { return asked && asked != has; };
    if (wanted.file && file.file.id.value != *wanted.file) continue;
    if (!wanted.type.empty() && file.type != wanted.type) continue;
    if (differs(wanted.format, std::optional<std::string>(file.format)) ||
        differs(wanted.size, file.size) || differs(wanted.fp, file.fp) ||
        differs(wanted.quant_type, file.quant_type))
      continue;
    fitting.push_back(file);
  }
  const auto best = models::choose_primary(fitting);
  if (!best) return nullptr;
  const FileId id = fitting[*best].file.id;
  return &*std::ranges::find_if(version.files, [&](const models::VersionFile& file) {
    return file.file.id == id;
  });
}

bool is_browser(const http::Request& request) {
  return request.headers.find("accept").find("text/html") != std::string_view::npos;
}

http::Response redirect(const std::string& address) {
  http::Response response;
  response.status = 307;
  response.headers.set("location", address);
  response.headers.set("cache-control", "no-store");
  return response;
}

http::Response refusal(int status, const std::string& error, const std::string& message) {
  http::Response response;
  response.status = status;
  response.body = schema::to_json(Refused{error, message});
  response.headers.set("content-type", "application/json");
  response.headers.set("cache-control", "no-store");
  return response;
}


}  // namespace

Result<http::Response> download(Context& context, const http::Request& request) {
  const auto id = parse_whole(context.path("id"));
  if (!id || *id < 1) return refusal(400, "Bad Request", "The version is a number.");
  const Result<Wanted> wanted = wanted_of(request);
  if (!wanted) return refusal(400, "Bad Request", wanted.error().detail);
  const auto model =
      TRY(sql::ask(*context.services.database, [&](sql::Tx& tx) {
        return models::find(tx, VersionId{*id}, context.viewer);
      }));
  if (!model || model->versions.empty()) return refusal(404, "File not found", "File not found");
  const models::Version& version = model->versions.front();
  const bool own = model->owner == context.viewer.user || context.viewer.at_least(Role::moderator);
  if (model->mode == models::Mode::Archived && !own)
    return refusal(410, "Model archived", "The model archived is not available for download");
  if (version.require_auth && !context.viewer.signed_in()) {
    if (is_browser(request))
      return redirect(request.origin + "/login?returnUrl=" +
                      percent_encode("/models/" + std::to_string(model->id.value)) +
                      "&reason=download-auth");
    return refusal(401, "Unauthorized",
                   "The creator of this asset requires you to be logged in to download it");
  }
  if (version.usage_control != models::UsageControl::Download && !own)
    return refusal(401, "Unauthorized",
                   "The creator of this asset has disabled downloads on this file");
  const models::VersionFile* file = choose(version, *wanted);
  if (file == nullptr || file->file.hashes.sha256.empty())
    return refusal(404, "File not found", "File not found");
  const VersionId counted =
      version.status == models::Status::Published ? version.id : VersionId{};
  return redirect(request.origin +
                  files::signed_path(context.services, file->file,
                                     models::download_name(*model, version, *file), counted,
                                     context.viewer.user));
}

}  // namespace atelier::civitai_api

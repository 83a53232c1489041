#include <algorithm>

#include "base/text.hpp"
#include "features/files/downloads.hpp"
#include "features/files/endpoints.hpp"
#include "features/files/jobs.hpp"
#include "features/files/tus.hpp"
#include "features/files/uploads.hpp"
#include "platform/settings.hpp"

namespace atelier::files {
namespace {

using schema::Access;
using schema::bind;
using schema::Method;
using schema::Nothing;
using schema::Rate;
using schema::Scope;

UploadRow row_of(const store::Upload& upload) {
  return {upload.id,       upload.token, upload.name, upload.bytes,        upload.received,
          upload.finished, upload.file,  {upload.created_at}, {upload.expires_at}};
}

std::optional<std::string> if_any(std::string text) {
  if (text.empty()) return std::nullopt;
  return text;
}

FileRow row_of(const File& file, const Viewer& viewer) {
  FileRow row{.id = file.id,
              .name = file.name,
              .bytes = file.bytes,
              .createdAt = {file.created_at},
              .hashes = {},
              .format = file.format,
              .verdict = file.verdict,
              .verdictMessage = file.verdict_message,
              .detectedType = file.detected_type,
              .detectedBase = file.detected_base,
              .inPlace = file.in_place,
              .mine = viewer.signed_in() && viewer.user == file.owner,
              .inspection = {}};
  if (!file.hashes.sha256.empty())
    row.hashes = FileHashes{file.hashes.sha256,
                            file.hashes.autov2,
                            if_any(file.hashes.autov1),
                            if_any(file.hashes.autov3.substr(0, 12)),
                            file.hashes.blake3,
                            file.hashes.crc32,
                            file.hashes.crc32c};
  return row;
}

Result<File> visible_file(Context& context, FileId id) {
  const auto file = TRY(store::file(context.tx(), id));
  if (!file || !TRY(may_see(context.tx(), *file, context.viewer)))
    return fail(Fault::missing, "file_missing", "This file does not exist.");
  return *file;
}

Result<UploadList> list_uploads(Context& context, const Nothing&) {
  UploadList list;
  for (const auto& upload : TRY(store::open_uploads(context.tx(), context.viewer.user)))
    if (upload.expires_at >= context.now) list.items.push_back(row_of(upload));
  return list;
}

Result<UploadRow> get_upload(Context& context, const UploadPath& in) {
  const auto upload = TRY(store::upload(context.tx(), in.token));
  if (!upload || upload->owner != context.viewer.user)
    return fail(Fault::missing, "upload_missing", "There is no such upload.");
  return row_of(*upload);
}

Result<FileRow> get_file(Context& context, const FilePath& in) {
  const auto file = TRY(visible_file(context, in.id));
  context.depends_on("files", in.id.value);
  FileRow row = row_of(file, context.viewer);
  const auto content = TRY(store::content_of(context.tx(), in.id));
  if (const auto facts = TRY(store::facts(context.tx(), content)))
    row.inspection = TRY(schema::from_stored_json<Facts>(*facts));
  return row;
}

Result<TensorList> list_tensors(Context& context, const TensorQuery& in) {
  TRY(visible_file(context, in.id));
  context.depends_on("files", in.id.value);
  TensorList list;
  const auto content = TRY(store::content_of(context.tx(), in.id));
  if (const auto facts = TRY(store::facts(context.tx(), content)))
    list.total = TRY(schema::from_stored_json<Facts>(*facts)).tensors;
  const auto part = in.query ? lower_ascii(in.query->value) : std::string();
  const auto limit = std::size_t(in.limit ? in.limit->value : 100);
  std::int64_t number = in.cursor ? in.cursor->value : 0;
  while (number < list.total) {
    const auto page = number / std::int64_t(tensors_per_page);
    const auto texts = TRY(store::tensor_pages(context.tx(), content, page, 1));
    if (texts.empty() || texts.front().page != page) break;
    const auto tensors = TRY(schema::from_stored_json<std::vector<inspection::Tensor>>(
        texts.front().json));
    const auto first = page * std::int64_t(tensors_per_page);
    for (auto at = number - first; at < std::int64_t(tensors.size()); ++at, ++number) {
      if (list.items.size() == limit) {
        list.nextCursor = number;
        return list;
      }
      const auto& tensor = tensors[std::size_t(at)];
      if (part.empty() || lower_ascii(tensor.name).find(part) != std::string::npos)
        list.items.push_back(tensor);
    }
    if (number < first + std::int64_t(tensors_per_page)) break;
  }
  return list;
}

Result<Nothing> delete_file(Context& context, const FilePath& in) {
  const auto file = TRY(store::file(context.tx(), in.id));
  const bool mine = file && file->owner == context.viewer.user;
  if (!file || !(mine || context.viewer.at_least(Role::moderator)))
    return fail(Fault::missing, "file_missing", "This file does not exist.");
  TRY(may_remove(context.tx(), in.id));
  TRY(remove(context.services, context.tx(), in.id));
  return Nothing{};
}

constexpr std::string_view uploads = "/api/v2/uploads";
constexpr std::string_view one_upload = "/api/v2/uploads/{token}";

void upload_routes(schema::Routes& routes) {
  bind_raw(routes, Method::options,
           {.path = uploads, .id = "describeUploads", .summary = "What this tus server can do.",
            .access = Access::anyone, .scope = Scope::open},
           tus_options);
  bind_upload(routes, Method::post,
              {.path = uploads, .id = "createUpload",
               .summary = "Begin an upload (tus 1.0), with its first bytes if you like.",
               .access = Access::member, .scope = Scope::models_write, .rate = Rate::upload},
              tus_create);
  bind_upload(routes, Method::patch,
              {.path = one_upload, .id = "appendToUpload", .summary = "Send further bytes.",
               .access = Access::member, .scope = Scope::models_write, .rate = Rate::upload},
              tus_append);
  bind_raw(routes, Method::head,
           {.path = one_upload, .id = "askUpload", .summary = "How many bytes are safe here.",
            .access = Access::member, .scope = Scope::models_write},
           tus_head);
  bind_raw(routes, Method::del,
           {.path = one_upload, .id = "endUpload", .summary = "Forget an upload and its bytes.",
            .access = Access::member, .scope = Scope::models_write, .rate = Rate::write},
           tus_end);
  bind(routes, Method::get,
       {.path = uploads, .id = "listUploads", .summary = "Your unfinished uploads.",
        .access = Access::member, .scope = Scope::models_write, .cheap = true},
       list_uploads);
  bind(routes, Method::get,
       {.path = one_upload, .id = "getUpload", .summary = "One of your uploads.",
        .access = Access::member, .scope = Scope::models_write, .cheap = true},
       get_upload);
}

void file_routes(schema::Routes& routes) {
  bind(routes, Method::get,
       {.path = "/api/v2/files/{id}", .id = "getFile",
        .summary = "A file's hashes, its verdict, and what the inspection found.",
        .access = Access::anyone, .scope = Scope::models_read},
       get_file);
  bind(routes, Method::get,
       {.path = "/api/v2/files/{id}/tensors", .id = "listTensors",
        .summary = "The tensors in a file, in its order.",
        .access = Access::anyone, .scope = Scope::models_read},
       list_tensors);
  bind(routes, Method::del,
       {.path = "/api/v2/files/{id}", .id = "deleteFile", .summary = "Remove a file of yours.",
        .access = Access::member, .scope = Scope::models_delete, .rate = Rate::write},
       delete_file);
  bind_raw(routes, Method::get,
           {.path = "/api/v2/files/{id}/download", .id = "downloadOwnFile",
            .summary = "Leads to the bytes of a file of yours.",
            .access = Access::member, .scope = Scope::models_read},
           download_own);
  bind_raw(routes, Method::get,
           {.path = "/files/{token}/{name}", .id = "downloadFile",
            .summary = "The bytes behind a signed link.",
            .access = Access::anyone, .scope = Scope::open, .hidden = true,
            // The link is the permission; downloaders carry whatever key they had along to it.
            .face = schema::Face::civitai},
           download);
}

void routes_of(schema::Routes& routes) {
  upload_routes(routes);
  file_routes(routes);
}

void declare_settings(platform::Settings& settings) {
  settings.declare<FilesSettings>("files", "Files and uploads");
}

}  // namespace

platform::Feature feature() {
  return {.name = "files",
          .routes = routes_of,
          .jobs = add_jobs,
          .events = nullptr,
          .settings = declare_settings};
}

}  // namespace atelier::files

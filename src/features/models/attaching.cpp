#include <algorithm>

#include "base/text.hpp"
#include "features/models/editable.hpp"
#include "features/models/endpoints.hpp"
#include "features/models/store.hpp"
#include "platform/events.hpp"
#include "platform/screening.hpp"

// Which files belong to a version.
namespace atelier::models {
namespace {

/// The file that is meant, if it is the viewer's own.
Result<files::File> own_file(Context& context, const AttachFile& in) {
  std::optional<FileId> id = in.file;
  if (in.upload) {
    id = TRY(files::of_upload(context.tx(), *in.upload, context.viewer.user));
    if (!id) return fail(Fault::missing, "upload_missing", "There is no such finished upload.");
  }
  if (!id) return fail(Fault::invalid, "file_needed", "Name an upload or a file.");
  std::optional<files::File> file = TRY(files::find(context.tx(), *id));
  const bool own = file && (file->owner == context.viewer.user ||
                            context.viewer.at_least(Role::moderator));
  if (!own) return fail(Fault::missing, "file_missing", "There is no such file of yours.");
  return std::move(*file);
}

Result<void> fault_at(std::string_view path, std::string_view code, std::string detail) {
  Error error{Fault::invalid, "invalid_request", detail, {}, 0};
  error.fields.push_back({std::string(path), std::string(code), std::move(detail)});
  return std::unexpected(std::move(error));
}

/// A name that is safe as a file name everywhere.
bool name_is_good(std::string_view name) {
  const auto bad = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '/' || c == '\\' || c == ':' || c == '"' ||
           c == '<' || c == '>' || c == '|' || c == '*' || c == '?';
  };
  return !name.starts_with('.') && std::ranges::none_of(name, bad);
}

Result<VersionFile> described(const AttachFile& in, files::File file) {
  VersionFile out;
  out.name = in.name ? in.name->value : file.name;
  out.type = in.type ? in.type->value : "Model";
  out.visibility = in.visibility.value_or(Visibility::Public);
  out.format = file.format;
  if (!file.precision.empty()) out.fp = file.precision;
  if (!file.quantisation.empty()) out.quant_type = file.quantisation;
  if (in.size) out.size = in.size->value;
  if (!name_is_good(out.name))
    TRY(fault_at("/name", "name_bad", "This cannot be the name of a file."));
  if (!contains(file_types(), out.type))
    TRY(fault_at("/type", "file_type_unknown", "'" + out.type + "' is not a type of file."));
  if (out.size && *out.size != "full" && *out.size != "pruned")
    TRY(fault_at("/size", "size_unknown", "The size is full or pruned."));
  out.file = std::move(file);
  return out;
}

bool is_out(Status status) { return status == Status::Published || status == Status::Scheduled; }

/// Whoever comes to a published version finds something to download.
Result<void> check_not_last(Context& context, const Editing& place, FileId file) {
  if (!is_out(place.version.status) || !is_out(place.model.status)) return {};
  std::vector<Version> one{place.version};
  TRY(store::load_files(context.tx(), one));
  const auto& files = one.front().files;
  if (files.size() != 1 || files.front().file.id != file) return {};
  return fail(Fault::conflict, "last_file",
              "This is the only file of a published version. Unpublish the version first, or add"
              " another file.");
}

Result<void> screen(Context& context, const Editing& place, const std::string& sha256) {
  if (context.services.screening == nullptr || sha256.empty()) return {};
  const auto screened = TRY(context.services.screening->content(context.tx(), sha256, {}));
  return context.services.screening->review(
      context.services, context.tx(),
      {.kind = platform::SubjectKind::model,
       .id = place.model.id.value,
       .owner = place.model.owner,
       .title = place.model.name,
       .address = "/models/" + std::to_string(place.model.id.value)},
      screened);
}

Result<ModelCard> shown(Context& context, ModelId id) {
  TRY(platform::publish(context.services, context.tx(), "models", "changed", id.value,
                        context.viewer.user));
  const auto model = TRY(find(context.tx(), id, context.viewer));
  if (!model) return fail(Fault::missing, "model_missing", "There is no such model.");
  return card(*model, context);
}

}  // namespace

Result<ModelCard> attach_file(Context& context, const AttachFile& in) {
  const Editing place = TRY(editable(context, in.id));
  const VersionFile file = TRY(described(in, TRY(own_file(context, in))));
  const bool dangerous = file.file.verdict == files::FileVerdict::dangerous ||
                         file.file.verdict == files::FileVerdict::malformed;
  if (place.version.status == Status::Published && dangerous)
    return fail(Fault::conflict, "file_dangerous",
                "This version is published; a dangerous file cannot join it.");
  TRY(screen(context, place, file.file.hashes.sha256));
  TRY(store::insert_file(context.tx(), place.version.id, file));
  TRY(store::update_file(context.tx(), place.version.id, file));
  return shown(context, place.model.id);
}

Result<ModelCard> detach_file(Context& context, const VersionFilePath& in) {
  const Editing place = TRY(editable(context, in.id));
  TRY(check_not_last(context, place, in.file));
  if (!TRY(store::delete_file(context.tx(), place.version.id, in.file)))
    return fail(Fault::missing, "file_missing", "This version has no such file.");
  if (!TRY(store::file_is_used(context.tx(), in.file)))
    TRY(files::remove(context.services, context.tx(), in.file));
  return shown(context, place.model.id);
}

}  // namespace atelier::models

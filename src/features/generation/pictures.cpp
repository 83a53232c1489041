#include <algorithm>

#include "base/text.hpp"
#include "features/files/files.hpp"
#include "features/generation/planning.hpp"
#include "features/generation/templates.hpp"
#include "features/images/images.hpp"
#include "ports/blobs.hpp"
#include "ports/imaging.hpp"
#include "schema/json.hpp"
#include "schema/json_text.hpp"
#include "schema/scalars.hpp"

// The pictures that a request starts from.
namespace atelier::generation {
namespace {

struct Named {
  PictureChoice choice;
  std::string path;        ///< JSON Pointer
  std::string parameter;   ///< of a template; "" = of none
  SourcePicture found;
};

std::vector<Named> named(const GenerationRequest& in) {
  std::vector<Named> all;
  if (in.image) all.push_back({*in.image, "/image", "", {}});
  if (in.mask) all.push_back({*in.mask, "/mask", "", {}});
  if (in.controls)
    for (std::size_t i = 0; i < in.controls->value.size(); ++i)
      all.push_back({in.controls->value[i].picture,
                     "/controls/" + std::to_string(i) + "/picture", "", {}});
  return all;
}

/// Those among the values of a template.
void add_parameters(const Template& used, std::string_view values, std::vector<Named>& all,
                    schema::Faults& faults) {
  schema::each_member(values, [&](const std::string& name, std::string_view value) {
    const auto parameter =
        std::ranges::find_if(used.parameters, [&](const TemplateParameter& one) {
          return one.name.value == name && is_picture(one);
        });
    if (parameter == used.parameters.end()) return;
    const std::string path = "/parameters/" + schema::pointer_token(name);
    const auto choice = schema::from_json<PictureChoice>(value);
    if (choice) all.push_back({*choice, path, name, {}});
    else faults.add_at(path, "wrong_kind", "must name one of image, file and upload");
  });
}

Result<std::optional<FileId>> file_of(sql::Tx& tx, Named& named, const Viewer& viewer,
                                      schema::Faults& faults) {
  const PictureChoice& choice = named.choice;
  if (int(choice.image.has_value()) + int(choice.file.has_value()) +
          int(choice.upload.has_value()) != 1) {
    faults.add_at(named.path, "required", "name one of image, file and upload");
    return std::optional<FileId>{};
  }
  if (choice.image) {
    const auto image = TRY(images::find(tx, *choice.image, viewer));
    if (image && image->file && image->type == images::ImageType::image) {
      named.found.image = image->id;
      return image->file;
    }
  } else if (choice.upload) {
    if (const auto file = TRY(files::of_upload(tx, *choice.upload, viewer.user))) return file;
  } else {
    const auto file = TRY(files::find(tx, *choice.file));
    if (file && file->owner == viewer.user) return std::optional<FileId>(file->id);
  }
  faults.add_at(named.path, "picture_missing", "there is no such picture of yours");
  return std::optional<FileId>{};
}

}  // namespace

Result<Pictures> find_pictures(Context& context, const GenerationRequest& in) {
  const std::vector<Named> fixed = named(in);
  if (fixed.empty() && !(in.templateId && in.parameters)) return Pictures{};
  Services& services = context.services;
  std::vector<Named> all;
  schema::Faults faults;
  TRY(services.database->read([&](sql::Tx& tx) -> Result<void> {
    all = fixed;
    if (in.templateId && in.parameters)
      if (const auto used = TRY(find_template(tx, *in.templateId, context.viewer)))
        add_parameters(*used, in.parameters->value, all, faults);
    for (Named& one : all) {
      const auto file = TRY(file_of(tx, one, context.viewer, faults));
      if (!file) continue;
      const auto stored = TRY(files::find(tx, *file));
      if (stored && !stored->hashes.sha256.empty())
        one.found.sha256 = lower_ascii(stored->hashes.sha256);
      else faults.add_at(one.path, "file_pending", "this file is still being read");
    }
    return {};
  }));
  for (Named& one : all) {
    if (one.found.sha256.empty()) continue;
    const auto blob = services.blobs->open(one.found.sha256);
    if (!blob) return std::unexpected(blob.error());
    const auto probe = services.imaging->probe(*blob->file);
    if (probe && !ports::is_film(probe->medium)) {
      one.found.width = probe->width;
      one.found.height = probe->height;
    } else if (probe || probe.error().fault == Fault::invalid) {
      faults.add_at(one.path, "not_a_picture", "this file is not a picture");
    } else {
      return std::unexpected(probe.error());
    }
  }
  TRY(faults.result());
  Pictures out;
  for (Named& one : all) {
    if (one.path == "/image") out.image = one.found;
    else if (one.path == "/mask") out.mask = one.found;
    else if (!one.parameter.empty()) out.named[one.parameter] = one.found;
    else out.controls.push_back(one.found);
  }
  return out;
}

}  // namespace atelier::generation

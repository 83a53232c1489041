#include "base/text.hpp"
#include "features/generation/planning.hpp"
#include "features/models/models.hpp"

// Models of the catalogue as something to generate with.
namespace atelier::generation {
namespace {

std::string_view kind_of(models::ModelType type) {
  using enum models::ModelType;
  switch (type) {
    case Checkpoint: return "checkpoint";
    case LORA: return "lora";
    case LoCon: return "lycoris";
    case DoRA: return "dora";
    case TextualInversion: return "embedding";
    case Hypernetwork: return "hypernetwork";
    case VAE: return "vae";
    case Upscaler: return "upscaler";
    case Controlnet: return "controlnet";
    case UNet: return "diffusion_model";
    default: return "other";
  }
}

void add_hashes(const files::Hashes& hashes, PieceModel& model) {
  for (const std::string* hash :
       {&hashes.sha256, &hashes.autov3, &hashes.autov1, &hashes.blake3, &hashes.crc32})
    if (!hash->empty()) model.hashes.push_back(lower_ascii(*hash));
}

}  // namespace

Result<std::optional<CatalogueModel>> catalogue_model(sql::Tx& tx, VersionId id,
                                                      const Viewer& viewer) {
  const auto model = TRY(models::find(tx, id, viewer));
  if (!model || model->versions.empty()) return std::optional<CatalogueModel>{};
  const models::Version& version = model->versions.front();
  CatalogueModel out;
  out.model.kind = kind_of(model->type);
  out.model.name = model->name;
  if (version.name != model->name) out.model.name += " " + version.name;
  out.model.version = id;
  out.base_model = version.base_model;
  out.title = model->name;
  for (const models::VersionFile& file : version.files) {
    out.model.files.push_back(file.name);
    if (file.file.name != file.name) out.model.files.push_back(file.file.name);
    add_hashes(file.file.hashes, out.model);
  }
  return std::optional<CatalogueModel>(std::move(out));
}

}  // namespace atelier::generation

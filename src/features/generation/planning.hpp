#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "features/generation/defaults.hpp"
#include "features/generation/piece.hpp"
#include "features/generation/request.hpp"
#include "platform/context.hpp"

/// From a request to pieces of work: every fault of it at once, or its defaults filled in.
namespace atelier::generation {

struct SourcePicture {
  std::string sha256;
  std::int64_t width = 0, height = 0;
  std::optional<ImageId> image;
};
/// The pictures that a request names, as they lie in the store.
struct Pictures {
  std::optional<SourcePicture> image, mask;
  std::vector<SourcePicture> controls;
  std::map<std::string, SourcePicture> named;  ///< by the template's parameter
};
/// Opens its own transaction, and reads the heads of files. `invalid`: which of them is none, or
/// not this member's.
Result<Pictures> find_pictures(Context& context, const GenerationRequest& in);

struct Planned {
  GenerationRequest request;     ///< with what was chosen for the member
  std::vector<Piece> pieces;     ///< of one picture each
  std::vector<std::int64_t> prices;
};
/// `invalid_request` with every fault and its JSON Pointer.
Result<Planned> plan(Context& context, const GenerationRequest& in, const Pictures& pictures);

/// A model of the catalogue as backends may know it; absent if the viewer may not see it.
struct CatalogueModel {
  PieceModel model;
  std::string base_model;
  std::string title;
};
Result<std::optional<CatalogueModel>> catalogue_model(sql::Tx& tx, VersionId version,
                                                      const Viewer& viewer);

}  // namespace atelier::generation

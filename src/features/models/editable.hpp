#pragma once
#include "features/models/models.hpp"

namespace atelier::models {

/// A version and its model, as stored.
struct Editing {
  Version version;
  Model model;
};

/// What the caller may change. `missing` for what they may not even see, `forbidden` for the rest.
Result<Model> editable(Context& context, ModelId id);
Result<Editing> editable(Context& context, VersionId id);

}  // namespace atelier::models

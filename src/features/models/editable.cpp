#include "features/models/editable.hpp"

#include "features/models/store.hpp"
#include "features/models/visibility.hpp"
#include "platform/audit.hpp"

namespace atelier::models {

Result<Model> editable(Context& context, ModelId id) {
  std::optional<Model> model = TRY(store::model(context.tx(), id));
  if (!model || !can_see(*model, context.viewer))
    return fail(Fault::missing, "model_missing", "There is no such model.");
  if (!can_edit(*model, context.viewer))
    return fail(Fault::forbidden, "not_owner", "Only its creator may change this model.");
  if (model->owner != context.viewer.user)
    TRY(platform::audit(context.services, context.tx(), context.viewer.user,
                        std::string(http::name_of(context.request->method)) + " " +
                            context.request->path,
                        "model", id.value, context.request->body));
  return std::move(*model);
}

Result<Editing> editable(Context& context, VersionId id) {
  std::optional<Version> version = TRY(store::version(context.tx(), id));
  if (!version) return fail(Fault::missing, "version_missing", "There is no such version.");
  auto model = editable(context, version->model);
  if (!model && model.error().fault == Fault::missing)
    return fail(Fault::missing, "version_missing", "There is no such version.");
  return Editing{std::move(*version), TRY(std::move(model))};
}

}  // namespace atelier::models

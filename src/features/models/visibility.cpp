#include "features/models/visibility.hpp"

namespace atelier::models {

bool can_edit(const Model& model, const Viewer& viewer) {
  return viewer.signed_in() &&
         (model.owner == viewer.user || viewer.at_least(Role::moderator));
}

bool can_see(const Model& model, const Viewer& viewer) {
  if (can_edit(model, viewer)) return true;
  if (model.deleted_at || model.status != Status::Published || model.mode == Mode::TakenDown)
    return false;
  if (model.availability == Availability::Private) return false;
  if (model.availability == Availability::Members && !viewer.signed_in()) return false;
  return (model.nsfw_level & viewer.browsing) != 0;
}

bool can_see(const Model& model, const Version& version, const Viewer& viewer) {
  return can_see(model, viewer) &&
         (version.status == Status::Published || can_edit(model, viewer));
}

}  // namespace atelier::models

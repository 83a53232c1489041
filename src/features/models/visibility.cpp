#include "features/models/visibility.hpp"

#include "features/visibility/visibility.hpp"

namespace atelier::models {
namespace {

visibility::Facts facts_of(const Model& model) {
  return {.owner = model.owner,
          .level = model.nsfw_level,
          .open = !model.deleted_at && model.status == Status::Published &&
                  model.mode != Mode::TakenDown && model.availability != Availability::Private,
          .members = model.availability == Availability::Members};
}

}  // namespace

bool can_edit(const Model& model, const Viewer& viewer) {
  return viewer.signed_in() &&
         (model.owner == viewer.user || viewer.at_least(Role::moderator));
}

bool can_see(const Model& model, const Viewer& viewer) {
  return visibility::can_see(facts_of(model), viewer);
}

Result<bool> may_see(sql::Tx& tx, const Model& model, const Viewer& viewer) {
  return visibility::may_see(tx, facts_of(model), viewer);
}

bool can_see(const Model& model, const Version& version, const Viewer& viewer) {
  return can_see(model, viewer) &&
         (version.status == Status::Published || can_edit(model, viewer));
}

void add_visible(sql::Query& query, const Viewer& viewer) {
  visibility::add_visible(
      query, viewer,
      {.owner = "m.owner_id",
       .level = "m.nsfw_level",
       .open = "m.deleted_at IS NULL AND m.status = 'Published' AND (m.mode IS NULL OR m.mode <>"
               " 'TakenDown') AND m.availability <> 'Private'",
       .members = "m.availability = 'Members'",
       .kind = "model",
       .id = "m.id",
       .tagged = "model_tags t WHERE t.model_id = m.id AND t.tag_id = h.subject_id"},
      visibility::Where::list);
}

void add_visible_version(sql::Query& query, const Viewer& viewer) {
  query.text += " AND v.deleted_at IS NULL";
  if (viewer.at_least(Role::moderator)) return;
  query.text += " AND (v.status = 'Published'";
  if (viewer.signed_in()) {
    query.values.push_back(viewer.user);
    query.text += " OR m.owner_id = ?" + std::to_string(query.values.size());
  }
  query.text += ")";
}

}  // namespace atelier::models

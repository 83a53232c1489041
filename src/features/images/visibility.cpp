#include "features/images/visibility.hpp"

namespace atelier::images {
namespace {

visibility::Facts facts_of(const Image& image) {
  return {.owner = image.owner, .level = image.level(), .open = image.open(), .members = false};
}

}  // namespace

bool can_edit(const Image& image, const Viewer& viewer) {
  return viewer.signed_in() && (image.owner == viewer.user || viewer.at_least(Role::moderator));
}

Result<bool> may_see(sql::Tx& tx, const Image& image, const Viewer& viewer) {
  return visibility::may_see(tx, facts_of(image), viewer);
}

void add_visible(sql::Query& query, const Viewer& viewer, bool open) {
  visibility::add_visible(
      query, viewer,
      {.owner = "i.owner_id",
       .level = "i.nsfw_level",
       .open = open ? "TRUE" : "i.is_open",
       .members = "",
       .kind = "image",
       .id = "i.id",
       .tagged = "post_tags t WHERE t.post_id = i.post_id AND t.tag_id = h.subject_id"},
      visibility::Where::list);
}

}  // namespace atelier::images

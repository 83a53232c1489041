#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "platform/context.hpp"
#include "platform/feature.hpp"
#include "platform/searchables.hpp"
#include "platform/viewer.hpp"
#include "ports/database.hpp"

/// The one place that decides who sees what: maturity levels, blocks between people, and what a
/// member has hidden. Every list, feed, page and API face adds its condition here; a feature only
/// names the columns. Its own kinds' state (draft, taken down) is the feature's `open` expression.
///
/// The rules: owners see their own. Others see what is open, at a level they browse, of people
/// with whom no block stands and who are not banned; lists also leave out hidden people, tags and
/// things. Moderators see everything on pages and desks; while browsing lists they are members
/// whose lists include what is not open only where the list asks for it. Level 0 (unrated) and
/// Blocked are in nobody's browsing levels.
namespace atelier::visibility {

/// SQL expressions over the tables of a query, about each row that may be shown.
struct Columns {
  std::string_view owner;         ///< "m.owner_id"
  std::string_view level;         ///< "m.nsfw_level"
  std::string_view open;          ///< predicate: others may see it at all
  std::string_view members = "";  ///< predicate: only members may; "" = anyone
  std::string_view kind = "";     ///< "model": may be hidden by this kind; "" = may not
  std::string_view id = "";       ///< "m.id"
  /// "model_tags t WHERE t.model_id = m.id AND t.tag_id = h.subject_id": `h` is the hidden tag;
  /// "" = has no tags.
  std::string_view tagged = "";
};

/// `page` is one thing asked for by its address, `list` everything else.
enum class Where : unsigned char { page, list };

/// Appends " AND …".
void add_visible(sql::Query& query, const Viewer& viewer, const Columns& columns, Where where);

/// The same rule for one row that is at hand, but for blocks, bans and hiding.
struct Facts {
  UserId owner;
  int level = 0;
  bool open = false;
  bool members = false;
};
bool can_see(const Facts& facts, const Viewer& viewer);
/// True if either of them has blocked the other.
Result<bool> blocked(sql::Tx& tx, UserId one, UserId other);
/// `can_see`, and unless the viewer is a moderator or the owner, no block between them and no ban.
Result<bool> may_see(sql::Tx& tx, const Facts& facts, const Viewer& viewer);

/// The same rule for an index of this kind, by the fields that every index has: what is counted and
/// found is what `viewer` would see in a list. SQL is asked again for every hit that is shown.
Result<ports::search::Condition> narrowing(sql::Tx& tx, const Viewer& viewer,
                                           platform::SearchKind kind);

/// The bits a request may use: `wanted` narrows what the viewer browses and never widens it.
int narrowed(const Viewer& viewer, std::optional<int> wanted);

platform::Feature feature();

}  // namespace atelier::visibility

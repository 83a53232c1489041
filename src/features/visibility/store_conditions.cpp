#include <string>

#include "features/visibility/store.hpp"

// The condition that every list carries.
namespace atelier::visibility {
namespace {

std::string bound(sql::Query& query, sql::Cell cell) {
  query.values.push_back(std::move(cell));
  return "?" + std::to_string(query.values.size());
}

void add(std::string& text, std::initializer_list<std::string_view> parts) {
  for (const std::string_view part : parts) text += part;
}

/// Asked once for a statement: the few who are banned, by their own index.
constexpr std::string_view not_banned = " NOT IN (SELECT id FROM users WHERE status = 'banned')";

/// " AND NOT EXISTS (…)": rows of `hidden` of this kind about this subject.
void add_unhidden(std::string& text, const std::string& viewer, std::string_view kind,
                  std::string_view subject, std::string_view more = "") {
  add(text, {" AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.user_id = ", viewer,
             " AND h.kind = '", kind, "' AND h.subject_id = ", subject, more, ")"});
}

}  // namespace

void add_visible(sql::Query& query, const Viewer& viewer, const Columns& columns, Where where) {
  const bool moderates = viewer.at_least(Role::moderator);
  if (moderates && where == Where::page) return;
  const std::string level = bound(query, viewer.browsing & maturity::all);
  std::string others;
  add(others, {"(", columns.level, " & ", level, ") <> 0"});
  if (!moderates) {
    add(others, {" AND ", columns.open, " AND ", columns.owner, not_banned});
    if (!columns.members.empty() && !viewer.signed_in())
      add(others, {" AND NOT (", columns.members, ")"});
  }
  if (!viewer.signed_in()) {
    query.text += " AND " + others;
    return;
  }
  const std::string who = bound(query, viewer.user);
  std::string unhidden;
  // A moderator's own blocks do not hide anything: who is reported may be who is blocked.
  if (where == Where::list) add_unhidden(unhidden, who, "user", columns.owner,
                                         moderates ? " AND h.reason = 'hidden'" : "");
  else add_unhidden(unhidden, who, "user", columns.owner, " AND h.reason <> 'hidden'");
  if (where == Where::list && !columns.kind.empty())
    add_unhidden(unhidden, who, columns.kind, columns.id);
  if (where == Where::list && !columns.tagged.empty())
    add(unhidden, {" AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.user_id = ", who,
                   " AND h.kind = 'tag' AND EXISTS (SELECT 1 FROM ", columns.tagged, "))"});
  // Whether there is anything hidden at all is asked once for a statement, the rest for each row;
  // and PostgreSQL, which takes half of all rows for hidden by each of these, expects enough to be
  // left that it walks an index until a page is full instead of sorting everything.
  add(others, {" AND (NOT EXISTS (SELECT 1 FROM hidden h WHERE h.user_id = ", who, ") OR (TRUE",
               unhidden, "))"});
  add(query.text, {" AND (", columns.owner, " = ", who, " OR (", others, "))"});
}

}  // namespace atelier::visibility

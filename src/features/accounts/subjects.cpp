#include "platform/subjects.hpp"

#include "features/accounts/store.hpp"

// People as somebody to follow, hide and report. Blocks are not looked at here: who was blocked
// may block back and report.
namespace atelier::accounts {
namespace {

using platform::Subject;
using platform::SubjectKind;

Result<std::optional<Subject>> find_person(sql::Tx& tx, std::int64_t id, const Viewer&) {
  const auto user = TRY(store::user(tx, UserId{id}));
  if (!user) return std::optional<Subject>{};
  return Subject{.kind = SubjectKind::user,
                 .id = id,
                 .owner = user->id,
                 .title = user->username,
                 .address = "/users/" + user->username,
                 .open = user->status != AccountStatus::banned};
}

}  // namespace

void subjects(platform::Subjects& all) { all.add(SubjectKind::user, {.find = find_person}); }

}  // namespace atelier::accounts

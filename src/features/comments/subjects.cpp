#include "platform/subjects.hpp"

#include "features/comments/endpoints.hpp"
#include "features/comments/store.hpp"
#include "features/visibility/visibility.hpp"
#include "platform/events.hpp"

// Comments as things to react to and to report.
namespace atelier::comments {
namespace {

using platform::Metric;
using platform::Subject;
using platform::SubjectKind;

/// Where the rules of what is discussed are asked for: a comment is seen by nobody who does not
/// see that. Set once, before requests are served.
const platform::Subjects* known = nullptr;

Result<std::optional<Subject>> find_comment(sql::Tx& tx, std::int64_t id, const Viewer& viewer) {
  const auto comment = TRY(store::comment(tx, CommentId{id}));
  if (!comment || comment->deleted_at || known == nullptr) return std::optional<Subject>{};
  const auto about = TRY(known->find(tx, comment->kind, comment->subject, viewer));
  if (!about) return std::optional<Subject>{};
  const bool owns = viewer.signed_in() && viewer.user == about->owner;
  if (!TRY(visibility::may_see(tx,
                               {.owner = comment->author,
                                .level = maturity::all,
                                .open = !comment->taken_down_at && (owns || !comment->hidden_at)},
                               viewer)))
    return std::optional<Subject>{};
  return Subject{.kind = SubjectKind::comment,
                 .id = id,
                 .owner = comment->author,
                 .address = about->address + "#comment-" + std::to_string(id),
                 .level = about->level,
                 .open = about->open && comment->stands()};
}

Result<void> set_taken_down(Context& context, std::int64_t id, std::optional<Millis> at) {
  auto comment = TRY(store::comment(context.tx(), CommentId{id}));
  if (!comment) return fail(Fault::missing, "comment_missing", "There is no such comment.");
  const bool stood = comment->stands();
  comment->taken_down_at = at;
  TRY(store::update(context.tx(), *comment));
  if (stood != comment->stands())
    TRY(count(context.services, context.tx(), *comment, stood ? -1 : 1, context.viewer.user));
  return platform::publish(context.services, context.tx(), "comments", "changed", id,
                           context.viewer.user);
}

Result<void> take_down(Context& context, std::int64_t id, const std::string&) {
  return set_taken_down(context, id, context.now);
}

Result<void> give_back(Context& context, std::int64_t id) {
  return set_taken_down(context, id, std::nullopt);
}

Result<void> counted(sql::Tx& tx, std::span<const platform::Tally> tallies) {
  for (const platform::Tally& tally : tallies)
    if (tally.timeframe == platform::Timeframe::AllTime)
      TRY(store::set_counts(tx, CommentId{tally.subject}, tally[Metric::comment],
                            tally[Metric::like] + tally[Metric::laugh] + tally[Metric::cry] +
                                tally[Metric::heart]));
  return {};
}

}  // namespace

void subjects(platform::Subjects& all) {
  known = &all;
  all.add(SubjectKind::comment, {.find = find_comment,
                                 .take_down = take_down,
                                 .give_back = give_back,
                                 .counted = counted});
}

}  // namespace atelier::comments

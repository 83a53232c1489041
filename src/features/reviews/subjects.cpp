#include "platform/subjects.hpp"

#include "features/models/models.hpp"
#include "features/reviews/endpoints.hpp"
#include "features/reviews/store.hpp"
#include "features/visibility/visibility.hpp"
#include "platform/events.hpp"

// Reviews as things to react to, to discuss and to report.
namespace atelier::reviews {
namespace {

using platform::Metric;
using platform::Subject;
using platform::SubjectKind;

Result<std::optional<Subject>> find_review(sql::Tx& tx, std::int64_t id, const Viewer& viewer) {
  const auto review = TRY(store::review(tx, ReviewId{id}));
  if (!review) return std::optional<Subject>{};
  return subject_of(tx, *review, viewer);
}

Result<void> set_taken_down(Context& context, std::int64_t id, std::optional<Millis> at) {
  auto review = TRY(store::review(context.tx(), ReviewId{id}));
  if (!review) return fail(Fault::missing, "review_missing", "There is no such review.");
  const bool counted = review->counts();
  review->taken_down_at = at;
  TRY(store::update(context.tx(), *review));
  if (counted != review->counts())
    TRY(count(context.services, context.tx(), *review, counted ? -1 : 1, context.viewer.user));
  return platform::publish(context.services, context.tx(), "reviews", "changed", id,
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
      TRY(store::set_counts(tx, ReviewId{tally.subject},
                            tally[Metric::like] + tally[Metric::laugh] + tally[Metric::cry] +
                                tally[Metric::heart],
                            tally[Metric::comment]));
  return {};
}

}  // namespace

Result<std::optional<Subject>> subject_of(sql::Tx& tx, const Review& review,
                                          const Viewer& viewer) {
  const auto model = TRY(models::find(tx, review.version, viewer));
  if (!model) return std::optional<Subject>{};
  if (!TRY(visibility::may_see(tx,
                               {.owner = review.author,
                                .level = maturity::all,
                                .open = !review.taken_down_at},
                               viewer)))
    return std::optional<Subject>{};
  return Subject{.kind = SubjectKind::review,
                 .id = review.id.value,
                 .owner = review.author,
                 .title = model->name,
                 .address = "/models/" + std::to_string(model->id.value) + "?version=" +
                            std::to_string(review.version.value) + "#review-" +
                            std::to_string(review.id.value),
                 .level = model->nsfw_level,
                 .open = !review.taken_down_at && model->status == models::Status::Published};
}

void subjects(platform::Subjects& all) {
  all.add(SubjectKind::review, {.find = find_review,
                                .take_down = take_down,
                                .give_back = give_back,
                                .counted = counted});
}

}  // namespace atelier::reviews

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/accounts/accounts.hpp"
#include "features/markdown/markdown.hpp"
#include "features/metrics/metrics.hpp"
#include "features/models/models.hpp"
#include "features/reviews/endpoints.hpp"
#include "features/reviews/store.hpp"
#include "features/visibility/visibility.hpp"
#include "platform/events.hpp"
#include "platform/screening.hpp"

// Reading and writing reviews.
namespace atelier::reviews {
namespace {

using platform::Metric;
using platform::Subject;
using platform::SubjectKind;

constexpr int limit_usual = 30;

Result<void> tell(Context& context, std::string_view verb, ReviewId id) {
  return platform::publish(context.services, context.tx(), "reviews", verb, id.value,
                           context.viewer.user);
}

Result<Review> seen(Context& context, ReviewId id) {
  const auto missing = fail(Fault::missing, "review_missing", "There is no such review.");
  const auto review = TRY(store::review(context.tx(), id));
  if (!review || !TRY(subject_of(context.tx(), *review, context.viewer))) return missing;
  return *review;
}

Result<ReviewSummary> summary(sql::Tx& tx, SubjectKind kind, std::int64_t id) {
  const auto ratings = TRY(store::ratings(tx, kind, id));
  ReviewSummary out;
  std::int64_t stars = 0;
  for (std::size_t i = 0; i < ratings.size(); ++i) {
    const std::int64_t amount = std::max<std::int64_t>(0, ratings[i]);
    out.ratings.push_back(amount);
    out.count += amount;
    stars += amount * static_cast<std::int64_t>(i + 1);
  }
  if (out.count > 0) out.average = static_cast<double>(stars) / static_cast<double>(out.count);
  return out;
}

/// Fills what is asked about; exactly one of the three must be.
Result<std::optional<ReviewSummary>> about(Context& context, const ListReviews& in,
                                           store::Listing& listing) {
  if (in.model.has_value() + in.version.has_value() + in.username.has_value() != 1)
    return fail(Fault::invalid, "one_subject", "Ask for one of model, version and username.");
  const auto& subjects = *context.services.subjects;
  if (in.username) {
    const auto user = TRY(accounts::find_user(context.tx(), in.username->value));
    if (!user) return fail(Fault::missing, "user_missing", "There is no such person.");
    listing.author = user->id;
    return std::optional<ReviewSummary>{};
  }
  const SubjectKind kind = in.model ? SubjectKind::model : SubjectKind::version;
  const std::int64_t id = in.model ? in.model->value : in.version->value;
  (void)TRY(subjects.need(context.tx(), kind, id, context.viewer));
  listing.model = in.model;
  listing.version = in.version;
  return std::optional(TRY(summary(context.tx(), kind, id)));
}

}  // namespace

ReviewCard card(const Context& context, const Review& review) {
  ReviewCard out;
  out.id = review.id;
  out.model = review.model;
  out.version = review.version;
  out.versionName = review.version_name;
  out.author = {review.author, review.author_name};
  out.recommended = review.recommended;
  out.rating = review.rating;
  out.html = review.details_html;
  out.createdAt = {review.created_at};
  if (review.edited_at) out.editedAt = schema::Time{*review.edited_at};
  out.excluded = review.excluded_at.has_value();
  out.reactionCount = review.reactions;
  out.commentCount = review.comments;
  out.mayEdit = context.viewer.signed_in() && context.viewer.user == review.author;
  if (out.mayEdit) out.text = review.details;
  out.mayDelete = out.mayEdit || context.viewer.at_least(Role::moderator);
  return out;
}

Result<ReviewPage> list_reviews(Context& context, const ListReviews& in) {
  store::Listing listing;
  listing.recommended = in.recommended;
  listing.details = in.details.value_or(false);
  const int limit = in.limit ? static_cast<int>(in.limit->value) : limit_usual;
  listing.limit = limit + 1;
  ReviewPage page;
  page.summary = TRY(about(context, in, listing));
  if (in.cursor) {
    const auto before = parse_whole(in.cursor->value);
    if (!before || *before < 1)
      return fail(Fault::invalid, "cursor_invalid", "This cursor is not from this list.");
    listing.before = *before;
  }
  std::vector<Review> reviews = TRY(store::page(context.tx(), listing, context.viewer));
  if (reviews.size() > std::size_t(limit)) {
    reviews.resize(std::size_t(limit));
    page.nextCursor = std::to_string(reviews.back().id.value);
  }
  // A person's reviews are of models that this viewer may not see; such a page is shorter.
  Viewer browsing = context.viewer;
  if (browsing.at_least(Role::moderator)) browsing.role = Role::member;
  for (const Review& review : reviews)
    if (!in.username || TRY(subject_of(context.tx(), review, browsing)))
      page.items.push_back(card(context, review));
  return page;
}

Result<ReviewCard> get_review(Context& context, const ReviewPath& in) {
  return card(context, TRY(seen(context, in.id)));
}

Result<RenderedReview> render_review(Context&, const WriteReview& in) {
  return RenderedReview{in.details ? markdown::to_html(in.details->value) : ""};
}

Result<ReviewCard> write_review(Context& context, const WriteReview& in,
                                const RenderedReview& rendered) {
  const auto model = TRY(models::find(context.tx(), in.id, context.viewer));
  if (!model) return fail(Fault::missing, "version_missing", "There is no such version.");
  if (model->owner == context.viewer.user)
    return fail(Fault::conflict, "own_model", "You cannot review your own model.");
  const Subject subject = TRY(context.services.subjects->need(
      context.tx(), SubjectKind::version, in.id.value, context.viewer));
  if (!subject.open) return fail(Fault::conflict, "not_open", "It takes no reviews now.");
  const auto before = TRY(store::review_by(context.tx(), in.id, context.viewer.user));
  if (before && before->taken_down_at)
    return fail(Fault::conflict, "taken_down", "Your review was taken down.");
  Review review = before.value_or(Review{});
  review.version = in.id;
  review.model = model->id;
  review.author = context.viewer.user;
  review.recommended = in.recommended;
  review.rating = in.rating ? static_cast<int>(in.rating->value) : in.recommended ? 5 : 1;
  review.details = in.details ? std::string(trim(in.details->value)) : "";
  review.details_html = review.details.empty() ? "" : rendered.html;
  if (before) {
    review.edited_at = context.now;
    TRY(store::update(context.tx(), review));
    if (before->counts())
      TRY(count(context.services, context.tx(), *before, -1, context.viewer.user));
  } else {
    review.created_at = context.now;
    review.id = TRY(store::insert(context.tx(), review));
  }
  if (review.counts())
    TRY(count(context.services, context.tx(), review, 1, context.viewer.user));
  if (const auto kept = TRY(subject_of(context.tx(), review, context.viewer)))
    TRY(platform::screen(context.services, context.tx(), *kept, {review.details}));
  TRY(tell(context, before ? "edited" : "created", review.id));
  return card(context, *TRY(store::review(context.tx(), review.id)));
}

Result<Nothing> delete_review(Context& context, const ReviewPath& in) {
  const Review review = TRY(seen(context, in.id));
  if (review.author != context.viewer.user && !context.viewer.at_least(Role::moderator))
    return fail(Fault::forbidden, "not_yours", "Only its author may delete a review.");
  if (review.counts())
    TRY(count(context.services, context.tx(), review, -1, context.viewer.user));
  TRY(store::erase(context.tx(), review.id));
  TRY(tell(context, "deleted", review.id));
  return Nothing{};
}

Result<ReviewCard> exclude_review(Context& context, const ReviewPath& in) {
  Review review = TRY(seen(context, in.id));
  if (review.counts())
    TRY(count(context.services, context.tx(), review, -1, context.viewer.user));
  if (!review.excluded_at) review.excluded_at = context.now;
  TRY(store::update(context.tx(), review));
  TRY(tell(context, "changed", review.id));
  return card(context, review);
}

Result<ReviewCard> include_review(Context& context, const ReviewPath& in) {
  Review review = TRY(seen(context, in.id));
  const bool counted = review.counts();
  review.excluded_at.reset();
  if (!counted && review.counts())
    TRY(count(context.services, context.tx(), review, 1, context.viewer.user));
  TRY(store::update(context.tx(), review));
  TRY(tell(context, "changed", review.id));
  return card(context, review);
}

Result<void> count(Services& services, sql::Tx& tx, const Review& review, int delta,
                   UserId actor) {
  const Metric thumb = review.recommended ? Metric::thumbs_up : Metric::thumbs_down;
  const std::array places = {std::pair{SubjectKind::version, review.version.value},
                             std::pair{SubjectKind::model, review.model.value}};
  for (const auto& [kind, id] : places) {
    TRY(metrics::count(services, tx, {kind, id, thumb, delta, review.created_at}, actor));
    TRY(store::rate(tx, kind, id, review.rating, delta));
  }
  return {};
}

}  // namespace atelier::reviews

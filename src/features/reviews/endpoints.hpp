#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/reviews/reviews.hpp"
#include "platform/context.hpp"
#include "platform/subjects.hpp"
#include "schema/types.hpp"

/// What the endpoints of reviews take and give.
namespace atelier::reviews {

using schema::Nothing;
using Details = schema::Text<0, 50'000>;
using Rating = schema::Whole<1, 5>;

struct ReviewAuthor {
  UserId id;
  std::string username;
};
BOOST_DESCRIBE_STRUCT(ReviewAuthor, (), (id, username))

struct ReviewCard {
  ReviewId id;
  ModelId model;
  VersionId version;
  std::string versionName;
  ReviewAuthor author;
  bool recommended = true;
  std::int64_t rating = 5;
  std::string html;                 ///< safe to show
  std::optional<std::string> text;  ///< Markdown, for its author
  schema::Time createdAt;
  std::optional<schema::Time> editedAt;
  bool excluded = false;            ///< shown, but not part of the totals
  std::int64_t reactionCount = 0, commentCount = 0;
  bool mayEdit = false, mayDelete = false;
};
BOOST_DESCRIBE_STRUCT(ReviewCard, (),
                      (id, model, version, versionName, author, recommended, rating, html, text,
                       createdAt, editedAt, excluded, reactionCount, commentCount, mayEdit,
                       mayDelete))

/// Of what was asked for: a version or all versions of a model.
struct ReviewSummary {
  std::int64_t count = 0;
  double average = 0;                 ///< 0 without reviews
  std::vector<std::int64_t> ratings;  ///< how many gave 1, 2, 3, 4, 5
};
BOOST_DESCRIBE_STRUCT(ReviewSummary, (), (count, average, ratings))

/// One of model, version, username.
struct ListReviews {
  std::optional<ModelId> model;
  std::optional<VersionId> version;
  std::optional<schema::Text<1, 30>> username;
  std::optional<bool> recommended;
  std::optional<bool> details;        ///< only those that say something
  std::optional<schema::Text<1, 200>> cursor;
  std::optional<schema::Whole<1, 100>> limit;
};
BOOST_DESCRIBE_STRUCT(ListReviews, (),
                      (model, version, username, recommended, details, cursor, limit))

struct ReviewPage {
  std::vector<ReviewCard> items;      ///< newest first
  std::optional<std::string> nextCursor;
  std::optional<ReviewSummary> summary;  ///< not for a person
};
BOOST_DESCRIBE_STRUCT(ReviewPage, (), (items, nextCursor, summary))

struct ReviewPath {
  ReviewId id;
};
BOOST_DESCRIBE_STRUCT(ReviewPath, (), (id))

struct WriteReview {
  VersionId id;
  bool recommended = true;
  std::optional<Rating> rating;       ///< 5 or 1 by the thumb when missing
  std::optional<Details> details;
};
BOOST_DESCRIBE_STRUCT(WriteReview, (), (id, recommended, rating, details))

struct RenderedReview {
  std::string html;
};

Result<ReviewPage> list_reviews(Context& context, const ListReviews& in);
Result<ReviewCard> get_review(Context& context, const ReviewPath& in);
Result<RenderedReview> render_review(Context& context, const WriteReview& in);
Result<ReviewCard> write_review(Context& context, const WriteReview& in,
                                const RenderedReview& rendered);
Result<Nothing> delete_review(Context& context, const ReviewPath& in);
Result<ReviewCard> exclude_review(Context& context, const ReviewPath& in);
Result<ReviewCard> include_review(Context& context, const ReviewPath& in);

// ---- shared by the source files
ReviewCard card(const Context& context, const Review& review);
/// Absent when it, its version or its model is not for `viewer`.
Result<std::optional<platform::Subject>> subject_of(sql::Tx& tx, const Review& review,
                                                    const Viewer& viewer);
/// Enters the review into totals (+1) or takes it out (-1).
Result<void> count(Services& services, sql::Tx& tx, const Review& review, int delta,
                   UserId actor);
void subjects(platform::Subjects& all);

}  // namespace atelier::reviews

#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "features/metrics/metrics.hpp"
#include "features/reviews/endpoints.hpp"

/// All SQL of reviews.
namespace atelier::reviews::store {

Result<ReviewId> insert(sql::Tx& tx, const Review& review);
Result<std::optional<Review>> review(sql::Tx& tx, ReviewId id);
Result<std::optional<Review>> review_by(sql::Tx& tx, VersionId version, UserId author);
Result<void> update(sql::Tx& tx, const Review& review);  ///< not counts
Result<void> erase(sql::Tx& tx, ReviewId id);
Result<void> set_counts(sql::Tx& tx, ReviewId id, std::int64_t reactions, std::int64_t comments);

Result<void> rate(sql::Tx& tx, platform::SubjectKind kind, std::int64_t subject, int rating,
                  int delta);
/// All of them again, from the reviews.
Result<void> rate_again(sql::Tx& tx);
metrics::Deeds deeds();
/// By rating from 1.
Result<std::array<std::int64_t, 5>> ratings(sql::Tx& tx, platform::SubjectKind kind,
                                            std::int64_t subject);

struct Listing {
  std::optional<ModelId> model;      ///< its published versions
  std::optional<VersionId> version;
  std::optional<UserId> author;
  std::optional<bool> recommended;
  bool details = false;
  std::int64_t before = 0;           ///< id of the last row seen; 0 = from the newest
  int limit = 30;
};
Result<std::vector<Review>> page(sql::Tx& tx, const Listing& listing, const Viewer& viewer);

}  // namespace atelier::reviews::store

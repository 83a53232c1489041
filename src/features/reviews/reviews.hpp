#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "platform/feature.hpp"
#include "ports/database.hpp"

/// What people think of a version after they used it: one review per person and version, never by
/// the model's owner. Thumbs up and down are metrics of the version and its model.
///
/// A moderator may exclude a review from the totals (votes that were bought, or about something
/// else); the owner of a model may not, else only praise would be left. Owners report.
///
/// Events: reviews/created, reviews/edited, reviews/deleted, reviews/changed with the review's id.
namespace atelier::reviews {

using ReviewId = Id<struct ReviewTag>;

struct Review {
  ReviewId id;
  VersionId version;
  ModelId model;
  UserId author;
  std::string author_name, version_name;
  bool recommended = true;
  int rating = 5;
  std::string details, details_html;
  Millis created_at = 0;
  std::optional<Millis> edited_at, excluded_at, taken_down_at;
  std::int64_t reactions = 0, comments = 0;

  bool counts() const { return !excluded_at && !taken_down_at; }
};

/// The bare row: who may see it is the caller's to check.
Result<std::optional<Review>> find(sql::Tx& tx, ReviewId id);
/// Whether `user` recommended these versions; those they did not review are absent.
Result<std::map<std::int64_t, bool>> recommended(sql::Tx& tx, UserId user,
                                                 std::span<const std::int64_t> versions);

platform::Feature feature();

}  // namespace atelier::reviews

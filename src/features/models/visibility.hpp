#pragma once
#include "features/models/models.hpp"

/// The one place that decides who sees which model. The SQL in `add_visible` and the predicate
/// `can_see` say the same; a test compares them over every combination.
namespace atelier::models {

/// Moderators see everything; owners their own; members and strangers what is published for them,
/// at a maturity level they look at.
bool can_see(const Model& model, const Viewer& viewer);
bool can_see(const Model& model, const Version& version, const Viewer& viewer);
bool can_edit(const Model& model, const Viewer& viewer);

/// Appends " AND …" for `models m`.
void add_visible(sql::Query& query, const Viewer& viewer);

}  // namespace atelier::models

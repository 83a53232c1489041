#pragma once
#include "features/models/models.hpp"

/// Who sees which model: how this feature's rows answer the questions of features/visibility. The
/// SQL of `add_visible` and the predicate `can_see` say the same; visibility_test.cpp compares them
/// over every combination.
namespace atelier::models {

bool can_see(const Model& model, const Viewer& viewer);
/// `can_see`, and no block stands between the two.
Result<bool> may_see(sql::Tx& tx, const Model& model, const Viewer& viewer);
bool can_see(const Model& model, const Version& version, const Viewer& viewer);
bool can_edit(const Model& model, const Viewer& viewer);

/// Appends " AND …" for a list of `models m`.
void add_visible(sql::Query& query, const Viewer& viewer);
/// The same for a row `v` of model_versions beside its `m`, on top of `add_visible`.
void add_visible_version(sql::Query& query, const Viewer& viewer);

}  // namespace atelier::models

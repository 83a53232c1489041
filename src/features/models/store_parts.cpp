#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "features/models/store.hpp"

// The SQL of what hangs on models: files, tags, counters, schedules.
namespace atelier::models::store {
namespace {

const sql::Statement insert_tag{
    "models.insert_tag",
    "INSERT INTO tags (name, model_count) VALUES (?1, 0) ON CONFLICT (name) DO NOTHING"};
const sql::Statement clear_tags{"models.clear_tags", "DELETE FROM model_tags WHERE model_id = ?1"};
const sql::Statement link_tag{
    "models.link_tag",
    "INSERT INTO model_tags (model_id, tag_id, position)"
    " SELECT CAST(?1 AS BIGINT), id, CAST(?3 AS BIGINT) FROM tags WHERE name = ?2"
    " ON CONFLICT (model_id, tag_id) DO NOTHING"};
const sql::Statement tag_ids{"models.tag_ids", "SELECT tag_id FROM model_tags WHERE model_id = ?1"};
const sql::Statement recount{
    "models.recount_tag",
    "UPDATE tags SET model_count = (SELECT count(*) FROM model_tags t JOIN models m"
    " ON m.id = t.model_id WHERE t.tag_id = tags.id AND m.status = 'Published'"
    " AND m.deleted_at IS NULL) WHERE id = ?1"};
const sql::Statement refresh_last{
    "models.refresh_last_version",
    "UPDATE models SET last_version_at = COALESCE((SELECT max(v.published_at) FROM model_versions v"
    " WHERE v.model_id = models.id AND v.status = 'Published' AND v.deleted_at IS NULL),"
    " created_at) WHERE id = ?1"};
const sql::Statement set_model_counts{
    "models.set_counts",
    "UPDATE models SET download_count = ?2, thumbs_up_count = ?3, thumbs_down_count = ?4,"
    " comment_count = ?5, collected_count = ?6 WHERE id = ?1"};
const sql::Statement set_version_counts{
    "models.set_version_counts",
    "UPDATE model_versions SET download_count = ?2, thumbs_up_count = ?3, thumbs_down_count = ?4"
    " WHERE id = ?1"};
const sql::Statement due_models{
    "models.due_models",
    "SELECT id FROM models WHERE status = 'Scheduled' AND published_at <= ?1 AND deleted_at IS NULL"
    " ORDER BY id LIMIT 200"};
const sql::Statement due_versions{
    "models.due_versions",
    "SELECT v.id FROM model_versions v JOIN models m ON m.id = v.model_id"
    " WHERE v.status = 'Scheduled' AND v.published_at <= ?1 AND v.deleted_at IS NULL"
    " AND m.status IN ('Scheduled', 'Published') AND m.deleted_at IS NULL"
    " AND (m.mode IS NULL OR m.mode <> 'TakenDown') ORDER BY v.id LIMIT 200"};
const sql::Statement tag_page{
    "models.tags",
    "SELECT id, name, model_count FROM tags WHERE model_count > 0 AND name LIKE ?1 ESCAPE '\\'"
    " ORDER BY model_count DESC, name LIMIT ?2 OFFSET ?3"};
const sql::Statement tag_total{
    "models.count_tags",
    "SELECT count(*) FROM tags WHERE model_count > 0 AND name LIKE ?1 ESCAPE '\\'"};
const sql::Statement creator_page{
    "models.creators",
    "SELECT u.id, u.username, count(*) FROM users u JOIN models m ON m.owner_id = u.id"
    " WHERE m.status = 'Published' AND m.deleted_at IS NULL AND m.availability = 'Public'"
    " AND u.status <> 'banned' AND u.username_key LIKE ?1 ESCAPE '\\'"
    " GROUP BY u.id, u.username, u.username_key"
    " ORDER BY u.username_key LIMIT ?2 OFFSET ?3"};
const sql::Statement creator_total{
    "models.count_creators",
    "SELECT count(DISTINCT u.id) FROM users u JOIN models m ON m.owner_id = u.id"
    " WHERE m.status = 'Published' AND m.deleted_at IS NULL AND m.availability = 'Public'"
    " AND u.status <> 'banned' AND u.username_key LIKE ?1 ESCAPE '\\'"};
const sql::Statement demo_rows{"models.demo", "SELECT id FROM models WHERE is_demo ORDER BY id"};
const sql::Statement unused_tags{
    "models.delete_unused_tags",
    "DELETE FROM tags WHERE NOT EXISTS (SELECT 1 FROM model_tags t WHERE t.tag_id = tags.id)"
    " AND NOT EXISTS (SELECT 1 FROM post_tags p WHERE p.tag_id = tags.id)"};
const sql::Statement take_down_row{
    "models.take_down",
    "UPDATE models SET mode_before = mode, mode = 'TakenDown', taken_down_reason = ?2"
    " WHERE id = ?1 AND (mode IS NULL OR mode <> 'TakenDown')"};
const sql::Statement give_back_row{
    "models.give_back",
    "UPDATE models SET mode = mode_before, mode_before = NULL, taken_down_reason = ''"
    " WHERE id = ?1 AND mode = 'TakenDown'"};
const sql::Statement refresh_file_row{
    "models.refresh_file",
    "UPDATE version_files SET format = ?3, fp = COALESCE(?4, fp), quant_type = COALESCE(?5,"
    " quant_type) WHERE version_id = ?1 AND file_id = ?2"};

}  // namespace

Result<void> take_down(sql::Tx& tx, ModelId id, std::string_view reason) {
  TRY(tx.run(take_down_row, {id, reason}));
  return {};
}

Result<void> give_back(sql::Tx& tx, ModelId id) {
  TRY(tx.run(give_back_row, {id}));
  return {};
}

std::string like_pattern(std::string_view part) {
  std::string pattern = "%";
  for (char c : lower_ascii(part)) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

Result<void> load_files(sql::Tx& tx, std::vector<Version>& versions) {
  if (versions.empty()) return {};
  std::vector<std::pair<VersionId, Version*>> by_id;
  std::vector<VersionId> ids;
  for (Version& version : versions) {
    by_id.emplace_back(version.id, &version);
    ids.push_back(version.id);
  }
  std::ranges::sort(by_id);
  sql::Query query{"models.files",
                   "SELECT version_id, file_id, name, type, visibility, format, size, fp,"
                   " quant_type FROM version_files WHERE version_id IN ",
                   {}};
  add_list(query, ids);
  query.text += " ORDER BY version_id, position, file_id";
  const sql::Rows rows = TRY(tx.run(query));
  std::vector<FileId> wanted;
  for (const sql::Row row : rows) wanted.push_back(row.id<FileId>(1));
  std::ranges::sort(wanted);
  const bool shared = std::ranges::adjacent_find(wanted) != wanted.end();
  wanted.erase(std::ranges::unique(wanted).begin(), wanted.end());
  std::vector<files::File> stored = TRY(files::find(tx, wanted));
  std::ranges::sort(stored, {}, &files::File::id);
  for (const sql::Row row : rows) {
    const auto found =
        std::ranges::lower_bound(stored, row.id<FileId>(1), {}, &files::File::id);
    if (found == stored.end() || found->id != row.id<FileId>(1)) continue;
    VersionFile file{shared ? *found : std::move(*found), row.string(2), row.string(3)};
    file.visibility =
        schema::from_label<Visibility>(row.text(4)).value_or(Visibility::Private);
    file.format = row.string(5);
    file.size = row.maybe_string(6);
    file.fp = row.maybe_string(7);
    file.quant_type = row.maybe_string(8);
    const auto owner = std::ranges::lower_bound(by_id, row.id<VersionId>(0), {},
                                                &std::pair<VersionId, Version*>::first);
    owner->second->files.push_back(std::move(file));
  }
  for (Version& version : versions)
    if (const auto primary = choose_primary(version.files)) version.files[*primary].primary = true;
  return {};
}

Result<void> refresh_file(sql::Tx& tx, VersionId version, const files::File& file) {
  const auto known = [](const std::string& text) {
    return text.empty() ? sql::Cell() : sql::Cell(text);
  };
  TRY(tx.run(refresh_file_row,
             {version, file.id, file.format, known(file.precision), known(file.quantisation)}));
  return {};
}

Result<void> load_tags(sql::Tx& tx, std::vector<Model>& models) {
  if (models.empty()) return {};
  std::map<ModelId, Model*> by_id;
  std::vector<ModelId> ids;
  for (Model& model : models) {
    by_id[model.id] = &model;
    ids.push_back(model.id);
  }
  sql::Query query{"models.tags_of",
                   "SELECT t.model_id, g.name FROM model_tags t JOIN tags g ON g.id = t.tag_id"
                   " WHERE t.model_id IN ",
                   {}};
  add_list(query, ids);
  query.text += " ORDER BY t.model_id, t.position";
  for (const sql::Row row : TRY(tx.run(query)))
    by_id[row.id<ModelId>(0)]->tags.push_back(row.string(1));
  return {};
}

Result<std::vector<VersionId>> versions_with(sql::Tx& tx, const std::vector<FileId>& files) {
  std::vector<VersionId> ids;
  if (files.empty()) return ids;
  sql::Query query{"models.versions_with_files",
                   "SELECT DISTINCT v.id, v.published_at FROM version_files f JOIN model_versions v"
                   " ON v.id = f.version_id WHERE v.deleted_at IS NULL AND f.file_id IN ",
                   {}};
  add_list(query, files);
  query.text += " ORDER BY v.published_at ASC NULLS LAST, v.id ASC LIMIT 1000";
  for (const sql::Row row : TRY(tx.run(query))) ids.push_back(row.id<VersionId>(0));
  return ids;
}

Result<void> set_tags(sql::Tx& tx, ModelId model, const std::vector<std::string>& names) {
  const sql::Rows before = TRY(tx.run(tag_ids, {model}));
  TRY(tx.run(clear_tags, {model}));
  std::int64_t position = 0;
  for (const std::string& name : names) {
    const std::string key = lower_ascii(trim(name));
    if (key.empty()) continue;
    TRY(tx.run(insert_tag, {key}));
    TRY(tx.run(link_tag, {model, key, position++}));
  }
  for (const sql::Row row : before) TRY(tx.run(recount, {row.whole(0)}));
  return recount_tags(tx, model);
}

Result<void> recount_tags(sql::Tx& tx, ModelId model) {
  for (const sql::Row row : TRY(tx.run(tag_ids, {model}))) TRY(tx.run(recount, {row.whole(0)}));
  return {};
}

Result<void> refresh_last_version(sql::Tx& tx, ModelId model) {
  TRY(tx.run(refresh_last, {model}));
  return {};
}

Result<std::vector<ModelId>> demo_models(sql::Tx& tx) {
  std::vector<ModelId> ids;
  for (const sql::Row row : TRY(tx.run(demo_rows))) ids.push_back(row.id<ModelId>(0));
  return ids;
}

Result<void> delete_unused_tags(sql::Tx& tx) {
  TRY(tx.run(unused_tags));
  return {};
}

Result<void> set_counts(sql::Tx& tx, ModelId model, const Counts& counts) {
  TRY(tx.run(set_model_counts, {model, counts.downloads, counts.thumbs_up, counts.thumbs_down,
                                counts.comments, counts.collected}));
  return {};
}

Result<void> set_counts(sql::Tx& tx, VersionId version, const Counts& counts) {
  TRY(tx.run(set_version_counts,
             {version, counts.downloads, counts.thumbs_up, counts.thumbs_down}));
  return {};
}

Result<Due> due(sql::Tx& tx, Millis now) {
  Due due;
  for (const sql::Row row : TRY(tx.run(due_models, {now})))
    due.models.push_back(row.id<ModelId>(0));
  for (const sql::Row row : TRY(tx.run(due_versions, {now})))
    due.versions.push_back(row.id<VersionId>(0));
  return due;
}

Result<std::vector<TagCount>> tags(sql::Tx& tx, std::string_view query, int limit, int offset) {
  std::vector<TagCount> all;
  for (const sql::Row row : TRY(tx.run(tag_page, {like_pattern(query), limit, offset})))
    all.push_back({row.whole(0), row.string(1), row.whole(2)});
  return all;
}

Result<std::int64_t> count_tags(sql::Tx& tx, std::string_view query) {
  return TRY(tx.run(tag_total, {like_pattern(query)})).front().whole(0);
}

Result<std::vector<Creator>> creators(sql::Tx& tx, std::string_view query, int limit, int offset) {
  std::vector<Creator> all;
  for (const sql::Row row : TRY(tx.run(creator_page, {like_pattern(query), limit, offset})))
    all.push_back({row.id<UserId>(0), row.string(1), row.whole(2)});
  return all;
}

Result<std::int64_t> count_creators(sql::Tx& tx, std::string_view query) {
  return TRY(tx.run(creator_total, {like_pattern(query)})).front().whole(0);
}

}  // namespace atelier::models::store

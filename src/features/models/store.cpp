#include "features/models/store.hpp"

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "schema/json.hpp"

namespace atelier::models::store {
namespace {

#define MODEL_COLUMNS                                                                             \
  "m.id, m.owner_id, u.username, m.name, m.type, m.status, m.mode, m.availability,"               \
  " m.checkpoint_type, m.description, m.description_html, m.nsfw_level, m.poi, m.minor,"          \
  " m.sfw_only, m.allow_no_credit, m.allow_derivatives, m.allow_different_license,"               \
  " m.allow_commercial_use, m.is_demo, m.created_at, m.updated_at, m.last_version_at,"            \
  " m.published_at, m.deleted_at, m.download_count, m.thumbs_up_count, m.thumbs_down_count,"      \
  " m.comment_count, m.collected_count, m.image_count, m.nsfw_claim"
#define VERSION_COLUMNS                                                                           \
  "v.id, v.model_id, v.name, v.base_model, v.base_model_type, v.status, v.description,"           \
  " v.description_html, v.trained_words, v.clip_skip, v.steps, v.epochs, v.require_auth,"         \
  " v.usage_control, v.nsfw_level, v.created_at, v.updated_at, v.published_at, v.download_count," \
  " v.thumbs_up_count, v.thumbs_down_count"

const sql::Statement insert_model_row{
    "models.insert",
    "INSERT INTO models (owner_id, name, name_key, type, status, mode, availability,"
    " checkpoint_type, description, description_html, nsfw_level, poi, minor, sfw_only,"
    " allow_no_credit, allow_commercial_use, allow_derivatives, allow_different_license, is_demo,"
    " created_at, updated_at, published_at, last_version_at, download_count, thumbs_up_count,"
    " thumbs_down_count, comment_count, collected_count, image_count, nsfw_claim)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,"
    " ?20, ?20, ?21, ?20, 0, 0, 0, 0, 0, 0, ?11) RETURNING id"};
const sql::Statement update_model_row{
    "models.update",
    "UPDATE models SET name = ?2, name_key = ?3, type = ?4, status = ?5, mode = ?6,"
    " availability = ?7, checkpoint_type = ?8, description = ?9, description_html = ?10,"
    " nsfw_claim = ?11, poi = ?12, minor = ?13, sfw_only = ?14, allow_no_credit = ?15,"
    " allow_commercial_use = ?16, allow_derivatives = ?17, allow_different_license = ?18,"
    " updated_at = ?19, published_at = ?20, deleted_at = ?21 WHERE id = ?1"};
const sql::Statement insert_version_row{
    "models.insert_version",
    "INSERT INTO model_versions (model_id, name, base_model, base_model_type, status, description,"
    " description_html, trained_words, clip_skip, steps, epochs, require_auth, usage_control,"
    " nsfw_level, created_at, updated_at, published_at, download_count, thumbs_up_count,"
    " thumbs_down_count) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
    " ?15, ?16, 0, 0, 0) RETURNING id"};
const sql::Statement update_version_row{
    "models.update_version",
    "UPDATE model_versions SET name = ?2, base_model = ?3, base_model_type = ?4, status = ?5,"
    " description = ?6, description_html = ?7, trained_words = ?8, clip_skip = ?9, steps = ?10,"
    " epochs = ?11, require_auth = ?12, usage_control = ?13, updated_at = ?14, published_at = ?15"
    " WHERE id = ?1"};
const sql::Statement insert_file_row{
    "models.insert_file",
    "INSERT INTO version_files (version_id, file_id, name, type, visibility, format, size, fp,"
    " quant_type, position) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, (SELECT count(*) FROM"
    " version_files WHERE version_id = ?1)) ON CONFLICT (version_id, file_id) DO NOTHING"};
const sql::Statement update_file_row{
    "models.update_file",
    "UPDATE version_files SET name = ?3, type = ?4, visibility = ?5, format = ?6, size = ?7,"
    " fp = ?8, quant_type = ?9 WHERE version_id = ?1 AND file_id = ?2"};
const sql::Statement delete_file_row{
    "models.delete_file", "DELETE FROM version_files WHERE version_id = ?1 AND file_id = ?2"};
const sql::Statement file_use{"models.file_use",
                              "SELECT 1 FROM version_files WHERE file_id = ?1 UNION ALL"
                              " SELECT 1 FROM images WHERE file_id = ?1 LIMIT 1"};
const sql::Statement published_use{
    "models.published_file_use",
    "SELECT 1 FROM version_files f JOIN model_versions v ON v.id = f.version_id"
    " JOIN models m ON m.id = v.model_id WHERE f.file_id = ?1 AND v.deleted_at IS NULL"
    " AND v.status IN ('Published', 'Scheduled') AND m.status IN ('Published', 'Scheduled')"
    " LIMIT 1"};
const sql::Statement mark_version{"models.delete_version",
                                  "UPDATE model_versions SET deleted_at = ?2 WHERE id = ?1"};
const sql::Statement delete_model{"models.erase", "DELETE FROM models WHERE id = ?1"};
const sql::Statement model_by_id{
    "models.model",
    "SELECT " MODEL_COLUMNS " FROM models m JOIN users u ON u.id = m.owner_id WHERE m.id = ?1"};
const sql::Statement version_by_id{
    "models.version",
    "SELECT " VERSION_COLUMNS " FROM model_versions v WHERE v.id = ?1 AND v.deleted_at IS NULL"};

/// The same columns with empty texts: long ones have pages of their own, which need not be read.
std::string textless(std::string columns) {
  for (const std::string text : {"m.description, m.description_html",
                                 "v.description, v.description_html"})
    if (const auto at = columns.find(text); at != columns.npos)
      columns.replace(at, text.size(), "'', ''");
  return columns;
}

sql::Cell maybe(const std::optional<std::string>& text) { return sql::Cell(text); }

std::string join(const std::vector<CommercialUse>& uses) {
  std::string out;
  for (const CommercialUse use : uses) {
    if (!out.empty()) out += ',';
    out += schema::label_of(use);
  }
  return out;
}

template <class E>
sql::Cell maybe_label(const std::optional<E>& value) {
  return value ? sql::Cell(schema::label_of(*value)) : sql::Cell();
}

template <class E>
std::optional<E> label(const sql::Row& row, std::size_t column) {
  return schema::from_label<E>(row.text(column));
}

Version read_version(const sql::Row& row) {
  Version version;
  version.id = row.id<VersionId>(0);
  version.model = row.id<ModelId>(1);
  version.name = row.string(2);
  version.base_model = row.string(3);
  version.base_model_type = label<BaseModelType>(row, 4).value_or(BaseModelType::Standard);
  version.status = label<Status>(row, 5).value_or(Status::Draft);
  version.description = row.string(6);
  version.description_html = row.string(7);
  if (row.text(8) != "[]")
    if (auto words = schema::from_json<std::vector<std::string>>(row.text(8)))
      version.trained_words = std::move(*words);
  version.clip_skip = row.maybe_whole(9);
  version.steps = row.maybe_whole(10);
  version.epochs = row.maybe_whole(11);
  version.require_auth = row.boolean(12);
  version.usage_control = label<UsageControl>(row, 13).value_or(UsageControl::InternalGeneration);
  version.nsfw_level = static_cast<int>(row.whole(14));
  version.created_at = row.whole(15);
  version.updated_at = row.whole(16);
  version.published_at = row.maybe_whole(17);
  version.counts = {row.whole(18), row.whole(19), row.whole(20)};
  return version;
}

}  // namespace

std::string model_columns(bool with_text) {
  return with_text ? MODEL_COLUMNS : textless(MODEL_COLUMNS);
}

Model read_model(const sql::Row& row) {
  Model model;
  model.id = row.id<ModelId>(0);
  model.owner = row.id<UserId>(1);
  model.owner_name = row.string(2);
  model.name = row.string(3);
  model.type = label<ModelType>(row, 4).value_or(ModelType::Other);
  model.status = label<Status>(row, 5).value_or(Status::Draft);
  model.mode = label<Mode>(row, 6);
  model.availability = label<Availability>(row, 7).value_or(Availability::Private);
  model.checkpoint_type = label<CheckpointType>(row, 8);
  model.description = row.string(9);
  model.description_html = row.string(10);
  model.nsfw_level = static_cast<int>(row.whole(11));
  model.poi = row.boolean(12);
  model.minor = row.boolean(13);
  model.sfw_only = row.boolean(14);
  model.allow_no_credit = row.boolean(15);
  model.allow_derivatives = row.boolean(16);
  model.allow_different_license = row.boolean(17);
  model.allow_commercial_use.clear();
  for (const std::string_view use : split(row.text(18), ','))
    if (const auto known = schema::from_label<CommercialUse>(use))
      model.allow_commercial_use.push_back(*known);
  model.demo = row.boolean(19);
  model.created_at = row.whole(20);
  model.updated_at = row.whole(21);
  model.last_version_at = row.whole(22);
  model.published_at = row.maybe_whole(23);
  model.deleted_at = row.maybe_whole(24);
  model.counts = {row.whole(25), row.whole(26), row.whole(27),
                  row.whole(28), row.whole(29), row.whole(30)};
  model.nsfw_claim = static_cast<int>(row.whole(31));
  return model;
}

Result<ModelId> insert_model(sql::Tx& tx, const Model& model) {
  const sql::Rows rows = TRY(tx.run(
      insert_model_row,
      {model.owner, model.name, lower_ascii(model.name), schema::label_of(model.type),
       schema::label_of(model.status), maybe_label(model.mode),
       schema::label_of(model.availability), maybe_label(model.checkpoint_type), model.description,
       model.description_html, model.nsfw_level, model.poi, model.minor, model.sfw_only,
       model.allow_no_credit, join(model.allow_commercial_use), model.allow_derivatives,
       model.allow_different_license, model.demo, model.created_at, model.published_at}));
  return rows.front().id<ModelId>(0);
}

Result<void> update_model(sql::Tx& tx, const Model& model) {
  TRY(tx.run(update_model_row,
             {model.id, model.name, lower_ascii(model.name), schema::label_of(model.type),
              schema::label_of(model.status), maybe_label(model.mode),
              schema::label_of(model.availability), maybe_label(model.checkpoint_type),
              model.description, model.description_html, model.nsfw_claim, model.poi, model.minor,
              model.sfw_only, model.allow_no_credit, join(model.allow_commercial_use),
              model.allow_derivatives, model.allow_different_license, model.updated_at,
              model.published_at, model.deleted_at}));
  return {};
}

Result<VersionId> insert_version(sql::Tx& tx, const Version& version) {
  const sql::Rows rows = TRY(tx.run(
      insert_version_row,
      {version.model, version.name, version.base_model, schema::label_of(version.base_model_type),
       schema::label_of(version.status), version.description, version.description_html,
       schema::to_json(version.trained_words), version.clip_skip, version.steps, version.epochs,
       version.require_auth, schema::label_of(version.usage_control), version.nsfw_level,
       version.created_at, version.published_at}));
  return rows.front().id<VersionId>(0);
}

Result<void> update_version(sql::Tx& tx, const Version& version) {
  TRY(tx.run(update_version_row,
             {version.id, version.name, version.base_model,
              schema::label_of(version.base_model_type), schema::label_of(version.status),
              version.description, version.description_html,
              schema::to_json(version.trained_words), version.clip_skip, version.steps,
              version.epochs, version.require_auth, schema::label_of(version.usage_control),
              version.updated_at, version.published_at}));
  return {};
}

Result<void> insert_file(sql::Tx& tx, VersionId version, const VersionFile& file) {
  TRY(tx.run(insert_file_row, {version, file.file.id, file.name, file.type,
                               schema::label_of(file.visibility), file.format, maybe(file.size),
                               maybe(file.fp), maybe(file.quant_type)}));
  return {};
}

Result<void> update_file(sql::Tx& tx, VersionId version, const VersionFile& file) {
  TRY(tx.run(update_file_row, {version, file.file.id, file.name, file.type,
                               schema::label_of(file.visibility), file.format, maybe(file.size),
                               maybe(file.fp), maybe(file.quant_type)}));
  return {};
}

Result<bool> delete_file(sql::Tx& tx, VersionId version, FileId file) {
  return TRY(tx.run(delete_file_row, {version, file})).changed() > 0;
}

Result<bool> file_is_used(sql::Tx& tx, FileId file) {
  return !TRY(tx.run(file_use, {file})).empty();
}

Result<bool> file_is_published(sql::Tx& tx, FileId file) {
  return !TRY(tx.run(published_use, {file})).empty();
}

Result<void> delete_version(sql::Tx& tx, VersionId id, Millis now) {
  TRY(tx.run(mark_version, {id, now}));
  return {};
}

Result<void> erase_model(sql::Tx& tx, ModelId id) {
  TRY(tx.run(delete_model, {id}));
  return {};
}

Result<std::optional<Model>> model(sql::Tx& tx, ModelId id) {
  const sql::Rows rows = TRY(tx.run(model_by_id, {id}));
  if (rows.empty()) return std::optional<Model>{};
  return read_model(rows.front());
}

Result<std::optional<Version>> version(sql::Tx& tx, VersionId id) {
  const sql::Rows rows = TRY(tx.run(version_by_id, {id}));
  if (rows.empty()) return std::optional<Version>{};
  return read_version(rows.front());
}

Result<std::vector<Version>> versions(sql::Tx& tx, const std::vector<ModelId>& models,
                                      bool with_text) {
  std::vector<Version> all;
  if (models.empty()) return all;
  sql::Query query{"models.versions",
                   "SELECT " + (with_text ? VERSION_COLUMNS : textless(VERSION_COLUMNS)) +
                       " FROM model_versions v WHERE v.deleted_at IS NULL AND v.model_id IN ",
                   {}};
  add_list(query, models);
  query.text += " ORDER BY v.id DESC";
  for (const sql::Row row : TRY(tx.run(query))) all.push_back(read_version(row));
  return all;
}

}  // namespace atelier::models::store

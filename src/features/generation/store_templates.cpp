#include "features/generation/store.hpp"
#include "schema/json.hpp"

namespace atelier::generation {
namespace store {
namespace {

#define TEMPLATE_COLUMNS \
  "id, name, detail, graph, workflow, parameters, audience, created_by, created_at, updated_at"

const sql::Statement insert_row{
    "generation.insert_template",
    "INSERT INTO generation_templates (name, detail, graph, workflow, parameters, audience,"
    " created_by, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)"
    " RETURNING id"};
const sql::Statement update_row{
    "generation.update_template",
    "UPDATE generation_templates SET name = ?2, detail = ?3, graph = ?4, workflow = ?5,"
    " parameters = ?6, audience = ?7, updated_at = ?8 WHERE id = ?1"};
const sql::Statement delete_row{"generation.remove_template",
                                "DELETE FROM generation_templates WHERE id = ?1"};
const sql::Statement by_id{"generation.template",
                           "SELECT " TEMPLATE_COLUMNS " FROM generation_templates WHERE id = ?1"};
const sql::Statement all_rows{
    "generation.templates",
    "SELECT " TEMPLATE_COLUMNS " FROM generation_templates ORDER BY name, id"};

Result<Template> read_template(const sql::Row& row) {
  Template out;
  out.id = row.id<TemplateId>(0);
  out.name = row.string(1);
  out.detail = row.string(2);
  out.graph = row.string(3);
  out.workflow = row.string(4);
  out.parameters = TRY(schema::from_stored_json<std::vector<TemplateParameter>>(row.text(5)));
  out.audience =
      schema::from_label<TemplateAudience>(row.text(6)).value_or(TemplateAudience::administrators);
  out.created_by = row.id<UserId>(7);
  out.created_at = row.whole(8);
  out.updated_at = row.whole(9);
  return out;
}

}  // namespace

Result<TemplateId> insert_template(sql::Tx& tx, const Template& one) {
  const sql::Rows rows =
      TRY(tx.run(insert_row, {one.name, one.detail, one.graph, one.workflow,
                              schema::to_json(one.parameters), schema::label_of(one.audience),
                              one.created_by, one.created_at}));
  return rows.front().id<TemplateId>(0);
}

Result<void> update_template(sql::Tx& tx, const Template& one) {
  TRY(tx.run(update_row, {one.id, one.name, one.detail, one.graph, one.workflow,
                          schema::to_json(one.parameters), schema::label_of(one.audience),
                          one.updated_at}));
  return {};
}

Result<void> remove_template(sql::Tx& tx, TemplateId id) {
  TRY(tx.run(delete_row, {id}));
  return {};
}

Result<std::optional<Template>> found_template(sql::Tx& tx, TemplateId id) {
  const sql::Rows rows = TRY(tx.run(by_id, {id}));
  if (rows.empty()) return std::optional<Template>{};
  return std::optional<Template>(TRY(read_template(rows.front())));
}

Result<std::vector<Template>> templates(sql::Tx& tx) {
  std::vector<Template> out;
  const sql::Rows rows = TRY(tx.run(all_rows));
  for (const sql::Row row : rows) out.push_back(TRY(read_template(row)));
  return out;
}

}  // namespace store

Result<std::optional<Template>> find_template(sql::Tx& tx, TemplateId id, const Viewer& viewer) {
  auto one = TRY(store::found_template(tx, id));
  if (one && !may_use(*one, viewer)) one.reset();
  return one;
}

}  // namespace atelier::generation

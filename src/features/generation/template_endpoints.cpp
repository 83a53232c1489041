#include "features/generation/functions.hpp"

// Workflow templates: made and changed by administrators, since a graph is a program.
namespace atelier::generation {
namespace {

Result<Template> known(Context& context, TemplateId id) {
  auto one = TRY(find_template(context.tx(), id, context.viewer));
  if (!one) return fail(Fault::missing, "template_missing", "There is no such template.");
  return std::move(*one);
}

TemplateCard shown(const Template& one, bool whole) {
  TemplateCard out;
  out.id = one.id;
  out.name = one.name;
  out.detail = one.detail;
  out.parameters = one.parameters;
  out.nodes = nodes_of(one);
  if (whole) out.graph = schema::Json{one.graph};
  out.hasWorkflow = !one.workflow.empty();
  out.audience = one.audience;
  out.createdAt = {one.created_at};
  out.updatedAt = {one.updated_at};
  return out;
}

}  // namespace

Result<TemplateList> list_templates(Context& context, const schema::Nothing&) {
  TemplateList out;
  for (const Template& one : TRY(store::templates(context.tx())))
    if (may_use(one, context.viewer)) out.items.push_back(shown(one, false));
  return out;
}

Result<TemplateCard> get_template(Context& context, const TemplatePath& in) {
  return shown(TRY(known(context, in.id)), true);
}

Result<TemplateCard> create_template(Context& context, const CreateTemplate& in) {
  Template one;
  one.name = in.name.value;
  if (in.detail) one.detail = in.detail->value;
  one.graph = in.graph.value;
  if (in.workflow) one.workflow = in.workflow->value;
  one.parameters = in.parameters.value;
  if (in.audience) one.audience = *in.audience;
  one.created_by = context.viewer.user;
  one.created_at = one.updated_at = context.now;
  TRY(check_template(one));
  one.id = TRY(store::insert_template(context.tx(), one));
  return shown(one, true);
}

Result<TemplateCard> update_template(Context& context, const UpdateTemplate& in) {
  Template one = TRY(known(context, in.id));
  if (in.name) one.name = in.name->value;
  if (in.detail) one.detail = in.detail->value;
  if (in.graph) {
    one.graph = in.graph->value;
    one.workflow.clear();  // it was of the other graph
  }
  if (in.workflow) one.workflow = in.workflow->value;
  if (in.parameters) one.parameters = in.parameters->value;
  if (in.audience) one.audience = *in.audience;
  one.updated_at = context.now;
  TRY(check_template(one));
  TRY(store::update_template(context.tx(), one));
  return shown(one, true);
}

Result<Nothing> delete_template(Context& context, const TemplatePath& in) {
  TRY(known(context, in.id));
  TRY(store::remove_template(context.tx(), in.id));
  return Nothing{};
}

}  // namespace atelier::generation

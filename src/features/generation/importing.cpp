#include <algorithm>
#include <map>
#include <set>

#include "features/generation/functions.hpp"
#include "features/generation/tokens.hpp"
#include "schema/json_text.hpp"
#include "schema/scalars.hpp"

// Reading workflows of ComfyUI with the eyes of the backends that are there.
namespace atelier::generation {
namespace {

constexpr std::size_t pointer_max = 200, backends_max = 16;

std::unexpected<Error> refused(std::string_view path, std::string_view code,
                               const std::string& detail) {
  schema::Faults faults;
  faults.add_at(std::string(path), std::string(code), detail);
  return std::unexpected(faults.result().error());
}

bool takes_graphs(const store::Backend& one) {
  return one.offer && std::ranges::find(one.offer->tasks, ports::GenerationTask::graph) !=
                          one.offer->tasks.end();
}

Result<std::vector<store::Backend>> candidates(Services& services, const ImportWorkflow& in) {
  std::vector<store::Backend> all = TRY(sql::ask(*services.database, store::backends));
  if (!in.backend) {
    std::erase_if(all, [](const store::Backend& one) { return !takes_graphs(one); });
    if (all.size() > backends_max) all.resize(backends_max);
    if (all.empty())
      return fail(Fault::conflict, "no_comfyui",
                  "Connect a ComfyUI first: files do not say which value is which, it does.");
    return all;
  }
  std::erase_if(all, [&](const store::Backend& one) { return one.id != *in.backend; });
  if (all.empty()) return refused("/backend", "backend_missing", "there is no such backend");
  if (!takes_graphs(all.front()))
    return refused("/backend", "wrong_type", "takes no graphs, or was never reached");
  return all;
}

struct Reading {
  std::string backend;
  ports::ReadWorkflow read;
};

/// What each of them makes of it. Those that are away are passed over while another answers.
Result<std::vector<Reading>> read_by_all(Services& services, const ImportWorkflow& in,
                                         const std::vector<store::Backend>& backends) {
  std::vector<Reading> out;
  std::optional<Error> away;
  for (const store::Backend& one : backends) {
    const auto generator =
        services.generators == nullptr ? nullptr
                                       : services.generators->open(opened(services, one.address));
    if (generator == nullptr) continue;
    auto read = generator->read_workflow(in.workflow.value);
    if (read) out.push_back({one.name, std::move(*read)});
    else if (ports::trouble_of(read.error().code) == ports::Trouble::invalid)
      return refused("/workflow", "not_a_workflow", read.error().detail);
    else away = read.error();
  }
  if (!out.empty()) return out;
  return fail(Fault::unavailable, "backend_away",
              away ? away->detail : "No engine here speaks this protocol.");
}

std::string text_at(std::string_view graph, const std::string& node, std::string_view member) {
  const auto place =
      schema::find_json(graph, '/' + schema::pointer_token(node) + std::string(member));
  if (node.empty() || !place) return {};
  return schema::json_string(graph.substr(place->begin, place->end - place->begin)).value_or("");
}

std::optional<TemplateParameter> shown(const ports::GraphParameter& one) {
  TemplateParameter out;
  out.name = {one.name};
  if (!one.title.empty()) out.title = {one.title};
  out.type = one.type;
  for (const std::string& pointer : one.pointers)
    if (pointer.size() <= pointer_max) out.pointers.value.push_back({pointer});
  if (out.pointers.value.empty()) return std::nullopt;
  out.min = one.least;
  out.max = one.most;
  if (one.type != ParameterType::choice) return out;
  out.choices.emplace();
  for (const std::string& choice : one.choices) out.choices->value.push_back({choice});
  return out;
}

/// What every one of them wants and has not, each once.
std::vector<WorkflowMissing> missing_everywhere(const std::vector<Reading>& readings) {
  std::map<std::pair<MissingKind, std::string>, std::size_t> lacking;
  for (const Reading& reading : readings) {
    std::set<std::pair<MissingKind, std::string>> here;
    for (const ports::GraphFault& fault : reading.read.faults) {
      if (fault.code == "unknown_node") here.insert({MissingKind::node, fault.wanted});
      if (fault.code == "unknown_model") here.insert({MissingKind::model, fault.wanted});
    }
    for (const auto& one : here) ++lacking[one];
  }
  std::vector<WorkflowMissing> out;
  for (const auto& [one, count] : lacking) {
    if (count < readings.size()) continue;
    WorkflowMissing& missing = out.emplace_back();
    missing.kind = one.first;
    missing.name = one.second;
    for (const ports::GraphFault& fault : readings.front().read.faults)
      if (fault.wanted == missing.name &&
          std::ranges::find(missing.nodes, fault.node) == missing.nodes.end())
        missing.nodes.push_back(fault.node);
  }
  return out;
}

}  // namespace

Result<ImportedWorkflow> read_workflow(Context& context, const ImportWorkflow& in) {
  Services& services = context.services;
  if (!in.backend) TRY(probe_unknown(services));
  const auto backends = TRY(candidates(services, in));
  std::vector<Reading> readings = TRY(read_by_all(services, in, backends));
  std::ranges::stable_sort(readings, {},
                           [](const Reading& one) { return one.read.faults.size(); });
  const Reading& best = readings.front();
  ImportedWorkflow out;
  out.format = best.read.saved ? WorkflowFormat::save : WorkflowFormat::api;
  out.graph = {best.read.graph};
  for (const ports::GraphParameter& one : best.read.parameters)
    if (auto parameter = shown(one)) out.parameters.push_back(std::move(*parameter));
  for (const ports::GraphFault& fault : best.read.faults)
    out.faults.push_back({fault.node, text_at(best.read.graph, fault.node, "/class_type"),
                          text_at(best.read.graph, fault.node, "/_meta/title"), fault.input,
                          fault.code, fault.detail});
  out.missing = missing_everywhere(readings);
  out.notes = best.read.notes;
  out.backend = best.backend;
  return out;
}

/// Nothing is kept but the line in the audit log.
Result<ImportedWorkflow> import_workflow(Context&, const ImportWorkflow&,
                                         const ImportedWorkflow& read) {
  return read;
}

}  // namespace atelier::generation

#include "features/generation/functions.hpp"
#include "platform/settings.hpp"

namespace atelier::generation {
namespace {

using schema::Access;
using schema::bind;
using schema::bind_raw;
using schema::Method;
using schema::Rate;
using schema::Row;
using schema::Scope;

Row reading(std::string_view path, std::string_view id, std::string_view summary) {
  return {.path = path, .id = id, .summary = summary, .access = Access::member,
          .scope = Scope::generation_read};
}

Row writing(std::string_view path, std::string_view id, std::string_view summary) {
  return {.path = path, .id = id, .summary = summary, .access = Access::member,
          .scope = Scope::generation_write, .rate = Rate::write};
}

Row administration(std::string_view path, std::string_view id, std::string_view summary,
                   Rate rate = Rate::read) {
  return {.path = path, .id = id, .summary = summary, .access = Access::administrator,
          .scope = Scope::administration, .rate = rate};
}

Row creating(Row row) {
  row.rate = Rate::create;
  row.creates = true;
  return row;
}

/// For a graph of 1 MiB, a workflow of 1 MiB, and what JSON makes longer.
Row large(Row row) {
  row.body_max = 3 << 20;
  return row;
}

/// Ends or tidies what is there, which muted members may do as well.
Row open_to_muted(Row row) {
  row.muted_may = true;
  return row;
}

void about_generations(schema::Routes& routes) {
  bind(routes, Method::post,
       creating(writing("/api/v2/generations", "createGeneration", "Have pictures made.")),
       prepare, create_generation);
  bind(routes, Method::post,
       open_to_muted(writing("/api/v2/generations/estimate", "estimateGeneration",
                             "What a request would cost, and when it would be done.")),
       prepare, estimate_generation);
  bind(routes, Method::get,
       reading("/api/v2/generations", "listGenerations", "Your generations, newest first."),
       list_generations);
  bind(routes, Method::get,
       reading("/api/v2/generations/options", "getGenerationOptions",
               "What can be asked for here, and what fits a base model."),
       get_options);
  bind(routes, Method::get,
       reading("/api/v2/generations/{id}", "getGeneration", "One of your generations."),
       get_generation);
  bind(routes, Method::patch,
       open_to_muted(writing("/api/v2/generations/{id}", "updateGeneration",
                             "Mark it as a favourite, or change its tags.")),
       update_generation);
  bind(routes, Method::post,
       open_to_muted(writing("/api/v2/generations/{id}/cancel", "cancelGeneration",
                             "Stop what is not done; the rest is not charged.")),
       cancel_generation);
  bind(routes, Method::post,
       creating(writing("/api/v2/generations/{id}/retry", "retryGeneration",
                        "Ask once more for what failed, was canceled or expired.")),
       prepare_retry, retry_generation);
  bind(routes, Method::del,
       open_to_muted(writing("/api/v2/generations/{id}", "deleteGeneration",
                             "Forget it. Its pictures stay among your images.")),
       delete_generation);
  bind_raw(routes, Method::get,
           reading("/api/v2/generations/events", "watchGenerations",
                   "A stream of server-sent events about all of yours; `after` resumes it."),
           watch_generations);
  bind_raw(routes, Method::get,
           reading("/api/v2/generations/{id}/events", "watchGeneration",
                   "A stream of server-sent events: status and progress; `after` resumes it."),
           watch_generation);
  bind_raw(routes, Method::get,
           reading("/api/v2/generations/{id}/previews/{step}", "showGenerationPreview",
                   "How far a step is, as a small picture."),
           show_preview);
}

void about_presets(schema::Routes& routes) {
  bind(routes, Method::get,
       reading("/api/v2/generation-presets", "listGenerationPresets",
               "The requests that you keep, by name."),
       list_presets);
  bind(routes, Method::put,
       open_to_muted(writing("/api/v2/generation-presets", "keepGenerationPreset",
                             "Keep a request by name.")),
       keep_preset);
  bind(routes, Method::del,
       open_to_muted(writing("/api/v2/generation-presets/{id}", "deleteGenerationPreset",
                             "Forget a kept request.")),
       delete_preset);
}

void about_backends(schema::Routes& routes) {
  bind(routes, Method::get,
       administration("/api/v2/backends", "listBackends", "Backends, their health and load."),
       list_backends);
  bind(routes, Method::post,
       creating(administration("/api/v2/backends", "addBackend", "Make a program available.")),
       probe_new, add_backend);
  bind(routes, Method::get,
       administration("/api/v2/backends/detected", "detectBackends",
                      "What answers where such programs usually listen on this machine."),
       detect_backends, schema::Effect::none);
  bind(routes, Method::post,
       administration("/api/v2/backends/identify", "identifyBackend",
                      "Ask an address what answers there, without adding it.", Rate::write),
       ask_address, identify_backend);
  bind(routes, Method::get,
       administration("/api/v2/backends/load", "getBackendLoad",
                      "How busy the backends were in the last hour, by the minute."),
       load_of_backends);
  bind(routes, Method::patch,
       administration("/api/v2/backends/{id}", "updateBackend", "Change its name or address.",
                      Rate::write),
       update_backend);
  bind(routes, Method::del,
       administration("/api/v2/backends/{id}", "removeBackend", "Forget an idle backend.",
                      Rate::write),
       remove_backend);
  bind(routes, Method::post,
       administration("/api/v2/backends/{id}/probe", "probeBackend", "Ask it what it can do.",
                      Rate::write),
       probe_known, probe_backend);
  bind(routes, Method::post,
       administration("/api/v2/backends/{id}/drain", "drainBackend",
                      "Give it no new work; what it has is finished.", Rate::write),
       drain_backend);
  bind(routes, Method::post,
       administration("/api/v2/backends/{id}/resume", "resumeBackend", "Give it work again.",
                      Rate::write),
       resume_backend);
}

void about_templates(schema::Routes& routes) {
  bind(routes, Method::get,
       reading("/api/v2/workflow-templates", "listWorkflowTemplates",
               "Workflows with named parameters."),
       list_templates);
  bind(routes, Method::get,
       reading("/api/v2/workflow-templates/{id}", "getWorkflowTemplate",
               "A template with its graph."),
       get_template);
  bind(routes, Method::post,
       large(creating(administration("/api/v2/workflow-templates", "createWorkflowTemplate",
                                     "Make a template of a graph."))),
       create_template);
  bind(routes, Method::post,
       large(administration("/api/v2/workflow-templates/import", "importWorkflow",
                            "Read a ComfyUI workflow: its graph, what is wrong with it, and"
                            " which parameters it might have. Nothing is kept.", Rate::write)),
       read_workflow, import_workflow);
  bind(routes, Method::patch,
       large(administration("/api/v2/workflow-templates/{id}", "updateWorkflowTemplate",
                            "Change a template.", Rate::write)),
       update_template);
  bind(routes, Method::del,
       administration("/api/v2/workflow-templates/{id}", "deleteWorkflowTemplate",
                      "Delete a template.", Rate::write),
       delete_template);
}

void add_routes(schema::Routes& routes) {
  about_generations(routes);
  about_presets(routes);
  about_backends(routes);
  about_templates(routes);
}

void declare_settings(platform::Settings& settings) {
  settings.declare<GenerationSettings>("generation", "Generation");
}

}  // namespace

platform::Feature feature() {
  return {.name = "generation", .routes = add_routes, .jobs = jobs, .events = events,
          .settings = declare_settings};
}

}  // namespace atelier::generation

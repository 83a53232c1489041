#pragma once
#include <string>

#include "features/generation/arguments.hpp"
#include "features/generation/backend_endpoints.hpp"
#include "features/generation/endpoints.hpp"
#include "features/generation/planning.hpp"
#include "features/generation/store.hpp"
#include "features/generation/template_endpoints.hpp"
#include "platform/jobs.hpp"

/// Shared by this feature's sources only: the functions behind routes.cpp and jobs.cpp.
namespace atelier::generation {

using schema::Nothing;

// ---- generations
struct Ready {                ///< for planning: what was found outside of the transaction
  Pictures pictures;
};
Result<Ready> prepare(Context& context, const GenerationRequest& in);
Result<GenerationCard> create_generation(Context& context, const GenerationRequest& in,
                                         const Ready& ready);
struct Retry {
  GenerationRequest request;
  Ready ready;
};
/// What was asked for, if it came to nothing.
Result<Retry> prepare_retry(Context& context, const GenerationPath& in);
Result<GenerationCard> retry_generation(Context& context, const GenerationPath& in,
                                        const Retry& retry);
Result<GenerationEstimate> estimate_generation(Context& context, const GenerationRequest& in,
                                     const Ready& ready);
Result<GenerationList> list_generations(Context& context, const ListGenerations& in);
Result<GenerationCard> get_generation(Context& context, const GenerationPath& in);
Result<GenerationCard> update_generation(Context& context, const UpdateGeneration& in);
Result<GenerationCard> cancel_generation(Context& context, const GenerationPath& in);
Result<Nothing> delete_generation(Context& context, const GenerationPath& in);
Result<GenerationOptions> get_options(Context& context, const GetOptions& in);
Result<PresetList> list_presets(Context& context, const schema::Nothing& in);
Result<PresetRow> keep_preset(Context& context, const KeepPreset& in);
Result<Nothing> delete_preset(Context& context, const PresetPath& in);
Result<http::Response> watch_generation(Context& context, const http::Request& request);
Result<http::Response> watch_generations(Context& context, const http::Request& request);
Result<http::Response> show_preview(Context& context, const http::Request& request);

std::string preview_url(GenerationId generation, StepId step, std::int64_t number);
/// The viewer's own; else `missing`.
Result<store::Generation> own(sql::Tx& tx, GenerationId id, const Viewer& viewer);
Result<GenerationCard> card_of(Context& context, store::Generation generation);
Result<std::vector<GenerationCard>> cards_of(Context& context,
                                             std::vector<store::Generation> generations);

// ---- backends
Result<BackendList> list_backends(Context& context, const schema::Nothing& in);
struct Probed {
  std::optional<ports::Offer> offer;
  std::string problem;        ///< "" = it answered
};
/// Asks a program what it is. Blocks.
Probed probe(Services& services, const ports::BackendAddress& address);
Result<Probed> probe_new(Context& context, const AddBackend& in);
Result<BackendRow> add_backend(Context& context, const AddBackend& in, const Probed& probed);
Result<BackendRow> update_backend(Context& context, const UpdateBackend& in);
Result<Nothing> remove_backend(Context& context, const BackendPath& in);
Result<Probed> probe_known(Context& context, const BackendPath& in);
Result<BackendRow> probe_backend(Context& context, const BackendPath& in, const Probed& probed);
Result<BackendRow> drain_backend(Context& context, const BackendPath& in);
Result<BackendRow> resume_backend(Context& context, const BackendPath& in);
Result<DetectedBackends> detect_backends(Context& context, const schema::Nothing& in);
Result<IdentifiedBackend> ask_address(Context& context, const IdentifyBackend& in);
/// A write although nothing changes, so that the audit log has what was asked.
Result<IdentifiedBackend> identify_backend(Context& context, const IdentifyBackend& in,
                                           const IdentifiedBackend& found);
Result<BackendLoads> load_of_backends(Context& context, const schema::Nothing& in);
/// Those that were never asked are asked now, so that a fresh start can generate at once.
Result<void> probe_unknown(Services& services);
/// What a probe told, into the row and its breaker.
Result<void> apply_probe(Services& services, sql::Tx& tx, BackendId id, const Probed& probed);

// ---- templates
Result<TemplateList> list_templates(Context& context, const schema::Nothing& in);
Result<TemplateCard> get_template(Context& context, const TemplatePath& in);
Result<TemplateCard> create_template(Context& context, const CreateTemplate& in);
Result<TemplateCard> update_template(Context& context, const UpdateTemplate& in);
/// Asks the backends. Blocks.
Result<ImportedWorkflow> read_workflow(Context& context, const ImportWorkflow& in);
Result<ImportedWorkflow> import_workflow(Context& context, const ImportWorkflow& in,
                                         const ImportedWorkflow& read);
Result<Nothing> delete_template(Context& context, const TemplatePath& in);

// ---- jobs
Result<void> run_attempt(platform::JobRun& run, const AttemptArguments& in);
void jobs(platform::Jobs& jobs);
void events(Services& services);

}  // namespace atelier::generation

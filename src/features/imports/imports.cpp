#include "features/imports/imports.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "features/imports/functions.hpp"
#include "features/imports/scan.hpp"
#include "features/imports/sidecars.hpp"
#include "features/imports/store.hpp"
#include "features/markdown/markdown.hpp"

namespace atelier::imports {
namespace {

constexpr std::size_t batch_files = 100;
constexpr std::string_view unknown_base = "Other";

struct Item {
  Candidate candidate;
  Words words;
};

models::Model model_of(const Item& item, const Request& request) {
  const Words& words = item.words;
  models::Model model;
  model.owner = request.user;
  const std::string stem = std::filesystem::path(item.candidate.found.path).stem().string();
  model.name = words.model_name.empty() ? stem.substr(0, 100) : words.model_name;
  if (!is_text(model.name)) model.name = "Untitled";
  model.type = words.type.value_or(item.candidate.type);
  model.availability = models::Availability::Members;
  model.tags = words.tags;
  model.description = words.description;
  if (words.description_is_html)
    model.description_html = markdown::sanitize(words.description);
  if (words.nsfw.value_or(false)) model.nsfw_level = maturity::x;
  return model;
}

models::Version version_of(const Item& item, const models::Model& model) {
  const Words& words = item.words;
  models::Version version;
  version.model = model.id;
  version.name = words.version_name.empty() ? "1.0" : words.version_name;
  version.base_model = words.base_model.empty() ? std::string(unknown_base) : words.base_model;
  version.trained_words = words.trained_words;
  version.nsfw_level = model.nsfw_level;
  return version;
}

/// The model these words belong to: one that came from the same place before, or a new one.
Result<ModelId> find_or_make_model(Services& services, sql::Tx& tx, const Item& item,
                                   const Request& request, Summary& summary) {
  const std::int64_t origin = item.words.civitai_model;
  if (origin != 0)
    if (const auto known = TRY(store::model_from(tx, "civitai", origin))) return *known;
  const ModelId id = TRY(models::add_model(services, tx, model_of(item, request)));
  ++summary.models;
  if (origin != 0) TRY(store::remember_origin(tx, "civitai", origin, id));
  return id;
}

Result<void> take_in(Services& services, sql::Tx& tx, const Item& item, const Request& request,
                     Summary& summary) {
  const FileId file =
      TRY(files::add_in_place(services, tx, item.candidate.found, request.user));
  if (TRY(store::imported(tx, file))) {
    ++summary.known;
    return {};
  }
  models::Model model = model_of(item, request);
  model.id = TRY(find_or_make_model(services, tx, item, request, summary));
  const VersionId version =
      TRY(models::add_version(services, tx, version_of(item, model)));
  const auto stored = TRY(files::find(tx, file));
  models::VersionFile attached;
  attached.file = *stored;
  attached.name = stored->name;
  attached.format = stored->format;
  TRY(models::add_file(tx, version, attached));
  if (!request.draft) TRY(models::publish(services, tx, version, true, request.user));
  TRY(store::remember(tx, {file, version, !item.words.type, item.words.base_model.empty(),
                           item.words.trained_words.empty()}));
  ++summary.added;
  return {};
}

/// One transaction for many files: what fails undoes its batch only, and a repeat finishes it.
Result<void> take_in(Services& services, const std::vector<Item>& items, const Request& request,
                     Summary& total) {
  const Summary after = TRY(sql::change(
      *services.database, sql::Lane::bulk, [&](sql::Tx& tx) -> Result<Summary> {
        Summary summary = total;
        for (const Item& item : items) TRY(take_in(services, tx, item, request, summary));
        return summary;
      }));
  total = after;
  return {};
}

}  // namespace

Result<Summary> take_in_all(Services& services, const Request& request, const Progress& progress) {
  const std::vector<Root> roots = TRY(roots_of(request.path));
  std::vector<Candidate> candidates = scan(roots);
  Summary summary;
  summary.found = static_cast<std::int64_t>(candidates.size());
  for (const Candidate& candidate : candidates) summary.bytes += candidate.found.bytes;
  std::vector<Item> batch;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    Words words = read_sidecars(candidates[i].found.path);
    batch.push_back({std::move(candidates[i]), std::move(words)});
    if (batch.size() < batch_files && i + 1 < candidates.size()) continue;
    TRY(take_in(services, batch, request, summary));
    batch.clear();
    progress(static_cast<std::int64_t>(i + 1), summary.found);
  }
  return summary;
}

Result<Summary> run_recorded(Services& services, ImportId id, const Request& request,
                             const Progress& progress) {
  const Result<Summary> taken = take_in_all(services, request, progress);
  TRY(services.database->write_now(sql::Lane::jobs, [&](sql::Tx& tx) {
    return store::finish(tx, id, taken ? "completed" : "failed", taken.value_or(Summary{}),
                         taken ? "" : taken.error().detail, services.clock->now());
  }));
  return taken;
}

Result<Summary> run(Services& services, const Request& request, const Progress& progress) {
  const ImportId id = TRY(sql::change(*services.database, sql::Lane::interactive, [&](sql::Tx& tx) {
    return store::insert(tx, request, services.clock->now());
  }));
  return run_recorded(services, id, request, progress);
}

}  // namespace atelier::imports

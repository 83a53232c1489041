#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "features/generation/generation.hpp"
#include "features/generation/piece.hpp"
#include "features/generation/templates.hpp"
#include "ports/database.hpp"

/// All SQL of generation. Attempts and artifacts are in store_attempts.cpp, backends and what was
/// learned of them in store_backends.cpp, templates in store_templates.cpp, presets in
/// store_presets.cpp, money in store_ledger.cpp.
namespace atelier::generation {

enum class AttemptState : unsigned char { open, canceling, succeeded, failed, lost, canceled };
BOOST_DESCRIBE_ENUM(AttemptState, open, canceling, succeeded, failed, lost, canceled)
/// A circuit breaker: open lets nothing through until its time, half open lets one through.
enum class BackendHealth : unsigned char { closed, open, half_open };
BOOST_DESCRIBE_ENUM(BackendHealth, closed, open, half_open)

}  // namespace atelier::generation

namespace atelier::generation::store {

struct Generation {
  GenerationId id;
  UserId owner;
  Workflow workflow = Workflow::txt2img;
  GenerationStatus status = GenerationStatus::queued;
  std::string request;                ///< JSON
  GenerationPriority priority = GenerationPriority::normal;
  bool favourite = false;
  std::optional<ImageId> remix_of;
  std::optional<TemplateId> made_from;
  std::int64_t reserved = 0, charged = 0;
  std::string problem_code, problem;
  Millis created_at = 0, expires_at = 0;
  std::optional<Millis> started_at, finished_at;
  std::vector<std::string> tags;
};

struct Step {
  StepId id;
  GenerationId generation;
  UserId owner;
  std::int64_t position = 0;
  GenerationStatus status = GenerationStatus::queued;
  Piece piece;
  double tag = 0;                     ///< read: with the member's shift; written: without
  double weight = 1, estimated_ms = 0;
  std::int64_t price = 0;
  Millis ready_at = 0;
  std::int64_t memory_min = 0, killed = 0;
  double progress = 0;
  std::string problem_code, problem;
  Millis created_at = 0;
  std::optional<Millis> started_at, finished_at;
};

struct Attempt {
  AttemptId id;
  StepId step;
  std::int64_t number = 1;
  std::optional<BackendId> backend;
  std::string backend_name, key;
  AttemptState state = AttemptState::open;
  std::string handle, trouble, detail, note, model;
  double predicted_ms = 0;
  bool swaps = false;
  Millis created_at = 0;
  std::optional<Millis> submitted_at, finished_at;
};

struct Artifact {
  StepId step;
  std::int64_t position = 0;
  AttemptId attempt;
  std::optional<ImageId> image;
  std::string seed;
  Millis created_at = 0;
};

struct Backend {
  BackendId id;
  std::string name;
  ports::BackendAddress address;
  bool draining = false;
  BackendHealth health = BackendHealth::closed;
  std::int64_t failures = 0;
  Millis retry_at = 0;
  std::string problem;
  std::shared_ptr<const ports::Offer> offer;  ///< null: never told
  Millis probed_at = 0;
  std::string resident;
  Millis created_at = 0;
};

// ---- generations and steps
Result<GenerationId> insert(sql::Tx& tx, const Generation& generation);
/// GenerationStatus, problem, charges, times, favourite.
Result<void> update(sql::Tx& tx, const Generation& generation);
Result<std::optional<Generation>> generation(sql::Tx& tx, GenerationId id);
Result<void> remove(sql::Tx& tx, GenerationId id);
Result<void> set_tags(sql::Tx& tx, GenerationId id, const std::vector<std::string>& tags);
Result<StepId> insert_step(sql::Tx& tx, const Step& step);
/// Steps are read without the graph and the workflow of their piece, which are large.
Result<void> load_graph(sql::Tx& tx, Step& step);
/// All but what never changes.
Result<void> update_step(sql::Tx& tx, const Step& step);
Result<void> set_progress(sql::Tx& tx, StepId step, double part);
Result<std::optional<Step>> step(sql::Tx& tx, StepId id);
Result<std::vector<Step>> steps(sql::Tx& tx, const std::vector<GenerationId>& generations);
/// Queued steps in the order of their tags.
Result<std::vector<Step>> waiting(sql::Tx& tx, Millis now, int limit);
/// When the next queued step becomes ready after `now`; absent if none waits for its time.
Result<std::optional<Millis>> next_ready(sql::Tx& tx, Millis now);
Result<std::vector<GenerationId>> expired(sql::Tx& tx, Millis now, int limit);
Result<std::int64_t> open_of(sql::Tx& tx, UserId owner);

struct Filter {
  UserId owner;
  std::vector<GenerationStatus> statuses;
  std::optional<Workflow> workflow;
  std::optional<bool> favourite;
  std::string tag;
  std::optional<std::int64_t> before;  ///< number
  int limit = 20;
};
Result<std::vector<Generation>> page(sql::Tx& tx, const Filter& filter);

// ---- attempts and artifacts
Result<AttemptId> insert_attempt(sql::Tx& tx, const Attempt& attempt);
Result<void> update_attempt(sql::Tx& tx, const Attempt& attempt);
Result<std::optional<Attempt>> attempt(sql::Tx& tx, AttemptId id);
/// The attempt as it stands, with what its worker knows of it: where it is, and since when. Absent
/// once it is finished.
Result<std::optional<Attempt>> known_attempt(sql::Tx& tx, const Attempt& known);
Result<std::vector<Attempt>> attempts(sql::Tx& tx, const std::vector<StepId>& steps);
/// Those that still occupy a backend.
Result<std::vector<Attempt>> open_attempts(sql::Tx& tx);
/// Those that ended since then.
Result<std::vector<Attempt>> ended_attempts(sql::Tx& tx, Millis since);
/// Handed over to this backend and given up when it went away, since then.
Result<std::vector<Attempt>> abandoned(sql::Tx& tx, BackendId backend, Millis since);
/// False if this place was filled before.
Result<bool> insert_artifact(sql::Tx& tx, const Artifact& artifact);
Result<std::vector<Artifact>> artifacts(sql::Tx& tx, const std::vector<StepId>& steps);

// ---- fair shares, in virtual device-seconds: user 0 is the virtual time
struct Share {
  double finish = 0;  ///< where the member's last step ends
  double shift = 0;   ///< to add to the tags of the member's steps
};
Result<Share> share(sql::Tx& tx, UserId user);
Result<void> put_share(sql::Tx& tx, UserId user, const Share& share);
/// The member used so much more than was estimated.
Result<void> shift_share(sql::Tx& tx, UserId user, double more);

// ---- backends
Result<BackendId> insert_backend(sql::Tx& tx, const Backend& backend);
Result<void> update_backend(sql::Tx& tx, const Backend& backend);
Result<void> remove_backend(sql::Tx& tx, BackendId id);
Result<std::optional<Backend>> backend(sql::Tx& tx, BackendId id);
Result<std::vector<Backend>> backends(sql::Tx& tx);
Result<void> set_resident(sql::Tx& tx, BackendId id, const std::string& model);

/// Milliseconds by model and class of size; class -1 is loading it.
struct Speed {
  double milliseconds = 0;
  std::int64_t samples = 0;
};
using SpeedKey = std::pair<std::string, int>;
using Speeds = std::map<BackendId, std::map<SpeedKey, Speed>>;
Result<Speeds> speeds(sql::Tx& tx);
Result<void> put_speed(sql::Tx& tx, BackendId backend, const SpeedKey& key, const Speed& speed);

// ---- templates
Result<TemplateId> insert_template(sql::Tx& tx, const Template& made);
Result<void> update_template(sql::Tx& tx, const Template& made);
Result<void> remove_template(sql::Tx& tx, TemplateId id);
Result<std::optional<Template>> found_template(sql::Tx& tx, TemplateId id);
Result<std::vector<Template>> templates(sql::Tx& tx);

// ---- presets
struct Preset {
  PresetId id;
  UserId owner;
  std::string name, request;
  Millis created_at = 0;
};
/// Takes the place of the one of that name.
Result<PresetId> put_preset(sql::Tx& tx, const Preset& preset);
Result<bool> remove_preset(sql::Tx& tx, PresetId id, UserId owner);
Result<std::vector<Preset>> presets(sql::Tx& tx, UserId owner);

/// "(?1, ?2)" with the values bound.
template <class I>
void add_list(sql::Query& query, const std::vector<I>& values) {
  query.text += "(";
  for (std::size_t i = 0; i < values.size(); ++i) {
    query.values.emplace_back(values[i]);
    query.text += (i == 0 ? "?" : ", ?") + std::to_string(query.values.size());
  }
  query.text += ")";
}

}  // namespace atelier::generation::store

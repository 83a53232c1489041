#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "features/generation/arguments.hpp"
#include "features/generation/delivery.hpp"
#include "features/generation/functions.hpp"
#include "features/generation/masks.hpp"
#include "features/generation/matching.hpp"
#include "features/generation/orchestrator.hpp"
#include "features/generation/running.hpp"
#include "features/generation/tokens.hpp"
#include "platform/live.hpp"
#include "platform/log.hpp"
#include "ports/blobs.hpp"

// Carrying out an attempt: handing it over, following it, bringing the pictures home. A worker
// that dies leaves the key and, once the backend took it, the handle; whoever runs the job next
// goes on from there.
namespace atelier::generation {
namespace {

using ports::Trouble;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int reconnects = 3;
constexpr milliseconds reconnect_wait{200};
constexpr milliseconds progress_every{100}, preview_every{250}, stored_every{2'000};
constexpr milliseconds handle_after{100};

struct Work {
  store::Attempt attempt;
  store::Step step;
  store::Generation generation;
  store::Backend backend;
};

/// Absent when there is nothing left to do.
Result<std::optional<Work>> load(sql::Tx& tx, AttemptId id) {
  auto attempt = TRY(store::attempt(tx, id));
  if (!attempt || attempt->finished_at) return std::optional<Work>{};
  auto step = TRY(store::step(tx, attempt->step));
  if (!step) return std::optional<Work>{};
  TRY(store::load_graph(tx, *step));
  auto generation = TRY(store::generation(tx, step->generation));
  if (!generation) return std::optional<Work>{};
  std::optional<store::Backend> backend;
  if (attempt->backend) backend = TRY(store::backend(tx, *attempt->backend));
  Work work{std::move(*attempt), std::move(*step), std::move(*generation), {}};
  if (backend) work.backend = std::move(*backend);
  return std::optional<Work>(std::move(work));
}

/// Tells of progress as often as somebody can look, and stops what was canceled.
class Watch final : public ports::Watcher {
 public:
  Watch(platform::JobRun& run, const Work& work)
      : run_(run), services_(run.services()), work_(work),
        handle_known_(!work.attempt.handle.empty()), look_(running(services_).add(work.step.id)) {}
  ~Watch() override { running(services_).remove(work_.step.id, look_); }

  void progress(double part, std::string_view preview) override {
    part = std::clamp(part, 0.0, 1.0);
    const auto now = steady_clock::now();
    const bool ends = part >= 1 && part_ < 1;
    if (!preview.empty() && (now - previewed_ >= preview_every || ends)) {
      previewed_ = now;
      show(part, running(services_).put_preview(work_.step.id, preview));
    } else if (now - told_ >= progress_every || ends) {
      show(part, 0);
    }
    part_ = part;
    if (now - stored_ < stored_every) return;
    stored_ = now;
    services_.database->write(
        sql::Lane::bulk,
        [step = work_.step.id, part](sql::Tx& tx) { return store::set_progress(tx, step, part); },
        [](const Result<void>&) {});  // a hint: the next one comes soon
  }

  bool should_stop() override {
    if (!handle_known_) keep_handle();
    if (!canceled_ && look_->exchange(false)) look();
    return canceled_;
  }
  /// The server stops, or another worker has this job now.
  bool should_leave() override { return run_.should_stop(); }

  bool canceled() const { return canceled_; }

 private:
  /// Writes down where the work is, unless it ends so soon that this comes with its end. Until then
  /// whoever comes next finds the work by its key.
  void keep_handle() {
    if (work_.attempt.handle.empty() || steady_clock::now() - begun_ < handle_after) return;
    handle_known_ = true;
    services_.database->write(
        sql::Lane::interactive,
        [known = work_.attempt](sql::Tx& tx) -> Result<void> {
          const auto attempt = TRY(store::known_attempt(tx, known));
          return attempt ? store::update_attempt(tx, *attempt) : Result<void>{};
        },
        [](const Result<void>& written) {
          if (!written) log::warning("generation.handle", {{"code", written.error().code}});
        });
  }

  void look() {
    const auto attempt = sql::ask(*services_.database, [&](sql::Tx& tx) {
      return store::attempt(tx, work_.attempt.id);
    });
    if (!attempt) *look_ = true;
    else canceled_ = !*attempt || (*attempt)->state != AttemptState::open;
  }

  void show(double part, std::int64_t preview) {
    told_ = steady_clock::now();
    if (services_.live == nullptr) return;
    ProgressNews news{work_.generation.id, work_.step.id, part, ""};
    if (preview > 0) news.previewUrl = preview_url(work_.generation.id, work_.step.id, preview);
    const std::string json = schema::to_json(news);
    services_.live->send(topic_of(work_.generation.id), "progress", json);
    services_.live->send(topic_of(work_.generation.owner), "progress", json);
  }

  platform::JobRun& run_;
  Services& services_;
  const Work& work_;
  bool handle_known_;
  std::shared_ptr<std::atomic<bool>> look_;
  bool canceled_ = false;
  double part_ = 0;
  const steady_clock::time_point begun_ = steady_clock::now();
  steady_clock::time_point told_, previewed_, stored_ = begun_;
};

Result<std::string> bytes_of_blob(Services& services, const std::string& sha256) {
  if (sha256.empty()) return std::string();
  auto opened = services.blobs->open(sha256);
  if (!opened && opened.error().fault == Fault::missing)
    return ports::trouble(Trouble::invalid, "A picture that it starts from was deleted.");
  const ports::Blob blob = TRY(std::move(opened));
  std::string bytes(static_cast<std::size_t>(blob.size), '\0');
  std::size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t got = ::pread(blob.file->descriptor(), bytes.data() + at, bytes.size() - at,
                                static_cast<off_t>(at));
    if (got <= 0) return fail(Fault::unavailable, "storage_failed", "A picture cannot be read.");
    at += static_cast<std::size_t>(got);
  }
  return bytes;
}

Result<ports::Order> order_of(Services& services, const Work& work) {
  if (!work.backend.offer)
    return ports::trouble(Trouble::failed, "The backend was removed.");
  const Piece& piece = work.step.piece;
  ports::Order order = translate(*work.backend.offer, piece, work.attempt.key).order;
  order.source = TRY(bytes_of_blob(services, piece.source));
  if (!piece.mask.empty())
    order.mask = TRY(grey_mask(services, TRY(bytes_of_blob(services, piece.mask))));
  for (std::size_t i = 0; i < order.controls.size(); ++i)
    order.controls[i].picture = TRY(bytes_of_blob(services, piece.controls[i].picture));
  for (const PiecePicture& picture : piece.pictures) {
    std::string bytes = TRY(bytes_of_blob(services, picture.picture));
    if (picture.mask) bytes = TRY(grey_mask(services, bytes));
    order.pictures.push_back({picture.pointers, picture.mask, std::move(bytes)});
  }
  return order;
}

Result<void> end(platform::JobRun& run, const store::Attempt& known, const Error& error,
                 bool killed) {
  Services& services = run.services();
  return run.finish_with([&](sql::Tx& tx) -> Result<void> {
    auto attempt = TRY(store::known_attempt(tx, known));
    if (!attempt) return {};
    return attempt_failed(services, tx, std::move(*attempt), ports::trouble_of(error.code),
                          error.detail, killed);
  });
}

std::unexpected<Error> leave() {
  return fail(Fault::unavailable, "stopping", "The server stops; the next one goes on with it.");
}

/// Hands it over, unless that was done.
Result<void> submit(Services& services, ports::Generator& generator, Work& work,
                    const ports::Order& order) {
  if (!work.attempt.handle.empty()) return {};
  work.attempt.handle = TRY(generator.submit(order));
  work.attempt.submitted_at = services.clock->now();
  return {};
}

/// A connection that broke off is tried again before the work counts as gone.
Result<ports::Outcome> follow(ports::Generator& generator, const Work& work,
                              const ports::Order& order, Watch& watch) {
  for (int tries = 0;; ++tries) {
    auto outcome = generator.follow(work.attempt.handle, order, watch);
    if (outcome || ports::trouble_of(outcome.error().code) != Trouble::unreachable ||
        tries == reconnects)
      return outcome;
    for (auto waited = milliseconds(0); waited < reconnect_wait * (1 << tries);
         waited += milliseconds(50)) {
      if (watch.should_stop() || watch.should_leave()) return outcome;
      std::this_thread::sleep_for(milliseconds(50));
    }
  }
}

}  // namespace

Result<void> run_attempt(platform::JobRun& run, const AttemptArguments& in) {
  Services& services = run.services();
  auto loaded = TRY(sql::ask(*services.database,
                             [&](sql::Tx& tx) { return load(tx, in.attempt); }));
  if (!loaded) return {};
  Work& work = *loaded;
  const auto ended = [&](const Error& error, bool killed) {
    return end(run, work.attempt, error, killed);
  };
  const auto generator =
      services.generators == nullptr
          ? nullptr
          : services.generators->open(opened(services, work.backend.address));
  if (generator == nullptr)
    return ended(ports::trouble(Trouble::failed, "No engine here speaks this protocol.").error(),
                 false);
  Watch watch(run, work);
  if (watch.should_leave()) return leave();
  if (watch.should_stop() && work.attempt.handle.empty())
    return ended(ports::trouble(Trouble::canceled, "").error(), false);
  Result<ports::Order> order = order_of(services, work);
  // Our own storage: the job comes again.
  if (!order && !order.error().code.starts_with("generation_"))
    return std::unexpected(order.error());
  if (!order) return ended(order.error(), false);
  order->repeated = in.again || !run.is_first();
  const Result<void> submitted = submit(services, *generator, work, *order);
  if (!submitted) return ended(submitted.error(), false);
  Result<ports::Outcome> outcome = follow(*generator, work, *order, watch);
  if (!outcome) {
    if (watch.should_leave() && !watch.canceled()) return leave();
    const bool gone = ports::trouble_of(outcome.error().code) == Trouble::unreachable;
    return ended(outcome.error(), gone && !watch.canceled());
  }
  if (outcome->pictures.empty())
    return ended(ports::trouble(Trouble::failed, "The backend made no picture.").error(), false);
  const Making making{work.generation, work.step, work.attempt, *work.backend.offer};
  const auto pictures = prepare_pictures(services, making, *outcome);
  if (!pictures && pictures.error().fault == Fault::invalid)
    return ended(ports::trouble(Trouble::failed, "What the backend sent is no picture: " +
                                                     pictures.error().detail).error(), false);
  if (!pictures) return std::unexpected(pictures.error());
  return run.finish_with([&](sql::Tx& tx) {
    return deliver(services, tx, work.attempt, *pictures, outcome->note);
  });
}

}  // namespace atelier::generation

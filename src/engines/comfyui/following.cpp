#include "engines/comfyui/following.hpp"

#include <algorithm>
#include <thread>

#include "base/text.hpp"

namespace atelier::engines::comfyui {
namespace {

using ports::GenerationTask;
using ports::Trouble;
using ports::trouble;

constexpr int wait_ms = 100;
constexpr int written_ms = 10;  ///< from the last frame of the work until it is in the history
constexpr int quieter = 6;  ///< without a socket nothing is heard: patience is longer

std::unexpected<Error> left() {
  return trouble(Trouble::unreachable, "Nobody follows this work any more; it goes on.");
}

std::unexpected<Error> stopped() { return trouble(Trouble::canceled, "The work was stopped."); }

}  // namespace

Following::Following(const Options& options, const Server& server, std::string handle,
                     const ports::Order& order, Session session, ports::Watcher& watcher,
                     platform::Recent& canceled, Stop stop)
    : options_(options), server_(server), handle_(std::move(handle)), order_(order),
      session_(std::move(session)), watcher_(watcher), canceled_(canceled),
      stop_(std::move(stop)), course_(handle_, session_.graph) {
  look_now_ = !session_.socket;  // it may have ended while nobody looked
}

Result<ports::Outcome> Following::run() {
  while (true) {
    if (watcher_.should_leave()) return left();
    heed_stop();
    hear();
    const int every = session_.socket ? options_.look_with_socket_ms : options_.look_ms;
    if (!look_now_ && !past(looked_, every)) continue;
    look_now_ = false;
    looked_ = Clock::now();
    if (auto end = look()) return std::move(*end);
    if (stopping_ && past(*stopping_, options_.stop_ms))
      return trouble(Trouble::canceled, "The backend was told to stop and has not yet.");
  }
}

void Following::heed_stop() {
  if (stopping_ || !(watcher_.should_stop() || canceled_.has(handle_))) return;
  stopping_ = Clock::now();
  canceled_.add(handle_);
  (void)stop_(handle_);  // whatever came of it: history and queue tell
  look_now_ = true;
}

void Following::hear() {
  if (!session_.socket) {
    if (!look_now_) std::this_thread::sleep_for(std::chrono::milliseconds(wait_ms));
    return;
  }
  const auto wait = [&] { return look_now_ ? 0 : course_.over() ? written_ms : wait_ms; };
  while (const auto frame = session_.socket->next(wait())) {
    if (!course_.hear(*frame)) continue;
    heard_ = Clock::now();
    watcher_.progress(course_.part(), course_.take_preview().value_or(""));
    if (course_.in_history()) {
      look_now_ = true;
      return;
    }
    if (watcher_.should_stop() || watcher_.should_leave()) return;
  }
  if (!session_.socket->is_open()) session_.socket.reset();
  look_now_ = look_now_ || !session_.socket || course_.over();
}

Session Following::take_session() {
  if (!course_.in_history()) session_.socket.reset();
  return std::move(session_);
}

std::optional<Result<ports::Outcome>> Following::look() {
  const auto away = [&](const Error& error) -> std::optional<Result<ports::Outcome>> {
    if (!away_) away_ = Clock::now();
    if (ports::trouble_of(error.code) == Trouble::unreachable && !past(*away_, options_.away_ms))
      return std::nullopt;
    return std::unexpected(error);
  };
  const auto history = server_.history(handle_);
  if (!history) return away(history.error());
  if (*history) return ended(**history);
  const auto queue = server_.queue(handle_);
  if (!queue) return away(queue.error());
  away_.reset();
  if (queue->running || queue->pending) return look_at_queue(*queue);
  // It may have gone from the one to the other between the two looks.
  const auto again = server_.history(handle_);
  if (!again) return away(again.error());
  if (*again) return ended(**again);
  if (stopping_ || canceled_.has(handle_)) return stopped();
  return trouble(Trouble::lost, "The backend does not know this work any more.");
}

/// A worker that died leaves a server that answers all questions and does nothing.
std::optional<Result<ports::Outcome>> Following::look_at_queue(const Queue& queue) {
  const bool idle = queue.pending && !queue.running && queue.others_running == 0;
  if (!idle) idle_.reset();
  else if (!idle_) idle_ = Clock::now();
  if (idle_ && past(*idle_, options_.dead_ms))
    return trouble(Trouble::unreachable, "The backend answers but does no work.");
  if (queue.pending) heard_ = Clock::now();  // others' work is not silence of this one
  const int silence = options_.silence_ms * (session_.socket ? 1 : quieter);
  if (queue.running && past(heard_, silence))
    return trouble(Trouble::unreachable, "The backend has said nothing for too long.");
  if (course_.over()) {  // written into the history a moment later
    look_now_ = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return std::nullopt;
}

Result<ports::Outcome> Following::ended(const History& history) {
  // Also when the stop came too late: nobody wants the result any more.
  if (history.interrupted || stopping_ || canceled_.has(handle_)) return stopped();
  if (!history.ok) {
    const std::string why = history.fault.empty() ? "The backend failed." : history.fault;
    return trouble(history.out_of_memory ? Trouble::out_of_memory : Trouble::failed, why);
  }
  if (history.files.empty())
    return trouble(Trouble::failed, "The backend finished and showed no picture.");
  return fetched(history);
}

Result<ports::Outcome> Following::fetched(const History& history) {
  std::vector<ShownFile> files = history.files;
  std::ranges::stable_sort(files, {}, [](const ShownFile& file) {
    return parse_whole(file.node).value_or(0);  // in the order in which the nodes were numbered
  });
  ports::Outcome outcome{{}, session_.note};
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::uint64_t seed = order_.task == GenerationTask::graph ? order_.seed : order_.seed + i;
    outcome.pictures.push_back({TRY(server_.view(files[i])), seed});
  }
  watcher_.progress(1, {});
  return outcome;
}

}  // namespace atelier::engines::comfyui

#include "platform/job_run.hpp"

#include <algorithm>
#include <random>

#include "base/text.hpp"
#include "platform/services.hpp"

namespace atelier::platform {
namespace {

constexpr Millis backoff_max = 3'600'000;
constexpr std::size_t error_max = 2'000;  // bytes kept of a message

/// 1, 3, 9, … seconds, at most an hour, of which half is chance, so that jobs that failed together
/// do not come back together.
Millis backoff(int attempt) {
  Millis full = 1'000;
  for (int i = 1; i < attempt && full < backoff_max; ++i) full *= 3;
  full = std::min(full, backoff_max);
  thread_local std::minstd_rand random{std::random_device{}()};
  return full / 2 + std::uniform_int_distribution<Millis>(0, full / 2)(random);
}

/// What PostgreSQL takes as text: whole UTF-8 characters without NUL.
std::string cleaned(std::string_view text) {
  std::string kept(text.substr(0, error_max));
  while (kept.size() < text.size() && !kept.empty() && (text[kept.size()] & 0xC0) == 0x80)
    kept.pop_back();  // the cut went through a character
  if (is_text(kept)) return kept;
  for (char& byte : kept)
    if (byte == 0 || (byte & 0x80) != 0) byte = '?';
  return kept;
}

}  // namespace

void LeasedRun::progress(std::int64_t done, std::int64_t total, std::string_view note) {
  const std::lock_guard lock(mutex_);
  progress_.done = done;
  progress_.total = total;
  progress_.note = cleaned(note);
  progressed_ = true;
}

std::optional<LeasedRun::Progress> LeasedRun::take_progress() {
  const std::lock_guard lock(mutex_);
  if (!progressed_) return std::nullopt;
  progressed_ = false;
  return progress_;
}

Result<void> LeasedRun::finish_with(const sql::Body& effects) {
  const std::optional<Progress> last = take_progress();
  TRY(services_.database->write_now(sql::Lane::jobs, [&](sql::Tx& tx) -> Result<void> {
    if (last) TRY(jobs::save_progress(tx, hold(), last->done, last->total, last->note));
    const bool keep = kind_.kind.keep_completed_s > 0;
    if (!TRY(jobs::complete_one(tx, services_.clock->now(), hold(), keep)))
      return fail(Fault::conflict, "lease_lost", "another worker has this job now");
    return effects(tx);
  }));
  finished_ = true;
  return {};
}

Result<void> LeasedRun::work() {
  try {
    return kind_.work(*this, claim_.arguments);
  } catch (const std::exception& caught) {
    return fail(Fault::internal, "exception", caught.what());
  }
}

jobs::Ending LeasedRun::ending(const Result<void>& result, Millis now) const {
  jobs::Ending ending{claim_.id, claim_.token};
  if (result) return ending;
  const Error& error = result.error();
  ending.error = error.code + ": " + error.detail;
  for (const FieldFault& field : error.fields)
    ending.error += "; " + field.path + " " + field.detail;
  ending.error = cleaned(ending.error);
  if (cancelled_) {
    ending.state = JobState::cancelled;
  } else if (stopping_) {
    ending.state = JobState::pending;
    ending.error.clear();
    ending.give_back_attempt = true;
  } else if (claim_.attempt >= kind_.kind.attempts_max) {
    ending.state = JobState::failed;
  } else {
    ending.state = JobState::retrying;
    ending.run_at = now + std::max(backoff(claim_.attempt), Millis{error.retry_after_s} * 1'000);
  }
  return ending;
}

JobNews LeasedRun::news(JobState state, std::string_view error) const {
  const std::lock_guard lock(mutex_);
  return {claim_.id, kind_.name, state, claim_.attempt, progress_.done, progress_.total,
          progress_.note, std::string(error)};
}

}  // namespace atelier::platform

#pragma once
#include <string>

#include "features/generation/generation.hpp"
#include "platform/jobs.hpp"
#include "schema/describe.hpp"

/// What this feature's jobs are given, and what it tells those who watch.
namespace atelier::generation {

struct AttemptArguments {
  AttemptId attempt;
  bool again = false;  ///< an earlier job may have begun it
};
BOOST_DESCRIBE_STRUCT(AttemptArguments, (), (attempt, again))
struct WakeArguments {};
BOOST_DESCRIBE_STRUCT(WakeArguments, (), ())

/// Of the job that carries an attempt out; there is one at a time.
inline platform::JobOptions options_of(AttemptId attempt, UserId owner) {
  return {.priority = 20, .unique_key = std::to_string(attempt.value), .owner = owner};
}

/// Live "status": read the generation again for the rest.
struct StatusNews {
  GenerationId generation;
  GenerationStatus status = GenerationStatus::queued;
  std::string problemCode;
  std::int64_t charged = 0;
};
BOOST_DESCRIBE_STRUCT(StatusNews, (), (generation, status, problemCode, charged))

/// Live "progress", at most some ten a second.
struct ProgressNews {
  GenerationId generation;
  StepId step;
  double part = 0;               ///< 0 to 1
  std::string previewUrl;        ///< "" = no new preview
};
BOOST_DESCRIBE_STRUCT(ProgressNews, (), (generation, step, part, previewUrl))

inline std::string topic_of(GenerationId id) { return "generation:" + std::to_string(id.value); }
/// Everything of one member's.
inline std::string topic_of(UserId owner) { return "generations:" + std::to_string(owner.value); }

}  // namespace atelier::generation

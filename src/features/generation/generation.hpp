#pragma once
#include <boost/describe.hpp>

#include "base/ids.hpp"
#include "platform/feature.hpp"
#include "platform/ledger.hpp"

/// Making pictures: one request, any backend, nothing lost. A *generation* is what a member asked
/// for; its *steps* are orders for one backend each; an *attempt* is a step given to a backend; an
/// *artifact* is a picture that was delivered.
///
/// Events: generations/created, /changed, /canceled and /removed with the generation's number,
/// backends/changed with the backend's.
namespace atelier::generation {

using GenerationId = Id<struct GenerationTag>;
using StepId = Id<struct GenerationStepTag>;
using AttemptId = Id<struct GenerationAttemptTag>;
using BackendId = Id<struct BackendTag>;
using TemplateId = Id<struct WorkflowTemplateTag>;
using PresetId = Id<struct GenerationPresetTag>;

enum class GenerationStatus : unsigned char {
  queued, running, succeeded, failed, canceled, expired,
};
BOOST_DESCRIBE_ENUM(GenerationStatus, queued, running, succeeded, failed, canceled, expired)

constexpr bool is_final(GenerationStatus status) { return status >= GenerationStatus::succeeded; }

/// Who takes the money: until somebody is named, every hold and charge is recorded and balances
/// have no limit. Set once, before requests are served; the economy does.
void charge_by(platform::Ledger& ledger);

platform::Feature feature();

}  // namespace atelier::generation

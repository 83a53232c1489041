#pragma once
#include "platform/feature.hpp"

/// What whoever runs the house looks at: jobs, settings, live topics, metrics, health.
namespace atelier::operations {

platform::Feature feature();

}  // namespace atelier::operations

#pragma once
#include <vector>

#include "platform/feature.hpp"

namespace atelier::app {

/// Every feature of the house, in the order in which routes and jobs are listed. The one place
/// that a new feature is added to.
const std::vector<platform::Feature>& features();

}  // namespace atelier::app

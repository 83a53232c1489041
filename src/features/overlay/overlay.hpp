#pragma once
#include "platform/feature.hpp"

/// The viewer's own marks on things that are shown in lists. Lists themselves say nothing about
/// who looks at them, so that they can be kept for everybody; a page asks here for the rest.
namespace atelier::overlay {

platform::Feature feature();

}  // namespace atelier::overlay

#pragma once
#include "base/result.hpp"
#include "platform/feature.hpp"
#include "ports/database.hpp"

/// A small community that is plainly a demonstration: a few people and some forty models, whose
/// files are real safetensors of a few kilobytes with made-up numbers in them. Every person and
/// model of it is marked, and one call removes all of it.
namespace atelier::demo {

/// Fills an empty place. `conflict` (`demo_present`) if it is there already. Blocks; not in a
/// transaction.
Result<void> fill(Services& services);

platform::Feature feature();

}  // namespace atelier::demo

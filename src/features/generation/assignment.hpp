#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "features/generation/scheduler.hpp"

/// Who does what, where all that waits is planned at once. Pure.
///
/// A local search: each piece goes where it ends first, loading counted twice; then single pieces,
/// and all that a station has of a model, move elsewhere for as long as that helps. Less is better
/// of the sum of: when the last of it ends; the time loading takes; the same again, times how
/// likely the model that is lost is asked for soon; and a twentieth of when each station ends. So a
/// model is not brought to a second station to be done a little sooner, and what is seldom asked
/// for does not drive out what often is.
namespace atelier::generation {

/// For each of `waiting` one of its choices, null if it has none. At most twenty rounds, each of
/// time: choices times stations.
std::vector<const Choice*> assign(std::span<const Waiting> waiting,
                                  std::span<const Station> stations);

}  // namespace atelier::generation

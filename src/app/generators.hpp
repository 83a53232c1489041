#pragma once
#include <memory>

#include "ports/generator.hpp"
#include "ports/imaging.hpp"

namespace atelier::app {

/// Every kind of backend this program can speak with. `imaging` outlives what is opened.
std::unique_ptr<ports::Generators> make_generators(ports::Imaging& imaging);

}  // namespace atelier::app

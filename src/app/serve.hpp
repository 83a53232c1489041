#pragma once
#include "app/arguments.hpp"
#include "app/configuration.hpp"

namespace atelier::app {

/// Runs the server until SIGTERM or SIGINT; returns the exit code.
int serve(const Configuration& configuration, const Arguments& arguments);
/// Runs jobs and consumers only, until a signal.
int work(const Configuration& configuration);

}  // namespace atelier::app

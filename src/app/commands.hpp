#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "app/arguments.hpp"
#include "base/result.hpp"
#include "platform/services.hpp"

namespace atelier::app {

class House;

/// Where a command's lines go: standard output, or the control socket's other end.
using Print = std::function<void(std::string_view line)>;

/// Exit codes: 0 done, 1 our fault, 2 wrong usage or input, 3 refused, 4 no such thing,
/// 5 contradicts what is stored, 6 something we need is down.
int exit_code(const Error& error);

/// Runs an administration command on an open house, beside a server or without one.
Result<void> run_command(House& house, const Arguments& arguments, const Print& print);

}  // namespace atelier::app

#pragma once

namespace atelier {

/// Ends the process: a programmer's error was found. Prints where.
[[noreturn]] void check_failed(const char* what, const char* file, int line);

}  // namespace atelier

/// Holds in every build. For what only a bug in this program can break, never for input.
#define CHECK(condition) \
  ((condition) ? void(0) : ::atelier::check_failed(#condition, __FILE__, __LINE__))

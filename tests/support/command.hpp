#pragma once
#include <string>

namespace atelier::test {

/// What a shell command prints on both its outputs; throws that if it fails.
std::string output_of(const std::string& command);

}  // namespace atelier::test

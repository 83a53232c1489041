#pragma once
#include <filesystem>

namespace atelier::test {

/// The program that decodes pictures for a test: this test binary itself, started again. Calling
/// this is what links the part that then answers instead of the tests.
std::filesystem::path decoder();

}  // namespace atelier::test

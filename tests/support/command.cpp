#include "tests/support/command.hpp"

#include <array>
#include <cstdio>
#include <stdexcept>

namespace atelier::test {

std::string output_of(const std::string& command) {
  std::string output;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("popen: " + command);
  std::array<char, 4096> piece{};
  while (const std::size_t size = fread(piece.data(), 1, piece.size(), pipe))
    output.append(piece.data(), size);
  if (pclose(pipe) != 0) throw std::runtime_error(command + ": " + output);
  return output;
}

}  // namespace atelier::test

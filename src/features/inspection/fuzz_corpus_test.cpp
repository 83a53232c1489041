#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/fuzz/inspect_bytes.hpp"

namespace atelier::inspection {
namespace {

/// Every input that a fuzzer found worth keeping, through the target's own checks; then each with
/// every single byte of its beginning changed, which is what the fuzzers try first.
void replay(const std::string& folder, const char* name) {
  std::size_t files = 0;
  const std::filesystem::path root = ATELIER_SOURCE_DIR "/tests/fuzz/corpus/" + folder;
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const auto span = [&] {
      return std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    };
    fuzz::inspect_bytes(span(), name);
    for (std::size_t at = 0; at < std::min<std::size_t>(bytes.size(), 16); ++at) {
      bytes[at] = static_cast<char>(bytes[at] ^ 0xFF);
      fuzz::inspect_bytes(span(), name);
      bytes[at] = static_cast<char>(bytes[at] ^ 0xFF);
    }
    ++files;
  }
  EXPECT_GE(files, 5u) << folder;
}

TEST(FuzzCorpus, Safetensors) { replay("safetensors", "model.safetensors"); }
TEST(FuzzCorpus, Gguf) { replay("gguf", "model.gguf"); }
TEST(FuzzCorpus, Pickle) { replay("pickle", "model.ckpt"); }

}  // namespace
}  // namespace atelier::inspection

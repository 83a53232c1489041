#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/fuzz/recipe_bytes.hpp"

namespace atelier::recipes {
namespace {

/// Every kept input through the target's own checks, and with single bytes changed.
template <class Check>
void replay(const std::string& folder, Check check) {
  std::size_t files = 0;
  const std::filesystem::path root = ATELIER_SOURCE_DIR "/tests/fuzz/corpus/" + folder;
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const auto span = [&] {
      return std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    };
    check(span());
    for (std::size_t at = 0; at < bytes.size(); at += bytes.size() / 64 + 1) {
      bytes[at] = static_cast<char>(bytes[at] ^ 0xFF);
      check(span());
      bytes[at] = static_cast<char>(bytes[at] ^ 0xFF);
    }
    ++files;
  }
  EXPECT_GE(files, 5u) << folder;
}

TEST(RecipeFuzzCorpus, Files) { replay("recipe_files", fuzz::read_image); }
TEST(RecipeFuzzCorpus, Texts) { replay("recipe_texts", fuzz::read_recipe_text); }

}  // namespace
}  // namespace atelier::recipes

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/fuzz/http_bytes.hpp"
#include "tests/fuzz/json_bytes.hpp"

namespace atelier::http {
namespace {

/// Every input that a fuzzer found worth keeping, through the target's own checks.
template <class Read>
void replay(const std::string& folder, Read&& read) {
  std::size_t files = 0;
  const std::filesystem::path root = ATELIER_SOURCE_DIR "/tests/fuzz/corpus/" + folder;
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    std::ifstream file(entry.path(), std::ios::binary);
    read(std::string{std::istreambuf_iterator<char>(file), {}});
    ++files;
  }
  EXPECT_GE(files, 5u) << folder;
}

TEST(FuzzCorpus, Http) { replay("http", fuzz::read_http); }
TEST(FuzzCorpus, Json) { replay("json", fuzz::read_json_bytes); }

}  // namespace
}  // namespace atelier::http

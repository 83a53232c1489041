#include "tests/support/decoder.hpp"

#include <string_view>

#include "engines/vips/decode.hpp"

namespace atelier::test {
namespace {

/// Before main, which belongs to the test framework. glibc hands constructors main's arguments.
[[gnu::constructor]] void decode_instead(int count, char** words, char**) {
  if (count == 2 && std::string_view(words[1]) == vips::decode_word)
    vips::decode_pictures();
}

}  // namespace

std::filesystem::path decoder() { return "/proc/self/exe"; }

}  // namespace atelier::test

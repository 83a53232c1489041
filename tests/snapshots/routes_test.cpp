#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "app/features.hpp"
#include "schema/openapi.hpp"

namespace atelier {
namespace {

schema::Routes routes() {
  schema::Routes all;
  for (const platform::Feature& feature : app::features())
    if (feature.routes != nullptr) feature.routes(all);
  return all;
}

// With ATELIER_ACCEPT=1 (make accept) the file is written instead; the diff is for a reader.
void expect_snapshot(const std::string& name, const std::string& now) {
  const std::string path = ATELIER_SOURCE_DIR "/tests/snapshots/" + name;
  if (std::getenv("ATELIER_ACCEPT") != nullptr) std::ofstream(path, std::ios::binary) << now;
  std::ifstream file(path, std::ios::binary);
  const std::string kept((std::istreambuf_iterator<char>(file)), {});
  EXPECT_TRUE(kept == now) << path << " is not what the rows say: make accept, read the diff";
}

// One member or item a line, so that a changed member is a changed line.
std::string indented(const std::string& json) {
  std::string text;
  std::size_t depth = 0;
  bool quoted = false;
  const auto line = [&] { text += '\n' + std::string(depth * 2, ' '); };
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted) {
      text += c;
      if (c == '\\') text += json[++i];
      else if (c == '"') quoted = false;
      continue;
    }
    if (c == '}' || c == ']') {
      --depth;
      if (json[i - 1] != '{' && json[i - 1] != '[') line();
    }
    text += c;
    quoted = c == '"';
    if (c == ':') text += ' ';
    if (c == '{' || c == '[') ++depth;
    const bool opens = (c == '{' || c == '[') && json[i + 1] != '}' && json[i + 1] != ']';
    if (opens || c == ',') line();
  }
  return text + '\n';
}

TEST(Snapshots, OpenApi) { expect_snapshot("openapi.json", indented(schema::openapi(routes()))); }

TEST(Snapshots, Permissions) {
  expect_snapshot("permissions.txt", schema::permission_matrix(routes()));
}

}  // namespace
}  // namespace atelier

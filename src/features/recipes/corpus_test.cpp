#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "base/text.hpp"
#include "features/recipes/json_value.hpp"
#include "features/recipes/recipes.hpp"
#include "schema/json.hpp"

namespace atelier::recipes {
namespace {

namespace fs = std::filesystem;

std::string load(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The resource that agrees in every member that the corpus names.
bool holds_resource(const Recipe& recipe, const JsonValue& wanted) {
  for (const RecipeResource& found : recipe.resources) {
    bool same = schema::label_of(found.kind) == wanted.text_of("kind");
    if (const JsonValue* name = wanted.find("name")) same = same && found.name == name->text();
    if (const JsonValue* strength = wanted.find("strength"))
      same = same && found.strength &&
             std::abs(*found.strength - strength->real().value_or(99)) < 1e-9;
    if (const JsonValue* version = wanted.find("modelVersionId"))
      same = same && found.modelVersionId == version->whole();
    if (const JsonValue* hash = wanted.find("hash")) {
      bool hashed = false;
      for (const RecipeHash& one : found.hashes) hashed = hashed || one.value == hash->text();
      same = same && hashed;
    }
    if (same) return true;
  }
  return false;
}

/// Fields in their order; others may stand between them.
bool holds_fields(const Recipe& recipe, const JsonValue& wanted) {
  auto at = recipe.fields.begin();
  for (const JsonValue& pair : wanted.items()) {
    at = std::find_if(at, recipe.fields.end(), [&](const RecipeField& field) {
      return field.name == pair.items()[0].text() && field.value == pair.items()[1].text();
    });
    if (at == recipe.fields.end()) return false;
    ++at;
  }
  return true;
}

bool agrees(const JsonValue& wanted, const JsonValue* found) {
  if (found == nullptr) return wanted.is_text() && wanted.text().empty();
  if (wanted.is_object()) {
    for (std::size_t i = 0; i < wanted.names().size(); ++i)
      if (!agrees(wanted.items()[i], found->find(wanted.names()[i]))) return false;
    return true;
  }
  if (wanted.is_number())
    return found->real() && std::abs(*found->real() - *wanted.real()) < 1e-9;
  return trim(wanted.text()) == found->text();
}

struct Compared {
  std::size_t images = 0, fields = 0, wrong = 0;
};

/// What the files of a folder tell beside what its expected.json says they do.
Compared compare(const fs::path& folder) {
  Compared all;
  const auto expected = JsonValue::parse(load(folder / "expected.json"));
  if (!expected) return all;
  all.images = expected->names().size();
  for (std::size_t i = 0; i < all.images; ++i) {
    const std::string& name = expected->names()[i];
    const std::string bytes = load(folder / name);
    const Reading reading = read(std::as_bytes(std::span(bytes)));
    const std::string json = schema::to_json(reading.recipe);
    const auto found = JsonValue::parse(json);
    const auto count = [&](bool good, const std::string& what) {
      ++all.fields;
      if (!good && ++all.wrong <= 40)
        std::cout << name << ": " << what << "\n  found " << json.substr(0, 3000) << "\n";
    };
    const JsonValue& wanted = expected->items()[i];
    for (std::size_t k = 0; found && k < wanted.names().size(); ++k) {
      const std::string& member = wanted.names()[k];
      const JsonValue& value = wanted.items()[k];
      if (member == "resources") {
        for (const JsonValue& one : value.items())
          count(holds_resource(reading.recipe, one), one.written());
      } else if (member == "fields") {
        count(holds_fields(reading.recipe, value), value.written());
      } else {
        count(agrees(value, found->find(member)), member + " " + value.written());
      }
    }
    count(found && reading.recipe.faults.empty(), "faults");
  }
  std::cout << all.images << " images, " << all.fields << " fields, " << all.wrong << " wrong\n";
  return all;
}

class RecipeCorpus : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::string pattern = (fs::temp_directory_path() / "atelier-recipes-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    // Debian's own Python has the Pillow of python3-pil.
    const std::string command = "/usr/bin/python3 " ATELIER_SOURCE_DIR
                                "/tests/support/make_recipe_files.py " + folder.string() +
                                " > /dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0)
        << "needs python3-pil, libimage-exiftool-perl and imagemagick: tools/setup.sh test";
  }
  static void TearDownTestSuite() { fs::remove_all(folder); }
  static fs::path folder;
};
fs::path RecipeCorpus::folder;

TEST_F(RecipeCorpus, FieldsAreExact) {
  const Compared all = compare(folder);
  EXPECT_GE(all.images, 1000u);
  EXPECT_LE(static_cast<double>(all.wrong), 0.005 * static_cast<double>(all.fields));
}

/// Cut and overwritten files: something sane comes back, and it is valid JSON.
TEST_F(RecipeCorpus, BrokenFilesEnd) {
  std::size_t seen = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!entry.path().filename().string().starts_with("broken-")) continue;
    const std::string bytes = load(entry.path());
    const Reading reading = read(std::as_bytes(std::span(bytes)));
    EXPECT_TRUE(schema::from_json<Recipe>(schema::to_json(reading.recipe))) << entry.path();
    ++seen;
  }
  EXPECT_GE(seen, 100u);
}

/// What stands before a cut is found: a PNG without its end loses nothing but a fault.
TEST_F(RecipeCorpus, ACutAfterTheTextsLosesNothing) {
  std::size_t seen = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("broken-") || entry.path().extension() != ".png" || seen >= 50) continue;
    std::string bytes = load(entry.path());
    const Recipe whole = read(std::as_bytes(std::span(bytes))).recipe;
    bytes.resize(bytes.size() - 20);
    Recipe cut = read(std::as_bytes(std::span(bytes))).recipe;
    ASSERT_FALSE(cut.faults.empty()) << name;
    EXPECT_EQ(cut.faults[0].code, "cut");
    cut.faults.erase(cut.faults.begin());
    EXPECT_EQ(schema::to_json(cut), schema::to_json(whole)) << name;
    ++seen;
  }
  EXPECT_GE(seen, 20u);
}

TEST(RealFiles, FieldsAreExact) {
  const Compared all = compare(ATELIER_SOURCE_DIR "/tests/support/real_images");
  EXPECT_GE(all.images, 10u);
  EXPECT_EQ(all.wrong, 0u);
}

/// Of a folder of one's own (tests/support/real_images/README.md): whoever carries a graph with a
/// sampler, or A1111's text, tells how it was made.
TEST(RealFiles, OfAFolderOfOnesOwn) {
  const char* folder = std::getenv("ATELIER_REAL_IMAGES");
  if (folder == nullptr) GTEST_SKIP() << "ATELIER_REAL_IMAGES names no folder of real images";
  std::size_t images = 0, prompts = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string bytes = load(entry.path());
    const Reading reading = read(std::as_bytes(std::span(bytes)));
    const bool sampled = reading.graph.find("\"KSampler") != std::string::npos ||
                         reading.graph.find("\"SamplerCustom") != std::string::npos;
    const bool written = reading.recipe.tool == RecipeTool::automatic1111;
    if (!sampled && !written) continue;
    ++images;
    const Recipe& recipe = reading.recipe;
    EXPECT_TRUE(recipe.seed) << entry.path();
    EXPECT_TRUE(recipe.steps) << entry.path();
    prompts += !recipe.prompt.empty();
    EXPECT_FALSE(recipe.model.empty()) << entry.path();
    EXPECT_TRUE(recipe.faults.empty()) << entry.path();
  }
  std::cout << images << " real images, " << prompts << " with a prompt\n";
  EXPECT_GT(prompts, 0u);
  EXPECT_GE(prompts * 10, images * 9);  // some start from a picture alone
}

}  // namespace
}  // namespace atelier::recipes

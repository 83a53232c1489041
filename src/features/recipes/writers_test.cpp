#include "features/recipes/writers.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "features/recipes/resources.hpp"
#include "schema/json.hpp"

namespace atelier::recipes {
namespace {

std::span<const std::byte> span_of(const std::string& bytes) {
  return std::as_bytes(std::span(bytes));
}

std::string json_of(Recipe recipe) {
  recipe.faults.clear();
  return schema::to_json(recipe);
}

/// Words that the grammars could trip over, whole and in parts.
std::string odd_text() {
  static const std::vector<std::string> pieces = {
      "a lighthouse", ", ", ": ", "\n", "Negative prompt: ", "Steps: 20", "Steps: ", "\"", "{", "}",
      "[1]", "<lora:ink:0.5>", "<lora:x", "日本", "é", "😀", "\\", "Seed: 1, Size: 2x3, Model: m",
      "\r\n", " ", "embedding:bad", "Template: ", "None", "Atelier: {}", "None", "0x12", "\t", "="};
  std::string out;
  for (int i = *rc::gen::inRange(0, 7); i > 0; --i)
    out += pieces[*rc::gen::inRange<std::size_t>(0, pieces.size())];
  return out;
}

template <class T>
std::optional<T> perhaps(T value) {
  return *rc::gen::arbitrary<bool>() ? std::optional<T>(std::move(value)) : std::nullopt;
}

double odd_real() { return *rc::gen::inRange(-40000, 40000) / 1000.0; }

RecipeResource odd_resource() {
  RecipeResource resource;
  resource.kind = static_cast<ResourceKind>(*rc::gen::inRange(0, 16));
  resource.name = odd_text();
  resource.fileName = odd_text();
  resource.versionName = odd_text();
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i)
    resource.hashes.push_back({*rc::gen::arbitrary<bool>() ? "" : "blake3", odd_text()});
  if (*rc::gen::arbitrary<bool>()) resource.air = "urn:air:sdxl:lora:civitai:1@2";
  resource.modelId = perhaps<std::int64_t>(*rc::gen::inRange(1, 1 << 30));
  resource.modelVersionId = perhaps<std::int64_t>(*rc::gen::inRange(1, 1 << 30));
  resource.strength = perhaps(odd_real());
  resource.textStrength = perhaps(odd_real());
  return resource;
}

Recipe odd_recipe() {
  Recipe recipe;
  recipe.tool = static_cast<RecipeTool>(*rc::gen::inRange(0, 13));
  recipe.toolVersion = odd_text();
  recipe.prompt = odd_text();
  recipe.negativePrompt = odd_text();
  recipe.seed = perhaps(std::to_string(*rc::gen::arbitrary<std::uint64_t>()));
  recipe.steps = perhaps<std::int64_t>(*rc::gen::inRange(0, 200));
  recipe.sampler = *rc::gen::element<std::string>("", "Euler a", "DPM++ 2M Karras", odd_text());
  recipe.scheduler = *rc::gen::element<std::string>("", "Karras", odd_text());
  recipe.cfgScale = perhaps(odd_real());
  recipe.guidance = perhaps(odd_real());
  recipe.width = perhaps<std::int64_t>(*rc::gen::inRange(1, 4096));
  recipe.height = perhaps<std::int64_t>(*rc::gen::inRange(1, 4096));
  recipe.clipSkip = perhaps<std::int64_t>(*rc::gen::inRange(1, 12));
  recipe.denoise = perhaps(odd_real());
  recipe.variationSeed = perhaps(std::to_string(*rc::gen::arbitrary<std::uint64_t>()));
  recipe.variationStrength = perhaps(odd_real());
  if (*rc::gen::arbitrary<bool>()) {
    recipe.hires.emplace();
    recipe.hires->upscale = perhaps(odd_real());
    recipe.hires->width = perhaps<std::int64_t>(*rc::gen::inRange(1, 4096));
    recipe.hires->denoise = perhaps(odd_real());
    recipe.hires->upscaler = odd_text();
  }
  recipe.model = odd_text();
  recipe.modelHash = odd_text();
  recipe.vae = odd_text();
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) recipe.resources.push_back(odd_resource());
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
    recipe.fields.push_back({odd_text(), odd_text()});
  recipe.workflowName = odd_text();
  recipe.remixOfId = perhaps<std::int64_t>(*rc::gen::inRange(1, 1 << 30));
  recipe.createdAt = odd_text();
  return recipe;
}

TEST(WriteA1111, WhatIsWrittenReadsTheSame) {
  EXPECT_TRUE(rc::check("any recipe", [] {
    const Recipe recipe = odd_recipe();
    const std::string text = write_a1111(recipe);
    RC_ASSERT(json_of(read_text(text).recipe) == json_of(recipe));
  }));
}

TEST(WriteA1111, APlainRecipeStaysPlainText) {
  Recipe recipe;
  recipe.tool = RecipeTool::automatic1111;
  recipe.toolVersion = "v1.10.1";
  recipe.prompt = "a lighthouse <lora:ink:0.8>";
  recipe.negativePrompt = "rain";
  recipe.steps = 20;
  recipe.sampler = "Euler a";
  recipe.samplerKey = "euler_ancestral";
  recipe.seed = "7";
  recipe.width = 512;
  recipe.height = 768;
  recipe.model = "base";
  recipe.modelHash = "0123456789";
  RecipeResource model = named_resource(ResourceKind::checkpoint, "base");
  model.hashes.push_back({"", "0123456789"});
  RecipeResource ink = named_resource(ResourceKind::lora, "ink");
  ink.strength = 0.8;
  recipe.resources = {model, ink};
  EXPECT_EQ(write_a1111(recipe),
            "a lighthouse <lora:ink:0.8>\nNegative prompt: rain\nSteps: 20, Sampler: Euler a, "
            "Seed: 7, Size: 512x768, Model hash: 0123456789, Model: base, Version: v1.10.1");
}

/// Small files made by Pillow, without metadata.
class Files : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "atelier-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    const std::string command = "/usr/bin/python3 -c \"from PIL import Image\n"
                                "im = Image.radial_gradient('L').convert('RGBA')\n"
                                "im.save('" + pattern + "/a.png')\n"
                                "im.save('" + pattern + "/a.webp')\n"
                                "im.save('" + pattern + "/b.webp', lossless=True)\n"
                                "im.convert('RGB').save('" + pattern + "/c.webp')\n"
                                "im.convert('RGB').save('" + pattern + "/a.jpg', dpi=(72, 72))\"";
    ASSERT_EQ(std::system(command.c_str()), 0) << "python3-pil is missing";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string load(const std::string& name) const {
    std::ifstream file(folder_ + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void save(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ + "/" + name, std::ios::binary) << bytes;
  }
  /// Pillow's pixels of both are the same.
  bool same_pixels(const std::string& a, const std::string& b) const {
    const std::string command = "/usr/bin/python3 -c \"from PIL import Image\n"
                                "a, b = (Image.open('" + folder_ + "/' + n).convert('RGBA') "
                                "for n in ('" + a + "', '" + b + "'))\n"
                                "assert a.tobytes() == b.tobytes()\"";
    return std::system(command.c_str()) == 0;
  }
  std::string folder_;
};

TEST_F(Files, EveryContainerKeepsItsPixels) {
  Embedding embedding;
  embedding.parameters = "日本 a fox 😀\nSteps: 4, Sampler: Euler a, Seed: 5, Size: 8x8";
  embedding.graph = R"({"1": {"class_type": "X", "inputs": {"a": NaN}}})";
  embedding.workflow = R"({"nodes":  [],"links":[]})";
  embedding.digitalSourceType = "trainedAlgorithmicMedia";
  for (const std::string name : {"a.png", "a.webp", "b.webp", "c.webp", "a.jpg"}) {
    const std::string before = load(name);
    auto once = embed(span_of(before), embedding);
    ASSERT_TRUE(once) << name;
    auto twice = embed(span_of(*once), embedding);
    ASSERT_TRUE(twice) << name;
    for (const std::string& bytes : {*once, *twice}) {
      save("new-" + name, bytes);
      EXPECT_TRUE(same_pixels(name, "new-" + name)) << name;
      const Reading reading = read(span_of(bytes));
      EXPECT_EQ(reading.recipe.seed, "5") << name;
      EXPECT_EQ(reading.recipe.prompt, "日本 a fox 😀") << name;
      EXPECT_EQ(reading.graph, embedding.graph) << name;
      EXPECT_EQ(reading.workflow, embedding.workflow) << name;
      EXPECT_EQ(reading.recipe.digitalSourceType, "trainedAlgorithmicMedia") << name;
      EXPECT_TRUE(reading.recipe.faults.empty()) << name << reading.recipe.faults[0].text;
    }
    if (name == "a.png") {
      EXPECT_EQ(once->size(), twice->size());
    }
  }
}

TEST_F(Files, AnyRecipeInAnyContainer) {
  EXPECT_TRUE(rc::check("file round trip", [&] {
    const Recipe recipe = odd_recipe();
    for (const char* name : {"a.png", "a.webp", "a.jpg"}) {
      const auto file = embed(span_of(load(name)), {write_a1111(recipe), "", "", ""});
      if (!file) {
        RC_ASSERT(file.error().code == "metadata_too_large");
      } else {
        RC_ASSERT(json_of(read(span_of(*file)).recipe) == json_of(recipe));
      }
    }
  }));
}

TEST_F(Files, OtherMetadataStays) {
  save("camera.jpg", load("a.jpg"));
  const std::string file = folder_ + "/camera.jpg";
  const std::string mark = "exiftool -q -overwrite_original -Artist=Anna -Orientation#=6 "
                           "-ISO=200 -XMP-dc:Title=Title -Comment=kept " + file;
  ASSERT_EQ(std::system(mark.c_str()), 0) << "libimage-exiftool-perl is missing";
  const auto changed = embed(span_of(load("camera.jpg")), {"x\nSteps: 1, Seed: 2, Sampler: DDIM",
                                                           "", "", "algorithmicallyEnhanced"});
  ASSERT_TRUE(changed);
  save("camera.jpg", *changed);
  const std::string ask = "exiftool -s3 -Artist -Orientation# -ISO -Title -Comment -UserComment "
                          "-XMP:DigitalSourceType# -warning " + file + " > " + folder_ + "/out";
  ASSERT_EQ(std::system(ask.c_str()), 0);
  EXPECT_EQ(load("out"), "Anna\n6\n200\nTitle\nkept\nx.Steps: 1, Seed: 2, Sampler: DDIM\n"
                         "http://cv.iptc.org/newscodes/digitalsourcetype/"
                         "algorithmicallyEnhanced\n");
}

TEST(Embed, BrokenFilesAreRefused) {
  const Embedding embedding{"x", "", "", "trainedAlgorithmicMedia"};
  EXPECT_EQ(embed(span_of("GIF89a"), embedding).error().code, "unknown_format");
  for (const std::string& bytes : {std::string("\x89PNG\r\n\x1a\n"), std::string("\xFF\xD8\xFF"),
                                  std::string("RIFF\0\0\0\0WEBPVP8 ", 16)})
    EXPECT_EQ(embed(span_of(bytes), embedding).error().code, "broken_image");
}

}  // namespace
}  // namespace atelier::recipes

#include "features/recipes/a1111.hpp"

#include <gtest/gtest.h>

namespace atelier::recipes {
namespace {

Recipe parsed(std::string_view text) { return read_text(text).recipe; }

const RecipeResource& resource(const Recipe& recipe, ResourceKind kind, std::string_view name) {
  for (const RecipeResource& found : recipe.resources)
    if (found.kind == kind && found.name == name) return found;
  static const RecipeResource none;
  ADD_FAILURE() << "no resource " << name;
  return none;
}

std::string field(const Recipe& recipe, std::string_view name) {
  for (const RecipeField& found : recipe.fields)
    if (found.name == name) return found.value;
  return "absent";
}

TEST(A1111, TheCommonFormIsReadWhole) {
  const Recipe recipe = parsed(
      "a lighthouse, (storm:1.2) <lora:ink v2:0.8>\nsecond line\n"
      "Negative prompt: blurry, text\nSteps: 30, Sampler: DPM++ 2M Karras, CFG scale: 6.5, "
      "Seed: 18446744073709551615, Size: 512x768, Model hash: 6CE0161689, Model: v1-5-pruned, "
      "VAE hash: f921fb3f29, VAE: vae-ft-mse.ckpt, Denoising strength: 0.4, Clip skip: 2, "
      "Hires upscale: 2, Hires steps: 15, Hires upscaler: 4x-UltraSharp, "
      "Lora hashes: \"ink v2: 0123456789ab\", TI hashes: \"bad-hands: aabbccddeeff\", "
      "Version: v1.9.4");
  EXPECT_EQ(recipe.tool, RecipeTool::automatic1111);
  EXPECT_EQ(recipe.toolVersion, "v1.9.4");
  EXPECT_EQ(recipe.prompt, "a lighthouse, (storm:1.2) <lora:ink v2:0.8>\nsecond line");
  EXPECT_EQ(recipe.negativePrompt, "blurry, text");
  EXPECT_EQ(recipe.seed, "18446744073709551615");
  EXPECT_EQ(recipe.steps, 30);
  EXPECT_EQ(recipe.sampler, "DPM++ 2M Karras");
  EXPECT_EQ(recipe.samplerKey, "dpmpp_2m");
  EXPECT_EQ(recipe.schedulerKey, "karras");
  EXPECT_EQ(recipe.cfgScale, 6.5);
  EXPECT_EQ(recipe.width, 512);
  EXPECT_EQ(recipe.height, 768);
  EXPECT_EQ(recipe.clipSkip, 2);
  EXPECT_EQ(recipe.denoise, 0.4);
  ASSERT_TRUE(recipe.hires);
  EXPECT_EQ(recipe.hires->upscale, 2);
  EXPECT_EQ(recipe.hires->steps, 15);
  EXPECT_EQ(recipe.modelHash, "6ce0161689");
  EXPECT_EQ(resource(recipe, ResourceKind::checkpoint, "v1-5-pruned").hashes[0].value,
            "6ce0161689");
  const RecipeResource& ink = resource(recipe, ResourceKind::lora, "ink v2");
  EXPECT_EQ(ink.strength, 0.8);
  ASSERT_EQ(ink.hashes.size(), 1u);
  EXPECT_EQ(ink.hashes[0].value, "0123456789ab");
  EXPECT_EQ(resource(recipe, ResourceKind::embedding, "bad-hands").hashes[0].value,
            "aabbccddeeff");
  EXPECT_EQ(resource(recipe, ResourceKind::vae, "vae-ft-mse").hashes[0].value, "f921fb3f29");
  resource(recipe, ResourceKind::upscaler, "4x-UltraSharp");
  EXPECT_TRUE(recipe.faults.empty());
}

TEST(A1111, ValuesMayHoldCommasColonsAndJson) {
  const Recipe recipe = parsed(
      "x\nSteps: 20, Sampler: Euler a, Seed: 1, "
      "ControlNet 0: \"Module: openpose, Model: control_openpose [cab727d4], Weight: 0.7\", "
      "ADetailer prompt: \"a face,\\nsmiling: yes\", ADetailer model: face_yolov8n.pt, "
      "Hashes: {\"model\": \"abcdef0123\", \"lora:a, b\": \"00112233\"}, "
      "Civitai resources: [{\"type\":\"checkpoint\",\"modelVersionId\":128713},"
      "{\"type\":\"lora\",\"weight\":0.65,\"modelVersionId\":7,\"modelName\":\"Ink: a, b\"}], "
      "Civitai metadata: {\"remixOfId\":42,\"workflow\":\"txt2img\"}, "
      "Created Date: 2026-02-25T22:09:08Z, Odd / key-1: va:lue, RNG");
  EXPECT_EQ(field(recipe, "ADetailer prompt"), "a face,\nsmiling: yes");
  EXPECT_EQ(field(recipe, "Odd / key-1"), "va:lue");
  EXPECT_EQ(field(recipe, "RNG"), "RNG");
  EXPECT_EQ(recipe.createdAt, "2026-02-25T22:09:08Z");
  EXPECT_EQ(recipe.remixOfId, 42);
  EXPECT_EQ(recipe.workflowName, "txt2img");
  EXPECT_EQ(resource(recipe, ResourceKind::controlnet, "control_openpose").strength, 0.7);
  resource(recipe, ResourceKind::detection, "face_yolov8n");
  EXPECT_EQ(resource(recipe, ResourceKind::lora, "Ink: a, b").modelVersionId, 7);
  EXPECT_EQ(resource(recipe, ResourceKind::lora, "a, b").hashes[0].value, "00112233");
  EXPECT_EQ(recipe.tool, RecipeTool::civitai);
  EXPECT_TRUE(recipe.faults.empty());
}

TEST(A1111, OneBadPairSpoilsNothingElse) {
  const Recipe recipe = parsed(
      "x\nSteps: many, Sampler: Euler, Seed: -1, CFG scale: 7, Hashes: {\"model\": , "
      "Lora hashes: \"broken, Size: 64x64");
  EXPECT_FALSE(recipe.steps);
  EXPECT_FALSE(recipe.seed);
  EXPECT_EQ(recipe.cfgScale, 7);
  EXPECT_EQ(recipe.width, 64);
  EXPECT_EQ(field(recipe, "Steps"), "many");
  EXPECT_GE(recipe.faults.size(), 3u);
}

TEST(A1111, PromptsThatLookLikeSettings) {
  const Recipe recipe = parsed(
      "Steps: to heaven, one two\nsize: big, color: red, mood: sad\nNegative prompt: a\n"
      "Negative prompt: b\nSteps: 4, Sampler: LCM, Seed: 5, Size: 8x8");
  EXPECT_EQ(recipe.prompt, "Steps: to heaven, one two\nsize: big, color: red, mood: sad");
  EXPECT_EQ(recipe.negativePrompt, "a\nNegative prompt: b");
  EXPECT_EQ(recipe.steps, 4);
}

TEST(A1111, OneLineAndCarriageReturnsAndTemplates) {
  const Recipe jammed = parsed("a cat.Negative prompt: dogs Steps: 4, Seed: 1, Sampler: Euler");
  EXPECT_EQ(jammed.prompt, "a cat.");
  EXPECT_EQ(jammed.negativePrompt, "dogs");
  EXPECT_EQ(jammed.steps, 4);
  const Recipe windows = parsed("a\r\nNegative prompt: b\r\nSteps: 1, Seed: 2, Sampler: DDIM,\r\n");
  EXPECT_EQ(windows.prompt, "a");
  EXPECT_EQ(windows.negativePrompt, "b");
  EXPECT_EQ(windows.samplerKey, "ddim");
  const Recipe dynamic = parsed("a\nSteps: 1, Seed: 2, Sampler: DDIM\nTemplate: {a|b},\nc\n"
                                "Negative Template: n");
  EXPECT_EQ(field(dynamic, "Template"), "{a|b},\nc");
  EXPECT_EQ(field(dynamic, "Negative Template"), "n");
  EXPECT_EQ(dynamic.prompt, "a");
}

TEST(A1111, ExtraNetworks) {
  const Recipe recipe = parsed(
      "<lora:Файл 1.0:-.5> <lora:dir\\sub\\x.safetensors:0.5:0.7> <lyco:y> <hypernet:h:1>"
      "<lora:z:te=0.2:unet=0.9> <3 <b:c> <lora:>\nSteps: 1, Seed: 2, Sampler: DDIM");
  EXPECT_EQ(resource(recipe, ResourceKind::lora, "Файл 1.0").strength, -0.5);
  const RecipeResource& x = resource(recipe, ResourceKind::lora, "x");
  EXPECT_EQ(x.strength, 0.7);
  EXPECT_EQ(x.textStrength, 0.5);
  EXPECT_EQ(x.fileName, "dir\\sub\\x.safetensors");
  EXPECT_EQ(resource(recipe, ResourceKind::lycoris, "y").strength, 1);
  resource(recipe, ResourceKind::hypernetwork, "h");
  const RecipeResource& z = resource(recipe, ResourceKind::lora, "z");
  EXPECT_EQ(z.strength, 0.9);
  EXPECT_EQ(z.textStrength, 0.2);
  EXPECT_EQ(recipe.resources.size(), 5u);
}

TEST(A1111, HashListsOfAnyShapeEnd) {
  for (const char* list : {",", ", : 0123456789", "a, b: c: 0123456789ab,", ",,,,", ":", "x:,y:"})
    parsed(std::string("x\nSteps: 1, Seed: 2, Sampler: DDIM, TI hashes: \"") + list +
           "\", Lora hashes: \"" + list + "\"");
  const Recipe recipe = parsed("x\nSteps: 1, Seed: 2, Sampler: DDIM, Lora hashes: "
                               "\"a, b: c: 0123456789ab, d: 00112233\"");
  resource(recipe, ResourceKind::lora, "a, b: c");
  resource(recipe, ResourceKind::lora, "d");
  parsed("x\nSteps: 1, Seed: 2, Sampler: DDIM, Lora hashes: \"" + std::string(1 << 20, ',') +
         "\"");
}

TEST(A1111, TextWithoutSettingsIsNoRecipe) {
  EXPECT_FALSE(looks_like_a1111("Copyright: me, License: mine, Year: 2024"));
  EXPECT_FALSE(tells(parsed("just a comment")));
  EXPECT_FALSE(tells(parsed("")));
}

}  // namespace
}  // namespace atelier::recipes

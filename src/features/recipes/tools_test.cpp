#include "features/recipes/tools.hpp"

#include <gtest/gtest.h>

#include "features/recipes/samplers.hpp"

namespace atelier::recipes {
namespace {

Recipe from(std::string place, std::string text) {
  return read_carried({{std::move(place), std::move(text)}}).recipe;
}

std::string field(const Recipe& recipe, std::string_view name) {
  for (const RecipeField& found : recipe.fields)
    if (found.name == name) return found.value;
  return "absent";
}

TEST(SwarmUi, NumbersMayStandInQuotes) {
  const Recipe recipe = from("png:parameters", R"({"sui_image_params": {"prompt": "a cat",
    "negativeprompt": "dogs", "model": "Off/sd_xl", "seed": "18446744073709551615",
    "steps": "20", "cfgscale": "7.0", "width": 768, "height": 1024, "sampler": "dpmpp_2m",
    "scheduler": "karras", "loras": "a/ink,wash", "loraweights": "0.5,1", "odd": [1, 2],
    "refinerupscale": 1.5, "refinercontrolpercentage": 0.3, "swarm_version": "0.9"},
    "sui_extra_data": {"date": "2026-01-03"},
    "sui_models": [{"name": "Off/sd_xl.safetensors", "param": "model", "hash":
    "0x22d8cb95b807b0c242576b676a12b07ae6b782b57ae4fe07a07254801b2d5d61"}]})");
  EXPECT_EQ(recipe.tool, RecipeTool::swarmui);
  EXPECT_EQ(recipe.seed, "18446744073709551615");
  EXPECT_EQ(recipe.steps, 20);
  EXPECT_EQ(recipe.cfgScale, 7);
  EXPECT_EQ(recipe.schedulerKey, "karras");
  EXPECT_EQ(recipe.model, "sd_xl");
  ASSERT_EQ(recipe.resources.size(), 3u);
  EXPECT_EQ(recipe.resources[0].hashes[0].algorithm, "autov3");
  EXPECT_EQ(recipe.resources[1].name, "ink");
  EXPECT_EQ(recipe.resources[1].strength, 0.5);
  ASSERT_TRUE(recipe.hires);
  EXPECT_EQ(recipe.hires->denoise, 0.3);
  EXPECT_EQ(field(recipe, "odd"), "[1, 2]");
  EXPECT_TRUE(recipe.faults.empty());
}

TEST(Fooocus, BothSchemes) {
  const Recipe json = from("exif:UserComment", R"json({"prompt": "a", "negative_prompt": "b",
    "base_model": "jugg", "base_model_hash": "aeb7e9e689", "guidance_scale": 4,
    "lora_combined_1": "ink : 0.1", "loras": [["ink", 0.1, "4852686128"]],
    "resolution": "(896, 1152)", "sampler": "dpmpp_2m_sde_gpu", "scheduler": "karras",
    "seed": "127589946317439009", "steps": 30, "vae": "Default (model)",
    "version": "Fooocus v2.5.5", "metadata_scheme": "fooocus"})json");
  EXPECT_EQ(json.tool, RecipeTool::fooocus);
  EXPECT_EQ(json.width, 896);
  EXPECT_EQ(json.samplerKey, "dpmpp_2m_sde");
  ASSERT_EQ(json.resources.size(), 2u);
  EXPECT_EQ(json.resources[1].name, "ink");
  EXPECT_EQ(json.resources[1].hashes[0].value, "4852686128");
  const Reading text = read_carried({{"png:parameters", "a\nSteps: 30, Sampler: DPM++ 2M SDE "
    "Karras, Seed: 5, Size: 8x8, Version: Fooocus v2.5.5"}, {"png:fooocus_scheme", "a1111"}});
  EXPECT_EQ(text.recipe.tool, RecipeTool::fooocus);
}

TEST(NovelAi, CaptionsOfV4) {
  const Reading reading = read_carried({
      {"png:Software", "NovelAI"}, {"png:Source", "NovelAI Diffusion V4.5 4BDE2A90"},
      {"png:Comment", R"({"prompt": "2girls", "steps": 28, "height": 1216, "width": 832,
        "scale": 5.0, "seed": 1, "noise_schedule": "karras", "sampler": "k_euler_ancestral",
        "v4_prompt": {"caption": {"base_caption": "2girls", "char_captions": [
          {"char_caption": "red hair", "centers": []}, {"char_caption": "hat"}]}},
        "v4_negative_prompt": {"caption": {"base_caption": "lowres", "char_captions": []}}})"}});
  const Recipe& recipe = reading.recipe;
  EXPECT_EQ(recipe.tool, RecipeTool::novelai);
  EXPECT_EQ(recipe.negativePrompt, "lowres");
  EXPECT_EQ(field(recipe, "Character 2"), "hat");
  EXPECT_EQ(recipe.samplerKey, "euler_ancestral");
  EXPECT_EQ(recipe.model, "NovelAI Diffusion V4.5");
  EXPECT_EQ(recipe.modelHash, "4bde2a90");
  const Recipe old = read_carried({{"png:Description", "a cat"}, {"png:Source", "SD 1D44365E"},
    {"png:Comment", R"({"steps": 50, "sampler": "k_lms", "seed": 3, "uc": "x", "scale": 11})"}})
    .recipe;
  EXPECT_EQ(old.prompt, "a cat");
  EXPECT_EQ(old.negativePrompt, "x");
}

TEST(NovelAi, StealthTextComesThroughTheHook) {
  const Recipe good = from("stealth:Comment", "{\"Comment\": \"{\\\"uc\\\": \\\"n\\\", \\\"seed"
    "\\\": 9, \\\"prompt\\\": \\\"p\\\"}\", \"Source\": \"NovelAI Diffusion V4 C02D4F98\"}");
  EXPECT_EQ(good.prompt, "p");
  EXPECT_EQ(good.seed, "9");
  EXPECT_EQ(good.modelHash, "c02d4f98");
}

TEST(InvokeAi, ThreeGenerations) {
  const Recipe now = from("png:invokeai_metadata", R"({"positive_prompt": "a", "negative_prompt":
    "b", "seed": 1, "steps": 24, "cfg_scale": 6.0, "scheduler": "euler_a", "clip_skip": 0,
    "width": 8, "height": 9, "model": {"name": "wai", "hash": "blake3:7c1631b481e1", "base":
    "sdxl"}, "loras": [{"model": {"name": "ink"}, "weight": 0.7}], "app_version": "6.10.0",
    "ipAdapters": [{"ip_adapter_model": {"model_name": "plus"}, "weight": 0.45}]})");
  EXPECT_EQ(now.samplerKey, "euler_ancestral");
  EXPECT_EQ(now.clipSkip, 1);
  ASSERT_EQ(now.resources.size(), 3u);
  EXPECT_EQ(now.resources[0].hashes[0].algorithm, "blake3");
  EXPECT_EQ(now.resources[2].strength, 0.45);
  const Recipe middle = from("png:sd-metadata", R"({"model_weights": "deliberate", "model_hash":
    "56d1442a0feefd64", "app_version": "2.3.0", "image": {"prompt": [{"prompt": "a [b, c]"}],
    "steps": 50, "seed": 2, "sampler": "k_lms", "cfg_scale": 5, "width": 8, "height": 9}})");
  EXPECT_EQ(middle.prompt, "a");
  EXPECT_EQ(middle.negativePrompt, "b, c");
  EXPECT_EQ(middle.modelHash, "56d1442a0feefd64");
  const Recipe old = from("png:Dream", R"("a [b]" -s 50 -S 29 -W 512 -H 768 -C 5.5 -A k_lms)");
  EXPECT_EQ(old.seed, "29");
  EXPECT_EQ(old.height, 768);
  EXPECT_EQ(old.samplerKey, "lms");
}

TEST(EasyDiffusion, TextsApartOrTogether) {
  const Reading apart = read_carried({{"png:prompt", "a"}, {"png:negative_prompt", "b"},
    {"png:seed", "4"}, {"png:num_inference_steps", "25"}, {"png:sampler_name", "euler_a"},
    {"png:use_stable_diffusion_model", "/m/sd-v1-4.ckpt"}, {"png:use_lora_model", "[\"ink\"]"},
    {"png:lora_alpha", "[0.4]"}});
  EXPECT_EQ(apart.recipe.tool, RecipeTool::easy_diffusion);
  EXPECT_EQ(apart.recipe.seed, "4");
  EXPECT_EQ(apart.recipe.model, "sd-v1-4");
  ASSERT_EQ(apart.recipe.resources.size(), 2u);
  EXPECT_EQ(apart.recipe.resources[1].strength, 0.4);
  EXPECT_EQ(from("exif:UserComment", R"({"Prompt": "a", "Seed": 4, "Stable Diffusion model":
    "sd", "Steps": 5, "Guidance Scale": 7.5})").cfgScale, 7.5);
}

TEST(DrawThings, JsonInXmp) {
  const Recipe recipe = from("xmp:UserComment", R"({"c": "a", "uc": "b", "seed": 5, "steps": 8,
    "sampler": "DPM++ 2M Karras", "scale": 4, "size": "512x640", "model": "x_f16.ckpt",
    "lora": [{"model": "ink.ckpt", "weight": 0.6}]})");
  EXPECT_EQ(recipe.tool, RecipeTool::draw_things);
  EXPECT_EQ(recipe.height, 640);
  EXPECT_EQ(recipe.schedulerKey, "karras");
  ASSERT_EQ(recipe.resources.size(), 2u);
}

TEST(Civitai, TheSummaryBesideAGraph) {
  const Recipe recipe = from("exif:UserComment", R"({"resource-stack": {"class_type":
    "CheckpointLoaderSimple", "inputs": {"ckpt_name": "urn:air:sdxl:checkpoint:civitai:8@25"}},
    "extra": {"airs": ["urn:air:other:upscaler:civitai:147759@164821"]}, "extraMetadata":
    "{\"prompt\": \"a\", \"steps\": 25, \"seed\": 7, \"sampler\": \"Euler a\",
    \"resources\": [{\"modelVersionId\": 25, \"strength\": 1}], \"remixOfId\": 9}"})");
  EXPECT_EQ(recipe.tool, RecipeTool::civitai);
  EXPECT_EQ(recipe.remixOfId, 9);
  ASSERT_EQ(recipe.resources.size(), 2u);
  EXPECT_EQ(recipe.resources[0].modelVersionId, 25);
  EXPECT_EQ(recipe.resources[0].kind, ResourceKind::checkpoint);
}

TEST(Samplers, EverySpelling) {
  const auto both = [](std::string_view sampler, std::string_view scheduler = "") {
    const SamplerChoice choice = canonical_sampler(sampler, scheduler);
    return choice.sampler + "/" + choice.scheduler;
  };
  EXPECT_EQ(both("DPM++ 2M Karras"), "dpmpp_2m/karras");
  EXPECT_EQ(both("DPM++ 2M SDE Heun Exponential"), "dpmpp_2m_sde_heun/exponential");
  EXPECT_EQ(both("DPM++ 2M", "SGM Uniform"), "dpmpp_2m/sgm_uniform");
  EXPECT_EQ(both("k_euler_ancestral"), "euler_ancestral/");
  EXPECT_EQ(both("dpmpp_2m_k"), "dpmpp_2m/karras");
  EXPECT_EQ(both("Euler a", "Automatic"), "euler_ancestral/");
  EXPECT_EQ(both("sample_dpmpp_sde"), "dpmpp_sde/");
  EXPECT_EQ(both("invented"), "/");
  // No two rows may share a spelling.
  for (const auto& names : {samplers(), schedulers()})
    for (const SamplerName& row : names) {
      const bool of_samplers = names.data() == samplers().data();
      const auto choice = of_samplers ? canonical_sampler(row.name, "")
                                      : canonical_sampler("", row.name);
      EXPECT_EQ(of_samplers ? choice.sampler : choice.scheduler, row.key);
    }
}

}  // namespace
}  // namespace atelier::recipes

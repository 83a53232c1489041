#include "features/recipes/comfyui.hpp"

#include <gtest/gtest.h>

namespace atelier::recipes {
namespace {

Reading from_graph(const std::string& prompt) {
  return read_carried({{"png:prompt", prompt}});
}

constexpr const char* classic = R"({
 "3": {"class_type": "KSampler", "inputs": {"seed": 18446744073709551615, "steps": 25, "cfg": 7.5,
   "sampler_name": "dpmpp_2m_sde_gpu", "scheduler": "karras", "denoise": 1.0, "model": ["10", 0],
   "positive": ["6", 0], "negative": ["7", 0], "latent_image": ["5", 0]}},
 "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "xl\\base.safetensors"}},
 "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 832, "height": 1216,
   "batch_size": 1}, "is_changed": [NaN]},
 "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a lighthouse, embedding:calm",
   "clip": ["11", 0]}},
 "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "rain", "clip": ["11", 0]}},
 "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["12", 0]}},
 "9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "x", "images": ["8", 0]}},
 "10": {"class_type": "LoraLoader", "inputs": {"lora_name": "ink.safetensors",
   "strength_model": 0.8, "strength_clip": 0.5, "model": ["4", 0], "clip": ["4", 1]}},
 "11": {"class_type": "CLIPSetLastLayer", "inputs": {"stop_at_clip_layer": -2,
   "clip": ["10", 1]}},
 "12": {"class_type": "VAELoader", "inputs": {"vae_name": "fix.pt"}}})";

TEST(ComfyUi, TheDefaultGraph) {
  const Reading reading = from_graph(classic);
  const Recipe& recipe = reading.recipe;
  EXPECT_EQ(reading.graph, classic);
  EXPECT_EQ(recipe.tool, RecipeTool::comfyui);
  EXPECT_EQ(recipe.seed, "18446744073709551615");
  EXPECT_EQ(recipe.steps, 25);
  EXPECT_EQ(recipe.cfgScale, 7.5);
  EXPECT_EQ(recipe.sampler, "dpmpp_2m_sde_gpu");
  EXPECT_EQ(recipe.samplerKey, "dpmpp_2m_sde");
  EXPECT_EQ(recipe.schedulerKey, "karras");
  EXPECT_EQ(recipe.prompt, "a lighthouse, embedding:calm");
  EXPECT_EQ(recipe.negativePrompt, "rain");
  EXPECT_EQ(recipe.width, 832);
  EXPECT_EQ(recipe.height, 1216);
  EXPECT_EQ(recipe.clipSkip, 2);
  EXPECT_EQ(recipe.model, "base");
  EXPECT_EQ(recipe.vae, "fix");
  ASSERT_EQ(recipe.resources.size(), 4u);
  EXPECT_EQ(recipe.resources[1].name, "ink");
  EXPECT_EQ(recipe.resources[1].strength, 0.8);
  EXPECT_EQ(recipe.resources[1].textStrength, 0.5);
  EXPECT_EQ(recipe.resources[3].kind, ResourceKind::embedding);
  EXPECT_TRUE(recipe.faults.empty());
}

TEST(ComfyUi, FluxBySamplerCustomAdvanced) {
  const Recipe recipe = from_graph(R"json({
   "1": {"class_type": "SamplerCustomAdvanced", "inputs": {"noise": ["2", 0], "guider": ["3", 0],
     "sampler": ["4", 0], "sigmas": ["5", 0], "latent_image": ["6", 0]}},
   "2": {"class_type": "RandomNoise", "inputs": {"noise_seed": ["20", 0]}},
   "20": {"class_type": "PrimitiveInt", "inputs": {"value": 77}},
   "3": {"class_type": "BasicGuider", "inputs": {"model": ["12", 0], "conditioning": ["7", 0]}},
   "4": {"class_type": "KSamplerSelect", "inputs": {"sampler_name": "euler"}},
   "5": {"class_type": "BasicScheduler", "inputs": {"scheduler": "beta", "steps": 28,
     "denoise": 1, "model": ["12", 0]}},
   "6": {"class_type": "EmptySD3LatentImage", "inputs": {"width": ["21", 0], "height": 1024}},
   "21": {"class_type": "PrimitiveInt", "inputs": {"value": 768}},
   "7": {"class_type": "FluxGuidance", "inputs": {"guidance": 3.5, "conditioning": ["8", 0]}},
   "8": {"class_type": "CLIPTextEncode", "inputs": {"text": ["9", 0], "clip": ["11", 0]}},
   "9": {"class_type": "StringConcatenate", "inputs": {"string_a": "a fox", "string_b": ["10", 0],
     "delimiter": " and "}},
   "10": {"class_type": "PrimitiveStringMultiline", "inputs": {"value": "a hen"}},
   "11": {"class_type": "DualCLIPLoader", "inputs": {"clip_name1": "t5xxl.safetensors",
     "clip_name2": "clip_l.safetensors", "type": "flux"}},
   "12": {"class_type": "Power Lora Loader (rgthree)", "inputs": {"model": ["13", 0],
     "lora_1": {"on": true, "lora": "a.safetensors", "strength": 0.9},
     "lora_2": {"on": false, "lora": "b.safetensors", "strength": 1}}},
   "13": {"class_type": "UNETLoader", "inputs": {"unet_name": "flux1-dev.safetensors"}},
   "14": {"class_type": "VAEDecode", "inputs": {"samples": ["1", 0], "vae": ["15", 0]}},
   "15": {"class_type": "VAELoader", "inputs": {"vae_name": "ae.safetensors"}},
   "16": {"class_type": "SaveImage", "inputs": {"images": ["14", 0]}}})json").recipe;
  EXPECT_EQ(recipe.seed, "77");
  EXPECT_EQ(recipe.steps, 28);
  EXPECT_EQ(recipe.guidance, 3.5);
  EXPECT_FALSE(recipe.cfgScale);
  EXPECT_EQ(recipe.samplerKey, "euler");
  EXPECT_EQ(recipe.schedulerKey, "beta");
  EXPECT_EQ(recipe.prompt, "a fox and a hen");
  EXPECT_EQ(recipe.negativePrompt, "");
  EXPECT_EQ(recipe.width, 768);
  EXPECT_EQ(recipe.model, "flux1-dev");
  ASSERT_EQ(recipe.resources.size(), 5u);
  EXPECT_EQ(recipe.resources[1].name, "a");
}

TEST(ComfyUi, CirclesAndBrokenGraphsEnd) {
  EXPECT_FALSE(from_graph(R"({"1": {"class_type": "KSampler", "inputs": {"seed": ["1", 0],
    "steps": ["1", 0], "sampler_name": ["1", 0], "model": ["1", 0], "positive": ["1", 0],
    "latent_image": ["1", 0]}}})").recipe.seed);
  for (const char* text : {"{", "{}", R"({"1": 2})", R"({"1": {"class_type": "X", "inputs": {}}})",
                           R"({"1": {"class_type": "KSampler", "inputs": []}})"})
    EXPECT_FALSE(from_graph(text).recipe.faults.empty()) << text;
}

}  // namespace
}  // namespace atelier::recipes

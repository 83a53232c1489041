#include <algorithm>

#include "engines/comfyui/workflow_fixture.hpp"

// Group nodes written by hand; those of other people are in real_workflows_test.cpp.
namespace atelier::engines::comfyui {
namespace {

/// A sampler whose steps come from a primitive within, and a decoder whose result alone is seen.
constexpr std::string_view draw = R"({"nodes": [
  {"type": "KSampler", "widgets_values": [1, "fixed", 20, 8, "euler", "normal", 1],
   "inputs": [{"name": "model", "type": "MODEL"}, {"name": "positive", "type": "CONDITIONING"},
              {"name": "negative", "type": "CONDITIONING"},
              {"name": "latent_image", "type": "LATENT"},
              {"name": "steps", "type": "INT", "widget": {"name": "steps"}}]},
  {"type": "VAEDecode", "inputs": [{"name": "samples", "type": "LATENT"},
                                   {"name": "vae", "type": "VAE", "label": "decoder"}]},
  {"type": "PrimitiveNode", "title": "How many", "widgets_values": [20, "fixed"],
   "outputs": [{"name": "INT", "type": "INT", "widget": {"name": "steps"}}]}],
  "links": [[0, 0, 1, 0, 4, "LATENT"], [2, 0, 0, 4, 7, "INT"], [null, 0, 0, 0, 9, "MODEL"]],
  "external": [[1, 0, "IMAGE"]]})";

/// What stands around it: a model, a prompt and a latent picture.
std::string around(const std::string& nodes, const std::string& links,
                   const std::string& groups) {
  return R"({"nodes": [
    {"id": 1, "type": "CheckpointLoaderSimple", "widgets_values": ["some.safetensors"]},
    {"id": 2, "type": "CLIPTextEncode", "inputs": [{"name": "clip", "type": "CLIP", "link": 1}],
     "widgets_values": ["a cat"]},
    {"id": 3, "type": "EmptyLatentImage", "widgets_values": [64, 64, 1]},)" +
         nodes + R"(], "links": [[1, 1, 1, 2, 0, "CLIP"],)" + links +
         R"(], "extra": {"groupNodes": )" + groups + "}}";
}

std::string host(const std::string& id, const std::string& type, int first, const std::string& more,
                 const std::string& values) {
  std::string inputs;
  for (const char* const name : {"model", "positive", "negative", "latent_image", "decoder"})
    inputs += std::string(inputs.empty() ? "" : ",") + R"({"name": ")" + name +
              R"(", "type": "*", "link": )" + std::to_string(first++) + '}';
  return R"({"id": )" + id + R"(, "type": ")" + type + R"(", "inputs": [)" + inputs + more +
         R"(], "outputs": [{"name": "IMAGE", "type": "IMAGE"}], "widgets_values": )" + values + '}';
}

std::string links_of(const std::string& id, int first) {
  const std::pair<int, int> from[] = {{1, 0}, {2, 0}, {2, 0}, {3, 0}, {1, 2}};
  std::string out;
  for (int slot = 0; slot < 5; ++slot)
    out += '[' + std::to_string(first + slot) + ',' + std::to_string(from[slot].first) + ',' +
           std::to_string(from[slot].second) + ',' + id + ',' + std::to_string(slot) + ",\"*\"],";
  return out;
}

TEST(GroupNodes, StandForTheNodesWithinWithValuesOfTheirOwn) {
  const std::string values = R"([7, "randomize", 5, "euler", "karras", 0.5, 33, "fixed"])";
  const auto workflow = read(around(
      host("9", "workflow>Draw", 11, "", values) + ',' +
          host("10", "workflow/Draw", 21,
               R"(,{"name": "How many value", "type": "INT", "link": 30,
                   "widget": {"name": "How many value"}})",
               "[4]") +
          R"(,{"id": 5, "type": "PrimitiveNode", "outputs": [{"type": "INT", "links": [30]}],
               "widgets_values": [12, "fixed"]},
              {"id": 6, "type": "PreviewImage",
               "inputs": [{"name": "images", "type": "IMAGE", "link": 31}]},
              {"id": 7, "type": "PreviewImage",
               "inputs": [{"name": "images", "type": "IMAGE", "link": 32}]})",
      links_of("9", 11) + links_of("10", 21) +
          R"([30, 5, 0, 10, 5, "INT"], [31, 9, 0, 6, 0, "IMAGE"], [32, 10, 0, 7, 0, "IMAGE"])",
      R"({"Draw": )" + std::string(draw) + '}'));
  EXPECT_EQ(faults_of(workflow), std::vector<std::string>{});
  EXPECT_EQ(value(workflow, "9:0", "seed"), "7");
  EXPECT_EQ(value(workflow, "9:0", "steps"), "33");
  EXPECT_EQ(value(workflow, "9:0", "cfg"), "5");
  EXPECT_EQ(value(workflow, "9:0", "scheduler"), "\"karras\"");
  EXPECT_EQ(value(workflow, "9:0", "denoise"), "0.5");
  EXPECT_EQ(value(workflow, "9:0", "positive"), R"(["2",0])");
  EXPECT_EQ(value(workflow, "9:1", "samples"), R"(["9:0",0])");
  EXPECT_EQ(value(workflow, "9:1", "vae"), R"(["1",2])") << "by what somebody called it";
  EXPECT_EQ(value(workflow, "6", "images"), R"(["9:1",0])");
  EXPECT_EQ(value(workflow, "10:0", "seed"), "4");
  EXPECT_EQ(value(workflow, "10:0", "cfg"), "8") << "from the definition";
  EXPECT_EQ(value(workflow, "10:0", "steps"), "12") << "from outside";
  EXPECT_EQ(value(workflow, "7", "images"), R"(["10:1",0])");
  EXPECT_EQ(value(workflow, "9:2", "value"), "absent") << "exists in the editor only";
}

TEST(GroupNodes, ButtonsAndHiddenInputsHaveValuesToo) {
  const auto workflow = read(R"({"nodes": [
    {"id": 4, "type": "workflow>Load", "inputs": [],
     "outputs": [{"type": "IMAGE"}, {"type": "MASK"}, {"type": "MASK"}, {"type": "IMAGE"}],
     "widgets_values": ["a.png", "image", "b.png", "blue", "image", 72, 40, 1, 255]},
    {"id": 5, "type": "PreviewImage", "inputs": [{"name": "images", "type": "IMAGE", "link": 1}]}],
    "links": [[1, 4, 3, 5, 0, "IMAGE"]], "extra": {"groupNodes": {"Load": {"nodes": [
      {"type": "LoadImage", "widgets_values": ["old.png", "image"]},
      {"type": "LoadImageMask", "widgets_values": ["old.png", "alpha", "image"]},
      {"type": "EmptyImage", "widgets_values": [512, 512, 1, 0]}], "links": [],
      "config": {"2": {"input": {"width": {"visible": false}, "height": {"name": "tall"}}}}}}}})");
  EXPECT_EQ(value(workflow, "4:0", "image"), "\"a.png\"");
  EXPECT_EQ(value(workflow, "4:1", "image"), "\"b.png\"");
  EXPECT_EQ(value(workflow, "4:1", "channel"), "\"blue\"");
  EXPECT_EQ(value(workflow, "4:2", "width"), "72");
  EXPECT_EQ(value(workflow, "4:2", "height"), "40");
  EXPECT_EQ(value(workflow, "5", "images"), R"(["4:2",0])") << "the fourth output of the group";
}

/// A reroute at the border takes the name that somebody gave it, and its output hides.
TEST(GroupNodes, ReroutesAtTheBorder) {
  const auto workflow = read(R"({"nodes": [
    {"id": 1, "type": "EmptyImage", "widgets_values": [64, 64, 1, 0]},
    {"id": 4, "type": "workflow>Both", "inputs": [{"name": "picture", "type": "IMAGE", "link": 1}],
     "outputs": [{"type": "IMAGE"}, {"type": "IMAGE"}]},
    {"id": 5, "type": "PreviewImage", "inputs": [{"name": "images", "type": "IMAGE", "link": 2}]}],
    "links": [[1, 1, 0, 4, 0, "IMAGE"], [2, 4, 1, 5, 0, "IMAGE"]],
    "extra": {"groupNodes": {"Both": {"nodes": [
      {"type": "Reroute", "inputs": [{"name": "", "type": "*"}], "outputs": [{"type": "*"}]},
      {"type": "ImageInvert", "inputs": [{"name": "image", "type": "IMAGE"}]},
      {"type": "ImageInvert", "inputs": [{"name": "image", "type": "IMAGE"}]}],
      "links": [[null, 0, 0, 0, 3, "IMAGE"], [0, 0, 1, 0, 4, "IMAGE"], [0, 0, 2, 0, 4, "IMAGE"]],
      "config": {"0": {"input": {"IMAGE": {"name": "picture"}}}}}}}})");
  EXPECT_EQ(faults_of(workflow), std::vector<std::string>{});
  EXPECT_EQ(value(workflow, "4:1", "image"), R"(["1",0])");
  EXPECT_EQ(value(workflow, "4:2", "image"), R"(["1",0])");
  EXPECT_EQ(value(workflow, "5", "images"), R"(["4:2",0])");
}

TEST(GroupNodes, WhatIsNotInTheFileIsTold) {
  const auto workflow = read(R"({"nodes": [{"id": 1, "type": "workflow>Mine"}], "links": [],
                                 "extra": {"groupNodes": {"Other": {"nodes": []}}}})");
  const auto faults = faults_of(workflow);
  ASSERT_FALSE(faults.empty());
  EXPECT_EQ(faults.front(), "1.: group_node");
  for (const char* const odd :
       {"7", "{}", R"({"G": 7})", R"({"G": {"nodes": {}, "links": 7, "config": []}})",
        R"({"G": {"nodes": [{}, 7, {"type": "Reroute"}, {"type": "KSampler"}], "external":
            [[{}, 0], [-1, 0], [9, 9]], "links": [[], [0], [9, 0, 9, 0], [null, 0, 3, 7],
            [3, 0, 3, 0, 1, "X"], [2, 0, 3, 99]], "config": {"3": 7, "2": {"input": []}}}})"}) {
    const auto read = read_workflow(R"({"nodes": [{"id": 1, "type": "workflow>G"}], "links": [],
                                        "extra": {"groupNodes": )" + std::string(odd) + "}}",
                                    recorded_types());
    EXPECT_TRUE(read && !read->faults.empty()) << odd;
  }
}

TEST(GroupNodes, WithinThemselvesTheyEnd) {
  const auto workflow = read(R"({"nodes": [{"id": 1, "type": "workflow>G"}], "links": [],
    "extra": {"groupNodes": {"G": {"nodes": [{"type": "workflow>G"}], "links": []}}}})");
  EXPECT_TRUE(std::ranges::any_of(faults_of(workflow), [](const std::string& fault) {
    return fault.ends_with(": too_deep");
  }));
}

}  // namespace
}  // namespace atelier::engines::comfyui

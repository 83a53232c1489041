#include "engines/comfyui/templates.hpp"

#include <gtest/gtest.h>

#include "engines/comfyui/course.hpp"
#include "engines/comfyui/graph_check.hpp"
#include "schema/document.hpp"
#include "engines/vips/imaging.hpp"
#include "tests/support/comfyui_fake.hpp"
#include "tests/support/decoder.hpp"

namespace atelier::engines::comfyui {
namespace {

using ports::GenerationTask;
using ports::Order;
using schema::Document;

/// The node classes of a real ComfyUI 0.8.0 (tests/support/record_comfyui.py), with some models.
const NodeTypes& types() {
  static const NodeTypes all = [] {
    const auto imaging = vips::make_imaging({.program = test::decoder()});
    const test::ComfyFake fake(test::ComfyVersion::current, *imaging);
    return *NodeTypes::parse(fake.object_info());
  }();
  return all;
}

const Uploads uploads{"source.png", "mask.png", {"control.png", "other.png"}};

Order order(GenerationTask task) {
  Order order;
  order.task = task;
  order.model = "sd15.safetensors";
  order.prompt = "a \"cat\"\n🐈";
  order.seed = ~std::uint64_t{0};
  order.width = 515;
  order.height = 768;
  order.sampler = "dpmpp_2m";
  order.scheduler = "karras";
  if (task == GenerationTask::upscale) order.model.clear();
  return order;
}

std::string fault_of(const Order& order) {
  const auto made = plan(order, types(), uploads);
  if (!made) return made.error().code;
  const auto faults = check_graph(made->graph, types());
  return faults.empty() ? "" : faults[0].node + '/' + faults[0].input + ": " + faults[0].detail;
}

int count(const std::string& graph, std::string_view type) {
  const auto nodes = Document::parse(graph);
  int found = 0;
  for (const std::string& id : nodes->names({})) found += nodes->text({id, "class_type"}) == type;
  return found;
}

TEST(ComfyTemplates, EveryTemplateFitsTheNodesOfARealServer) {
  using enum GenerationTask;
  for (const GenerationTask task : {txt2img, img2img, inpaint, hires, upscale}) {
    for (int variant = 0; variant < 8; ++variant) {
      Order one = order(task);
      one.count = 1 + variant % 3;
      one.denoise = 0.4;
      if (variant & 1)
        one.resources = {{"lora", "ink.safetensors", 0.8}, {"lora", "fog.safetensors", -0.5},
                         {"vae", "mse.safetensors", 1}, {"embedding", "bad-hands", 1.2}};
      if (variant & 2) one.resources.push_back({"upscaler", "4x.pth", 1});
      if (variant & 4)
        one.controls = {{"canny", "canny.safetensors", "x", 0.7, 0.1, 0.9},
                        {"canny", "canny.safetensors", "y", 1, 0, 1}};
      if (variant == 5) one.clip_skip = 2;
      EXPECT_EQ(fault_of(one), "") << int(task) << ' ' << variant;
      if (task == upscale) continue;
      one.model = "flux1-dev.safetensors";
      EXPECT_EQ(fault_of(one), "") << "flux " << int(task) << ' ' << variant;
    }
  }
}

TEST(ComfyTemplates, SeedsHaveAll64BitsAndOneSamplerEach) {
  Order one = order(GenerationTask::txt2img);
  one.seed -= 2;
  one.count = 3;
  const auto made = plan(one, types(), {});
  ASSERT_TRUE(made);
  EXPECT_NE(made->graph.find("18446744073709551613"), std::string::npos);
  EXPECT_NE(made->graph.find("18446744073709551615"), std::string::npos);
  EXPECT_EQ(count(made->graph, "KSampler"), 3);
  EXPECT_EQ(count(made->graph, "CheckpointLoaderSimple"), 1);
  EXPECT_EQ(count(made->graph, "CLIPTextEncode"), 2);
}

TEST(ComfyTemplates, InpaintingLaysTheResultBackOntoTheSource) {
  const auto made = plan(order(GenerationTask::inpaint), types(), uploads);
  ASSERT_TRUE(made);
  EXPECT_EQ(count(made->graph, "ImageCompositeMasked"), 1);
  EXPECT_EQ(count(made->graph, "SetLatentNoiseMask"), 1);
}

TEST(ComfyTemplates, EveryControlSteersBothPrompts) {
  Order one = order(GenerationTask::txt2img);
  one.controls = {{"canny", "canny.safetensors", "x", 0.7, 0.1, 0.9},
                  {"canny", "canny.safetensors", "y", 1.5, 0, 1}};
  const auto made = plan(one, types(), uploads);
  ASSERT_TRUE(made);
  const Document graph = *Document::parse(made->graph);
  const auto origin = [&](const std::string& node, std::string_view input) {
    const auto link = graph.items({node, "inputs", input});
    return link.empty() ? std::string() : link[0].text({}).value_or("");
  };
  std::string last;
  for (const std::string& id : graph.names({}))
    if (graph.text({id, "class_type"}) == "KSampler") last = origin(id, "positive");
  const std::string first = origin(last, "positive");
  EXPECT_EQ(origin(last, "negative"), first);
  EXPECT_EQ(graph.text({last, "class_type"}), "ControlNetApplyAdvanced");
  EXPECT_EQ(graph.real({last, "inputs", "strength"}), 1.5);
  EXPECT_EQ(graph.real({first, "inputs", "strength"}), 0.7);
  EXPECT_EQ(graph.real({first, "inputs", "start_percent"}), 0.1);
  EXPECT_EQ(graph.real({first, "inputs", "end_percent"}), 0.9);
  EXPECT_EQ(graph.text({origin(first, "control_net"), "inputs", "control_net_name"}),
            "canny.safetensors");
  const std::string picture = origin(origin(first, "image"), "image");  // scaled
  EXPECT_EQ(graph.text({picture, "inputs", "image"}), "control.png");
  EXPECT_EQ(graph.text({origin(origin(last, "image"), "image"), "inputs", "image"}), "other.png");
}

TEST(ComfyTemplates, WhatTheServerHasNot) {
  Order one = order(GenerationTask::txt2img);
  one.model = "other.safetensors";
  EXPECT_EQ(fault_of(one), "generation_model_missing");
  one = order(GenerationTask::txt2img);
  one.resources = {{"lora", "other.safetensors", 1}};
  EXPECT_EQ(fault_of(one), "generation_model_missing");
  one = order(GenerationTask::txt2img);
  one.sampler = "no_such";
  EXPECT_NE(fault_of(one).find("sampler_name"), std::string::npos);
  one = order(GenerationTask::txt2img);
  one.model.clear();
  EXPECT_EQ(fault_of(one), "") << "whatever it has";
}

std::string first_fault(std::string_view graph) {
  const auto faults = check_graph(graph, types());
  return faults.empty() ? "" : faults[0].detail;
}

TEST(ComfyNodeTypes, FindsWhatIsWrong) {
  const std::string good = R"({"1":{"class_type":"EmptyImage","inputs":{"width":64,"height":64,
    "batch_size":1,"color":0}},"2":{"class_type":"PreviewImage","inputs":{"images":["1",0]}}})";
  EXPECT_EQ(first_fault(good), "");
  const auto with = [&](std::string_view before, std::string_view after) {
    std::string graph = good;
    graph.replace(graph.find(before), before.size(), after);
    return first_fault(graph);
  };
  EXPECT_NE(with("EmptyImage", "FullImage").find("no node"), std::string::npos);
  EXPECT_NE(with("\"width\":64,", "").find("missing"), std::string::npos);
  EXPECT_NE(with("\"width\":64", "\"width\":0").find("range"), std::string::npos);
  EXPECT_EQ(with("\"width\":64", "\"width\":\"64\""), "") << "the server reads it as a number";
  EXPECT_NE(with("\"width\":64", "\"width\":\"wide\"").find("number"), std::string::npos);
  EXPECT_NE(with("[\"1\",0]", "[\"7\",0]").find("not there"), std::string::npos);
  EXPECT_NE(with("[\"1\",0]", "[\"1\",1]").find("output"), std::string::npos);
  EXPECT_NE(with("[\"1\",0]", "5").find("linked"), std::string::npos);
  EXPECT_NE(with("[\"1\",0]", "[\"2\",0]").find("output"), std::string::npos) << "itself";
  EXPECT_NE(first_fault("{}"), "");
  EXPECT_NE(first_fault("[1]"), "");
  EXPECT_NE(first_fault("no JSON"), "");
  EXPECT_NE(first_fault(R"({"1":{"class_type":"EmptyImage","inputs":{"width":64,"height":64,
    "batch_size":1,"color":0}}})").find("no result"), std::string::npos);
  EXPECT_NE(first_fault(R"({"1":{"class_type":"ImageInvert","inputs":{"image":["2",0]}},
    "2":{"class_type":"ImageInvert","inputs":{"image":["1",0]}},
    "3":{"class_type":"PreviewImage","inputs":{"images":["1",0]}}})").find("circle"),
            std::string::npos);
  EXPECT_NE(first_fault(R"({"1":{"class_type":"EmptyImage","inputs":{"width":64,"height":64,
    "batch_size":1,"color":0}},"2":{"class_type":"VAEDecode","inputs":{"samples":["1",0],
    "vae":["1",0]}},"3":{"class_type":"PreviewImage","inputs":{"images":["2",0]}}})")
                .find("takes LATENT, not IMAGE"), std::string::npos);
}

TEST(ComfyCourse, HearsOnlyItsOwnWork) {
  Course course("mine", R"({"1":{"class_type":"A"},"2":{"class_type":"KSampler"}})");
  const auto hear = [&](std::string_view text) { return course.hear({false, std::string(text)}); };
  EXPECT_FALSE(hear(R"({"type":"executing","data":{"node":null,"prompt_id":"other"}})"));
  EXPECT_FALSE(hear(R"({"type":"status","data":{}})"));
  EXPECT_FALSE(hear("no JSON"));
  EXPECT_FALSE(hear(R"({"type":"executing","data":{"node":"1"}})")) << "nobody's";
  EXPECT_TRUE(hear(R"({"type":"executing","data":{"node":"1","prompt_id":"mine"}})"));
  EXPECT_EQ(course.part(), 0);
  EXPECT_TRUE(hear(R"({"type":"progress","data":{"node":"2","value":1,"max":2,
    "prompt_id":"mine"}})"));
  const double half = course.part();
  EXPECT_GT(half, 0.4);
  const std::string picture = "\xff\xd8picture";
  EXPECT_TRUE(course.hear({true, std::string("\0\0\0\1\0\0\0\1", 8) + picture}));
  EXPECT_EQ(course.take_preview(), picture);
  EXPECT_FALSE(course.take_preview());
  EXPECT_FALSE(hear(R"({"type":"progress","data":{"node":"2","value":2,"max":2,
    "prompt_id":"other"}})"));
  EXPECT_FALSE(course.hear({true, std::string("\0\0\0\1\0\0\0\1", 8) + picture})) << "another's";
  const std::string about = R"({"prompt_id":"mine"})";
  std::string frame("\0\0\0\4\0\0\0", 7);
  frame += static_cast<char>(about.size());
  EXPECT_TRUE(course.hear({true, frame + about + picture}));
  EXPECT_FALSE(course.hear({true, std::string("\0\0\0\4\xff\xff\xff\xff", 8) + picture}));
  EXPECT_FALSE(course.hear({true, "\0\0"}));
  EXPECT_EQ(course.part(), half) << "never less";
  EXPECT_FALSE(course.over());
  EXPECT_TRUE(hear(R"({"type":"execution_success","data":{"prompt_id":"mine"}})"));
  EXPECT_TRUE(course.over());
}

}  // namespace
}  // namespace atelier::engines::comfyui

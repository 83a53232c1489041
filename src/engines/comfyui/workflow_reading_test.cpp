#include "engines/comfyui/workflow_reading.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.hpp"
#include "engines/comfyui/dynamic_prompt.hpp"
#include "engines/comfyui/graph_check.hpp"
#include "engines/comfyui/graph_pictures.hpp"
#include "engines/comfyui/workflow_fixture.hpp"
#include "schema/document.hpp"
#include "tests/fuzz/workflow_bytes.hpp"

namespace atelier::engines::comfyui {
namespace {

using ports::ParameterType;
using schema::Document;

const std::string workflows = ATELIER_SOURCE_DIR "/tests/support/workflows/";

ports::ReadWorkflow read_file(const std::string& name) {
  return read(bytes_of_file(workflows + name + ".json"));
}

TEST(Workflows, PrimitivesAndConvertedWidgets) {
  const auto workflow = read_file("primitives");
  EXPECT_EQ(faults_of(workflow), std::vector<std::string>{});
  EXPECT_EQ(value(workflow, "3", "seed"), "1125899906842624");
  EXPECT_EQ(value(workflow, "10", "seed"), "1125899906842624");
  EXPECT_EQ(value(workflow, "5", "width"), "640");
  EXPECT_EQ(value(workflow, "3", "sampler_name"), "\"euler\"");
  EXPECT_EQ(value(workflow, "6", "text"), R"("a lighthouse \nat night")");
  EXPECT_EQ(value(workflow, "20", "value"), "absent") << "exists in the editor only";
}

TEST(Workflows, ReroutesBypassedAndMutedNodes) {
  const auto workflow = read_file("bypassed");
  EXPECT_EQ(value(workflow, "8", "model"), R"(["1",0])");
  EXPECT_EQ(value(workflow, "5", "clip"), R"(["1",1])");
  EXPECT_EQ(value(workflow, "10", "vae"), R"(["1",2])");
  EXPECT_EQ(value(workflow, "12", "images"), R"(["10",0])");
  EXPECT_EQ(value(workflow, "5", "text"), R"("a red car  on {a road} ")");
  EXPECT_EQ(value(workflow, "14", "images"), "absent") << "waits for a muted node";
  EXPECT_EQ(faults_of(workflow), std::vector<std::string>{"14.images: missing_input"});
  EXPECT_EQ(workflow.notes.size(), 3u);
}

TEST(Workflows, SubgraphsStandWhereTheirNodesStand) {
  const auto workflow = read_file("subgraphs");
  EXPECT_EQ(faults_of(workflow), std::vector<std::string>{});
  EXPECT_EQ(value(workflow, "2:1", "width"), "200");
  EXPECT_EQ(value(workflow, "2:1", "image"), R"(["1",0])");
  EXPECT_EQ(value(workflow, "3:5:1", "width"), "320") << "through two borders";
  EXPECT_EQ(value(workflow, "3:6", "image"), R"(["3:5:2",0])");
  EXPECT_EQ(value(workflow, "4:1", "width"), R"(["8",0])") << "a link comes before a value";
  EXPECT_EQ(value(workflow, "6", "images"), R"(["3:6",0])");
}

TEST(Workflows, InputsThatComeWithAChoiceAndInputsThatGrow) {
  const auto workflow = read_file("growing");
  EXPECT_EQ(faults_of(workflow), std::vector<std::string>{});
  EXPECT_EQ(value(workflow, "3", "resize_type.width"), "320");
  EXPECT_EQ(value(workflow, "3", "resize_type.crop"), "\"center\"");
  EXPECT_EQ(value(workflow, "3", "scale_method"), "\"lanczos\"");
  EXPECT_EQ(value(workflow, "4", "resize_type.multiplier"), "2");
  EXPECT_EQ(value(workflow, "5", "images.image2"), R"(["2",0])");
  EXPECT_EQ(value(workflow, "1", "batch_size"), "1") << "a value that the file has not";
}

/// Whatever the editor writes beside them.
TEST(Workflows, EqualWhatTheEditorExports) {
  for (const char* const name : {"primitives", "bypassed", "subgraphs", "growing", "links"}) {
    const auto ours = Document::parse(read_file(name).graph);
    const auto theirs = Document::parse(bytes_of_file(workflows + name + ".prompt"));
    ASSERT_TRUE(ours && theirs) << name;
    auto ids = ours->names({}), others = theirs->names({});
    std::ranges::sort(ids);
    std::ranges::sort(others);
    EXPECT_EQ(ids, others) << name;
    for (const std::string& id : ids)
      for (const std::string& input : ours->names({id, "inputs"})) {
        const auto one = ours->part({id, "inputs", input});
        const auto other = theirs->part({id, "inputs", input});
        ASSERT_TRUE(other) << name << ' ' << id << '.' << input;
        EXPECT_EQ(one->real({}), other->real({})) << name << ' ' << id << '.' << input;
        const bool made_up = input == "filename_prefix" || (std::string(name) == "bypassed" &&
                                                            id == "5");
        if (!made_up) {
          EXPECT_EQ(one->text({}), other->text({})) << name << ' ' << id << '.' << input;
        }
        for (std::size_t i = 0; i < one->items({}).size(); ++i)
          EXPECT_EQ(one->items({})[i].text({}), other->items({})[i].text({}))
              << name << ' ' << id << '.' << input;
      }
  }
}

TEST(Workflows, GettersAndSetters) {
  const auto workflow = read(R"({"nodes": [
    {"id": 1, "type": "EmptyImage", "outputs": [{"name": "IMAGE", "type": "IMAGE", "links": [1]}],
     "widgets_values": [64, 64, 1, 0]},
    {"id": 2, "type": "SetNode", "inputs": [{"name": "IMAGE", "type": "IMAGE", "link": 1}],
     "outputs": [{"name": "*", "type": "*", "links": []}], "widgets_values": ["blank"]},
    {"id": 3, "type": "GetNode", "outputs": [{"name": "IMAGE", "type": "IMAGE", "links": [2]}],
     "widgets_values": ["blank"]},
    {"id": 4, "type": "PreviewImage", "inputs": [{"name": "images", "type": "IMAGE", "link": 2}]}],
    "links": [[1, 1, 0, 2, 0, "IMAGE"], [2, 3, 0, 4, 0, "IMAGE"]]})");
  EXPECT_EQ(value(workflow, "4", "images"), R"(["1",0])");
  EXPECT_EQ(faults_of(workflow), std::vector<std::string>{});
}

TEST(Workflows, ValuesByName) {
  const auto workflow = read(R"({"nodes": [
    {"id": "a", "type": "EmptyImage", "outputs": [{"name": "IMAGE", "type": "IMAGE", "links": [1]}],
     "widgets_values": {"color": 255, "width": 72, "height": 64.0, "batch_size": 1}},
    {"id": "b", "type": "PreviewImage",
     "inputs": [{"name": "images", "type": "IMAGE", "link": 1}]}],
    "links": [{"id": 1, "origin_id": "a", "origin_slot": 0, "target_id": "b",
               "target_slot": 0}]})");
  EXPECT_EQ(value(workflow, "a", "width"), "72");
  EXPECT_EQ(value(workflow, "a", "height"), "64.0") << "as it was written";
  EXPECT_EQ(faults_of(workflow), std::vector<std::string>{});
}

TEST(Workflows, CirclesAreToldAndEnd) {
  const auto reroutes = read(R"({"nodes": [
    {"id": 1, "type": "Reroute", "inputs": [{"name": "", "type": "*", "link": 2}],
     "outputs": [{"name": "", "type": "*", "links": [1, 3]}]},
    {"id": 2, "type": "Reroute", "inputs": [{"name": "", "type": "*", "link": 1}],
     "outputs": [{"name": "", "type": "*", "links": [2]}]},
    {"id": 3, "type": "PreviewImage", "inputs": [{"name": "images", "type": "IMAGE", "link": 3}]}],
    "links": [[1, 1, 0, 2, 0, "*"], [2, 2, 0, 1, 0, "*"], [3, 1, 0, 3, 0, "*"]]})");
  EXPECT_EQ(faults_of(reroutes),
            (std::vector<std::string>{"3.: circle", "3.images: missing_input"}));
  const auto itself = read(R"({"nodes": [{"id": 1, "type": "S"}], "links": [], "definitions":
    {"subgraphs": [{"id": "S", "nodes": [{"id": 1, "type": "S"}], "links": []}]}})");
  EXPECT_EQ(faults_of(itself).front(), std::string("1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1.: too_deep"));
}

TEST(Workflows, TooMuchIsTooMuch) {
  std::string nodes;
  for (int i = 0; i < 40; ++i)
    nodes += std::string(i ? "," : "") + R"({"id":)" + std::to_string(i) + R"(,"type":"S1"})";
  std::string definitions;
  for (int level = 1; level <= 6; ++level) {
    std::string inner = nodes;
    for (std::size_t at = 0; (at = inner.find("S1", at)) != inner.npos; at += 2)
      inner.replace(at, 2, "S" + std::to_string(level + 1));
    definitions += std::string(level > 1 ? "," : "") + R"({"id":"S)" + std::to_string(level) +
                   R"(","links":[],"nodes":[)" + inner + "]}";
  }
  const auto workflow = read(R"({"nodes":[)" + nodes +
                             R"(],"links":[],"definitions":{"subgraphs":[)" + definitions + "]}}");
  EXPECT_EQ(faults_of(workflow).front(), ".: too_many_nodes");
  EXPECT_FALSE(read_workflow(std::string((1 << 20) + 1, ' '), recorded_types()));
  for (const char* const wrong : {"", "{}", "[]", "7", "no JSON", R"({"a": 1})",
                                  R"({"nodes": {}})", R"({"prompt": {}})"}) {
    const auto none = read_workflow(wrong, recorded_types());
    ASSERT_FALSE(none) << wrong;
    EXPECT_EQ(none.error().code, "generation_invalid") << wrong;
  }
}

TEST(Workflows, WhatTheFuzzerKeeps) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(
           ATELIER_SOURCE_DIR "/tests/fuzz/corpus/workflow")) {
    fuzz::read_workflow_bytes(bytes_of_file(entry.path()), recorded_types());
    ++files;
  }
  EXPECT_GE(files, 5u);
}

constexpr std::string_view api = R"({
  "1": {"class_type": "EmptyImage", "inputs": {"width": 64, "height": 64, "batch_size": 1,
        "color": 0}},
  "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}})";

TEST(Workflows, GraphsPassAsTheyAre) {
  for (const std::string& text : {std::string(api), R"({"client_id": "x", "prompt": )" +
                                                        std::string(api) + '}'}) {
    const auto workflow = read(text);
    EXPECT_FALSE(workflow.saved);
    EXPECT_EQ(workflow.graph, api);
    EXPECT_EQ(faults_of(workflow), std::vector<std::string>{});
  }
  std::string odd(api);
  odd.insert(odd.find("\"class_type\""), "\"is_changed\": [NaN, -Infinity], ");
  EXPECT_NE(read(odd).graph.find("[null, null]"), std::string::npos);
}

TEST(Workflows, EveryTypeErrorAtOnce) {
  const auto workflow = read(R"({
    "1": {"class_type": "EmptyImage", "inputs": {"width": "wide", "height": 0, "color": 0}},
    "2": {"class_type": "KSampler", "inputs": {"model": ["1", 0], "positive": ["7", 0],
          "negative": ["1", 4], "latent_image": "none", "seed": -1, "steps": 20, "cfg": 8,
          "sampler_name": "no_such", "scheduler": "normal", "denoise": 1}},
    "3": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "mine.safetensors"}},
    "4": {"class_type": "NobodysNode", "inputs": {}},
    "5": {"class_type": "ImageInvert", "inputs": {"image": ["6", 0]}},
    "6": {"class_type": "ImageInvert", "inputs": {"image": ["5", 0]}},
    "8": {"class_type": "ResizeImageMaskNode", "inputs": {"input": ["1", 0],
          "resize_type": "scale width", "scale_method": "area"}},
    "9": {"class_type": "BatchImagesNode", "inputs": {"images.image0": ["3", 0]}}})");
  std::vector<std::string> codes;
  for (const ports::GraphFault& fault : workflow.faults)
    codes.push_back(fault.node + '.' + fault.input + ": " + fault.code +
                    (fault.wanted.empty() ? "" : " " + fault.wanted));
  std::ranges::sort(codes);
  EXPECT_EQ(codes, (std::vector<std::string>{
                       ".: no_result", "1.batch_size: missing_input", "1.height: out_of_range",
                       "1.width: wrong_kind", "2.latent_image: not_linked",
                       "2.model: type_mismatch", "2.negative: bad_link", "2.positive: bad_link",
                       "2.sampler_name: unknown_choice no_such", "2.seed: out_of_range",
                       "3.ckpt_name: unknown_model mine.safetensors",
                       "4.: unknown_node NobodysNode", "5.: circle",
                       "8.resize_type.width: missing_input", "9.images.image0: type_mismatch",
                       "9.images.image1: missing_input"}));
}

TEST(Workflows, TypesFitAsTheServerSaysTheyDo) {
  EXPECT_TRUE(fits("IMAGE", "IMAGE"));
  EXPECT_TRUE(fits("*", "IMAGE"));
  EXPECT_TRUE(fits("IMAGE", "*"));
  EXPECT_TRUE(fits("IMAGE, MASK", "LATENT,MASK"));
  EXPECT_FALSE(fits("IMAGE,MASK", "LATENT"));
  EXPECT_FALSE(fits("COMBO", "STRING"));
}

TEST(Workflows, WhatMightBeChanged) {
  const auto workflow = read_file("primitives");
  std::vector<std::string> named;
  for (const ports::GraphParameter& one : workflow.parameters)
    named.push_back(one.name + ' ' + one.pointers.at(0));
  EXPECT_EQ(named, (std::vector<std::string>{
                       "prompt /6/inputs/text", "negative /7/inputs/text", "seed /3/inputs/seed",
                       "seed_2 /10/inputs/seed", "steps /3/inputs/steps",
                       "steps_2 /10/inputs/steps",
                       "cfg /3/inputs/cfg", "cfg_2 /10/inputs/cfg",
                       "sampler /3/inputs/sampler_name", "sampler_2 /10/inputs/sampler_name",
                       "scheduler /3/inputs/scheduler", "scheduler_2 /10/inputs/scheduler",
                       "denoise /3/inputs/denoise", "denoise_2 /10/inputs/denoise",
                       "width /5/inputs/width", "height /5/inputs/height",
                       "batch /5/inputs/batch_size", "model /4/inputs/ckpt_name"}));
  const auto steps = std::ranges::find(workflow.parameters, "steps", &ports::GraphParameter::name);
  EXPECT_EQ(steps->type, ParameterType::whole);
  EXPECT_EQ(steps->least, 1);
  const auto model = std::ranges::find(workflow.parameters, "model", &ports::GraphParameter::name);
  EXPECT_EQ(model->type, ParameterType::choice);
  EXPECT_EQ(model->choices.front(), "sd15.safetensors") << "what the file says is a choice, too";
  const auto growing = read_file("growing");
  ASSERT_EQ(growing.parameters.size(), 2u);
  EXPECT_EQ(growing.parameters[0].name, "image");
  EXPECT_EQ(growing.parameters[0].type, ParameterType::picture);
  EXPECT_EQ(growing.parameters[1].name, "mask");
  EXPECT_EQ(growing.parameters[1].pointers, growing.parameters[0].pointers);
}

TEST(Workflows, PicturesAndMasksComeToTheirPlaces) {
  const std::string graph = R"({"1:2": {"class_type": "LoadImage", "inputs": {"image": "old.png"}},
    "3": {"class_type": "LoadImageMask", "inputs": {"image": "old.png", "channel": "alpha"}},
    "4": {"class_type": "VAEEncodeForInpaint", "inputs": {"pixels": ["1:2", 0],
          "mask": ["1:2", 1]}}, "mask1": {"class_type": "Note", "inputs": {}}})";
  const std::string placed = place_pictures(
      graph, {{{"/1:2/inputs/image"}, false, "new.png"}, {{"/1:2/inputs/image"}, true, "white.png"},
              {{"/3/inputs/image"}, true, "grey.png"}});
  const auto document = Document::parse(placed);
  ASSERT_TRUE(document) << placed;
  EXPECT_EQ(document->text({"1:2", "inputs", "image"}), "new.png");
  EXPECT_EQ(document->text({"3", "inputs", "image"}), "grey.png");
  EXPECT_EQ(document->text({"3", "inputs", "channel"}), "red") << "grey pictures have no alpha";
  EXPECT_EQ(document->text({"mask2", "inputs", "image"}), "white.png");
  EXPECT_EQ(document->text({"mask2", "inputs", "channel"}), "red");
  EXPECT_EQ(document->items({"4", "inputs", "mask"})[0].text({}), "mask2");
  EXPECT_EQ(document->items({"4", "inputs", "pixels"})[0].text({}), "1:2");
}

TEST(DynamicPrompts, AreResolvedToTheirFirstChoice) {
  EXPECT_EQ(resolve_prompt("a {red|blue} car").text, "a red car");
  EXPECT_EQ(resolve_prompt("{a {x|y} b|c} d").text, "a x b d");
  EXPECT_EQ(resolve_prompt("\\{x\\|y\\} \\(z:1.2\\)").text, "{x|y} \\(z:1.2\\)");
  EXPECT_EQ(resolve_prompt("a // b\nc /* d\ne */ f").text, "a \nc  f");
  EXPECT_EQ(resolve_prompt("a | b } {c").text, "a | b } c");
  EXPECT_FALSE(resolve_prompt("plain (words:1.1)").chosen);
}

TEST(JsonTrees, KeepTheSpellingOfValues) {
  const auto tree = JsonTree::parse(R"( {"a" : [1.50, 18446744073709551615 , "x\"y", {}],"a":2,
    "NaN": NaN, "s": "NaN" } )");
  ASSERT_TRUE(tree);
  const JsonNode& root = tree->root();
  ASSERT_EQ(root.items().size(), 4u);
  EXPECT_EQ(root.items()[0].items()[0].json(), "1.50");
  EXPECT_EQ(root.items()[0].items()[1].json(), "18446744073709551615");
  EXPECT_EQ(root.items()[0].items()[2].text(), "x\"y");
  EXPECT_EQ(root.find("a")->whole(), 2) << "the last counts";
  EXPECT_TRUE(root.find("NaN")->is_null());
  EXPECT_EQ(root.text("s"), "NaN");
  for (const char* const wrong : {"", "{", "[1,]", "{\"a\" 1}", "nul", "[1 2]", "\"\\ud800\""})
    EXPECT_FALSE(JsonTree::parse(wrong)) << wrong;
  EXPECT_FALSE(JsonTree::parse(std::string(40, '[') + std::string(40, ']'))) << "too deep";
}

}  // namespace
}  // namespace atelier::engines::comfyui

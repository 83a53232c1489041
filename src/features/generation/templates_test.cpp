#include "features/generation/templates.hpp"

#include <gtest/gtest.h>

#include "schema/json_text.hpp"

namespace atelier::generation {
namespace {

using schema::find_json;
using schema::json_string;

constexpr std::string_view graph = R"({
  "3": {"class_type": "KSampler", "inputs": {"seed": 7, "cfg": 7.5, "model": ["4", 0]}},
  "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a \"fox\", {} [", "clip": ["4", 1]}},
  "a/b~c": {"class_type": "KSampler", "inputs": {"on": true}}})";

std::string at(std::string_view pointer) {
  const auto place = find_json(graph, pointer);
  return place ? std::string(graph.substr(place->begin, place->end - place->begin)) : "nowhere";
}

TEST(JsonText, PointersLeadToValues) {
  EXPECT_EQ(at("/3/inputs/seed"), "7");
  EXPECT_EQ(at("/3/inputs/model/1"), "0");
  EXPECT_EQ(at("/6/inputs/text"), R"("a \"fox\", {} [")");
  EXPECT_EQ(at("/a~1b~0c/inputs/on"), "true");
  EXPECT_EQ(at("/3/inputs/model"), R"(["4", 0])");
  for (const char* wrong : {"/9", "/3/inputs/none", "/3/inputs/model/2", "/3/inputs/seed/0", "x"})
    EXPECT_EQ(at(wrong), "nowhere") << wrong;
  EXPECT_EQ(find_json("", ""), std::nullopt);
}

TEST(JsonText, StringsAreDecoded) {
  EXPECT_EQ(json_string(R"("a\n\u00e9\ud83d\ude00")"), "a\n\u00e9\U0001F600");
  EXPECT_EQ(json_string("7"), std::nullopt);
}

TemplateParameter parameter(std::string name, ParameterType type, std::string pointer) {
  TemplateParameter out;
  out.name = {std::move(name)};
  out.type = type;
  out.pointers.value.push_back({std::move(pointer)});
  return out;
}

Template made() {
  Template out;
  out.graph = graph;
  out.parameters = {parameter("words", ParameterType::text, "/6/inputs/text"),
                    parameter("seed", ParameterType::seed, "/3/inputs/seed"),
                    parameter("guidance", ParameterType::real, "/3/inputs/cfg")};
  out.parameters[2].min = 1;
  out.parameters[2].max = 20;
  return out;
}

std::string faults(const Result<void>& result) {
  std::string out;
  if (!result)
    for (const FieldFault& fault : result.error().fields)
      out += fault.path + ":" + fault.code + " ";
  return out;
}

TEST(Templates, ValuesTakeThePlaceOfWholeValues) {
  const auto filled = fill_template(made(), R"({"words": "x\", \"cfg\": 1", "guidance": 3})", "42");
  ASSERT_TRUE(filled);
  const auto text = find_json(*filled, "/6/inputs/text");
  EXPECT_EQ(filled->substr(text->begin, text->end - text->begin), R"("x\", \"cfg\": 1")");
  const auto cfg = find_json(*filled, "/3/inputs/cfg");
  EXPECT_EQ(filled->substr(cfg->begin, cfg->end - cfg->begin), "3");
  const auto seed = find_json(*filled, "/3/inputs/seed");
  EXPECT_EQ(filled->substr(seed->begin, seed->end - seed->begin), "42");
}

TEST(Templates, EveryFaultAtOnce) {
  const auto filled = fill_template(made(), R"({"words": 1, "guidance": 99, "other": 2})", "1");
  ASSERT_FALSE(filled);
  EXPECT_EQ(faults(std::unexpected(filled.error())),
            "/parameters/other:unknown /parameters/words:wrong_kind"
            " /parameters/guidance:wrong_kind ");
}

TEST(Templates, AreCheckedThemselves) {
  EXPECT_EQ(faults(check_template(made())), "");
  Template wrong = made();
  wrong.parameters[0].pointers.value[0] = {"/9/inputs/text"};
  wrong.parameters[1].name = {"words"};
  wrong.parameters[2].pointers.value[0] = {"/6/inputs/text"};
  EXPECT_EQ(faults(check_template(wrong)),
            "/parameters/0/pointers/0:unknown_value /parameters/1/name:duplicate"
            " /parameters/2/pointers/0:wrong_kind ");
  wrong.graph = R"({"nodes": [], "links": []})";
  EXPECT_NE(faults(check_template(wrong)), "");
}

TEST(Templates, PicturesMustBeGivenAndStayOutOfTheGraph) {
  Template one;
  one.graph = R"({"1": {"class_type": "LoadImage", "inputs": {"image": "old.png"}}})";
  one.parameters = {parameter("image", ParameterType::picture, "/1/inputs/image")};
  EXPECT_EQ(faults(check_template(one)), "");
  const auto none = fill_template(one, "{}", "1");
  ASSERT_FALSE(none);
  EXPECT_EQ(faults(std::unexpected(none.error())), "/parameters/image:required ");
  EXPECT_EQ(fill_template(one, R"({"image": {"image": 7}})", "1"), one.graph)
      << "the backend says its name";
  one.parameters[0].fallback = {R"("kept.png")"};
  EXPECT_NE(fill_template(one, "{}", "1")->find("kept.png"), std::string::npos);
  one.graph = R"({"1": {"class_type": "LoadImage", "inputs": {"image": 7}}})";
  EXPECT_EQ(faults(check_template(one)), "/parameters/0/pointers/0:wrong_kind ");
}

TEST(Templates, NameTheNodesTheyNeed) {
  EXPECT_EQ(nodes_of(made()), (std::vector<std::string>{"KSampler", "CLIPTextEncode"}));
}

}  // namespace
}  // namespace atelier::generation

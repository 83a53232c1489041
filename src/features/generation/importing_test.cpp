#include <gtest/gtest.h>

#include "app/generators.hpp"
#include "features/generation/functions.hpp"
#include "platform/log.hpp"
#include "schema/document.hpp"
#include "schema/json.hpp"
#include "tests/support/comfyui_fake.hpp"
#include "tests/support/decoder.hpp"
#include "tests/support/house.hpp"
#include "tests/support/node.hpp"

// A whole server but for its sockets, with the real adapter before a fake ComfyUI.
namespace atelier::generation {
namespace {

using schema::Document;

class Importing : public test::HouseTest {
 protected:
  void SetUp() override {
    log::set_level("off");
    ASSERT_EQ(test::decoder(), "/proc/self/exe");
    open();
    house->start();
    fake = std::make_unique<test::ComfyFake>(test::ComfyVersion::current, *services().imaging);
    root = person("root", Role::administrator);
  }
  void TearDown() override {
    fake.reset();
    HouseTest::TearDown();
  }
  template <class F>
  auto as_root(F&& call) {
    return as(root, std::forward<F>(call));
  }

  BackendId connect() {
    AddBackend add;
    add.name = {"Comfy"};
    add.protocol = {"comfyui"};
    add.url = {fake->url()};
    Context context(services());
    const auto probed = probe_new(context, add);
    EXPECT_TRUE(probed && probed->offer);
    const auto row = as_root([&](Context& c) { return add_backend(c, add, *probed); });
    EXPECT_TRUE(row) << row.error().detail;
    return row->id;
  }

  Result<ImportedWorkflow> import(const std::string& text,
                                  std::optional<BackendId> backend = {}) {
    Context context(services());
    context.viewer = root;
    return read_workflow(context, {{text}, backend});
  }

  GenerationCard made(const std::string& json) {
    const auto in = schema::from_json<GenerationRequest>(json);
    EXPECT_TRUE(in);
    Context context(services());
    context.viewer = root;
    const auto ready = prepare(context, *in);
    EXPECT_TRUE(ready) << ready.error().detail;
    const auto card = as_root([&](Context& c) { return create_generation(c, *in, *ready); });
    EXPECT_TRUE(card) << card.error().detail;
    if (!card) return {};
    const auto now = [&] {
      return *as_root([&](Context& c) { return get_generation(c, {card->id}); });
    };
    EXPECT_TRUE(test::eventually([&] { return is_final(now().status); }));
    return now();
  }

  std::unique_ptr<test::ComfyFake> fake;
  Viewer root;
};

/// As the editor saves it: a picture whose transparency is a mask, and a model nobody has.
constexpr std::string_view saved = R"({"nodes": [
  {"id": 1, "type": "LoadImage", "title": "The picture", "widgets_values": ["example.png", "image"],
   "outputs": [{"name": "IMAGE", "type": "IMAGE", "links": [1]},
               {"name": "MASK", "type": "MASK", "links": [2]}]},
  {"id": 2, "type": "ImageInvert", "inputs": [{"name": "image", "type": "IMAGE", "link": 1}],
   "outputs": [{"name": "IMAGE", "type": "IMAGE", "links": [3]}]},
  {"id": 3, "type": "MaskToImage", "inputs": [{"name": "mask", "type": "MASK", "link": 2}],
   "outputs": [{"name": "IMAGE", "type": "IMAGE", "links": [4]}]},
  {"id": 4, "type": "PreviewImage", "inputs": [{"name": "images", "type": "IMAGE", "link": 3}]},
  {"id": 5, "type": "PreviewImage", "inputs": [{"name": "images", "type": "IMAGE", "link": 4}]}],
  "links": [[1, 1, 0, 2, 0, "IMAGE"], [2, 1, 1, 3, 0, "MASK"], [3, 2, 0, 4, 0, "IMAGE"],
            [4, 3, 0, 5, 0, "IMAGE"]]})";

TEST_F(Importing, AWorkflowBecomesATemplateThatTakesPictures) {
  connect();
  const auto imported = import(std::string(saved));
  ASSERT_TRUE(imported) << imported.error().detail;
  EXPECT_EQ(imported->format, WorkflowFormat::save);
  EXPECT_TRUE(imported->faults.empty()) << imported->faults[0].detail;
  EXPECT_EQ(imported->backend, "Comfy");
  ASSERT_EQ(imported->parameters.size(), 2u);
  EXPECT_EQ(imported->parameters[0].type, ParameterType::picture);
  EXPECT_EQ(imported->parameters[0].title->value, "The picture");
  EXPECT_EQ(imported->parameters[1].type, ParameterType::mask);

  CreateTemplate create;
  create.name = {"Invert"};
  create.graph = {imported->graph.value};
  create.workflow = schema::LargeJson{std::string(saved)};
  create.parameters.value = imported->parameters;
  const auto kept = as_root([&](Context& c) { return create_template(c, create); });
  ASSERT_TRUE(kept) << kept.error().detail;

  const GenerationCard source = made(R"({"prompt": "a fox", "width": 64, "height": 64})");
  ASSERT_EQ(source.status, GenerationStatus::succeeded) << source.problem;
  const std::string picture =
      R"({"image": )" + std::to_string(source.images.at(0).image.id.value) + '}';
  const GenerationCard result =
      made(R"({"workflow": "template", "templateId": )" + std::to_string(kept->id.value) +
           R"(, "parameters": {"image": )" + picture + R"(, "mask": )" + picture + "}}");
  EXPECT_EQ(result.status, GenerationStatus::succeeded) << result.problem;
  const auto posted = Document::parse(fake->last_prompt());
  ASSERT_TRUE(posted);
  const auto sent = posted->text({"prompt", "1", "inputs", "image"}).value_or("");
  const auto mask = posted->text({"prompt", "mask1", "inputs", "image"}).value_or("");
  EXPECT_TRUE(sent.starts_with("atelier-")) << fake->last_prompt();
  EXPECT_TRUE(mask.starts_with("atelier-"));
  EXPECT_NE(sent, mask) << "the mask went as grey";
  EXPECT_EQ(posted->items({"prompt", "3", "inputs", "mask"})[0].text({}), "mask1");
}

TEST_F(Importing, APictureMustBeGiven) {
  connect();
  CreateTemplate create;
  create.name = {"Invert"};
  create.graph = {import(std::string(saved))->graph.value};
  create.parameters.value = import(std::string(saved))->parameters;
  const auto kept = as_root([&](Context& c) { return create_template(c, create); });
  ASSERT_TRUE(kept);
  const auto ask = [&](const std::string& parameters) {
    const auto in = schema::from_json<GenerationRequest>(
        R"({"workflow": "template", "templateId": )" + std::to_string(kept->id.value) +
        R"(, "parameters": )" + parameters + "}");
    Context context(services());
    context.viewer = root;
    const auto ready = prepare(context, *in);
    const auto card = ready ? as_root([&](Context& c) { return create_generation(c, *in, *ready); })
                            : Result<GenerationCard>(std::unexpected(ready.error()));
    std::string out;
    if (!card)
      for (const FieldFault& fault : card.error().fields)
        out += fault.path + ':' + fault.code + ' ';
    return out;
  };
  EXPECT_EQ(ask("{}"), "/parameters/image:required /parameters/mask:required ");
  EXPECT_EQ(ask(R"({"image": "old.png", "mask": {"image": 999}})"),
            "/parameters/image:wrong_kind /parameters/mask:picture_missing ");
}

TEST_F(Importing, WhatIsMissingIsTold) {
  const BackendId backend = connect();
  const auto imported = import(R"({
    "1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "mine.safetensors"}},
    "2": {"class_type": "NobodysNode", "inputs": {"model": ["1", 0]}, "_meta": {"title": "Odd"}},
    "3": {"class_type": "NobodysNode", "inputs": {}}})", backend);
  ASSERT_TRUE(imported) << imported.error().detail;
  EXPECT_EQ(imported->format, WorkflowFormat::api);
  ASSERT_EQ(imported->missing.size(), 2u);
  EXPECT_EQ(imported->missing[0].name, "NobodysNode");
  EXPECT_EQ(imported->missing[0].nodes, (std::vector<std::string>{"2", "3"}));
  EXPECT_EQ(imported->missing[1].kind, MissingKind::model);
  EXPECT_EQ(imported->missing[1].name, "mine.safetensors");
  ASSERT_EQ(imported->faults.size(), 4u);
  EXPECT_EQ(imported->faults[1].nodeClass, "NobodysNode");
  EXPECT_EQ(imported->faults[1].nodeTitle, "Odd");
}

TEST_F(Importing, WhatIsNoWorkflowAndWhereNobodyCanTell) {
  const auto code = [](const Result<ImportedWorkflow>& result) {
    return result ? "none" : result.error().fields.empty() ? result.error().code
                                                            : result.error().fields[0].code;
  };
  EXPECT_EQ(code(import(std::string(saved))), "no_comfyui");
  EXPECT_EQ(code(import(std::string(saved), BackendId{1})), "wrong_type") << "the painter";
  EXPECT_EQ(code(import(std::string(saved), BackendId{99})), "backend_missing");
  const BackendId backend = connect();
  EXPECT_EQ(code(import("{}", backend)), "not_a_workflow");
  EXPECT_EQ(code(import("no JSON")), "not_a_workflow");
  const int executions = fake->executions();
  fake.reset();
  EXPECT_EQ(code(import(std::string(saved))), "none") << "its nodes are known";
  EXPECT_EQ(executions, 0);
}

}  // namespace
}  // namespace atelier::generation

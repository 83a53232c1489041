#include <set>

#include "features/generation/orchestrator_fixture.hpp"

// What becomes of a request before anybody works on it.
namespace atelier::generation {
namespace {

/// With their pictures, and the model that the backend has for the kind.
TEST_F(Orchestrator, ControlUnitsReachTheBackend) {
  ports::Offer offer = test::ScriptedGenerator().offer;
  offer.models.push_back({"controlnet", "control_canny.safetensors", ""});
  const auto one = backend("one", &offer);
  const GenerationCard source = ended(ann, asked(ann));
  ASSERT_EQ(source.images.size(), 1u);
  const std::string picture = std::to_string(source.images[0].image.id.value);
  const GenerationId id = asked(ann, R"(, "controls": [{"kind": "Canny", "weight": 0.5,
      "start": 0.25, "picture": {"image": )" + picture + "}}]");
  EXPECT_EQ(ended(ann, id).status, GenerationStatus::succeeded);
  const auto orders = one->orders();
  ASSERT_EQ(orders.size(), 2u);
  ASSERT_EQ(orders[1].controls.size(), 1u);
  EXPECT_EQ(orders[1].controls[0].model, "control_canny.safetensors");
  EXPECT_EQ(orders[1].controls[0].weight, 0.5);
  EXPECT_EQ(orders[1].controls[0].start, 0.25);
  EXPECT_TRUE(orders[1].controls[0].picture.starts_with("\x89PNG"));
}

TEST_F(Orchestrator, SaysWhyNobodyCanDoIt) {
  backend("one");
  const auto none = ask(ann, R"({"workflow": "txt2img", "model": {"name": "sdxl"}})");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, "no_backend");
  EXPECT_NE(none.error().detail.find("one: it does not have sdxl"), std::string::npos);
}

TEST_F(Orchestrator, EveryFaultOfARequestAtOnce) {
  backend("one");
  const auto wrong = ask(ann, R"({"workflow": "upscale", "prompt": "x", "sampler": "none",
    "seed": -1, "quantity": 900, "mask": {"file": 1}})");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, "invalid_request");  // the mask's file is looked for first
  const auto more = ask(ann, R"({"workflow": "upscale", "prompt": "x", "sampler": "none",
    "seed": -1, "quantity": 900})");
  ASSERT_FALSE(more);
  std::set<std::string> paths;
  for (const FieldFault& fault : more.error().fields) paths.insert(fault.path);
  EXPECT_EQ(paths, (std::set<std::string>{"/image", "/prompt", "/quantity", "/sampler", "/seed"}));
}

}  // namespace
}  // namespace atelier::generation

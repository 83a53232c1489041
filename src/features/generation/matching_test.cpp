#include "features/generation/matching.hpp"

#include <gtest/gtest.h>

namespace atelier::generation {
namespace {

using ports::GenerationTask;

ports::Offer offer() {
  ports::Offer out;
  out.title = "Test";
  out.tasks = {GenerationTask::txt2img};
  out.models = {{"checkpoint", "sdxl/base.safetensors", ""},
                {"lora", "ink v2.safetensors", "0123456789"},
                {"lora", "other.safetensors", std::string(64, 'a')}};
  out.samplers = {"euler", "dpmpp_2m"};
  out.schedulers = {"normal"};
  out.side_max = 1024;
  out.memory_bytes = 8'000'000'000;
  return out;
}

PieceModel model(std::string kind, std::string name, std::vector<std::string> hashes = {}) {
  return {std::move(kind), std::move(name), {}, std::move(hashes), {}, 1};
}

TEST(Matching, ByHashThenByName) {
  EXPECT_EQ(name_on(offer(), model("checkpoint", "Base")), "sdxl/base.safetensors");
  EXPECT_EQ(name_on(offer(), model("checkpoint", "sdxl/base.safetensors")),
            "sdxl/base.safetensors");
  EXPECT_EQ(name_on(offer(), model("checkpoint", "bas")), "");
  EXPECT_EQ(name_on(offer(), model("lora", "renamed", {"0123456789" + std::string(54, 'f')})),
            "ink v2.safetensors");
  EXPECT_EQ(name_on(offer(), model("lycoris", "ink v2")), "ink v2.safetensors");
  EXPECT_EQ(name_on(offer(), model("checkpoint", "ink v2")), "");
}

TEST(Matching, TheSameNameWithAnotherHashIsAnotherModel) {
  EXPECT_EQ(name_on(offer(), model("lora", "other", {std::string(64, 'b')})), "");
  EXPECT_EQ(name_on(offer(), model("lora", "other")), "other.safetensors");
}

TEST(Matching, SaysWhyNot) {
  Piece piece;
  EXPECT_EQ(unfit(offer(), piece, 0), "");
  piece.width = 2048;
  EXPECT_NE(unfit(offer(), piece, 0), "");
  piece.width = 512;
  EXPECT_NE(unfit(offer(), piece, 8'000'000'000), "");
  EXPECT_EQ(unfit(offer(), piece, 4'000'000'000), "");
  piece.task = GenerationTask::inpaint;
  EXPECT_NE(unfit(offer(), piece, 0), "");
  piece.task = GenerationTask::txt2img;
  piece.model.push_back(model("checkpoint", "none"));
  EXPECT_EQ(unfit(offer(), piece, 0), "it does not have none");
}

TEST(Matching, TranslatesAndSaysWhatChanged) {
  Piece piece;
  piece.model.push_back(model("checkpoint", "base"));
  piece.sampler = "uni_pc";
  piece.scheduler = "normal";
  piece.seed = "18446744073709551615";
  const Translated out = translate(offer(), piece, "key");
  EXPECT_EQ(out.order.model, "sdxl/base.safetensors");
  EXPECT_EQ(out.order.sampler, "euler");
  EXPECT_EQ(out.order.seed, ~std::uint64_t{0});
  EXPECT_NE(out.note.find("uni_pc"), std::string::npos);
  piece.sampler = "dpmpp_2m";
  EXPECT_EQ(translate(offer(), piece, "key").note, "");
}

TEST(Matching, ControlsByNameOrByKind) {
  ports::Offer some = offer();
  some.models.push_back({"controlnet", "control_v11p_sd15_OpenPose.pth", ""});
  some.models.push_back({"controlnet", "control_canny-fp16.safetensors", ""});
  Piece piece;
  piece.controls.push_back({"canny", {}, "picture", 0.5, 0.1, 0.8});
  const PieceModel pose = model("controlnet", "control_v11p_sd15_openpose");
  piece.controls.push_back({"pose", {pose}, "", 1, 0, 1});
  EXPECT_EQ(unfit(some, piece, 0), "");
  const Translated out = translate(some, piece, "key");
  ASSERT_EQ(out.order.controls.size(), 2u);
  EXPECT_EQ(out.order.controls[0].model, "control_canny-fp16.safetensors");
  EXPECT_EQ(out.order.controls[0].weight, 0.5);
  EXPECT_EQ(out.order.controls[0].start, 0.1);
  EXPECT_EQ(out.order.controls[0].end, 0.8);
  EXPECT_EQ(out.order.controls[1].model, "control_v11p_sd15_OpenPose.pth");
  EXPECT_EQ(unfit(offer(), piece, 0), "it has no ControlNet for canny");
  piece.controls.erase(piece.controls.begin());
  EXPECT_EQ(unfit(offer(), piece, 0), "it does not have control_v11p_sd15_openpose");
}

TEST(Matching, UnitsGrowWithPixelsStepsAndDenoise) {
  Piece piece;
  piece.width = piece.height = 1000;
  piece.steps = 20;
  EXPECT_DOUBLE_EQ(units_of(piece), 20);
  piece.count = 3;
  EXPECT_DOUBLE_EQ(units_of(piece), 60);
  piece.count = 1;
  piece.source = "x";
  piece.denoise = 0.5;
  EXPECT_DOUBLE_EQ(units_of(piece), 10);
}

}  // namespace
}  // namespace atelier::generation

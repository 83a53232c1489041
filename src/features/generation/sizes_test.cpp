#include "features/generation/sizes.hpp"

#include <gtest/gtest.h>

namespace atelier::generation {
namespace {

struct Chosen {
  Piece piece;
  std::string faults;
};

Chosen chosen(Workflow workflow, const GenerationRequest& in, const Pictures& pictures = {},
              std::string_view base = "") {
  Chosen out;
  schema::Faults faults;
  choose_size(workflow, in, pictures, defaults_of(base), Limits{}, out.piece, faults);
  if (const auto result = faults.result(); !result)
    for (const FieldFault& fault : result.error().fields)
      out.faults += fault.path + ":" + fault.code + " ";
  return out;
}

std::string size(const Piece& piece) {
  return std::to_string(piece.width) + "x" + std::to_string(piece.height);
}

Pictures source(std::int64_t width, std::int64_t height) {
  return {SourcePicture{"s", width, height, {}}, {}, {}};
}

TEST(Sizes, FollowTheBaseModel) {
  EXPECT_EQ(size(chosen(Workflow::txt2img, {}).piece), "512x512");
  EXPECT_EQ(size(chosen(Workflow::txt2img, {}, {}, "SDXL 1.0").piece), "1024x1024");
}

TEST(Sizes, ShapesKeepThePixels) {
  GenerationRequest in;
  in.aspect = {"2:3"};
  EXPECT_EQ(size(chosen(Workflow::txt2img, in, {}, "Pony").piece), "832x1280");
  for (const char* wrong : {"2", "0:1", "9:1", "a:b", "1:2:3", "-1:1"}) {
    in.aspect = {wrong};
    EXPECT_EQ(chosen(Workflow::txt2img, in).faults, "/aspect:unknown_value ") << wrong;
  }
  in.aspect = {"1:1"};
  in.width = {512};
  EXPECT_EQ(chosen(Workflow::txt2img, in).faults, "/aspect:contradiction ");
}

TEST(Sizes, OfSources) {
  EXPECT_EQ(size(chosen(Workflow::img2img, {}, source(1001, 500)).piece), "1000x504");
  EXPECT_EQ(size(chosen(Workflow::img2img, {}, source(8000, 4000)).piece), "2048x1024");
  EXPECT_EQ(size(chosen(Workflow::inpaint, {}, source(1001, 500)).piece), "1001x500");
  EXPECT_EQ(size(chosen(Workflow::removeBackground, {}, source(77, 78)).piece), "77x78");
}

TEST(Sizes, OfUpscaling) {
  GenerationRequest in;
  EXPECT_EQ(size(chosen(Workflow::upscale, in, source(300, 200)).piece), "600x400");
  in.factor = {1.5};
  EXPECT_EQ(size(chosen(Workflow::upscale, in, source(300, 200)).piece), "450x300");
  in.factor.reset();
  in.width = {900};
  EXPECT_EQ(size(chosen(Workflow::upscale, in, source(300, 200)).piece), "900x600");
  in.factor = {2};
  EXPECT_EQ(chosen(Workflow::upscale, in, source(300, 200)).faults, "/factor:contradiction ");
  EXPECT_EQ(chosen(Workflow::upscale, {}, source(2000, 200)).faults, "/width:out_of_range ");
}

TEST(Sizes, OfTheSecondPass) {
  GenerationRequest in;
  in.width = {512};
  in.height = {768};
  const Piece piece = chosen(Workflow::hires, in).piece;
  EXPECT_EQ(size(piece), "768x1152");
  EXPECT_EQ(piece.firstWidth, 512);
  EXPECT_EQ(piece.firstHeight, 768);
}

TEST(Sizes, EveryFault) {
  GenerationRequest in;
  in.width = {513};
  in.height = {4096};
  EXPECT_EQ(chosen(Workflow::txt2img, in).faults, "/width:out_of_range /height:out_of_range ");
  Pictures both = source(100, 100);
  both.mask = SourcePicture{"m", 100, 99, {}};
  EXPECT_EQ(chosen(Workflow::inpaint, {}, both).faults, "/mask:wrong_size ");
}

}  // namespace
}  // namespace atelier::generation

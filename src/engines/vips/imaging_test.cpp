#include "engines/vips/imaging.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <bit>

#include "tests/support/decoder.hpp"

namespace atelier::vips {
namespace {

using ports::Medium;

FileHandle open(const std::string& name) {
  const std::string path = ATELIER_SOURCE_DIR "/tests/support/pictures/" + name;
  FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  EXPECT_GE(file.descriptor(), 0) << path;
  return file;
}

std::span<const std::byte> bytes_of(const ports::Variant& variant) {
  return std::as_bytes(std::span(variant.bytes));
}

class ImagingTest : public testing::Test {
 protected:
  std::unique_ptr<ports::Imaging> imaging = make_imaging({.program = test::decoder()});
};

TEST_F(ImagingTest, EveryMediumBecomesWebp) {
  for (const char* name : {"plain.png", "plain.jpg", "plain.webp", "lossless.webp", "plain.avif",
                           "plain.gif", "progressive.jpg", "cmyk.jpg", "grey.png", "palette.png",
                           "clear.png", "clear.webp", "clear.avif", "moving.avif"}) {
    const FileHandle file = open(name);
    const auto probe = imaging->probe(file);
    ASSERT_TRUE(probe) << name << probe.error().code;
    EXPECT_EQ(probe->width, 48) << name;
    EXPECT_EQ(probe->height, 32) << name;
    EXPECT_EQ(probe->has_alpha, std::string_view(name).starts_with("clear")) << name;
    const std::vector<ports::VariantWish> wishes{{.width = 24}};
    const auto made = imaging->variants(file, wishes);
    ASSERT_TRUE(made) << name << made.error().code;
    EXPECT_EQ(made->front().width, 24) << name;
    EXPECT_EQ(made->front().height, 16) << name;
    const auto seen = imaging->probe(bytes_of(made->front()));
    EXPECT_EQ(seen->medium, Medium::webp) << name;
    EXPECT_EQ(seen->has_alpha, probe->has_alpha) << name;
  }
}

}  // namespace
}  // namespace atelier::vips

#include "engines/vips/imaging.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <fstream>
#include <iterator>
#include <thread>

#include "base/text.hpp"
#include "tests/support/decoder.hpp"
#include "tests/support/pictures.hpp"

namespace atelier::vips {
namespace {

using ports::Medium;
using test::picture;

const std::vector<ports::VariantWish> half{{.width = 24}};

class ImagingTest : public testing::Test {
 protected:
  std::unique_ptr<ports::Imaging> imaging = make_imaging({.program = test::decoder()});

  ports::Variant variant(const std::string& bytes, const ports::VariantWish& wish) {
    auto made = imaging->variants(bytes_of(bytes), std::span(&wish, 1));
    if (made) return std::move(made->front());
    ADD_FAILURE() << made.error().code;
    return {};
  }
  ports::Probe probe(const std::string& bytes) {
    const auto seen = imaging->probe(bytes_of(bytes));
    EXPECT_TRUE(seen);
    return seen.value_or(ports::Probe{});
  }
  ports::Appearance look(const std::string& bytes) {
    auto seen = imaging->describe(bytes_of(bytes));
    EXPECT_TRUE(seen);
    return std::move(seen).value_or(ports::Appearance{});
  }
};

int channel(std::uint32_t colour, int index) { return int(colour >> (16 - 8 * index) & 255); }

TEST_F(ImagingTest, EveryMediumBecomesWebp) {
  for (const char* name : {"plain.png", "plain.jpg", "plain.webp", "lossless.webp", "plain.avif",
                           "plain.gif", "progressive.jpg", "cmyk.jpg", "grey.png", "palette.png",
                           "clear.png", "clear.webp", "clear.avif", "moving.avif"}) {
    SCOPED_TRACE(name);
    const std::string bytes = picture(name);
    const ports::Probe before = probe(bytes);
    EXPECT_EQ(before.width, 48);
    EXPECT_EQ(before.height, 32);
    const bool clear = std::string_view(name).starts_with("clear");
    EXPECT_EQ(before.has_alpha, clear);
    const ports::Variant made = variant(bytes, half.front());
    EXPECT_EQ(made.width, 24);
    EXPECT_EQ(made.height, 16);
    EXPECT_EQ(probe(made.bytes).medium, Medium::webp);
    EXPECT_EQ(probe(made.bytes).has_alpha, clear);
  }
}

TEST_F(ImagingTest, OneReadingMakesAllThatIsWished) {
  const std::vector<ports::VariantWish> wishes{
      {.width = 30},
      {.medium = Medium::jpeg, .width = 1000},
      {.medium = Medium::png, .height = 8},
      {.medium = Medium::avif, .width = 40, .height = 16, .quality = 50},
      {}};
  const std::string bytes = picture("clear.png");
  const auto made = imaging->variants(bytes_of(bytes), wishes);
  ASSERT_TRUE(made) << made.error().code;
  ASSERT_EQ(made->size(), wishes.size());
  const std::vector<std::pair<int, int>> sizes{{30, 20}, {48, 32}, {12, 8}, {24, 16}, {48, 32}};
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    EXPECT_EQ(std::pair((*made)[i].width, (*made)[i].height), sizes[i]) << i;
    EXPECT_EQ(probe((*made)[i].bytes).medium, wishes[i].medium) << i;
    EXPECT_EQ(probe((*made)[i].bytes).has_alpha, wishes[i].medium != Medium::jpeg) << i;
  }
}

TEST_F(ImagingTest, WishesThatCannotBeMade) {
  const std::string bytes = picture("plain.png");
  const auto code = [&](std::vector<ports::VariantWish> wishes) {
    const auto made = imaging->variants(bytes_of(bytes), wishes);
    return made ? std::string() : made.error().code;
  };
  EXPECT_EQ(code({}), "image_wish");
  EXPECT_EQ(code({{.medium = Medium::gif}}), "image_wish");
  EXPECT_EQ(code({{.medium = Medium::mp4}}), "image_wish");
  EXPECT_EQ(code({{.width = -1}}), "image_wish");
  EXPECT_EQ(code({{.quality = 0}}), "image_wish");
  EXPECT_EQ(code({{.quality = 101}}), "image_wish");
  EXPECT_EQ(code({{.medium = Medium::jpeg, .animated = true}}), "image_wish");
  EXPECT_EQ(code(std::vector<ports::VariantWish>(9)), "image_wish");
  EXPECT_EQ(code(std::vector<ports::VariantWish>(8)), "");
}

TEST_F(ImagingTest, OrientationIsApplied) {
  const ports::Appearance upright = look(picture("plain.png"));
  for (const char* name :
       {"turned2.jpg", "turned3.jpg", "turned4.jpg", "turned5.jpg", "turned6.jpg", "turned7.jpg",
        "turned8.jpg", "turned3.png", "turned6.png", "turned3.webp", "turned6.webp",
        "turned3.avif", "turned6.avif"}) {
    SCOPED_TRACE(name);
    const std::string bytes = picture(name);
    EXPECT_EQ(probe(bytes).width, 48);
    EXPECT_EQ(probe(bytes).height, 32);
    const ports::Variant made = variant(bytes, half.front());
    EXPECT_EQ(made.width, 24);
    EXPECT_EQ(made.height, 16);
    const auto seen = look(made.bytes);
    ASSERT_EQ(seen.thumb_hash.size(), upright.thumb_hash.size());
    // The first cosine terms of lightness; mirrored ones would change their sign.
    for (std::size_t at = 5; at < 9; ++at)
      for (const int shift : {0, 4})
        EXPECT_NEAR(seen.thumb_hash[at] >> shift & 15, upright.thumb_hash[at] >> shift & 15, 3);
  }
}

TEST_F(ImagingTest, ProfilesAreConvertedAndNothingPrivateStays) {
  for (const char* name : {"profile.png", "profile.jpg", "profile.webp", "profile.avif",
                           "turned6.jpg", "turned6.webp", "turned6.png", "turned6.avif"}) {
    SCOPED_TRACE(name);
    const std::string bytes = picture(name);
    const bool has_profile = std::string_view(name).starts_with("profile");
    for (const Medium medium : {Medium::webp, Medium::jpeg, Medium::png, Medium::avif}) {
      const ports::Variant made = variant(bytes, {.medium = medium, .quality = 95});
      for (const char* trace :
           {"private", "Exif", "EXIF", "eXIf", "ICC", "iCCP", "acsp", "xpacket"})
        EXPECT_EQ(made.bytes.find(trace), std::string::npos) << trace;
      if (!has_profile) continue;
      // Its profile exchanges red and green: what is stored as red is green.
      const std::uint32_t colour = look(made.bytes).dominant_colour;
      EXPECT_LT(channel(colour, 0), 60) << std::hex << colour;
      EXPECT_GT(channel(colour, 1), 200) << std::hex << colour;
    }
  }
}

TEST_F(ImagingTest, MovesWhenWished) {
  for (const char* name : {"moving.gif", "moving.webp"}) {
    SCOPED_TRACE(name);
    const std::string bytes = picture(name);
    EXPECT_EQ(probe(bytes).frames, 4);
    EXPECT_EQ(probe(bytes).duration_ms, 280);
    const ports::Variant still = variant(bytes, {.width = 24});
    EXPECT_EQ(still.frames, 1);
    const ports::Variant moving = variant(bytes, {.width = 24, .animated = true});
    EXPECT_EQ(moving.frames, 4);
    EXPECT_EQ(moving.width, 24);
    EXPECT_EQ(moving.height, 16);
    EXPECT_EQ(probe(moving.bytes).duration_ms, 280);
  }
  const ports::Variant png = variant(picture("moving.png"), {.animated = true});
  EXPECT_EQ(png.frames, 1);  // the frames of an animated PNG are not read
}

TEST_F(ImagingTest, Appearance) {
  const ports::Appearance seen = look(picture("plain.png"));
  EXPECT_LE(seen.thumb_hash.size(), 25u);
  EXPECT_GE(seen.thumb_hash.size(), 5u);
  EXPECT_EQ(channel(seen.dominant_colour, 0) / 32, 90 / 32);  // the sky
  EXPECT_EQ(channel(seen.dominant_colour, 2) / 32, 230 / 32);
  const auto distance = [&](const char* name) {
    return std::popcount(look(picture(name)).perceptual_hash ^ seen.perceptual_hash);
  };
  for (const char* near : {"plain.jpg", "plain.webp", "plain.avif", "plain.gif"})
    EXPECT_LE(distance(near), 14) << near;
  EXPECT_GE(distance("profile.png"), 16);
}

TEST_F(ImagingTest, FilmsAreOnlyProbed) {
  for (const char* name : {"film.mp4", "film.webm"}) {
    const std::string bytes = picture(name);
    EXPECT_EQ(imaging->describe(bytes_of(bytes)).error().code, "image_film");
    EXPECT_EQ(imaging->variants(bytes_of(bytes), half).error().code, "image_film");
  }
}

TEST_F(ImagingTest, ManyCallersShareFewProcesses) {
  const auto few = make_imaging({.program = test::decoder(), .processes = 2});
  std::atomic<int> made = 0;
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 6; ++i)
      callers.emplace_back([&] {
        const std::string bytes = picture("plain.jpg");
        for (int n = 0; n < 5; ++n) made += few->variants(bytes_of(bytes), half).has_value();
      });
  }
  EXPECT_EQ(made, 30);
}

TEST_F(ImagingTest, WithoutADecoderItSaysSo) {
  const auto none = make_imaging({.program = "/nonexistent/program"});
  const std::string bytes = picture("plain.png");
  const auto made = none->variants(bytes_of(bytes), half);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().fault, Fault::unavailable);
  EXPECT_EQ(made.error().code, "imaging_failed");
  EXPECT_TRUE(none->probe(bytes_of(bytes)));
}

TEST_F(ImagingTest, PixelsOfAnySize) {
  for (const char* name : {"plain.png", "plain.jpg", "clear.webp", "plain.avif", "plain.gif",
                           "grey.png", "palette.png", "cmyk.jpg"}) {
    SCOPED_TRACE(name);
    const std::string bytes = picture(name);
    const auto as_it_is = imaging->pixels(bytes_of(bytes), 0, 0);
    ASSERT_TRUE(as_it_is) << as_it_is.error().code;
    EXPECT_EQ(as_it_is->width, 48);
    EXPECT_EQ(as_it_is->height, 32);
    EXPECT_EQ(as_it_is->rgba.size(), 48u * 32 * 4);
    EXPECT_EQ(imaging->pixels(bytes_of(bytes), 48, 32)->rgba, as_it_is->rgba);
    const auto stretched = imaging->pixels(bytes_of(bytes), 17, 200);
    ASSERT_TRUE(stretched);
    EXPECT_EQ(stretched->rgba.size(), 17u * 200 * 4);
  }
  // A variant without loss holds the same pixels.
  const ports::Variant copy = variant(picture("clear.png"), {.medium = Medium::png});
  EXPECT_EQ(imaging->pixels(bytes_of(copy.bytes), 0, 0)->rgba,
            imaging->pixels(bytes_of(picture("clear.png")), 0, 0)->rgba);
  const auto code = [&](std::string_view bytes, int width, int height) {
    return imaging->pixels(bytes_of(bytes), width, height).error().code;
  };
  EXPECT_EQ(code(picture("plain.png"), 4097, 4096), "image_too_large");
  EXPECT_EQ(code(picture("plain.png"), 0, 5), "image_wish");
  EXPECT_EQ(code(picture("plain.png"), -1, 5), "image_wish");
  EXPECT_EQ(code(picture("film.mp4"), 5, 5), "image_film");
  EXPECT_EQ(code("GIF89a?", 5, 5), "image_broken");
#ifndef __SANITIZE_THREAD__  // which takes what libvips' threads wrote for a race, byte by byte
  EXPECT_EQ(imaging->pixels(bytes_of(picture("plain.png")), 4096, 4096)->rgba.size(), 64u << 20);
#endif
}

}  // namespace
}  // namespace atelier::vips

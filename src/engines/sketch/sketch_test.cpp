#include "engines/sketch/sketch.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <set>

#include "base/text.hpp"
#include "engines/sketch/painter.hpp"
#include "engines/vips/imaging.hpp"
#include "tests/support/decoder.hpp"
#include "tests/support/watchers.hpp"

namespace atelier::engines::sketch {
namespace {

using ports::GenerationTask;
using ports::Order;

constexpr const char* subjects[] = {
    "mountains", "the sea", "a forest", "a desert", "a city skyline", "a house", "a tree",
    "a flower", "the sun", "moon and stars", "a cat", "a dog", "a bird", "a fish", "a boat",
    "a car", "a person", "a portrait", "a mushroom", "a cup of coffee", "abstract", "a castle",
    "a lighthouse", "a butterfly", "a robot", "a hot air balloon", "a rocket", "fruit",
    "underwater", "a galaxy", "a red fox", "a lion", "a horse", "a unicorn", "a rabbit", "a bear",
    "an elephant", "a dragon", "an airplane", "a train"};

Raster painted(std::string_view prompt, std::uint64_t seed = 1, int width = 128, int height = 128) {
  Commission commission;
  commission.scene = read_prompt(prompt, "");
  commission.width = width;
  commission.height = height;
  commission.seed = seed;
  return *paint(commission, [](double, const Raster*) { return true; });
}

double distance(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(int(a[i]) - int(b[i]));
  return sum / double(a.size());
}

struct Sketch : testing::Test {
  std::unique_ptr<ports::Imaging> imaging = vips::make_imaging({.program = test::decoder()});
  std::shared_ptr<ports::Generator> painter = make_painter(*imaging);
  test::PatientWatcher watcher;

  static Order order(std::string_view prompt, int side = 96) {
    Order order;
    order.key = "0b0e9a52-7d8f-4b1e-9f5c-2f6f0a7e1c11";
    order.prompt = prompt;
    order.width = order.height = side;
    order.seed = 7;
    return order;
  }
  ports::Outcome made(const Order& order) {
    const auto handle = painter->submit(order);
    EXPECT_TRUE(handle) << handle.error().detail;
    auto outcome = painter->follow(handle.value_or(""), order, watcher);
    EXPECT_TRUE(outcome) << outcome.error().detail;
    return outcome.value_or(ports::Outcome{});
  }
  std::string failure(const Order& order) {
    const auto outcome = painter->follow(order.key, order, watcher);
    return outcome ? "none" : outcome.error().code;
  }
  std::vector<std::uint8_t> pixels(const std::string& bytes) {
    const auto all = imaging->pixels(bytes_of(bytes), 0, 0);
    EXPECT_TRUE(all) << all.error().detail;
    return all ? std::vector<std::uint8_t>(all->rgba.begin(), all->rgba.end())
               : std::vector<std::uint8_t>{};
  }
};

TEST_F(Sketch, SaysThatItIsNoModel) {
  const auto offer = painter->probe();
  ASSERT_TRUE(offer);
  EXPECT_FALSE(offer->is_model);
  EXPECT_EQ(offer->title, "Sketch (no AI model)");
}

TEST_F(Sketch, SameOrderSameBytes) {
  Order two = order("two cats in a garden at sunset, watercolor");
  two.count = 2;
  const auto first = made(two), again = made(two);
  ASSERT_EQ(first.pictures.size(), 2u);
  EXPECT_EQ(first.pictures[0].bytes, again.pictures[0].bytes);
  EXPECT_EQ(first.pictures[1].bytes, again.pictures[1].bytes);
  EXPECT_NE(first.pictures[0].bytes, first.pictures[1].bytes);
  EXPECT_EQ(first.pictures[1].seed, 8u);
  two.seed = 8;
  two.count = 1;
  EXPECT_EQ(made(two).pictures[0].bytes, first.pictures[1].bytes);
}

TEST_F(Sketch, AnyShapeAndTheLastSeed) {
  Order wide = order("a boat");
  wide.width = 301, wide.height = 7;
  wide.seed = ~std::uint64_t{0};
  const auto seen = imaging->probe(bytes_of(made(wide).pictures[0].bytes));
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->width, 301);
  EXPECT_EQ(seen->height, 7);
  wide.width = wide.height = 1;
  EXPECT_EQ(made(wide).pictures.size(), 1u);
}

TEST_F(Sketch, NegativeLeavesOut) {
  const Scene scene = read_prompt("a red cat and a dog in the rain at night, oil painting",
                                  "dog, rain, night");
  ASSERT_EQ(scene.figures.size(), 1u);
  EXPECT_EQ(scene.figures[0].subject, Subject::cat);
  EXPECT_TRUE(scene.figures[0].colour);
  EXPECT_EQ(scene.weather, Weather::clear);
  EXPECT_EQ(scene.hour, Hour::day);
  EXPECT_EQ(scene.style, Style::oil);
  EXPECT_EQ(read_prompt("mountains", "mountains").backdrop, Backdrop::meadow);
}

TEST_F(Sketch, WordsAreRead) {
  const Scene scene = read_prompt(
      "<lora:cat:1>, ((three foxes:1.3)), misty morning, 8-bit, blue car, winter", "");
  ASSERT_EQ(scene.figures.size(), 2u) << "a tag is no word";
  EXPECT_EQ(scene.figures[0].count, 3);
  EXPECT_FALSE(scene.figures[0].colour);
  EXPECT_EQ(scene.figures[1].subject, Subject::car);
  EXPECT_TRUE(scene.figures[1].colour);
  EXPECT_FALSE(scene.tone) << "the colour is the car's";
  EXPECT_EQ(scene.weather, Weather::fog);
  EXPECT_EQ(scene.hour, Hour::dawn);
  EXPECT_EQ(scene.style, Style::pixel);
  EXPECT_EQ(scene.season, Season::winter);
  const Scene woman = read_prompt("portrait of a woman in a green dress", "");
  ASSERT_EQ(woman.figures.size(), 1u);
  const auto figures = [](std::string_view prompt) {
    std::vector<Subject> out;
    for (const Figure& figure : read_prompt(prompt, "").figures) out.push_back(figure.subject);
    return out;
  };
  using enum Subject;
  EXPECT_EQ(figures("a red fox in the snow, cat on a wall"), (std::vector{fox, cat}));
  EXPECT_EQ(figures("a house cat"), std::vector{cat});
  EXPECT_EQ(figures("two apple trees"), std::vector{tree});
  EXPECT_EQ(read_prompt("two apple trees", "").figures[0].count, 2);
  EXPECT_EQ(figures("a house and a cat"), (std::vector{house, cat}));
  EXPECT_EQ(figures("cat, dog"), (std::vector{cat, dog}));
  EXPECT_EQ(figures("portrait of a fox"), std::vector{fox});
  EXPECT_EQ(figures("cat portrait"), std::vector{cat});
  EXPECT_FALSE(read_prompt("qwertz", "").understood);
  EXPECT_NE(made(order("qwertz")).note, "");
  EXPECT_EQ(made(order("a cat")).note, "");
}

/// With ATELIER_CONTACT_SHEET=file.png it also writes a sheet of them to look at.
TEST_F(Sketch, SubjectsAreToldApart) {
  std::vector<Raster> all;
  for (const char* subject : subjects) {
    EXPECT_TRUE(read_prompt(subject, "").understood) << subject;
    all.push_back(painted(subject));
  }
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t k = 0; k < i; ++k)
      EXPECT_GT(distance(all[i].rgba, all[k].rgba), 2.5) << subjects[i] << " / " << subjects[k];
  const char* file = std::getenv("ATELIER_CONTACT_SHEET");
  if (file == nullptr) return;
  constexpr int side = 256, columns = 6, gap = 4;
  const int rows = (static_cast<int>(std::size(subjects)) + columns - 1) / columns;
  Raster sheet(columns * (side + gap), rows * (side + gap));
  std::ranges::fill(sheet.rgba, 255);
  for (int i = 0; i < static_cast<int>(std::size(subjects)); ++i) {
    const Raster one = painted(subjects[i], 1, side, side);
    for (int y = 0; y < side; ++y)
      std::copy_n(one.at(0, y), side * 4,
                  sheet.at(i % columns * (side + gap), i / columns * (side + gap) + y));
  }
  std::ofstream(file, std::ios::binary) << raster::png(sheet);
}

TEST_F(Sketch, EveryStyleAndWeatherLooksDifferent) {
  std::set<std::vector<std::uint8_t>> seen;
  const char* const words[] = {"",       "watercolor", "pixel art", "line art", "noir",
                               "oil painting", "neon", "sepia",   "pastel",   "cartoon",
                               "at night", "sunset",   "dawn",      "rain",     "snow",
                               "fog",    "storm",      "autumn",    "spring",   "blue",
                               "rainbow", "two"};
  for (const char* word : words)
    seen.insert(painted(std::string(word) + " tree in a meadow", 3).rgba);
  EXPECT_EQ(seen.size(), std::size(words));
}

TEST_F(Sketch, StepsAddDetailAndGuidanceColour) {
  Order low = order("a forest"), high = low;
  low.steps = 1, high.steps = 50;
  EXPECT_GT(made(high).pictures[0].bytes.size(), made(low).pictures[0].bytes.size() * 11 / 10);
  const auto colourfulness = [&](double guidance) {
    Order one = order("a red car");
    one.guidance = guidance;
    const auto rgba = pixels(made(one).pictures[0].bytes);
    double sum = 0;
    for (std::size_t i = 0; i < rgba.size(); i += 4)
      sum += std::max({rgba[i], rgba[i + 1], rgba[i + 2]}) -
             std::min({rgba[i], rgba[i + 1], rgba[i + 2]});
    return sum;
  };
  EXPECT_LT(colourfulness(1), colourfulness(7));
  EXPECT_LT(colourfulness(7), colourfulness(14));
}

TEST_F(Sketch, DenoiseLeadsAwayFromTheSource) {
  const std::string source = raster::png(painted("a house", 5));
  const auto before = pixels(source);
  double last = -1;
  for (int i = 0; i <= 10; ++i) {
    Order one = order("a cat at night", 128);
    one.task = GenerationTask::img2img;
    one.source = source;
    one.denoise = i / 10.0;
    const double far = distance(pixels(made(one).pictures[0].bytes), before);
    EXPECT_GT(far, last) << one.denoise;
    if (i == 0) {
      EXPECT_EQ(far, 0);
    }
    last = far;
  }
  Order whole = order("a cat at night", 128);
  const auto alone = pixels(made(whole).pictures[0].bytes);
  whole.task = GenerationTask::img2img;
  whole.source = source;
  EXPECT_EQ(pixels(made(whole).pictures[0].bytes), alone) << "at 1 nothing is left of it";
}

TEST_F(Sketch, WhatIsNotUnderTheMaskStays) {
  Raster source = painted("a house", 5), mask(128, 128);
  for (int y = 0; y < 128; ++y)
    for (int x = 0; x < 128; ++x) {
      if (x > 100) source.at(x, y)[3] = static_cast<std::uint8_t>(2 * y);  // transparent as well
      std::uint8_t* pixel = mask.at(x, y);
      pixel[3] = 255;
      if (x < 64) std::fill_n(pixel, 3, x < 32 ? 255 : 128);
    }
  Order one = order("a rocket", 128);
  one.task = GenerationTask::inpaint;
  one.source = raster::png(source);
  one.mask = raster::png(mask);
  const auto after = pixels(made(one).pictures[0].bytes);
  int changed = 0;
  for (int y = 0; y < 128; ++y)
    for (int x = 0; x < 128; ++x) {
      const std::uint8_t* now = &after[(std::size_t(y) * 128 + std::size_t(x)) * 4];
      const bool same = std::equal(now, now + 4, source.at(x, y));
      if (x >= 64) EXPECT_TRUE(same) << x << ',' << y;
      else changed += !same;
    }
  EXPECT_GT(changed, 64 * 128 * 9 / 10);
}

TEST_F(Sketch, UpscalesAndCutsOut) {
  const Raster source = painted("a house", 5);
  Order up = order("");
  up.task = GenerationTask::upscale;
  up.source = raster::png(source);
  up.width = up.height = 512;
  const std::string large = made(up).pictures[0].bytes;
  const auto back = imaging->pixels(bytes_of(large), 128, 128);
  ASSERT_TRUE(back);
  EXPECT_LT(distance({back->rgba.begin(), back->rgba.end()}, source.rgba), 3);

  Raster plain(64, 64);
  for (int y = 0; y < 64; ++y)
    for (int x = 0; x < 64; ++x) {
      const bool disc = (x - 32) * (x - 32) + (y - 32) * (y - 32) < 300;
      const std::uint8_t colours[2][4] = {{250, 250, 248, 255}, {200, 30, 30, 255}};
      std::copy_n(colours[disc], 4, plain.at(x, y));
    }
  Order cut = order("");
  cut.task = GenerationTask::remove_background;
  cut.source = raster::png(plain);
  const auto left = pixels(made(cut).pictures[0].bytes);
  EXPECT_EQ(left[3], 0) << "the corner is gone";
  EXPECT_EQ(left[(32 * 64 + 32) * 4 + 3], 255) << "the disc is not";
}

TEST_F(Sketch, TellsHowFarItIsAndStops) {
  made(order("five birds over the sea, oil painting", 256));
  EXPECT_TRUE(watcher.never_went_back());
  EXPECT_EQ(watcher.last_part(), 1);
  EXPECT_GT(watcher.previews(), 0);
  test::ImpatientWatcher impatient(2);
  const Order one = order("a castle");
  const auto stopped = painter->follow(one.key, one, impatient);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, "generation_canceled");
  EXPECT_TRUE(painter->cancel(one.key));
  EXPECT_EQ(failure(one), "generation_canceled");
  Order other = one;
  other.key = "1c0e9a52-7d8f-4b1e-9f5c-2f6f0a7e1c12";
  EXPECT_EQ(failure(other), "none") << "no other work is stopped";
}

TEST_F(Sketch, RefusesWhatItCannotDo) {
  Order one = order("a cat");
  one.model = "sd_xl_base_1.0.safetensors";
  EXPECT_EQ(failure(one), "generation_model_missing");
  one = order("a cat", 4097);
  EXPECT_EQ(failure(one), "generation_invalid");
  one = order("a cat");
  one.count = 9;
  EXPECT_EQ(failure(one), "generation_invalid");
  one.count = 1;
  one.task = GenerationTask::inpaint;
  EXPECT_EQ(failure(one), "generation_invalid");
  one.source = one.mask = "GIF89a?";
  EXPECT_EQ(failure(one), "generation_invalid");
  one.task = GenerationTask::graph;
  EXPECT_EQ(painter->submit(one).error().code, "generation_invalid");
}

}  // namespace
}  // namespace atelier::engines::sketch

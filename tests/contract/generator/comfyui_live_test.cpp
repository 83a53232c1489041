// The ComfyUI adapter against a real ComfyUI, named by ATELIER_COMFYUI_URL. Pictures of a model
// are asked for if it has one called "tiny" (random weights do: only the protocol is looked at).
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/text.hpp"
#include "engines/comfyui/comfyui.hpp"
#include "engines/comfyui/server.hpp"
#include "engines/raster/raster.hpp"
#include "engines/vips/imaging.hpp"
#include "schema/document.hpp"
#include "tests/support/decoder.hpp"
#include "tests/support/http_fake.hpp"
#include "tests/support/watchers.hpp"

namespace atelier::test {
namespace {

using engines::raster::Raster;
using ports::GenerationTask;
using ports::Order;
using schema::Document;

class ComfyLive : public testing::Test {
 protected:
  void SetUp() override {
    const char* url = std::getenv("ATELIER_COMFYUI_URL");
    if (url == nullptr) GTEST_SKIP() << "no real ComfyUI: ATELIER_COMFYUI_URL is not set";
    url_ = url;
    backend_ = engines::comfyui::make_backend({.url = url_});
    const auto offer = backend_->probe();
    ASSERT_TRUE(offer) << offer.error().detail;
    for (const ports::OfferedModel& model : offer->models)
      if (model.kind == "checkpoint" && model.name.find("tiny") != std::string::npos)
        model_ = model.name;
      else if (model.kind == "lora" && model.name.find("tiny") != std::string::npos)
        lora_ = model.name;
  }

  static std::string fresh_key() {
    std::ifstream file("/proc/sys/kernel/random/uuid");
    std::string key;
    std::getline(file, key);
    return key;
  }
  Order order(GenerationTask task) {
    Order order;
    order.task = task;
    order.key = fresh_key();
    order.model = model_;
    order.prompt = "a cat";
    order.seed = static_cast<std::uint64_t>(std::rand()) + (std::uint64_t{1} << 63);
    order.width = order.height = 128;
    order.steps = 4;
    return order;
  }
  Result<ports::Outcome> make(const Order& one, ports::Watcher& watcher) {
    const auto handle = backend_->submit(one);
    if (!handle) return std::unexpected(handle.error());
    return backend_->follow(*handle, one, watcher);
  }
  ports::Outcome made(const Order& one) {
    auto outcome = make(one, watcher_);
    EXPECT_TRUE(outcome) << outcome.error().code << ": " << outcome.error().detail;
    return outcome.value_or(ports::Outcome{});
  }
  std::string pixels(const std::string& bytes) {
    const auto all = imaging_->pixels(bytes_of(bytes), 0, 0);
    EXPECT_TRUE(all) << all.error().detail;
    return all ? all->rgba : std::string();
  }
  static std::string blank(int batch, int side = 64) {
    return R"({"1":{"class_type":"EmptyImage","inputs":{"width":)" + std::to_string(side) +
           R"(,"height":64,"batch_size":)" + std::to_string(batch) +
           R"(,"color":)" + std::to_string(std::rand() % 0xffffff) +
           R"(}},"2":{"class_type":"PreviewImage","inputs":{"images":["1",0]}}})";
  }

  std::string url_, model_, lora_;
  std::shared_ptr<ports::Generator> backend_;
  std::unique_ptr<ports::Imaging> imaging_ = vips::make_imaging({.program = decoder()});
  PatientWatcher watcher_;
};

TEST_F(ComfyLive, ItsNodesAreAsRecorded) {
  const auto live = engines::comfyui::Server(url_, "").node_types();
  ASSERT_TRUE(live);
  std::ifstream file(ATELIER_SOURCE_DIR "/tests/support/comfyui_nodes.json");
  const std::string facts(std::istreambuf_iterator<char>(file), {});
  const auto recorded = engines::comfyui::NodeTypes::parse(facts);
  const auto names = Document::parse(facts);
  ASSERT_TRUE(recorded && names);
  for (const std::string& name : names->names({})) {
    const auto* node = live->find(name);
    ASSERT_NE(node, nullptr) << name;
    EXPECT_EQ(node->outputs, recorded->find(name)->outputs) << name;
    for (const auto& [input, type] : recorded->find(name)->inputs) {
      ASSERT_NE(node->find(input), nullptr) << name << '.' << input;
      EXPECT_EQ(node->find(input)->type, type.type) << name << '.' << input;
    }
  }
}

/// What the real nodes make of a mask is what masks_test.cpp believes of them: white is 1.
TEST_F(ComfyLive, ItReadsMasksAsTheyAreMeant) {
  Raster mask(64, 64);
  for (int y = 0; y < 64; ++y)
    for (int x = 0; x < 64; ++x) {
      std::fill_n(mask.at(x, y), 3, static_cast<std::uint8_t>(x < 32 ? 255 * (y % 2) : 4 * x));
      mask.at(x, y)[3] = 255;
    }
  const std::pair<std::string, std::string> ways[] = {
      {R"("LoadImage","inputs":{"image":"old.png"})", R"(["1",1])"},
      {R"("LoadImageMask","inputs":{"image":"old.png","channel":"alpha"})", R"(["1",0])"},
  };
  for (const auto& [loader, link] : ways) {
    Order one = order(GenerationTask::graph);
    one.graph = R"({"1":{"class_type":)" + loader +
                R"(},"3":{"class_type":"MaskToImage","inputs":{"mask":)" + link +
                R"(}},"4":{"class_type":"PreviewImage","inputs":{"images":["3",0]}}})";
    one.pictures = {{{"/1/inputs/image"}, true, engines::raster::png(mask)}};
    if (loader.starts_with("\"LoadImage\""))
      one.pictures.push_back({{"/1/inputs/image"}, false, plain_png(64, 64, 0x336699)});
    const auto outcome = made(one);
    ASSERT_EQ(outcome.pictures.size(), 1u);
    const std::string seen = pixels(outcome.pictures[0].bytes);
    ASSERT_EQ(seen.size(), mask.rgba.size());
    int far = 0;  // it rounds down
    for (std::size_t i = 0; i < seen.size(); i += 4)
      far = std::max(far, std::abs(static_cast<unsigned char>(seen[i]) - mask.rgba[i]));
    EXPECT_LE(far, 1) << loader;
  }
}

TEST_F(ComfyLive, APictureIsFoundWhereItWasSent) {
  const engines::comfyui::Server server(url_, "");
  const std::string picture =
      plain_png(32, 32, static_cast<std::uint32_t>(std::rand()) & 0xffffff);
  const auto name = server.upload(picture);
  ASSERT_TRUE(name) << name.error().detail;
  EXPECT_TRUE(server.has(*name, picture));
  EXPECT_FALSE(server.has(*name, picture + '.')) << "half of it is not it";
  EXPECT_FALSE(server.has(*name, picture.substr(0, picture.size() - 1)));
  EXPECT_FALSE(server.has("nobody-sent-this.png", picture));
  EXPECT_EQ(server.upload(picture).value_or(""), *name);
}

TEST_F(ComfyLive, AGraphWithoutAModel) {
  Order one = order(GenerationTask::graph);
  one.graph = blank(2);
  const auto outcome = made(one);
  ASSERT_EQ(outcome.pictures.size(), 2u);
  EXPECT_EQ(watcher_.last_part(), 1);
  EXPECT_EQ(made(one).pictures.size(), 2u) << "the same key again finds the same work";
}

TEST_F(ComfyLive, UpscalesWithoutAModel) {
  Order one = order(GenerationTask::upscale);
  one.source = plain_png(40, 30, 0x336699);
  one.width = 111;
  one.height = 77;
  const auto seen = imaging_->probe(bytes_of(made(one).pictures.at(0).bytes));
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->width, 111);
  EXPECT_EQ(seen->height, 77);
}

TEST_F(ComfyLive, FaultsAreTold) {
  Order one = order(GenerationTask::graph);
  one.graph = R"({"1":{"class_type":"EmptyImage","inputs":{"width":64,"height":64,)"
              R"("batch_size":1,"color":0}}})";
  EXPECT_EQ(backend_->submit(one).error().code, "generation_invalid");
  // What the checks before the call cannot know: the server's own validation.
  const engines::comfyui::Server server(url_, "");
  const auto posted = server.post(
      R"({"1":{"class_type":"LoadImage","inputs":{"image":"no-such-file.png"}},)"
      R"("2":{"class_type":"PreviewImage","inputs":{"images":["1",0]}}})",
      "", fresh_key(), "live");
  ASSERT_FALSE(posted);
  EXPECT_EQ(posted.error().code, "generation_invalid");
}

TEST_F(ComfyLive, WaitingWorkIsCanceled) {
  Order first = order(GenerationTask::graph), second = first;
  first.graph = blank(64, 2048);
  second.key = fresh_key();
  second.graph = blank(1);
  const auto one = backend_->submit(first), two = backend_->submit(second);
  ASSERT_TRUE(one && two);
  EXPECT_TRUE(backend_->cancel(*two));
  const auto outcome = backend_->follow(*two, second, watcher_);
  if (!outcome) {
    EXPECT_EQ(outcome.error().code, "generation_canceled");
  }
  PatientWatcher other;
  EXPECT_TRUE(backend_->follow(*one, first, other)) << "the other work goes on";
}

TEST_F(ComfyLive, EveryTemplateRuns) {
  if (model_.empty()) GTEST_SKIP() << "this ComfyUI has no model called tiny";
  Order one = order(GenerationTask::txt2img);
  one.count = 2;
  if (!lora_.empty()) one.resources = {{"lora", lora_, 0.5}};
  const auto first = made(one);
  ASSERT_EQ(first.pictures.size(), 2u);
  EXPECT_EQ(first.pictures[1].seed, one.seed + 1);
  EXPECT_TRUE(watcher_.never_went_back());
  one = order(GenerationTask::hires);
  one.first_width = one.first_height = 64;
  EXPECT_EQ(made(one).pictures.size(), 1u);
  one = order(GenerationTask::img2img);
  one.source = plain_png(100, 128, 0x8090a0);
  one.denoise = 0.5;
  EXPECT_EQ(made(one).pictures.size(), 1u);
}

TEST_F(ComfyLive, WhatIsNotUnderTheMaskStaysToTheByte) {
  if (model_.empty()) GTEST_SKIP() << "this ComfyUI has no model called tiny";
  Raster source(128, 128), mask(128, 128);
  for (int y = 0; y < 128; ++y)
    for (int x = 0; x < 128; ++x) {
      const std::uint8_t colour[] = {static_cast<std::uint8_t>(x * 2),
                                     static_cast<std::uint8_t>(y * 2),
                                     static_cast<std::uint8_t>(x ^ y), 255};
      std::copy_n(colour, 4, source.at(x, y));
      std::fill_n(mask.at(x, y), 3, x < 64 ? 255 : 0);
      mask.at(x, y)[3] = 255;
    }
  Order one = order(GenerationTask::inpaint);
  one.source = engines::raster::png(source);
  one.mask = engines::raster::png(mask);
  const std::string after = pixels(made(one).pictures.at(0).bytes);
  int kept = 0, changed = 0;
  for (int y = 0; y < 128; ++y)
    for (int x = 0; x < 128; ++x) {
      const bool same = std::equal(source.at(x, y), source.at(x, y) + 3,
                                   reinterpret_cast<const std::uint8_t*>(after.data()) +
                                       (y * 128 + x) * 4);
      (x < 64 ? changed : kept) += x < 64 ? !same : same;
    }
  EXPECT_EQ(kept, 64 * 128);
  EXPECT_GT(changed, 64 * 128 / 2);
}

TEST_F(ComfyLive, RunningWorkIsStopped) {
  if (model_.empty()) GTEST_SKIP() << "this ComfyUI has no model called tiny";
  Order one = order(GenerationTask::txt2img);
  one.steps = 100;
  const auto handle = backend_->submit(one);
  ASSERT_TRUE(handle);
  PatientWatcher watcher;
  watcher.heard = [&](double part) {
    if (part > 0.15) (void)backend_->cancel(*handle);
  };
  const auto outcome = backend_->follow(*handle, one, watcher);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, "generation_canceled");
  EXPECT_LT(watcher.last_part(), 0.9);
}

}  // namespace
}  // namespace atelier::test

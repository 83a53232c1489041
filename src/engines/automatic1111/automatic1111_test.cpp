#include "engines/automatic1111/automatic1111.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "base/text.hpp"
#include "engines/vips/imaging.hpp"
#include "features/recipes/samplers.hpp"
#include "schema/document.hpp"
#include "tests/support/decoder.hpp"
#include "tests/support/image_fakes.hpp"
#include "tests/support/watchers.hpp"

namespace atelier::engines::automatic1111 {
namespace {

using ports::GenerationTask;
using ports::Order;
using schema::Document;
using test::WebUiFake;

struct WebUi : testing::Test {
  std::unique_ptr<ports::Imaging> imaging = vips::make_imaging({.program = test::decoder()});
  WebUiFake fake{WebUiFake::Kind::web_ui, *imaging};
  std::shared_ptr<ports::Generator> backend = open(fake);
  test::PatientWatcher watcher;
  int keys = 0;

  static std::shared_ptr<ports::Generator> open(const WebUiFake& fake) {
    return make_backend({.url = fake.url(), .canonical = [](auto sampler, auto scheduler) {
                           const auto choice = recipes::canonical_sampler(sampler, scheduler);
                           return Method{choice.sampler, choice.scheduler};
                         }, .look_ms = 10});
  }
  Order order() {
    Order order;
    order.key = "00000000-0000-4000-8000-" + std::to_string(100'000'000'000 + ++keys);
    order.prompt = "a cat";
    order.width = order.height = 64;
    return order;
  }
  static Result<ports::Outcome> make(ports::Generator& generator, const Order& one,
                                     ports::Watcher& watcher) {
    const auto handle = generator.submit(one);
    if (!handle) return std::unexpected(handle.error());
    return generator.follow(*handle, one, watcher);
  }
  Document body(const Order& one) {
    const auto outcome = make(*backend, one, watcher);
    EXPECT_TRUE(outcome) << outcome.error().detail;
    return *Document::parse(fake.last_body());
  }
};

TEST_F(WebUi, SaysEverythingInItsOwnWords) {
  Order one = order();
  one.model = "sd15.safetensors [6ce0161689]";
  one.sampler = "dpmpp_2m";
  one.scheduler = "karras";
  one.resources = {{"lora", "ink", 0.75}};
  one.controls = {{"canny", "canny [1d]", "picture", 0.5, 0.1, 0.8}};
  one.clip_skip = 2;
  one.seed = ~std::uint64_t{0};
  const Document sent = body(one);
  EXPECT_EQ(sent.text({"prompt"}), "a cat <lora:ink:0.75>");
  EXPECT_EQ(sent.text({"sampler_name"}), "DPM++ 2M");
  EXPECT_EQ(sent.text({"scheduler"}), "karras");
  EXPECT_EQ(sent.text({"override_settings", "sd_model_checkpoint"}), one.model);
  EXPECT_EQ(sent.boolean({"override_settings_restore_afterwards"}), false);
  EXPECT_EQ(sent.whole({"override_settings", "CLIP_stop_at_last_layers"}), 2);
  EXPECT_EQ(sent.text({"force_task_id"}), one.key);
  EXPECT_NE(fake.last_body().find("\"seed\":18446744073709551615"), std::string::npos);
  const auto units = sent.items({"alwayson_scripts", "controlnet", "args"});
  ASSERT_EQ(units.size(), 1u);
  EXPECT_EQ(units[0].boolean({"enabled"}), true);
  EXPECT_EQ(units[0].text({"model"}), "canny [1d]");
  EXPECT_EQ(units[0].text({"module"}), "none") << "the picture is prepared already";
  EXPECT_EQ(from_base64(units[0].text({"image"}).value_or("")), "picture");
  EXPECT_EQ(units[0].real({"weight"}), 0.5);
  EXPECT_EQ(units[0].real({"guidance_start"}), 0.1);
  EXPECT_EQ(units[0].real({"guidance_end"}), 0.8);
}

TEST_F(WebUi, SecondPassAndMask) {
  Order one = order();
  one.task = GenerationTask::hires;
  one.width = 128;
  Document sent = body(one);
  EXPECT_EQ(sent.whole({"width"}), 64);
  EXPECT_EQ(sent.whole({"hr_resize_x"}), 128);
  one = order();
  one.task = GenerationTask::inpaint;
  one.source = test::plain_png(64, 64, 1);
  one.mask = test::plain_png(64, 64, 0xffffff);
  one.denoise = 0.6;
  sent = body(one);
  EXPECT_EQ(from_base64(sent.text({"mask"}).value_or("")), one.mask);
  EXPECT_EQ(sent.whole({"inpainting_mask_invert"}), 0);
  EXPECT_EQ(sent.real({"denoising_strength"}), 0.6);
}

TEST_F(WebUi, StableDiffusionCppTakesLorasBesideThePrompt) {
  WebUiFake other(WebUiFake::Kind::stable_diffusion_cpp, *imaging);
  const auto generator = open(other);
  EXPECT_EQ(generator->probe()->title, "stable-diffusion.cpp");
  EXPECT_FALSE(generator->probe()->previews);
  Order one = order();
  one.resources = {{"lora", "ink", 0.5}};
  ASSERT_TRUE(make(*generator, one, watcher));
  const auto sent = Document::parse(other.last_body());
  EXPECT_EQ(sent->text({"prompt"}), "a cat");
  ASSERT_EQ(sent->items({"lora"}).size(), 1u);
  EXPECT_EQ(sent->items({"lora"})[0].text({"path"}), "ink");
}

TEST_F(WebUi, OneAtATime) {
  std::vector<std::jthread> callers;
  for (int i = 0; i < 4; ++i)
    callers.emplace_back([this, one = order()] {
      test::PatientWatcher own;
      EXPECT_TRUE(make(*backend, one, own));
    });
  callers.clear();
  EXPECT_EQ(fake.executions(), 4);
  EXPECT_EQ(fake.together_most(), 1);
}

TEST_F(WebUi, CancelingWhatWaitsDoesNotStopWhatRuns) {
  fake.work_ms = 300;
  const Order first = order(), second = order();
  std::jthread running([&] {
    test::PatientWatcher own;
    EXPECT_TRUE(make(*backend, first, own)) << "not stopped";
  });
  while (fake.executions() == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_TRUE(backend->cancel(second.key));
  EXPECT_EQ(make(*backend, second, watcher).error().code, "generation_canceled");
  running.join();
  EXPECT_EQ(fake.executions(), 1);
}

TEST_F(WebUi, GridsAreNoPicturesAndPreviewsAreShown) {
  fake.work_ms = 100;
  Order one = order();
  one.count = 3;
  const auto outcome = make(*backend, one, watcher);
  ASSERT_TRUE(outcome);
  ASSERT_EQ(outcome->pictures.size(), 3u);
  for (const auto& picture : outcome->pictures)
    EXPECT_EQ(imaging->probe(bytes_of(picture.bytes))->width, 64) << "the grid has 16";
  EXPECT_GT(watcher.previews(), 0);
  EXPECT_TRUE(watcher.never_went_back());
}

TEST_F(WebUi, FaultsHaveTheirKinds) {
  const auto code = [&](int status, std::string text) {
    fake.answer_next_with({.status = status, .body = std::move(text)});
    return make(*backend, order(), watcher).error().code;
  };
  EXPECT_EQ(code(500, R"({"error":"OutOfMemoryError","errors":"CUDA out of memory."})"),
            "generation_out_of_memory");
  EXPECT_EQ(code(500, R"({"error":"RuntimeError","errors":"boom"})"), "generation_failed");
  EXPECT_EQ(code(422, R"({"detail":[{"loc":["body","steps"],"msg":"wrong","type":"x"}]})"),
            "generation_invalid");
  EXPECT_EQ(code(404, R"({"detail":"Sampler not found"})"), "generation_invalid");
  EXPECT_EQ(code(401, "{}"), "generation_failed");
  EXPECT_EQ(code(200, R"({"images":[],"info":""})"), "generation_failed");
  EXPECT_EQ(code(200, R"({"images":["%%%"],"info":""})"), "generation_failed");
  EXPECT_EQ(code(200, "<html>"), "generation_failed");
  fake.answer_next_with({.body = std::string(1000, ' '), .cut = true});
  EXPECT_EQ(make(*backend, order(), watcher).error().code, "generation_unreachable");
  EXPECT_TRUE(make(*backend, order(), watcher)) << "and goes on";
}

}  // namespace
}  // namespace atelier::engines::automatic1111

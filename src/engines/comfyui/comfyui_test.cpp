#include "engines/comfyui/comfyui.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <thread>

#include "base/text.hpp"
#include "engines/vips/imaging.hpp"
#include "tests/support/comfyui_fake.hpp"
#include "tests/support/decoder.hpp"
#include "tests/support/process.hpp"
#include "tests/support/watchers.hpp"

namespace atelier::engines::comfyui {
namespace {

using ports::Order;
using test::ComfyFake;
using test::ComfyVersion;

constexpr ComfyVersion versions[] = {ComfyVersion::old, ComfyVersion::current,
                                     ComfyVersion::newest};

/// For the journeys of the pages (tests/e2e/support/comfyui.mjs): a ComfyUI that is told by lines
/// whether to hold its work, until the lines end.
void be_comfyui() {
  const auto imaging = vips::make_imaging({.program = test::decoder()});
  ComfyFake fake(ComfyVersion::newest, *imaging);
  std::cout << "ComfyUI at " << fake.url() << std::endl;
  std::string line;
  while (std::getline(std::cin, line)) fake.hold(line == "hold");
}
const test::Role comfyui{"comfyui", be_comfyui};

struct Comfy : testing::Test {
  std::unique_ptr<ports::Imaging> imaging = vips::make_imaging({.program = test::decoder()});
  test::PatientWatcher watcher;
  int keys = 0;

  static std::shared_ptr<ports::Generator> backend(const ComfyFake& fake) {
    return make_backend({.url = fake.url(), .look_ms = 20, .look_with_socket_ms = 200,
                         .away_ms = 3000, .dead_ms = 1500, .silence_ms = 3000, .stop_ms = 10'000});
  }
  Order order() {
    Order order;
    order.key = "00000000-0000-4000-8000-" + std::to_string(100'000'000'000 + ++keys);
    order.width = order.height = 64;
    return order;
  }
  std::string code(ports::Generator& generator, const Order& one) {
    const auto handle = generator.submit(one);
    if (!handle) return handle.error().code;
    const auto outcome = generator.follow(*handle, one, watcher);
    return outcome ? "none" : outcome.error().code;
  }
};

TEST_F(Comfy, PreviewsAndProgressOfEveryVersion) {
  for (const ComfyVersion version : versions) {
    ComfyFake fake(version, *imaging);
    test::PatientWatcher look;
    const Order one = order();
    const auto generator = backend(fake);
    const auto handle = generator->submit(one);
    ASSERT_TRUE(handle) << handle.error().detail;
    ASSERT_TRUE(generator->follow(*handle, one, look));
    EXPECT_EQ(look.previews(), 1);
    EXPECT_TRUE(look.never_went_back());
  }
}

TEST_F(Comfy, ALostSocketAtAnyStepChangesNothing) {
  for (const ComfyVersion version : versions)
    for (int lost_at = 0; lost_at < ComfyFake::steps(); ++lost_at) {
      ComfyFake fake(version, *imaging);
      fake.before_step = [&](int step) {
        if (step == lost_at) fake.drop_sockets();
      };
      const auto generator = backend(fake);
      EXPECT_EQ(code(*generator, order()), "none") << int(version) << " at " << lost_at;
      EXPECT_EQ(fake.executions(), 1);
    }
}

TEST_F(Comfy, ARestartAtAnyStepLosesTheWorkAndSaysSo) {
  for (const ComfyVersion version : versions)
    for (int lost_at = 0; lost_at < 11; ++lost_at) {
      ComfyFake fake(version, *imaging);
      bool once = true;
      fake.before_step = [&](int step) {
        if (step == lost_at && std::exchange(once, false)) fake.restart();
      };
      const auto generator = backend(fake);
      const Order one = order();
      const std::string said = code(*generator, one);
      if (lost_at == 0 && said == "generation_unreachable") continue;  // before the answer
      EXPECT_EQ(said, "generation_lost") << int(version) << " at " << lost_at;
      EXPECT_EQ(code(*generator, one), "none") << "submitted anew";
    }
}

/// As after a restart of this program: no socket, another object.
TEST_F(Comfy, AnotherProcessFollows) {
  for (const ComfyVersion version : versions) {
    ComfyFake fake(version, *imaging);
    const Order one = order();
    const auto handle = backend(fake)->submit(one);
    ASSERT_TRUE(handle);
    const auto outcome = backend(fake)->follow(*handle, one, watcher);
    ASSERT_TRUE(outcome) << outcome.error().detail;
    EXPECT_EQ(outcome->pictures.size(), 1u);
  }
}

/// Work after work by one socket, also when that was lost while it was at rest.
TEST_F(Comfy, ASocketServesAgain) {
  for (const ComfyVersion version : versions) {
    ComfyFake fake(version, *imaging);
    const auto generator = backend(fake);
    for (int i = 0; i < 6; ++i) {
      if (i == 3) fake.drop_sockets();
      test::PatientWatcher look;
      const Order one = order();
      const auto handle = generator->submit(one);
      ASSERT_TRUE(handle);
      ASSERT_TRUE(generator->follow(*handle, one, look));
      EXPECT_EQ(look.previews(), 1) << int(version) << " the " << i << "th";
    }
    EXPECT_EQ(fake.sockets_ever(), 2) << int(version);
  }
}

TEST_F(Comfy, SubmittedTwiceMadeOnce) {
  for (const ComfyVersion version : versions) {
    ComfyFake fake(version, *imaging);
    fake.hold(true);
    const auto generator = backend(fake);
    const Order one = order();
    Order repeated = one;
    repeated.repeated = true;
    const auto first = generator->submit(one), again = generator->submit(repeated);
    ASSERT_TRUE(first && again);
    EXPECT_EQ(*first, *again);
    fake.hold(false);
    EXPECT_TRUE(generator->follow(*first, one, watcher));
    EXPECT_EQ(code(*generator, repeated), "none") << "after its end as well";
    EXPECT_EQ(fake.executions(), 1) << int(version);
  }
}

TEST_F(Comfy, AnAnswerThatBrokeOffIsFoundAgain) {
  for (const ComfyVersion version : {ComfyVersion::current, ComfyVersion::newest}) {
    ComfyFake fake(version, *imaging);
    const auto generator = backend(fake);
    fake.cut_next_post();
    Order one = order();
    EXPECT_EQ(generator->submit(one).error().code, "generation_unreachable");
    one.repeated = true;
    EXPECT_EQ(code(*generator, one), "none");
    EXPECT_EQ(fake.executions(), 1);
  }
}

TEST_F(Comfy, FaultsOfNodesAreFailuresAlsoWith200) {
  ComfyFake fake(ComfyVersion::current, *imaging);
  const auto generator = backend(fake);
  const auto answered = [&](int status, std::string body) {
    fake.answer_next_post_with({.status = status, .body = std::move(body)});
    return generator->submit(order()).error().code;
  };
  EXPECT_EQ(answered(200, R"({"prompt_id":"x","number":1,"node_errors":{"3":{"class_type":
    "KSampler","errors":[{"type":"value_bigger_than_max","message":"Too big"}]}}})"),
            "generation_invalid");
  EXPECT_EQ(answered(400, R"({"error":{"type":"prompt_outputs_failed_validation","message":"No"},
    "node_errors":{"4":{"class_type":"CheckpointLoaderSimple","errors":[{"type":
    "value_not_in_list","message":"No","details":"","extra_info":{"input_name":"ckpt_name"}}]}}})"),
            "generation_model_missing");
  EXPECT_EQ(answered(400, R"({"error":{"type":"no_prompt","message":"No"},"node_errors":[]})"),
            "generation_invalid");
  EXPECT_EQ(answered(500, "Traceback"), "generation_unreachable");
  EXPECT_EQ(answered(401, "{}"), "generation_failed");
  EXPECT_EQ(answered(503, "{}"), "generation_unreachable");
  EXPECT_EQ(code(*generator, order()), "none");
}

TEST_F(Comfy, AWorkerThatDiedIsNoticed) {
  ComfyFake fake(ComfyVersion::current, *imaging);
  const auto generator = backend(fake);
  fake.before_step = [&](int step) {
    if (step == 4) fake.kill_worker();
  };
  EXPECT_EQ(code(*generator, order()), "generation_unreachable") << "it says nothing any more";
  ComfyFake idle(ComfyVersion::current, *imaging);
  idle.kill_worker();
  EXPECT_EQ(code(*backend(idle), order()), "generation_unreachable") << "nothing is ever begun";
}

/// The work behind it must never be hit, whenever the cancel comes. ATELIER_CANCELS: how many, over
/// all versions.
TEST_F(Comfy, RacedCancelsStopNoOtherWork) {
  const char* many = std::getenv("ATELIER_CANCELS");
  const int rounds = ((many == nullptr ? 120 : std::atoi(many)) + 2) / 3;
  for (const ComfyVersion version : versions) {
    ComfyFake fake(version, *imaging);
    fake.step_time = std::chrono::microseconds(200);
    const auto generator = backend(fake);
    for (int i = 0; i < rounds; ++i) {
      const Order one = order(), next = order();
      const auto first = generator->submit(one), second = generator->submit(next);
      ASSERT_TRUE(first && second);
      std::jthread rival([&] {
        std::this_thread::sleep_for(std::chrono::microseconds(i * 97 % 8'000));
        (void)generator->cancel(*first);
      });
      test::PatientWatcher other;
      EXPECT_TRUE(generator->follow(*second, next, other)) << int(version) << " round " << i;
      rival.join();
      const auto ended = generator->follow(*first, one, watcher);
      if (!ended) {
        EXPECT_EQ(ended.error().code, "generation_canceled");
      }
    }
    EXPECT_EQ(fake.interrupted_others(), 0);
  }
}

TEST_F(Comfy, TheSamePictureGoesUnderOneNameAndTheWorkflowGoesAlong) {
  ComfyFake fake(ComfyVersion::current, *imaging);
  const auto generator = backend(fake);
  Order one = order();
  one.task = ports::GenerationTask::img2img;
  one.source = test::plain_png(64, 64, 0x123456);
  one.workflow = R"({"nodes":[]})";
  EXPECT_EQ(code(*generator, one), "none");
  const std::string first = fake.last_prompt();
  EXPECT_NE(first.find(R"("extra_pnginfo":{"workflow":{"nodes":[]}})"), std::string::npos);
  const std::size_t at = first.find("atelier-");
  Order again = order();
  again.task = one.task;
  again.source = one.source;
  EXPECT_EQ(code(*generator, again), "none");
  EXPECT_NE(fake.last_prompt().find(first.substr(at, 48)), std::string::npos);
  EXPECT_EQ(fake.uploads(), 1) << "it was there already";
  fake.cut_upload(first.substr(at, 48) + ".png");
  Order third = order();
  third.task = one.task;
  third.source = one.source;
  EXPECT_EQ(code(*generator, third), "none");
  EXPECT_EQ(fake.uploads(), 2) << "but not all of it";
}

TEST_F(Comfy, AGraphIsSentAsItIs) {
  ComfyFake fake(ComfyVersion::current, *imaging);
  const auto generator = backend(fake);
  Order one = order();
  one.task = ports::GenerationTask::graph;
  one.graph = R"({"9":{"class_type":"EmptyImage","inputs":{"width":64,"height":64,"batch_size":1,)"
              R"("color":255}},"5":{"class_type":"SaveImage","inputs":{"images":["9",0],)"
              R"("filename_prefix":"x"}}})";
  EXPECT_EQ(code(*generator, one), "none");
  EXPECT_NE(fake.last_prompt().find(one.graph), std::string::npos);
  one = order();
  one.task = ports::GenerationTask::graph;
  const int before = fake.executions();
  const std::string good = R"({"9":{"class_type":"EmptyImage","inputs":{"width":64,"height":64,)"
                           R"("batch_size":1,"color":255}},"5":{"class_type":"PreviewImage",)"
                           R"("inputs":{"images":["9",0]}})";
  one.graph = good + R"(,"7":{"class_type":"NodeOfAnExtension","inputs":{}}})";
  EXPECT_EQ(code(*generator, one), "generation_model_missing") << "another server may have it";
  one.graph = good + R"(,"7":{"class_type":"PreviewImage","inputs":{}}})";
  EXPECT_EQ(code(*generator, one), "generation_invalid");
  EXPECT_EQ(fake.executions(), before) << "refused before any call";
}

/// Not even a picture of it.
TEST_F(Comfy, NothingIsSentOfWhatDoesNotFit) {
  ComfyFake fake(ComfyVersion::current, *imaging);
  const auto generator = backend(fake);
  Order inpaint = order();
  inpaint.task = ports::GenerationTask::inpaint;
  inpaint.source = inpaint.mask = test::plain_png(64, 64, 0xffffff);
  inpaint.controls = {{"canny", "canny.safetensors", inpaint.source, 1, 0, 1}};
  inpaint.sampler = "no_such";
  EXPECT_EQ(code(*generator, inpaint), "generation_model_missing") << "another may have it";
  inpaint.sampler = "euler";
  inpaint.controls[0].model = "other.safetensors";
  EXPECT_EQ(code(*generator, inpaint), "generation_model_missing");
  Order graph = order();
  graph.task = ports::GenerationTask::graph;
  graph.pictures = {{{"/1/inputs/image"}, false, inpaint.source}};
  graph.graph = R"({"1":{"class_type":"LoadImage","inputs":{"image":"old.png"}},)"
                R"("2":{"class_type":"VAEDecode","inputs":{"samples":["1",0],"vae":["1",1]}},)"
                R"("3":{"class_type":"PreviewImage","inputs":{"images":["2",0]}}})";
  EXPECT_EQ(code(*generator, graph), "generation_invalid") << "a picture is no latent picture";
  EXPECT_EQ(fake.last_prompt(), "");
  EXPECT_EQ(fake.uploads(), 0);
  inpaint.controls[0].model = "canny.safetensors";
  EXPECT_EQ(code(*generator, inpaint), "none");
  EXPECT_EQ(fake.uploads(), 1) << "three times the same picture";
}

}  // namespace
}  // namespace atelier::engines::comfyui

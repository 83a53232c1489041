// What every backend must do. An adapter is a row in `adapters`; all but the painter speak with
// fakes here.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "app/generators.hpp"
#include "base/text.hpp"
#include "engines/raster/raster.hpp"
#include "engines/vips/imaging.hpp"
#include "ports/generator.hpp"
#include "tests/support/comfyui_fake.hpp"
#include "tests/support/decoder.hpp"
#include "tests/support/image_fakes.hpp"
#include "tests/support/watchers.hpp"

namespace atelier::test {
namespace {

using engines::raster::Raster;
using ports::GenerationTask;
using ports::Order;

/// A backend's other side, and how it is reached.
struct Place {
  ports::BackendAddress address;
  std::shared_ptr<void> fake;
};

struct Adapter {
  const char* name;
  Place (*start)(ports::Imaging& imaging);
  const char* model;
  bool seeds = true;  ///< its pictures have the seeds that were ordered
};

template <ComfyVersion version>
Place comfyui(ports::Imaging& imaging) {
  auto fake = std::make_shared<ComfyFake>(version, imaging);
  return {{"comfyui", fake->url(), "", ""}, fake};
}

template <WebUiFake::Kind kind>
Place web_ui(ports::Imaging& imaging) {
  auto fake = std::make_shared<WebUiFake>(kind, imaging);
  return {{"automatic1111", fake->url(), "", ""}, fake};
}

Place openai(ports::Imaging& imaging) {
  auto fake = std::make_shared<OpenAiFake>(imaging);
  return {{"openai", fake->url(), "", "any-size"}, fake};
}

const Adapter adapters[] = {
    {"sketch", [](ports::Imaging&) { return Place{{"sketch", "", "", ""}, nullptr}; }, "Sketch"},
    {"comfyui_old", comfyui<ComfyVersion::old>, "sd15.safetensors"},
    {"comfyui_current", comfyui<ComfyVersion::current>, "sd15.safetensors"},
    {"comfyui_newest", comfyui<ComfyVersion::newest>, "sd15.safetensors"},
    {"web_ui", web_ui<WebUiFake::Kind::web_ui>, "sd15.safetensors [6ce0161689]"},
    {"stable_diffusion_cpp", web_ui<WebUiFake::Kind::stable_diffusion_cpp>,
     "sd15.safetensors [6ce0161689]"},
    {"openai", openai, "any-size", false},
};

std::string key(int number) {
  std::string digits = std::to_string(number);
  return "00000000-0000-4000-8000-" + std::string(12 - digits.size(), '0') + digits;
}

class Generator : public testing::TestWithParam<Adapter> {
 protected:
  void SetUp() override {
    place_ = GetParam().start(*imaging_);
    backend_ = generators_->open(place_.address);
    ASSERT_NE(backend_, nullptr);
  }

  Order order(GenerationTask task = GenerationTask::txt2img) {
    Order order;
    order.task = task;
    order.key = key(++keys_);
    order.model = GetParam().model;
    order.prompt = "a cat";
    order.width = order.height = 64;
    order.seed = 41;
    if (task != GenerationTask::txt2img) order.source = plain_png(64, 64, 0x3060c0);
    return order;
  }
  Result<ports::Outcome> make(const Order& order, ports::Watcher& watcher) {
    const auto handle = backend_->submit(order);
    if (!handle) return std::unexpected(handle.error());
    return backend_->follow(*handle, order, watcher);
  }
  std::string code(const Order& order) {
    const auto outcome = make(order, watcher_);
    return outcome ? "none" : outcome.error().code;
  }
  std::string pixels(const std::string& bytes, int width = 0, int height = 0) {
    const auto all = imaging_->pixels(bytes_of(bytes), width, height);
    EXPECT_TRUE(all) << all.error().detail;
    return all ? all->rgba : std::string(64 * 64 * 4, '\0');
  }

  std::unique_ptr<ports::Imaging> imaging_ = vips::make_imaging({.program = decoder()});
  std::unique_ptr<ports::Generators> generators_ = app::make_generators(*imaging_);
  Place place_;
  std::shared_ptr<ports::Generator> backend_;
  PatientWatcher watcher_;
  int keys_ = 0;
};

TEST_P(Generator, SaysWhatItCanDo) {
  const auto offer = backend_->probe();
  ASSERT_TRUE(offer) << offer.error().detail;
  EXPECT_FALSE(offer->title.empty());
  EXPECT_NE(std::ranges::find(offer->tasks, GenerationTask::txt2img), offer->tasks.end());
  EXPECT_NE(std::ranges::find(offer->models, GetParam().model, &ports::OfferedModel::name),
            offer->models.end());
  EXPECT_GE(offer->slots, 1);
  EXPECT_EQ(offer->is_model, std::string_view(GetParam().name) != "sketch");
  if (!offer->samplers.empty()) {
    EXPECT_NE(std::ranges::find(offer->samplers, "euler"), offer->samplers.end());
  }
}

TEST_P(Generator, MakesWhatIsOrdered) {
  Order two = order();
  two.count = 2;
  two.width = 72;
  const auto outcome = make(two, watcher_);
  ASSERT_TRUE(outcome) << outcome.error().detail;
  ASSERT_EQ(outcome->pictures.size(), 2u);
  for (const ports::MadePicture& picture : outcome->pictures) {
    const auto seen = imaging_->probe(bytes_of(picture.bytes));
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->width, 72);
    EXPECT_EQ(seen->height, 64);
  }
  EXPECT_EQ(outcome->pictures[0].seed, 41u);
  EXPECT_EQ(outcome->pictures[1].seed, GetParam().seeds ? 42u : 41u);
  EXPECT_TRUE(watcher_.never_went_back());
  EXPECT_EQ(watcher_.last_part(), 1);
}

TEST_P(Generator, DoesEveryTaskThatItOffers) {
  const auto offer = backend_->probe();
  ASSERT_TRUE(offer);
  for (const GenerationTask task : offer->tasks) {
    if (task == GenerationTask::graph) continue;  // a document of the backend's own
    Order one = order(task);
    if (task == GenerationTask::inpaint) one.mask = plain_png(64, 64, 0xffffff);
    if (task == GenerationTask::upscale) one.width = one.height = 128;
    const auto outcome = make(one, watcher_);
    ASSERT_TRUE(outcome) << int(task) << ": " << outcome.error().detail;
    EXPECT_EQ(outcome->pictures.size(), 1u);
  }
}

/// White is edited and black kept, whatever the protocol's own rule: for random masks no pixel is
/// on the wrong side.
TEST_P(Generator, WhiteOfTheMaskIsEditedAndBlackKept) {
  std::mt19937 random(7);
  for (int round = 0; round < 6; ++round) {
    Raster mask(64, 64);
    std::ranges::fill(mask.rgba, 255);
    for (int y = 0; y < 64; ++y)
      for (int x = 0; x < 64; ++x) {
        const bool cell = ((x >> (round % 4)) * 7 + (y >> (round % 4)) * 13 + round) % 3 == 0;
        const bool white = round == 5 ? random() % 2 == 0 : cell;
        std::fill_n(mask.at(x, y), 3, white ? 255 : 0);
      }
    Order one = order(GenerationTask::inpaint);
    one.mask = engines::raster::png(mask);
    const auto outcome = make(one, watcher_);
    ASSERT_TRUE(outcome) << outcome.error().detail;
    const std::string before = pixels(one.source), after = pixels(outcome->pictures[0].bytes);
    int wrong = 0, edited = 0;
    for (std::size_t i = 0; i < before.size(); i += 4) {
      const bool changed = before.compare(i, 4, after, i, 4) != 0;
      edited += changed;
      wrong += mask.rgba[i] == 0 && changed;
      wrong += mask.rgba[i] == 255 && !changed && std::string_view(GetParam().name) != "sketch";
    }
    EXPECT_EQ(wrong, 0);
    EXPECT_GT(edited, 64 * 64 / 8);
  }
}

TEST_P(Generator, StopsWhenAsked) {
  ImpatientWatcher impatient(3);
  const auto stopped = make(order(), impatient);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, "generation_canceled");
  const Order next = order();
  EXPECT_EQ(code(next), "none") << "the next work is not touched";
}

TEST_P(Generator, ItsFollowerMayLeaveAndAnotherComesBack) {
  const Order one = order();
  const auto handle = backend_->submit(one);
  ASSERT_TRUE(handle);
  LeavingWatcher leaving(0);
  const auto left = backend_->follow(*handle, one, leaving);
  if (!left) {  // it may have been done already
    EXPECT_EQ(left.error().code, "generation_unreachable");
  }
  const auto outcome = backend_->follow(*handle, one, watcher_);
  ASSERT_TRUE(outcome) << outcome.error().detail;
  EXPECT_EQ(outcome->pictures.size(), 1u);
}

TEST_P(Generator, CancelsThatWorkAndNoOther) {
  const Order one = order();
  const auto handle = backend_->submit(one);
  ASSERT_TRUE(handle);
  EXPECT_TRUE(backend_->cancel(*handle));
  const auto outcome = backend_->follow(*handle, one, watcher_);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, "generation_canceled");
  const Order other = order();
  const auto handle_of_other = backend_->submit(other);
  ASSERT_TRUE(handle_of_other);
  EXPECT_TRUE(backend_->cancel(*handle)) << "again, though it has ended";
  EXPECT_TRUE(backend_->follow(*handle_of_other, other, watcher_));
  EXPECT_TRUE(backend_->cancel("00000000-0000-4000-8000-999999999999")) << "nobody's";
}

TEST_P(Generator, TellsWhatIsWrong) {
  Order one = order();
  one.model = "nobody-has-this.safetensors";
  if (std::string_view(GetParam().name) != "openai") {  // which is asked only by the work itself
    EXPECT_EQ(code(one), "generation_model_missing");
  }
  one = order(GenerationTask::inpaint);
  EXPECT_EQ(code(one), "generation_invalid") << "no mask";
  one = order(GenerationTask::img2img);
  one.source.clear();
  EXPECT_EQ(code(one), "generation_invalid") << "no source";
  if (place_.address.url.empty()) return;
  const std::string nowhere = HttpFake([](const FakeRequest&) { return FakeReply{}; }).url();
  ports::BackendAddress closed = place_.address;
  closed.url = nowhere;
  const auto gone = generators_->open(closed);
  EXPECT_EQ(gone->probe().error().code, "generation_unreachable");
  const Order lost = order();
  const auto handle = gone->submit(lost);
  const auto outcome = handle ? gone->follow(*handle, lost, watcher_)
                              : Result<ports::Outcome>(std::unexpected(handle.error()));
  EXPECT_EQ(outcome.error().code, "generation_unreachable");
}

TEST(Generators, OpensByProtocol) {
  const auto imaging = vips::make_imaging({.program = decoder()});
  const auto generators = app::make_generators(*imaging);
  EXPECT_EQ(generators->open({"gopher", "http://127.0.0.1", "", ""}), nullptr);
  for (const std::string& protocol : generators->protocols())
    EXPECT_NE(generators->open({protocol, "http://127.0.0.1:1", "", ""}), nullptr);
  EXPECT_EQ(generators->open({"comfyui", "http://127.0.0.1:1/", "", ""}),
            generators->open({"comfyui", "http://127.0.0.1:1", "", ""}));
  for (const ports::BackendAddress& place : generators->usual_places())
    EXPECT_NE(generators->open(place), nullptr);
}

INSTANTIATE_TEST_SUITE_P(Adapters, Generator, testing::ValuesIn(adapters),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace atelier::test

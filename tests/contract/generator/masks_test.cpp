// Where a backend edits is told by the bytes that arrive there and by its own documented rule. For
// random masks that must be exactly what was drawn, whatever the fake then does with them.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "app/generators.hpp"
#include "base/text.hpp"
#include "engines/raster/raster.hpp"
#include "engines/vips/imaging.hpp"
#include "features/generation/masks.hpp"
#include "ports/generator.hpp"
#include "schema/document.hpp"
#include "tests/support/comfyui_fake.hpp"
#include "tests/support/decoder.hpp"
#include "tests/support/image_fakes.hpp"
#include "tests/support/watchers.hpp"

namespace atelier::test {
namespace {

using engines::raster::Raster;
using ports::GenerationTask;
using ports::Order;
using schema::Document;

constexpr int rounds = 12, side_step = 8, sides = 9;

/// A byte for each pixel: 255 is edited, 0 kept.
using Edit = std::string;

struct Drawn {
  int width, height;
  Edit edit;
  std::string picture;  ///< as a member's tool may send it
};

/// Of every kind that tools make: black and white, greys, or white on transparent.
Drawn draw(std::mt19937& random) {
  const auto side = [&] { return side_step * (1 + static_cast<int>(random() % sides)); };
  Raster picture(side(), side());
  Drawn out{picture.width, picture.height, {}, {}};
  const bool transparent = random() % 2 == 0;
  const unsigned kind = static_cast<unsigned>(random() % 3);
  const auto cell = static_cast<int>(1 + random() % 7);
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x) {
      unsigned edit = random() % 256;                                       // greys
      if (kind == 1) edit = random() % 2 * 255;                             // points
      if (kind == 2) edit = (x / cell * 7 + y / cell * 13) % 3 == 0 ? 255 : 0;  // patches
      const auto part = static_cast<std::uint8_t>(edit);
      std::fill_n(picture.at(x, y), 3, transparent ? 255 : part);
      picture.at(x, y)[3] = transparent ? part : 255;
      out.edit += static_cast<char>(part);
    }
  out.picture = engines::raster::png(picture);
  return out;
}

std::string noise(std::mt19937& random, int width, int height) {
  Raster picture(width, height);
  for (std::size_t i = 0; i < picture.rgba.size(); ++i)
    picture.rgba[i] = i % 4 == 3 ? 255 : static_cast<std::uint8_t>(random());
  return engines::raster::png(picture);
}

Edit channel(const std::string& rgba, std::size_t which, bool inverted) {
  Edit out;
  for (std::size_t i = which; i < rgba.size(); i += 4)
    out += static_cast<char>(inverted ? 255 - static_cast<unsigned char>(rgba[i]) : rgba[i]);
  return out;
}

class Masks : public testing::Test {
 protected:
  void SetUp() override { services_.imaging = imaging_.get(); }

  std::string pixels(const std::string& bytes) {
    const auto all = imaging_->pixels(bytes_of(bytes), 0, 0);
    EXPECT_TRUE(all) << all.error().detail;
    return all ? all->rgba : std::string();
  }

  /// The mask as the server hands it to every adapter.
  std::string canonical(const Drawn& drawn) {
    const auto grey = generation::grey_mask(services_, drawn.picture);
    EXPECT_TRUE(grey) << grey.error().detail;
    if (!grey) return {};
    EXPECT_EQ(grey->substr(24, 2), std::string("\x08\0", 2)) << "8 bits, grey (PNG, IHDR)";
    EXPECT_TRUE(channel(pixels(*grey), 0, false) == drawn.edit);
    return *grey;
  }

  Order inpaint(const Drawn& drawn) {
    Order order;
    order.task = GenerationTask::inpaint;
    const std::string number = std::to_string(++keys_);
    order.key = "00000000-0000-4000-8000-" + std::string(12 - number.size(), '0') + number;
    order.prompt = "a cat";
    order.width = drawn.width;
    order.height = drawn.height;
    order.source = noise(random_, drawn.width, drawn.height);
    order.mask = canonical(drawn);
    return order;
  }

  std::string made(const ports::BackendAddress& address, const Order& order) {
    const auto backend = generators_->open(address);
    PatientWatcher watcher;
    const auto handle = backend->submit(order);
    EXPECT_TRUE(handle) << handle.error().detail;
    if (!handle) return {};
    const auto outcome = backend->follow(*handle, order, watcher);
    EXPECT_TRUE(outcome) << outcome.error().detail;
    return outcome ? outcome->pictures.at(0).bytes : std::string();
  }

  std::unique_ptr<ports::Imaging> imaging_ = vips::make_imaging({.program = decoder()});
  std::unique_ptr<ports::Generators> generators_ = app::make_generators(*imaging_);
  Services services_;
  std::mt19937 random_{20};
  int keys_ = 0;
};

/// What the nodes of a graph that arrived make of the files beside it (ComfyUI's nodes.py,
/// comfy_extras/nodes_mask.py): masks are 0 to 1, and 1 is edited.
class ComfyReading {
 public:
  ComfyReading(const ComfyFake& fake, std::function<std::string(const std::string&)> pixels)
      : fake_(fake), pixels_(std::move(pixels)),
        graph_(*Document::parse(fake.last_prompt())->part({"prompt"})) {}

  /// Of every node that edits where its mask says.
  std::vector<Edit> edits() {
    std::vector<Edit> out;
    for (const std::string& id : graph_.names({})) {
      const std::string type = type_of(id);
      if (type == "SetLatentNoiseMask" || type == "ImageCompositeMasked")
        out.push_back(mask(link(id, "mask")));
    }
    return out;
  }

  /// Of the node that lays what was made over what is kept.
  std::string kept() {
    for (const std::string& id : graph_.names({}))
      if (type_of(id) == "ImageCompositeMasked") return image(link(id, "destination"));
    return {};
  }

 private:
  struct Link {
    std::string node;
    std::int64_t slot = -1;
  };

  std::string type_of(const std::string& id) const {
    return graph_.text({id, "class_type"}).value_or("");
  }
  Link link(const std::string& id, std::string_view input) const {
    const auto items = graph_.items({id, "inputs", input});
    if (items.size() != 2) return {};
    return {items[0].text({}).value_or(""), items[1].whole({}).value_or(-1)};
  }
  std::string file(const std::string& id) {
    return pixels_(fake_.uploaded(graph_.text({id, "inputs", "image"}).value_or("")));
  }
  std::size_t channel_of(const std::string& id) const {
    const std::string name = graph_.text({id, "inputs", "channel"}).value_or("");
    return name == "red" ? 0 : name == "green" ? 1 : name == "blue" ? 2 : 3;
  }

  Edit mask(const Link& at) {
    const std::string type = type_of(at.node);
    if (type == "LoadImage" && at.slot == 1) return channel(file(at.node), 3, true);
    if (type == "LoadImageMask") {
      const std::size_t which = channel_of(at.node);
      return channel(file(at.node), which, which == 3);
    }
    if (type == "ImageToMask")
      return channel(image(link(at.node, "image")), channel_of(at.node), false);
    if (type == "GrowMask") {
      EXPECT_GE(graph_.whole({at.node, "inputs", "expand"}).value_or(-1), 0);
      return mask(link(at.node, "mask"));  // which it only adds to
    }
    ADD_FAILURE() << type << " makes no mask";
    return {};
  }

  std::string image(const Link& at) {
    const std::string type = type_of(at.node);
    if (type == "LoadImage" && at.slot == 0) return file(at.node);
    if (type == "ImageScale") return image(link(at.node, "image"));  // it has that size already
    if (type == "MaskToImage") {
      std::string rgba;
      for (const char part : mask(link(at.node, "mask"))) rgba += std::string(3, part) + '\xff';
      return rgba;
    }
    ADD_FAILURE() << type << " makes no picture";
    return {};
  }

  const ComfyFake& fake_;
  std::function<std::string(const std::string&)> pixels_;
  Document graph_;
};

class MasksOfComfyUi : public Masks {
 protected:
  MasksOfComfyUi() { fake_.step_time = {}; }
  void expect_arrived(const Drawn& drawn, const std::string& source, std::size_t places) {
    ComfyReading reading(fake_, [this](const std::string& bytes) { return pixels(bytes); });
    const auto edits = reading.edits();
    EXPECT_EQ(edits.size(), places);
    for (const Edit& edit : edits) EXPECT_TRUE(edit == drawn.edit) << fake_.last_prompt();
    EXPECT_TRUE(reading.kept() == pixels(source)) << fake_.last_prompt();
  }

  ComfyFake fake_{ComfyVersion::current, *imaging_};
  ports::BackendAddress address_{"comfyui", fake_.url(), "", ""};
};

TEST_F(MasksOfComfyUi, OfTheBuiltInWorkflow) {
  for (int round = 0; round < rounds; ++round) {
    const Drawn drawn = draw(random_);
    const Order order = inpaint(drawn);
    made(address_, order);
    expect_arrived(drawn, order.source, 2);
  }
}

/// Graphs of members that take a mask: where the picture's transparency was one, where a loader
/// reads transparency or a colour, and where a mask is loaded as a picture.
TEST_F(MasksOfComfyUi, OfTemplatesInWhateverWayTheyLoadThem) {
  struct Way {
    std::string nodes, mask, link;  ///< `mask`: the node that the mask's parameter points into
  };
  const std::string loads = R"(:{"class_type":"LoadImage","inputs":{"image":"old.png"}})";
  const auto loader = [](const std::string& channel) {
    return R"("2":{"class_type":"LoadImageMask","inputs":{"image":"old.png","channel":")" +
           channel + "\"}},";
  };
  const std::string converted =
      R"("7":{"class_type":"MaskToImage","inputs":{"mask":["1",1]}},)"
      R"("8":{"class_type":"ImageToMask","inputs":{"image":["7",0],"channel":"blue"}},)";
  const std::string as_picture =
      R"("2")" + loads +
      R"(,"8":{"class_type":"ImageToMask","inputs":{"image":["2",0],"channel":"green"}},)";
  const Way ways[] = {
      {"", "1", R"(["1",1])"},
      {loader("alpha"), "2", R"(["2",0])"},
      {loader("green"), "2", R"(["2",0])"},
      {converted, "1", R"([ "8" , 0 ])"},
      {as_picture, "2", R"(["8",0])"},
  };
  for (const Way& way : ways)
    for (int round = 0; round < rounds; ++round) {
      const Drawn drawn = draw(random_);
      Order order = inpaint(drawn);
      order.task = GenerationTask::graph;
      order.graph = R"({"1")" + loads + ',' + way.nodes +
                    R"("4":{"class_type":"EmptyImage","inputs":{"width":)" +
                    std::to_string(drawn.width) + R"(,"height":)" + std::to_string(drawn.height) +
                    R"(,"batch_size":1,"color":0}},"5":{"class_type":"ImageCompositeMasked",)"
                    R"("inputs":{"destination":["1",0],"source":["4",0],"x":0,"y":0,)"
                    R"("resize_source":false,"mask":)" + way.link +
                    R"(}},"6":{"class_type":"PreviewImage","inputs":{"images":["5",0]}}})";
      order.pictures = {{{"/1/inputs/image"}, false, std::exchange(order.source, {})},
                        {{'/' + way.mask + "/inputs/image"}, true, std::exchange(order.mask, {})}};
      made(address_, order);
      expect_arrived(drawn, order.pictures[0].bytes, 1);
    }
}

/// A mask with transparency counts by it, any other by its grey, and white is painted anew, unless
/// `inpainting_mask_invert` (modules/processing.py).
TEST_F(Masks, OfA1111AndStableDiffusionCpp) {
  for (const auto kind : {WebUiFake::Kind::web_ui, WebUiFake::Kind::stable_diffusion_cpp}) {
    WebUiFake fake(kind, *imaging_);
    fake.work_ms = 0;
    for (int round = 0; round < rounds; ++round) {
      const Drawn drawn = draw(random_);
      const Order order = inpaint(drawn);
      made({"automatic1111", fake.url(), "", ""}, order);
      const auto body = Document::parse(fake.last_body());
      ASSERT_TRUE(body);
      const std::string mask = pixels(*from_base64(body->text({"mask"}).value_or("")));
      const bool inverted = body->whole({"inpainting_mask_invert"}).value_or(0) != 0;
      const bool opaque = channel(mask, 3, true) == Edit(drawn.edit.size(), '\0');
      EXPECT_TRUE(channel(mask, opaque ? 0 : 3, inverted) == drawn.edit);
      EXPECT_TRUE(pixels(*from_base64(body->texts({"init_images"}).at(0))) ==
                  pixels(order.source));
    }
  }
}

/// Edited is what the mask leaves transparent; it has the picture's size (platform.openai.com,
/// "Create image edit").
TEST_F(Masks, OfOpenAi) {
  OpenAiFake fake(*imaging_);
  fake.work_ms = 0;
  for (int round = 0; round < rounds; ++round) {
    const Drawn drawn = draw(random_);
    const Order order = inpaint(drawn);
    made({"openai", fake.url(), "", "any-size"}, order);
    const FakeRequest arrived = fake.last();
    EXPECT_TRUE(channel(pixels(arrived.part("mask")), 3, true) == drawn.edit);
    EXPECT_TRUE(pixels(arrived.part("image")) == pixels(order.source));
  }
}

/// It has no wire: what it made with a white mask shows through as far as another one says.
TEST_F(Masks, OfThePainter) {
  for (int round = 0; round < rounds; ++round) {
    const Drawn drawn = draw(random_);
    Order order = inpaint(drawn);
    const ports::BackendAddress painter{"sketch", "", "", ""};
    const std::string partly = pixels(made(painter, order));
    order.mask = plain_png(drawn.width, drawn.height, 0xffffff);
    const std::string wholly = pixels(made(painter, order)), before = pixels(order.source);
    ASSERT_EQ(partly.size(), before.size());
    int wrong = 0;
    for (std::size_t i = 0; i < partly.size(); ++i) {
      const int part = static_cast<unsigned char>(drawn.edit[i / 4]);
      const auto byte = [&](const std::string& of) { return static_cast<unsigned char>(of[i]); };
      wrong += byte(partly) != (byte(before) * (255 - part) + byte(wholly) * part + 127) / 255;
    }
    EXPECT_EQ(wrong, 0);
  }
}

}  // namespace
}  // namespace atelier::test

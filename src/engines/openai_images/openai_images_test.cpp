#include "engines/openai_images/openai_images.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "engines/openai_images/event_stream.hpp"
#include "engines/vips/imaging.hpp"
#include "schema/document.hpp"
#include "tests/support/decoder.hpp"
#include "tests/support/image_fakes.hpp"
#include "tests/support/watchers.hpp"

namespace atelier::engines::openai_images {
namespace {

using ports::GenerationTask;
using ports::Order;
using schema::Document;

struct OpenAi : testing::Test {
  std::unique_ptr<ports::Imaging> imaging = vips::make_imaging({.program = test::decoder()});
  test::OpenAiFake fake{*imaging};
  test::PatientWatcher watcher;

  Result<ports::Outcome> make(const Order& order, const std::string& model = "gpt-image-2") {
    const auto backend = make_backend({.url = fake.url(), .token = "sk-secret", .model = model},
                                      *imaging);
    const auto handle = backend->submit(order);
    if (!handle) return std::unexpected(handle.error());
    return backend->follow(*handle, order, watcher);
  }
  static Order order() {
    Order order;
    order.key = "00000000-0000-4000-8000-000000000001";
    order.prompt = "a cat";
    order.width = 640;
    order.height = 400;
    return order;
  }
  Error failure(int status, std::string body, std::map<std::string, std::string> headers = {}) {
    fake.answer_next_with({.status = status, .body = std::move(body),
                           .headers = std::move(headers)});
    const auto outcome = make(order(), "any-size");
    EXPECT_FALSE(outcome);
    return outcome ? Error{} : outcome.error();
  }
};

TEST_F(OpenAi, StreamsPreviewsAndOrdersTheNearestSize) {
  const auto outcome = make(order());
  ASSERT_TRUE(outcome) << outcome.error().detail;
  EXPECT_EQ(watcher.previews(), 1);
  EXPECT_NE(outcome->note.find("1536"), std::string::npos) << outcome->note;
  const auto sent = Document::parse(fake.last().body);
  EXPECT_EQ(sent->text({"size"}), "1536x1024");
  EXPECT_EQ(sent->boolean({"stream"}), true);
  EXPECT_FALSE(sent->has({"response_format"})) << "these models refuse it";
  EXPECT_EQ(fake.last().headers["authorization"], "Bearer sk-secret");
}

TEST_F(OpenAi, OtherModelsTakeAnySize) {
  Order two = order();
  two.count = 2;
  const auto outcome = make(two, "any-size");
  ASSERT_TRUE(outcome) << outcome.error().detail;
  EXPECT_EQ(outcome->pictures.size(), 2u);
  const auto sent = Document::parse(fake.last().body);
  EXPECT_EQ(sent->text({"size"}), "640x400");
  EXPECT_EQ(sent->text({"response_format"}), "b64_json");
}

TEST_F(OpenAi, TheMaskIsTransparentWhereItIsEdited) {
  Order one = order();
  one.task = GenerationTask::inpaint;
  one.source = test::plain_png(640, 400, 0x808080);
  one.mask = test::plain_png(640, 400, 0xffffff);
  ASSERT_TRUE(make(one));
  const std::string mask = fake.last().part("mask");
  const auto pixels = imaging->pixels(bytes_of(mask), 0, 0);
  ASSERT_TRUE(pixels);
  EXPECT_EQ(pixels->rgba[3], 0);
  EXPECT_EQ(fake.last().part("image"), one.source);
  EXPECT_EQ(fake.last().part("n"), "1");
}

TEST_F(OpenAi, RefusalsAreNoFailures) {
  EXPECT_EQ(failure(400, R"({"error":{"message":"Your request was rejected by our safety system",
    "type":"image_generation_user_error","code":"moderation_blocked"}})").code,
            "generation_refused");
  EXPECT_EQ(failure(400, R"({"error":{"message":"Bad size","code":"invalid_value"}})").code,
            "generation_invalid");
  EXPECT_EQ(failure(404, R"({"error":{"message":"No such model"}})").code,
            "generation_model_missing");
  EXPECT_EQ(failure(401, "{}").code, "generation_failed");
  EXPECT_EQ(failure(401, "{}").detail.find("sk-secret"), std::string::npos);
  EXPECT_EQ(failure(500, "oops").code, "generation_failed");
  EXPECT_EQ(failure(503, "oops").code, "generation_unreachable");
  const Error busy = failure(429, R"({"error":{"message":"Slow down","code":"rate_limit"}})",
                             {{"Retry-After", "17"}});
  EXPECT_EQ(busy.code, "generation_busy");
  EXPECT_EQ(busy.retry_after_s, 17);
  EXPECT_EQ(failure(429, R"({"error":{"message":"Pay","code":"insufficient_quota"}})").code,
            "generation_failed");
  EXPECT_EQ(failure(200, R"({"data":[]})").code, "generation_failed");
  fake.answer_next_with({.body = "event: error\ndata: {\"type\":\"error\",\"error\":{\"code\":"
                                 "\"moderation_blocked\",\"message\":\"no\"}}\n\n",
                         .type = "text/event-stream"});
  EXPECT_EQ(make(order()).error().code, "generation_refused") << "in the stream";
}

TEST_F(OpenAi, PicturesThatLieElsewhere) {
  const auto answered = [&](const std::string& url) {
    fake.answer_next_with({.body = "{\"data\":[{\"url\":\"" + url + "\"}]}"});
    const auto outcome = make(order(), "any-size");
    return outcome ? "none" : outcome.error().code;
  };
  const std::string own = fake.url().substr(0, fake.url().size() - 3);
  EXPECT_EQ(answered(own + "/picture.png"), "none");
  EXPECT_EQ(answered(own + "/gone.png"), "generation_failed");
  EXPECT_EQ(answered("http://example.org/picture.png"), "generation_failed") << "not https";
  EXPECT_EQ(answered("https://127.0.0.1:1/picture.png"), "generation_failed");
  EXPECT_EQ(answered("https://10.0.0.1/picture.png"), "generation_failed");
  EXPECT_EQ(answered("https://[::1]/picture.png"), "generation_failed");
  EXPECT_EQ(answered("file:///etc/passwd"), "generation_failed");
}

TEST(EventStream, HoweverItIsCut) {
  const std::string whole = ": hello\r\nevent: a\r\ndata: one\r\ndata: two\r\n\r\n\ndata:three\n\n"
                            "data: last";
  for (std::size_t cut = 1; cut < whole.size(); ++cut) {
    std::vector<std::string> heard;
    EventStream stream([&](std::string_view data) { heard.emplace_back(data); });
    for (std::size_t at = 0; at < whole.size(); at += cut) stream.add(whole.substr(at, cut));
    stream.add("\n");
    stream.end();
    EXPECT_EQ(heard, (std::vector<std::string>{"one\ntwo", "three", "last"})) << cut;
  }
}

}  // namespace
}  // namespace atelier::engines::openai_images

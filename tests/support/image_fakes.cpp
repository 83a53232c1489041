#include "tests/support/image_fakes.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "engines/raster/raster.hpp"
#include "schema/document.hpp"

namespace atelier::test {
namespace {

using engines::raster::Raster;
using schema::Document;

std::string encoded(const std::string& picture) { return base64(bytes_of(picture)); }

/// `source`, green where `edit` says so of a pixel's bytes.
std::string painted(ports::Imaging& imaging, const std::string& source, const std::string& mask,
                    bool (*edit)(const char* rgba)) {
  const auto pixels = imaging.pixels(bytes_of(source), 0, 0);
  const auto shape = imaging.pixels(bytes_of(mask), pixels->width, pixels->height);
  Raster picture(pixels->width, pixels->height);
  for (std::size_t i = 0; i < picture.rgba.size(); i += 4)
    for (std::size_t c = 0; c < 4; ++c)
      picture.rgba[i + c] = edit(&shape->rgba[i])
                                ? static_cast<std::uint8_t>(c == 1 || c == 3 ? 255 : 0)
                                : static_cast<std::uint8_t>(pixels->rgba[i + c]);
  return engines::raster::png(picture);
}

}  // namespace

WebUiFake::WebUiFake(Kind kind, ports::Imaging& imaging) : kind_(kind), imaging_(&imaging) {
  server_ = std::make_unique<HttpFake>(
      [this](const FakeRequest& request) { return answer(request); });
}

WebUiFake::~WebUiFake() {
  leaving_ = true;
  server_.reset();
}

std::string WebUiFake::last_body() const {
  const std::lock_guard held(lock_);
  return last_body_;
}

void WebUiFake::answer_next_with(FakeReply reply) {
  const std::lock_guard held(lock_);
  next_ = std::move(reply);
}

FakeReply WebUiFake::answer(const FakeRequest& request) {
  const std::string path = request.path();
  const bool full = kind_ == Kind::web_ui;
  if (path == "/sdapi/v1/sd-models")
    return {.body = R"([{"title":"sd15.safetensors [6ce0161689]","model_name":"sd15",
      "hash":"6ce0161689","sha256":null}])"};
  if (path == "/sdapi/v1/samplers")
    return {.body = R"([{"name":"Euler a"},{"name":"Euler"},{"name":"DPM++ 2M"}])"};
  if (path == "/sdapi/v1/loras") return {.body = R"([{"name":"ink","alias":"ink"}])"};
  if (path == "/sdapi/v1/schedulers")
    return {.body = R"([{"name":"automatic"},{"name":"normal"},{"name":"karras"}])"};
  if (path == "/sdcpp/v1/capabilities") return full ? FakeReply{404} : FakeReply{};
  if (path == "/sdapi/v1/txt2img" || path == "/sdapi/v1/img2img") return work(request);
  if (!full) return {404};
  if (path == "/sdapi/v1/upscalers")
    return {.body = R"([{"name":"None"},{"name":"Lanczos"},{"name":"ESRGAN_4x"}])"};
  if (path == "/sdapi/v1/extra-single-image")
    return request.body == "{}" ? FakeReply{422} : work(request);
  if (path == "/controlnet/model_list") return {.body = R"({"model_list":["canny [1d]"]})"};
  if (path == "/sdapi/v1/progress")
    return {.body = "{\"progress\":0." + std::to_string(done_part_) + ",\"current_image\":null}"};
  if (path == "/internal/progress") {
    const std::lock_guard held(lock_);
    const auto body = Document::parse(request.body);
    const bool active = body->text({"id_task"}) == task_ && !task_.empty();
    return {.body = std::string("{\"active\":") + (active ? "true" : "false") +
                    ",\"progress\":0." + std::to_string(done_part_) + ",\"live_preview\":" +
                    "\"data:image/png;base64," + encoded(plain_png(8, 8, 0)) + "\"}"};
  }
  if (path == "/sdapi/v1/interrupt") {
    interrupted_ = true;
    return {};
  }
  return {404};
}

FakeReply WebUiFake::work(const FakeRequest& request) {
  const int together = ++together_;
  together_most_ = std::max<int>(together_most_, together);
  const std::lock_guard one_at_a_time(global_);
  const auto body = Document::parse(request.body);
  {
    const std::lock_guard held(lock_);
    last_body_ = request.body;
    task_ = body->text({"force_task_id"}).value_or("");
    if (next_) {
      --together_;
      return *std::exchange(next_, std::nullopt);
    }
  }
  interrupted_ = false;
  ++executions_;
  for (int i = 0; i < work_ms && !interrupted_ && !leaving_; ++i) {
    done_part_ = i * 9 / std::max(1, work_ms);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  {
    const std::lock_guard held(lock_);
    task_.clear();
  }
  --together_;
  const auto count = body->whole({"batch_size"}).value_or(1);
  const std::string picture = encoded(drawn(request.body));
  if (body->has({"image"})) return {.body = "{\"image\":\"" + picture + "\",\"html_info\":\"\"}"};
  std::string images, seeds;
  const bool grid = count > 1 && kind_ == Kind::web_ui;
  if (grid) images = "\"" + encoded(plain_png(16, 16, 0xff0000)) + "\"";
  for (int i = 0; i < count; ++i) {
    images += (images.empty() ? "\"" : ",\"") + picture + "\"";
    seeds += (i ? "," : "") + std::to_string(body->whole({"seed"}).value_or(0) + i);
  }
  std::string info = "{\\\"all_seeds\\\":[" + seeds + "],\\\"index_of_first_image\\\":" +
                     (grid ? "1" : "0") + "}";
  if (kind_ == Kind::stable_diffusion_cpp) info.clear();
  return {.body = "{\"images\":[" + images + "],\"parameters\":{},\"info\":\"" + info + "\"}"};
}

std::string WebUiFake::drawn(const std::string& text) {
  const auto body = Document::parse(text);
  const auto sources = body->texts({"init_images"});
  const auto mask = body->text({"mask"});
  const auto side = [&](std::string_view plain, std::string_view large) {
    return static_cast<int>(
        body->whole({large}).value_or(body->whole({plain}).value_or(16)));
  };
  if (body->has({"image"}))
    return plain_png(side("upscaling_resize_w", ""), side("upscaling_resize_h", ""), 0x204060);
  if (sources.empty() || !mask)
    return plain_png(side("width", "hr_resize_x"), side("height", "hr_resize_y"), 0x204060);
  const bool inverted = body->whole({"inpainting_mask_invert"}).value_or(0) != 0;
  return painted(*imaging_, *from_base64(sources[0]), *from_base64(*mask),
                 inverted ? [](const char* p) { return static_cast<unsigned char>(p[0]) < 128; }
                          : [](const char* p) { return static_cast<unsigned char>(p[0]) > 127; });
}

OpenAiFake::OpenAiFake(ports::Imaging& imaging) : imaging_(&imaging) {
  server_ = std::make_unique<HttpFake>(
      [this](const FakeRequest& request) { return answer(request); });
}

FakeRequest OpenAiFake::last() const {
  const std::lock_guard held(lock_);
  return last_;
}

void OpenAiFake::answer_next_with(FakeReply reply) {
  const std::lock_guard held(lock_);
  next_ = std::move(reply);
}

std::string OpenAiFake::edited(const FakeRequest& request) {
  const std::string mask = request.part("mask");
  if (mask.empty()) return plain_png(64, 64, 0x405060);
  return painted(*imaging_, request.part("image"), mask,
                 [](const char* p) { return static_cast<unsigned char>(p[3]) < 128; });
}

FakeReply OpenAiFake::answer(const FakeRequest& request) {
  if (request.path() == "/v1/models")
    return {.body = R"({"data":[{"id":"gpt-image-2"},{"id":"any-size"}]})"};
  if (request.path() == "/picture.png")
    return {.body = plain_png(16, 16, 0x112233), .type = "image/png"};
  if (request.method != "POST") return {404};
  {
    const std::lock_guard held(lock_);
    last_ = request;
    if (next_) return *std::exchange(next_, std::nullopt);
  }
  ++executions_;
  std::this_thread::sleep_for(std::chrono::milliseconds(work_ms));
  const bool edit = request.path() == "/v1/images/edits";
  const auto body = Document::parse(edit ? "{}" : request.body);
  std::string size = edit ? request.part("size") : body->text({"size"}).value_or("16x16");
  const auto sides = split(size, 'x');
  const std::string picture = encoded(
      edit ? edited(request)
           : plain_png(static_cast<int>(*parse_whole(sides[0])),
                       static_cast<int>(*parse_whole(sides[1])), 0x304050));
  const bool stream = edit ? request.part("stream") == "true"
                           : body->boolean({"stream"}).value_or(false);
  const std::string kind = edit ? "image_edit" : "image_generation";
  if (stream)
    return {.body = "event: " + kind + ".partial_image\r\ndata: {\"type\":\"" + kind +
                    ".partial_image\",\"partial_image_index\":0,\"b64_json\":\"" +
                    encoded(plain_png(8, 8, 0)) + "\"}\r\n\r\nevent: " + kind +
                    ".completed\ndata: {\"type\":\"" + kind + ".completed\",\"b64_json\":\"" +
                    picture + "\"}\n\n",
            .type = "text/event-stream"};
  const std::int64_t count = edit ? parse_whole(request.part("n")).value_or(1)
                                  : body->whole({"n"}).value_or(1);
  std::string items;
  for (int i = 0; i < count; ++i)
    items += (i ? ",{\"b64_json\":\"" : "{\"b64_json\":\"") + picture + "\"}";
  return {.body = "{\"created\":1,\"data\":[" + items + "]}"};
}

}  // namespace atelier::test

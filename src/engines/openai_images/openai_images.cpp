#include "engines/openai_images/openai_images.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "engines/fetch/fetch.hpp"
#include "engines/openai_images/event_stream.hpp"
#include "engines/raster/raster.hpp"
#include "platform/recent.hpp"
#include "schema/document.hpp"
#include "schema/json.hpp"

namespace atelier::engines::openai_images {

/// `POST /images/generations`; the same members go into the form of `/images/edits`.
struct ImagesRequest {
  std::string prompt;
  std::optional<std::string> model;
  std::int64_t n = 1;
  std::string size;
  std::optional<std::string> response_format;
  std::optional<bool> stream;
  std::optional<std::int64_t> partial_images;
};
BOOST_DESCRIBE_STRUCT(ImagesRequest, (), (prompt, model, n, size, response_format, stream,
                                          partial_images))

namespace {

using ports::GenerationTask;
using ports::Order;
using ports::Trouble;
using ports::trouble;
using schema::Document;

constexpr std::size_t canceled_max = 4096, reply_max = 256u << 20, picture_max = 64u << 20;
constexpr int previews = 2;

struct Size {
  int width, height;
};

/// What the models of OpenAI's own take; others take any.
std::vector<Size> sizes_of(std::string_view model) {
  if (model.starts_with("gpt-image") || model.starts_with("chatgpt-image"))
    return {{1024, 1024}, {1536, 1024}, {1024, 1536}};
  if (model.starts_with("dall-e-3")) return {{1024, 1024}, {1792, 1024}, {1024, 1792}};
  if (model.starts_with("dall-e-2")) return {{256, 256}, {512, 512}, {1024, 1024}};
  return {};
}

bool streams(std::string_view model) {
  return model.starts_with("gpt-image") || model.starts_with("chatgpt-image");
}

Size nearest(const std::vector<Size>& sizes, const Order& order) {
  if (sizes.empty()) return {order.width, order.height};
  const auto far = [&](const Size& size) {  // of shape first, then of area
    return std::abs(std::log(double(size.width) / size.height * order.height / order.width)) * 10 +
           std::abs(std::log(double(size.width) * size.height / order.width / order.height));
  };
  return *std::ranges::min_element(sizes, {}, far);
}

bool is_refusal(const std::string& code, const std::string& message) {
  const std::string text = lower_ascii(code + ' ' + message);
  for (const std::string_view word : {"content_policy", "moderation", "safety", "content policy"})
    if (text.find(word) != std::string::npos) return true;
  return false;
}

/// `{error: {message, type, code}}` of a status, or of an event in a stream (status 400).
std::unexpected<Error> refusal(int status, const std::optional<Document>& said, int retry_after_s) {
  const auto of = [&](std::string_view member) {
    return said ? said->text({"error", member}).value_or("") : std::string();
  };
  std::string message = of("message");
  if (message.empty()) message = "The backend refuses with status " + std::to_string(status) + '.';
  const std::string code = of("code") + ' ' + of("type");
  Trouble what = Trouble::failed;
  if (status == 400 || status == 422)
    what = is_refusal(code, message) ? Trouble::refused : Trouble::invalid;
  else if (status == 404) what = Trouble::model_missing;
  else if (status == 429)
    what = code.find("insufficient_quota") == std::string::npos ? Trouble::busy : Trouble::failed;
  else if (status >= 502 && status <= 504) what = Trouble::unreachable;
  else if (status == 401 || status == 403) message = "The backend does not accept the key.";
  auto error = trouble(what, message);
  error.error().retry_after_s = retry_after_s;
  return error;
}

std::string host_of(std::string_view url) {
  const std::size_t begin = url.find("://");
  if (begin == std::string_view::npos) return {};
  const std::string_view rest = url.substr(begin + 3);
  return lower_ascii(rest.substr(0, rest.find_first_of("/?#")));
}

class Backend final : public ports::Generator {
 public:
  Backend(Options options, ports::Imaging& imaging)
      : options_(std::move(options)), imaging_(&imaging) {
    while (options_.url.ends_with('/')) options_.url.pop_back();
    for (const std::string_view name : split(options_.model, ','))
      if (!trim(name).empty()) models_.emplace_back(trim(name));
  }

  Result<ports::Offer> probe() override {
    const auto reply =
        fetch::send({.url = options_.url + "/models", .token = options_.token});
    if (!reply) return trouble(Trouble::unreachable, "The backend does not answer.");
    const auto said = Document::parse(reply->body);
    if (reply->status == 401 || reply->status == 403 || reply->status >= 500)
      return refusal(reply->status, said ? std::optional(*said) : std::nullopt, 0);
    ports::Offer offer;
    offer.title = "Images at " + host_of(options_.url);
    using enum GenerationTask;
    offer.tasks = {txt2img, img2img, inpaint};
    std::vector<std::string> names = models_;
    if (names.empty() && said) names = said->texts({"data"}, "id");
    if (names.empty())
      return trouble(Trouble::invalid, "The backend lists no models: name those it has.");
    for (std::string& name : names) {
      offer.previews = offer.previews || streams(name);
      if (name.starts_with("dall-e-3")) offer.count_max = 1;
      offer.models.push_back({"checkpoint", std::move(name), ""});
    }
    return offer;
  }

  Result<std::string> submit(const Order& order) override {
    TRY(check(order));
    return order.key;
  }

  Result<ports::Outcome> follow(const std::string& handle, const Order& order,
                                ports::Watcher& watcher) override {
    TRY(check(order));
    const auto unwanted = [&] { return watcher.should_stop() || canceled_.has(handle); };
    if (unwanted()) return stopped();
    fetch::Request request = TRY(request_of(order));
    request.stop = [&] { return unwanted() || watcher.should_leave(); };
    std::optional<Result<ports::Outcome>> streamed;
    std::string whole;
    double part = 0;
    EventStream events([&](std::string_view data) { hear(data, part, watcher, streamed, order); });
    request.hear = [&](std::string_view piece) {
      if (whole.size() + piece.size() > reply_max) return;
      whole += piece;
      events.add(piece);
    };
    const auto reply = fetch::send(request);
    if (!reply)
      return reply.error().code == "fetch_stopped" && unwanted()
                 ? stopped()
                 : trouble(Trouble::unreachable, "The backend does not answer.");
    events.end();
    if (reply->status == 200 && streamed) return finished(std::move(*streamed), order, watcher);
    const auto said = Document::parse(reply->status == 200 ? whole : reply->body);
    if (reply->status != 200)
      return refusal(reply->status, said ? std::optional(*said) : std::nullopt,
                     reply->retry_after_s);
    if (!said) return trouble(Trouble::failed, "The backend answered something else.");
    return finished(read(*said, order), order, watcher);
  }

  Result<void> cancel(const std::string& handle) override {
    canceled_.add(handle);
    return {};
  }

 private:
  static std::unexpected<Error> stopped() {
    return trouble(Trouble::canceled, "The work was stopped; it may be charged all the same.");
  }

  static Result<void> check(const Order& order) {
    using enum GenerationTask;
    if (order.task != txt2img && order.task != img2img && order.task != inpaint)
      return trouble(Trouble::invalid, "This backend cannot do that.");
    return ports::check_pictures(order);
  }

  std::string model_of(const Order& order) const {
    if (!order.model.empty() || models_.empty()) return order.model;
    return models_.front();
  }

  Result<fetch::Request> request_of(const Order& order) {
    const std::string model = model_of(order);
    const Size size = nearest(sizes_of(model), order);
    ImagesRequest wish;
    wish.prompt = order.prompt;
    if (!model.empty()) wish.model = model;
    wish.n = order.count;
    wish.size = std::to_string(size.width) + 'x' + std::to_string(size.height);
    if (!streams(model)) wish.response_format = "b64_json";
    else if (order.count == 1) wish.stream = true, wish.partial_images = previews;
    fetch::Request request{.method = "POST", .token = options_.token,
                           .timeout_ms = options_.deadline_ms, .reply_max = reply_max,
                           .once = true};
    if (order.task == GenerationTask::txt2img) {
      request.url = options_.url + "/images/generations";
      request.body = schema::to_json(wish);
      return request;
    }
    request.url = options_.url + "/images/edits";
    const auto field = [&](std::string name, std::string value) {
      request.form.push_back({std::move(name), std::move(value), "", ""});
    };
    field("prompt", wish.prompt);
    if (wish.model) field("model", *wish.model);
    field("n", std::to_string(wish.n));
    field("size", wish.size);
    if (wish.response_format) field("response_format", *wish.response_format);
    if (wish.stream) field("stream", "true"), field("partial_images", std::to_string(previews));
    const bool png = order.source.starts_with("\x89PNG");
    const bool webp = order.source.starts_with("RIFF");
    const std::string kind = png ? "png" : webp ? "webp" : "jpeg";
    request.form.push_back({"image", order.source, "image." + kind, "image/" + kind});
    if (order.task == GenerationTask::inpaint)
      request.form.push_back({"mask", TRY(transparent(order.mask)), "mask.png", "image/png"});
    return request;
  }

  /// White of the order's mask becomes transparent, black opaque.
  Result<std::string> transparent(const std::string& mask) {
    const auto pixels = imaging_->pixels(bytes_of(mask), 0, 0);
    if (!pixels) return trouble(Trouble::invalid, pixels.error().detail);
    raster::Raster turned(pixels->width, pixels->height);
    for (std::size_t i = 0; i < turned.rgba.size(); i += 4)
      turned.rgba[i + 3] =
          static_cast<std::uint8_t>(255 - static_cast<unsigned char>(pixels->rgba[i]));
    return raster::png(turned);
  }

  void hear(std::string_view data, double& part, ports::Watcher& watcher,
            std::optional<Result<ports::Outcome>>& outcome, const Order& order) {
    const auto event = Document::parse(data);
    if (!event) return;
    const std::string type = event->text({"type"}).value_or("");
    if (event->has({"error"})) {
      outcome = refusal(400, *event, 0);
      return;
    }
    const auto picture = from_base64(event->text({"b64_json"}).value_or(""));
    if (!picture || picture->empty()) return;
    if (type.ends_with(".partial_image")) {
      part = std::max(part, (event->whole({"partial_image_index"}).value_or(0) + 1.0) /
                                (previews + 2));
      watcher.progress(std::min(part, 0.95), *picture);
    } else if (type.ends_with(".completed")) {
      outcome = ports::Outcome{{{*picture, order.seed}}, ""};
    }
  }

  Result<ports::Outcome> read(const Document& said, const Order& order) {
    ports::Outcome outcome;
    for (const Document& item : said.items({"data"})) {
      std::optional<std::string> picture = from_base64(item.text({"b64_json"}).value_or(""));
      if (const auto url = item.text({"url"}); url && (!picture || picture->empty()))
        picture = TRY(brought(*url));
      if (!picture || picture->empty())
        return trouble(Trouble::failed, "The backend sent no readable picture.");
      outcome.pictures.push_back({std::move(*picture), order.seed});
    }
    if (std::ssize(outcome.pictures) < order.count)
      return trouble(Trouble::failed, "The backend sent fewer pictures than were ordered.");
    return outcome;
  }

  Result<std::string> brought(const std::string& url) {
    const bool own = host_of(url) == host_of(options_.url);
    if (!own && !url.starts_with("https://"))
      return trouble(Trouble::failed, "The backend sent an address that is not safe to open.");
    fetch::Request request{.url = url, .reply_max = picture_max, .only_public = !own};
    if (own) request.token = options_.token;
    const auto reply = fetch::send(request);
    if (!reply || reply->status != 200)
      return trouble(Trouble::failed, "A picture could not be fetched from where it lies.");
    return reply->body;
  }

  Result<ports::Outcome> finished(Result<ports::Outcome> outcome, const Order& order,
                                  ports::Watcher& watcher) {
    if (!outcome) return outcome;
    const Size size = nearest(sizes_of(model_of(order)), order);
    outcome->note = "This backend takes no seed, so the picture cannot be made again.";
    if (size.width != order.width || size.height != order.height)
      outcome->note += " It was ordered at " + std::to_string(size.width) + " × " +
                       std::to_string(size.height) + '.';
    watcher.progress(1, {});
    return outcome;
  }

  Options options_;
  std::vector<std::string> models_;
  ports::Imaging* imaging_;
  platform::Recent canceled_{canceled_max};
};

}  // namespace

std::shared_ptr<ports::Generator> make_backend(Options options, ports::Imaging& imaging) {
  return std::make_shared<Backend>(std::move(options), imaging);
}

}  // namespace atelier::engines::openai_images

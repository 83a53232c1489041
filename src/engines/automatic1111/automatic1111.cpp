#include "engines/automatic1111/automatic1111.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/text.hpp"
#include "engines/automatic1111/payload.hpp"
#include "platform/recent.hpp"
#include "schema/document.hpp"

namespace atelier::engines::automatic1111 {
namespace {

using ports::GenerationTask;
using ports::Order;
using ports::Trouble;
using ports::trouble;
using schema::Document;

constexpr std::size_t canceled_max = 4096, reply_max = 512u << 20;
constexpr long question_ms = 10'000;
constexpr int turn_ms = 100;

std::unexpected<Error> stopped() { return trouble(Trouble::canceled, "The work was stopped."); }
std::unexpected<Error> left() {
  return trouble(Trouble::unreachable, "Nobody waits for this work any more.");
}

bool tells_of_memory(const std::string& text) {
  const std::string lower = lower_ascii(text);
  return lower.find("out of memory") != std::string::npos ||
         lower.find("outofmemory") != std::string::npos;
}

/// What a status other than 200 means. FastAPI's faults are {detail}, the rest {error, errors}.
std::unexpected<Error> refusal(const fetch::Reply& reply) {
  const auto said = Document::parse(reply.body);
  std::string why;
  for (const std::string_view member : {"errors", "error", "detail"})
    if (said && why.empty()) why = said->text({member}).value_or("");
  if (said && why.empty())
    for (const Document& fault : said->items({"detail"}))
      why += (why.empty() ? "" : " ") + fault.text({"msg"}).value_or("");
  if (why.empty()) why = "The backend failed with status " + std::to_string(reply.status) + '.';
  if (tells_of_memory(why)) return trouble(Trouble::out_of_memory, why);
  if (reply.status == 429) return trouble(Trouble::busy, why);
  const bool wrong = reply.status == 400 || reply.status == 404 || reply.status == 422;
  return trouble(wrong ? Trouble::invalid : Trouble::failed, why);
}

/// A bare base64 text or a data URI.
std::optional<std::string> picture_of(std::string_view text) {
  if (text.starts_with("data:")) text.remove_prefix(std::min(text.find(',') + 1, text.size()));
  return from_base64(text);
}

class Backend final : public ports::Generator {
 public:
  explicit Backend(Options options) : options_(std::move(options)) {}

  Result<ports::Offer> probe() override {
    const auto all = TRY(refreshed());
    using enum GenerationTask;
    ports::Offer offer;
    offer.title = all->title;
    offer.tasks = {txt2img, img2img, inpaint};
    if (!all->stable_diffusion_cpp) offer.tasks.push_back(hires);
    if (all->extras) offer.tasks.push_back(upscale);
    offer.models = all->models;
    offer.previews = all->progress || all->task_progress;
    for (const auto& [method, own] : all->methods) {
      if (offer.samplers.empty() || offer.samplers.back() != method.sampler)
        offer.samplers.push_back(method.sampler);
      if (!method.scheduler.empty() &&
          std::ranges::find(offer.schedulers, method.scheduler) == offer.schedulers.end())
        offer.schedulers.push_back(method.scheduler);
    }
    return offer;
  }

  /// Nothing goes out yet, but what cannot work is said at once.
  Result<std::string> submit(const Order& order) override {
    auto made = payload(order, *TRY(inventory()));
    if (!made) made = payload(order, *TRY(refreshed()));  // models come and go
    if (!made) return std::unexpected(made.error());
    return order.key;
  }

  Result<ports::Outcome> follow(const std::string& handle, const Order& order,
                                ports::Watcher& watcher) override {
    const auto all = TRY(inventory());
    const Payload work = TRY(payload(order, *all));
    TRY(take_turn(handle, watcher));
    auto outcome = made(handle, order, *all, work, watcher);
    {
      const std::lock_guard held(lock_);
      current_.clear();
    }
    turn_.notify_one();
    return outcome;
  }

  Result<void> cancel(const std::string& handle) override {
    canceled_.add(handle);
    const auto all = TRY(inventory());
    const std::lock_guard held(lock_);  // what runs is this work until the lock is let go
    return current_ == handle ? interrupt(*all, handle) : Result<void>{};
  }

 private:
  using Stock = std::shared_ptr<const Inventory>;

  Result<Stock> refreshed() {
    auto fresh = std::make_shared<const Inventory>(TRY(take_inventory(options_)));
    const std::lock_guard held(lock_);
    return stock_ = std::move(fresh);
  }
  Result<Stock> inventory() {
    {
      const std::lock_guard held(lock_);
      if (stock_) return stock_;
    }
    return refreshed();
  }

  bool unwanted(const std::string& handle, ports::Watcher& watcher) {
    return watcher.should_stop() || canceled_.has(handle);
  }

  Result<void> take_turn(const std::string& handle, ports::Watcher& watcher) {
    std::unique_lock held(lock_);
    while (!current_.empty()) {
      if (watcher.should_leave()) return left();
      if (unwanted(handle, watcher)) return stopped();
      turn_.wait_for(held, std::chrono::milliseconds(turn_ms));
    }
    if (unwanted(handle, watcher)) return stopped();
    current_ = handle;
    return {};
  }

  /// `/interrupt` stops whatever runs: only while the server itself says that it is this work,
  /// where it can say so.
  Result<void> interrupt(const Inventory& all, const std::string& handle) {
    if (!all.interrupt) return {};  // it runs to its end, and nobody wants the result
    if (all.task_progress) {
      const auto now = TRY(progress(handle, false));
      if (!now.boolean({"active"}).value_or(true)) return {};
    }
    TRY(call(options_, {.method = "POST", .url = "/sdapi/v1/interrupt", .body = "{}",
                        .timeout_ms = question_ms}));
    return {};
  }

  Result<Document> progress(const std::string& handle, bool preview) {
    const std::string body = "{\"id_task\":\"" + handle + "\",\"id_live_preview\":-1," +
                             "\"live_preview\":" + (preview ? "true" : "false") + '}';
    const fetch::Reply reply = TRY(call(options_, {.method = "POST", .url = "/internal/progress",
                                                   .body = body, .timeout_ms = question_ms}));
    auto said = Document::parse(reply.body);
    if (!said) return trouble(Trouble::unreachable, "The backend does not tell its progress.");
    return std::move(*said);
  }

  /// Asks how far it is; what cannot be had is not told.
  void tell_progress(const Inventory& all, const std::string& handle, double& part,
                     ports::Watcher& watcher) {
    std::optional<Document> said;
    std::string preview;
    if (all.task_progress) {
      if (auto now = progress(handle, true)) said = std::move(*now);
      if (said) preview = picture_of(said->text({"live_preview"}).value_or("")).value_or("");
    } else if (all.progress) {
      const auto reply = call(options_, {.url = "/sdapi/v1/progress", .timeout_ms = question_ms});
      if (reply)
        if (auto now = Document::parse(reply->body)) said = std::move(*now);
      if (said) preview = picture_of(said->text({"current_image"}).value_or("")).value_or("");
    }
    if (!said) return;
    part = std::max(part, std::clamp(said->real({"progress"}).value_or(0), 0.0, 0.99));
    watcher.progress(part, preview);
  }

  Result<ports::Outcome> made(const std::string& handle, const Order& order, const Inventory& all,
                              const Payload& work, ports::Watcher& watcher) {
    std::atomic<bool> over = false, leave = false;
    std::optional<Result<fetch::Reply>> reply;
    std::jthread sender([&] {
      reply = call(options_, {.method = "POST", .url = "/sdapi/v1" + work.path, .body = work.body,
                              .timeout_ms = options_.deadline_ms, .reply_max = reply_max,
                              .once = true,
                              .stop = [&] { return leave.load(); }});
      over = true;
    });
    double part = 0;
    bool asked_to_stop = false;
    auto looked = std::chrono::steady_clock::now();
    while (!over) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      if (!asked_to_stop && unwanted(handle, watcher)) {
        asked_to_stop = true;
        canceled_.add(handle);
        const std::lock_guard held(lock_);
        (void)interrupt(all, handle);
        if (!all.interrupt) leave = true;  // it has no way to stop: it is left alone
      }
      if (watcher.should_leave()) leave = true;
      const auto now = std::chrono::steady_clock::now();
      if (now - looked < std::chrono::milliseconds(options_.look_ms)) continue;
      looked = now;
      tell_progress(all, handle, part, watcher);
    }
    sender.join();
    if (asked_to_stop || canceled_.has(handle)) return stopped();  // pictures may be half-made
    if (!*reply) return leave ? left() : std::unexpected(reply->error());
    if ((*reply)->status != 200) return refusal(**reply);
    auto outcome = read(order, (*reply)->body);
    if (outcome) {
      outcome->note = work.note;
      watcher.progress(1, {});
    }
    return outcome;
  }

  /// `info` is JSON in a string; images before `index_of_first_image` are grids, those behind the
  /// ordered number are maps of ControlNet.
  static Result<ports::Outcome> read(const Order& order, const std::string& body) {
    const auto said = Document::parse(body);
    if (!said) return trouble(Trouble::failed, "The backend answered something else.");
    std::vector<std::string> images = said->texts({"images"});
    if (const auto single = said->text({"image"})) images = {*single};
    std::size_t first = 0;
    std::vector<Document> seeds;
    if (const auto info = Document::parse(said->text({"info"}).value_or(""))) {
      first = static_cast<std::size_t>(
          std::max<std::int64_t>(0, info->whole({"index_of_first_image"}).value_or(0)));
      seeds = info->items({"all_seeds"});
    }
    const auto wanted = static_cast<std::size_t>(
        order.task == GenerationTask::upscale ? 1 : order.count);
    ports::Outcome outcome;
    for (std::size_t i = 0; i < wanted && first + i < images.size(); ++i) {
      auto picture = picture_of(images[first + i]);
      if (!picture || picture->empty())
        return trouble(Trouble::failed, "The backend sent no readable picture.");
      const auto seed = i < seeds.size() ? seeds[i].whole({}) : std::nullopt;
      outcome.pictures.push_back({std::move(*picture),
                                  seed ? static_cast<std::uint64_t>(*seed) : order.seed + i});
    }
    if (outcome.pictures.size() < wanted)
      return trouble(Trouble::failed, "The backend sent fewer pictures than were ordered.");
    return outcome;
  }

  Options options_;
  std::mutex lock_;
  std::condition_variable turn_;
  std::string current_;  ///< the handle that is being worked on
  Stock stock_;
  platform::Recent canceled_{canceled_max};
};

}  // namespace

std::shared_ptr<ports::Generator> make_backend(Options options) {
  return std::make_shared<Backend>(std::move(options));
}

}  // namespace atelier::engines::automatic1111

#include "engines/comfyui/comfyui.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <mutex>
#include <random>

#include "base/text.hpp"
#include "engines/comfyui/following.hpp"
#include "engines/comfyui/graph_check.hpp"
#include "engines/comfyui/graph_pictures.hpp"
#include "engines/comfyui/server.hpp"
#include "engines/comfyui/templates.hpp"
#include "engines/comfyui/workflow_reading.hpp"
#include "platform/recent.hpp"
#include "schema/document.hpp"

namespace atelier::engines::comfyui {
namespace {

using ports::GenerationTask;
using ports::Order;
using ports::Trouble;
using ports::trouble;

constexpr std::size_t sessions_max = 64, canceled_max = 4096;
constexpr std::size_t resting_max = 4;
constexpr std::chrono::seconds resting_time{10};
constexpr int stale_frames_max = 1'000;
constexpr int connect_ms = 5000;

/// Random enough to be nobody else's.
std::string fresh_client() {
  std::random_device device;
  std::string id = "atelier-";
  for (int i = 0; i < 4; ++i) {
    const std::uint32_t word = device();
    id += hex(std::as_bytes(std::span(&word, 1)));
  }
  return id;
}

/// From this version on (October 2025) an interrupt with an id is for that work only.
bool interrupts_by_id(std::string_view version) {
  constexpr int since[] = {0, 3, 65};
  const auto numbers = split(version, '.');
  for (std::size_t i = 0; i < 3; ++i) {
    const auto number = i < numbers.size() ? parse_whole(numbers[i]) : std::nullopt;
    if (!number) return false;
    if (*number != since[i]) return *number > since[i];
  }
  return true;
}

class Backend final : public ports::Generator {
 public:
  explicit Backend(Options options)
      : options_(std::move(options)), server_(options_.url, options_.token) {}

  Result<ports::Offer> probe() override {
    const Server::Stats stats = TRY(server_.stats());
    const auto types = TRY(refreshed_types());
    ports::Offer offer;
    offer.title = "ComfyUI " + stats.version;
    offer.memory_bytes = stats.memory_bytes;
    offer.previews = true;
    const auto list = [&](std::string_view kind, std::string_view type, std::string_view input) {
      for (std::string& name : types->choices(type, input))
        offer.models.push_back({std::string(kind), std::move(name), ""});
    };
    list("checkpoint", "CheckpointLoaderSimple", "ckpt_name");
    for (std::string& name : types->choices("UNETLoader", "unet_name"))
      if (lower_ascii(name).find("flux") != std::string::npos)
        offer.models.push_back({"checkpoint", std::move(name), ""});
    const bool draws = !offer.models.empty();
    list("lora", "LoraLoader", "lora_name");
    list("vae", "VAELoader", "vae_name");
    list("controlnet", "ControlNetLoader", "control_net_name");
    list("upscaler", "UpscaleModelLoader", "model_name");
    for (std::string& name : TRY(server_.embeddings()))
      offer.models.push_back({"embedding", std::move(name), ""});
    using enum GenerationTask;
    if (draws) offer.tasks = {txt2img, img2img, inpaint, hires};
    if (types->has("ImageScale") && types->has("LoadImage")) offer.tasks.push_back(upscale);
    offer.tasks.push_back(graph);
    offer.samplers = types->choices("KSampler", "sampler_name");
    offer.schedulers = types->choices("KSampler", "scheduler");
    return offer;
  }

  Result<std::string> submit(const Order& order) override {
    TRY(ports::check_pictures(order));
    if (order.repeated)
      if (const auto known = TRY(submitted_before(order.key))) return *known;
    Plan planned = TRY(planned_with_pictures(order));
    if (!order.pictures.empty()) {
      std::vector<PlacedPicture> placed;
      for (const ports::OrderedPicture& picture : order.pictures) {
        const std::string name = TRY(server_.upload(picture.bytes));
        placed.push_back({picture.pointers, picture.mask, name});
      }
      planned.graph = place_pictures(planned.graph, placed);
    }
    Session session = listening();
    const std::string id =
        TRY(server_.post(planned.graph, order.workflow, order.key, session.client));
    session.graph = std::move(planned.graph);
    session.note = std::move(planned.note);
    keep(id, std::move(session));
    return id;
  }

  Result<ports::Outcome> follow(const std::string& handle, const Order& order,
                                ports::Watcher& watcher) override {
    Following following(options_, server_, handle, order, taken(handle), watcher, canceled_,
                        [this](const std::string& id) { return stop(id); });
    auto outcome = following.run();
    rest(following.take_session());
    return outcome;
  }

  Result<void> cancel(const std::string& handle) override {
    canceled_.add(handle);
    return stop(handle);
  }

  Result<ports::ReadWorkflow> read_workflow(std::string_view text) override {
    auto read = comfyui::read_workflow(text, *TRY(types()));
    const bool lacks = read && std::ranges::any_of(read->faults, [](const auto& fault) {
      return !fault.wanted.empty();
    });
    // It may have come since.
    return lacks ? comfyui::read_workflow(text, *TRY(refreshed_types())) : std::move(read);
  }

 private:
  using Types = std::shared_ptr<const NodeTypes>;
  using Clock = std::chrono::steady_clock;
  struct Resting {
    Clock::time_point since;
    Session session;
  };

  Result<Types> refreshed_types() {
    auto fresh = std::make_shared<const NodeTypes>(TRY(server_.node_types()));
    const std::lock_guard held(lock_);
    return types_ = std::move(fresh);
  }
  Result<Types> types() {
    {
      const std::lock_guard held(lock_);
      if (types_) return types_;
    }
    return refreshed_types();
  }

  /// Nothing is sent, no picture either, before it is known that the graph fits.
  Result<Plan> planned_with_pictures(const Order& order) {
    Uploads uploads;
    uploads.controls.resize(order.controls.size());
    Plan planned = TRY(checked_plan(order, uploads));
    if (order.source.empty() && order.mask.empty() && order.controls.empty()) return planned;
    if (!order.source.empty()) uploads.source = TRY(server_.upload(order.source));
    if (!order.mask.empty()) uploads.mask = TRY(server_.upload(order.mask));
    for (std::size_t i = 0; i < order.controls.size(); ++i)
      uploads.controls[i] = TRY(server_.upload(order.controls[i].picture));
    return checked_plan(order, uploads);
  }

  Result<Plan> checked_plan(const Order& order, const Uploads& uploads) {
    auto made = planned(order, uploads, *TRY(types()));
    if (made || ports::trouble_of(made.error().code) == Trouble::refused) return made;
    // Models come and go while this program runs: look once more before saying no.
    return planned(order, uploads, *TRY(refreshed_types()));
  }

  static Result<Plan> planned(const Order& order, const Uploads& uploads, const NodeTypes& types) {
    Plan made;
    if (order.task == GenerationTask::graph) made.graph = order.graph;
    else if (order.task == GenerationTask::remove_background)
      return trouble(Trouble::invalid, "This backend removes no backgrounds.");
    else made = TRY(plan(order, types, uploads));
    const std::vector<ports::GraphFault> faults = check_graph(made.graph, types);
    if (faults.empty()) return made;
    const bool wrong = std::ranges::any_of(
        faults, [](const ports::GraphFault& fault) { return fault.wanted.empty(); });
    std::string what;
    for (const ports::GraphFault& fault : faults)
      what += (what.empty() ? "" : " ") + (fault.node.empty() ? "" : "Node " + fault.node + ": ") +
              fault.detail;
    return trouble(wrong ? Trouble::invalid : Trouble::model_missing, what);
  }

  /// The handle of work that was handed over under this key, perhaps by an earlier process.
  Result<std::optional<std::string>> submitted_before(const std::string& key) {
    if (TRY(server_.history(key))) return key;
    const Queue queue = TRY(server_.queue(key));
    if (queue.running || queue.pending) return key;
    return server_.find(key);  // under an id of its own
  }

  Result<void> stop(const std::string& handle) {
    TRY(server_.forget_pending(handle));
    const Queue queue = TRY(server_.queue(handle));
    if (!queue.running) return {};
    if (TRY(server_.cancel(handle))) return {};
    const Server::Stats stats = TRY(server_.stats());
    if (!interrupts_by_id(stats.version) && queue.others_pending > 0)
      return trouble(Trouble::busy, "This version of ComfyUI might stop other work as well.");
    return server_.interrupt(handle);
  }

  /// A session that listens already, under a client id that no other socket has: one at rest, or
  /// a new one. Without a socket if there is none to be had.
  Session listening() {
    while (auto kept = rested()) {
      for (int i = 0; i < stale_frames_max && kept->socket->next(0); ++i) {}
      if (kept->socket->is_open()) return std::move(*kept);
    }
    Session session;
    session.client = fresh_client();
    auto socket = fetch::WebSocket::connect(options_.url + "/ws?clientId=" + session.client,
                                            options_.token, connect_ms);
    if (socket) session.socket = std::move(*socket);
    return session;
  }
  /// Nobody reads what comes to a socket at rest, so it does not rest for long.
  void rest(Session session) {
    if (!session.socket || !session.socket->is_open()) return;
    const std::lock_guard held(lock_);
    if (resting_.size() >= resting_max) resting_.pop_front();
    resting_.push_back({Clock::now(), {std::move(session.socket), std::move(session.client)}});
  }
  std::optional<Session> rested() {
    const std::lock_guard held(lock_);
    const auto late = Clock::now() - resting_time;
    while (!resting_.empty() && resting_.front().since < late) resting_.pop_front();
    if (resting_.empty()) return std::nullopt;
    Session session = std::move(resting_.back().session);
    resting_.pop_back();
    return session;
  }

  void keep(const std::string& handle, Session session) {
    const std::lock_guard held(lock_);
    if (sessions_.size() >= sessions_max) sessions_.erase(sessions_.begin());
    sessions_[handle] = std::move(session);
  }
  Session taken(const std::string& handle) {
    const std::lock_guard held(lock_);
    auto node = sessions_.extract(handle);
    return node.empty() ? Session{} : std::move(node.mapped());
  }

  Options options_;
  Server server_;
  std::mutex lock_;
  Types types_;
  std::map<std::string, Session> sessions_;  ///< submitted here and not followed yet
  std::deque<Resting> resting_;
  platform::Recent canceled_{canceled_max};
};

}  // namespace

std::shared_ptr<ports::Generator> make_backend(Options options) {
  return std::make_shared<Backend>(std::move(options));
}

}  // namespace atelier::engines::comfyui

#include "tests/support/comfyui_fake.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/text.hpp"
#include "engines/raster/raster.hpp"
#include "schema/document.hpp"
#include "schema/json.hpp"

namespace atelier::test {
namespace {

using schema::Document;

std::string quoted(std::string_view text) {
  std::string out;
  schema::write_json_string(out, text);
  return out;
}

/// Puts names of models where the recorded facts have none.
std::string with_models(std::string text) {
  const auto put = [&](const std::string& before, const std::string& after) {
    const std::size_t at = text.find(before);
    if (at != std::string::npos) text.replace(at, before.size(), after);
  };
  put("\"ckpt_name\":[[]", "\"ckpt_name\":[[\"sd15.safetensors\"]");
  put("\"lora_name\":[[]", "\"lora_name\":[[\"ink.safetensors\",\"fog.safetensors\"]");
  put("\"vae_name\":[[]", "\"vae_name\":[[\"mse.safetensors\",\"ae.safetensors\"]");
  put("\"control_net_name\":[[]", "\"control_net_name\":[[\"canny.safetensors\"]");
  put("\"unet_name\":[[]", "\"unet_name\":[[\"flux1-dev.safetensors\"]");
  put("\"clip_name1\":[[]", "\"clip_name1\":[[\"clip_l.safetensors\",\"t5xxl_fp16.safetensors\"]");
  put("\"clip_name2\":[[]", "\"clip_name2\":[[\"clip_l.safetensors\",\"t5xxl_fp16.safetensors\"]");
  put("\"options\":[]", "\"options\":[\"4x.pth\"]");  // UpscaleModelLoader
  return text;
}

std::string big_endian(std::uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
  return out;
}

std::string node_of(const Document& graph, std::string_view type) {
  for (const std::string& id : graph.names({}))
    if (graph.text({id, "class_type"}) == type) return id;
  return {};
}

}  // namespace

ComfyFake::ComfyFake(ComfyVersion version, ports::Imaging& imaging)
    : version_(version), imaging_(&imaging) {
  server_ = std::make_unique<HttpFake>(
      [this](const FakeRequest& request) { return answer(request); },
      [this](const FakeRequest& request, std::shared_ptr<FakeSocket> socket) {
        socket->send(R"({"type":"status","data":{"status":{"exec_info":{"queue_remaining":0}}}})",
                     false);
        ++sockets_ever_;
        const std::lock_guard held(lock_);
        sockets_.emplace(request.query("clientId"), std::move(socket));
      });
  worker_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

ComfyFake::~ComfyFake() {
  interrupt_ = true;
  worker_.request_stop();
  worker_.join();
  drop_sockets();  // they stand on the server
  server_.reset();
}

void ComfyFake::drop_sockets() {
  const std::lock_guard held(lock_);
  for (const auto& [client, socket] : sockets_) socket->drop();
  sockets_.clear();
}

void ComfyFake::restart() {
  ++epoch_;
  {
    const std::lock_guard held(lock_);
    pending_.clear();
    running_.reset();
    history_.clear();
    files_.clear();
    sockets_.clear();
  }
  server_->break_off();
}

void ComfyFake::answer_next_post_with(FakeReply reply) {
  const std::lock_guard held(lock_);
  next_post_ = std::move(reply);
}

void ComfyFake::show(std::string picture) {
  const std::lock_guard held(lock_);
  picture_ = std::move(picture);
}

void ComfyFake::say_progress(int value, int most) {
  std::unique_lock held(lock_);
  if (!running_) return;
  const Job job = *running_;
  held.unlock();
  tell(job, "progress", ",\"node\":\"3\",\"value\":" + std::to_string(value) + ",\"max\":" +
                            std::to_string(most));
}

std::string ComfyFake::last_prompt() const {
  const std::lock_guard held(lock_);
  return last_prompt_;
}

void ComfyFake::cut_upload(const std::string& name) {
  const std::lock_guard held(lock_);
  uploads_.at(name).resize(uploads_.at(name).size() / 2);
}

/// From the byte that its Range names to the end, as aiohttp answers.
FakeReply ComfyFake::uploaded_part(const FakeRequest& request) const {
  const auto found = uploads_.find(request.query("filename"));
  if (found == uploads_.end()) return {404};
  const auto range = request.headers.find("range");
  if (range == request.headers.end()) return {.body = found->second, .type = "image/png"};
  const auto from = static_cast<std::size_t>(
      parse_whole(range->second.substr(6, range->second.size() - 7)).value_or(0));
  if (from >= found->second.size()) return {416};
  return {.status = 206, .body = found->second.substr(from), .type = "image/png"};
}

std::string ComfyFake::uploaded(const std::string& name) const {
  const std::lock_guard held(lock_);
  const auto found = uploads_.find(name);
  return found == uploads_.end() ? std::string() : found->second;
}

std::string ComfyFake::object_info() const {
  std::ifstream file(ATELIER_SOURCE_DIR "/tests/support/comfyui_nodes.json");
  return with_models({std::istreambuf_iterator<char>(file), {}});
}

std::string ComfyFake::item(const Job& job) {
  return "[1," + quoted(job.id) + ',' + job.graph + ",{\"atelier\":" + quoted(job.mark) + "},[]]";
}

std::string ComfyFake::queue_json() {
  std::string out = "{\"queue_running\":[" + (running_ ? item(*running_) : "") +
                    "],\"queue_pending\":[";
  for (std::size_t i = 0; i < pending_.size(); ++i) out += (i ? "," : "") + item(pending_[i]);
  return out + "]}";
}

FakeReply ComfyFake::answer(const FakeRequest& request) {
  const std::string path = request.path();
  const bool post_method = request.method == "POST";
  if (path == "/system_stats") {
    const char* version = version_ == ComfyVersion::old       ? "0.3.9"
                          : version_ == ComfyVersion::current ? "0.8.0" : "0.20.0";
    return {.body = "{\"system\":{\"comfyui_version\":\"" + std::string(version) +
                    "\"},\"devices\":[{\"vram_total\":8589934592}]}"};
  }
  if (path == "/object_info") return {.body = object_info()};
  if (path == "/embeddings") return {.body = R"(["bad-hands"])"};
  if (path == "/upload/image") return upload(request);
  if (path == "/prompt" && post_method) return post(request);
  const std::unique_lock held(lock_);
  const auto body = Document::parse(request.body.empty() ? "{}" : request.body);
  if (path == "/queue" && !post_method) return {.body = queue_json()};
  if (path == "/queue") {
    for (const std::string& id : body->texts({"delete"}))
      std::erase_if(pending_, [&](const Job& job) { return job.id == id; });
    return {.body = ""};
  }
  if (path == "/interrupt") {
    interrupt(body->text({"prompt_id"}).value_or(""), version_ != ComfyVersion::old);
    return {.body = ""};
  }
  if (path.starts_with("/api/jobs/") && path.ends_with("/cancel")) {
    if (version_ != ComfyVersion::newest) return {404};
    interrupt(path.substr(10, path.size() - 17), true);
    return {.body = R"({"cancelled":true})"};
  }
  if (path.starts_with("/history")) {
    std::string out = "{";
    for (const auto& [id, entry] : history_)
      if (path == "/history" || path == "/history/" + id)
        out += (out.size() > 1 ? "," : "") + quoted(id) + ':' + entry;
    return {.body = out + '}'};
  }
  if (path == "/view" && request.query("type") == "input") return uploaded_part(request);
  if (path == "/view") {
    if (!picture_.empty()) return {.body = picture_, .type = "image/png"};
    const auto file = files_.find(request.query("filename"));
    if (file == files_.end()) return {404};
    return {.body = file->second, .type = "image/png"};
  }
  return {404};
}

FakeReply ComfyFake::upload(const FakeRequest& request) {
  const std::size_t at = request.body.find("filename=\"") + 10;
  const std::string name = request.body.substr(at, request.body.find('"', at) - at);
  const std::lock_guard held(lock_);
  uploads_[name] = request.part("image");
  ++uploads_ever_;
  return {.body = "{\"name\":" + quoted(name) + ",\"subfolder\":\"\",\"type\":\"input\"}"};
}

FakeReply ComfyFake::post(const FakeRequest& request) {
  const auto body = Document::parse(request.body);
  const std::unique_lock held(lock_);
  last_prompt_ = request.body;
  if (next_post_) return *std::exchange(next_post_, std::nullopt);
  Job job;
  job.mark = body->text({"extra_data", "atelier"}).value_or("");
  job.client = body->text({"client_id"}).value_or("");
  job.id = version_ == ComfyVersion::old ? "own-" + std::to_string(++ids_)
                                         : body->text({"prompt_id"}).value_or("");
  const std::size_t graph = request.body.find("{\"prompt\":") + 10;
  job.graph = request.body.substr(graph, request.body.find(",\"client_id\"") - graph);
  const bool known = history_.contains(job.id) || (running_ && running_->id == job.id) ||
                     std::ranges::any_of(pending_, [&](const Job& j) { return j.id == job.id; });
  if (known && version_ == ComfyVersion::newest) return {409};
  const std::string reply = "{\"prompt_id\":" + quoted(job.id) + ",\"number\":1,\"node_errors\":" +
                            (version_ == ComfyVersion::old ? "[]" : "{}") + '}';
  pending_.push_back(std::move(job));
  changed_.notify_all();
  return {.body = reply, .cut = std::exchange(cut_next_post_, false)};
}

void ComfyFake::interrupt(const std::string& id, bool by_id) {
  if (!running_) return;
  if (by_id && running_->id != id) return;
  if (running_->id != id) ++interrupted_others_;
  interrupt_ = true;
}

void ComfyFake::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    Job job;
    {
      std::unique_lock held(lock_);
      changed_.wait_for(held, stop, std::chrono::milliseconds(5),
                        [&] { return !pending_.empty() && !held_ && !dead_; });
      if (stop.stop_requested() || pending_.empty() || held_ || dead_) continue;
      job = pending_.front();
      pending_.pop_front();
      running_ = job;
      interrupt_ = false;  // as ComfyUI does at the beginning of each prompt
    }
    ++executions_;
    run(job);
  }
}

void ComfyFake::tell(const Job& job, const std::string& type, const std::string& data) {
  std::vector<std::shared_ptr<FakeSocket>> listeners;
  {
    const std::lock_guard held(lock_);
    for (auto [at, end] = sockets_.equal_range(job.client); at != end; ++at)
      listeners.push_back(at->second);
  }
  for (const auto& socket : listeners)
    socket->send("{\"type\":\"" + type + "\",\"data\":{\"prompt_id\":" + quoted(job.id) + data +
                     "}}", false);
}

void ComfyFake::show_preview(const Job& job) {
  const std::string picture = plain_png(8, 8, 0x808080);
  std::string frame = big_endian(1) + big_endian(2) + picture;
  if (version_ == ComfyVersion::newest) {
    const std::string about = "{\"prompt_id\":" + quoted(job.id) + '}';
    frame = big_endian(4) + big_endian(static_cast<std::uint32_t>(about.size())) + about + picture;
  }
  const std::lock_guard held(lock_);
  for (auto [at, end] = sockets_.equal_range(job.client); at != end; ++at)
    at->second->send(frame, true);
}

/// Twelve steps; what a real one says at each, and that it stops at the next when interrupted.
bool ComfyFake::step(const Job& job, int number) {
  if (before_step) before_step(number);
  switch (number) {
    case 0: tell(job, "execution_start", ",\"timestamp\":1"); break;
    case 1: tell(job, "execution_cached", ",\"nodes\":[\"1\"]"); break;
    case 2: tell(job, "executing", ",\"node\":\"2\""); break;
    case 3: case 4: case 5: case 6:
      tell(job, "progress", ",\"node\":\"3\",\"value\":" + std::to_string(number - 2) +
                                ",\"max\":4");
      break;
    case 7: show_preview(job); break;
    case 8: tell(job, "executed", ",\"node\":\"4\",\"output\":{}"); break;
    case 9: tell(job, "execution_success", ",\"timestamp\":2"); break;
    default: break;
  }
  if (step_time.count() > 0) std::this_thread::sleep_for(step_time);
  return !interrupt_ || number > 8;
}

void ComfyFake::run(const Job& job) {
  const int epoch = epoch_;
  bool whole = true;
  for (int i = 0; i < 10 && whole; ++i) {
    whole = step(job, i);
    if (dead_ || epoch != epoch_) return;  // nobody is there to finish it
  }
  std::string entry = "{\"prompt\":" + item(job) + ",\"outputs\":{";
  const auto files = whole ? results(job) : decltype(results(job)){};
  {
    const std::lock_guard held(lock_);
    if (epoch != epoch_) return;
    for (const auto& [node, bytes] : files) {
      const std::string name = "ComfyUI_temp_" + job.id + '_' + node + ".png";
      files_[name] = bytes;
      entry += (entry.ends_with('{') ? "" : ",") + quoted(node) + ":{\"images\":[{\"filename\":" +
               quoted(name) + ",\"subfolder\":\"\",\"type\":\"temp\"}]}";
    }
  }
  if (!whole) tell(job, "execution_interrupted", ",\"node_id\":\"3\"");
  entry += "},\"status\":{\"status_str\":\"" + std::string(whole ? "success" : "error") +
           "\",\"completed\":" + (whole ? "true" : "false") + ",\"messages\":[[\"" +
           (whole ? "execution_success" : "execution_interrupted") + "\",{}]]}}";
  if (before_step) before_step(10);
  if (epoch != epoch_) return;
  {
    const std::lock_guard held(lock_);
    history_[job.id] = entry;
    running_.reset();
  }
  if (before_step) before_step(11);
  tell(job, "executing", ",\"node\":null");
}

std::vector<std::pair<std::string, std::string>> ComfyFake::results(const Job& job) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto graph = Document::parse(job.graph);
  std::uint32_t colour = 0x203040;
  const bool shown = [&] {
    const std::lock_guard held(lock_);
    return !picture_.empty();
  }();
  for (const std::string& id : graph->names({})) {
    const auto type = graph->text({id, "class_type"});
    if (type == "PreviewImage" || type == "SaveImage")
      out.emplace_back(id, shown ? "" : drawn(job, ++colour));
  }
  return out;
}

/// The source, green where the mask (by `LoadImageMask`'s channel) says edit; or one colour.
std::string ComfyFake::drawn(const Job& job, std::uint32_t colour) {
  const auto graph = Document::parse(job.graph);
  const std::string latent = node_of(*graph, "EmptyLatentImage"),
                    image = node_of(*graph, "LoadImage"),
                    mask = node_of(*graph, "LoadImageMask"),
                    scale = node_of(*graph, "ImageScale");
  const auto size = [&](const std::string& node, std::string_view side) {
    return static_cast<int>(graph->whole({node, "inputs", side}).value_or(64));
  };
  if (image.empty()) return plain_png(size(latent, "width"), size(latent, "height"), colour);
  const auto bytes = [&](const std::string& node) {
    const std::lock_guard held(lock_);
    return uploads_[graph->text({node, "inputs", "image"}).value_or("")];
  };
  const int width = size(scale, "width"), height = size(scale, "height");
  if (mask.empty()) return plain_png(width, height, colour);
  const std::string source = bytes(image), shape = bytes(mask);
  const auto pixels = imaging_->pixels(bytes_of(source), width, height);
  const auto edit = imaging_->pixels(bytes_of(shape), width, height);
  engines::raster::Raster picture(width, height);
  const int channel = graph->text({mask, "inputs", "channel"}) == "red" ? 0 : 3;
  for (std::size_t i = 0; i < picture.rgba.size(); ++i) {
    const auto part = static_cast<unsigned char>(edit->rgba[i / 4 * 4 + std::size_t(channel)]);
    const auto green = static_cast<unsigned char>(i % 4 == 1 || i % 4 == 3 ? 255 : 0);
    picture.rgba[i] = part > 127 ? green : static_cast<unsigned char>(pixels->rgba[i]);
  }
  return engines::raster::png(picture);
}

}  // namespace atelier::test

#include "engines/comfyui/course.hpp"

#include <algorithm>
#include <utility>

namespace atelier::engines::comfyui {
namespace {

using schema::Document;

constexpr double sampler_weight = 30;

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char byte : bytes.substr(0, 4)) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

bool is_picture(std::string_view bytes) {
  return bytes.starts_with("\xff\xd8") || bytes.starts_with("\x89PNG");
}

}  // namespace

Course::Course(std::string id, std::string_view graph) : id_(std::move(id)) {
  const auto nodes = Document::parse(graph);
  if (!nodes) return;
  for (const std::string& node : nodes->names({})) {
    const std::string type = nodes->text({node, "class_type"}).value_or("");
    const bool long_work = type.find("Sampler") != std::string::npos ||
                           type.find("UpscaleWithModel") != std::string::npos;
    all_ += weights_[node] = long_work ? sampler_weight : 1;
  }
}

void Course::measure() {
  double done = 0;
  for (const std::string& node : done_)
    if (const auto weight = weights_.find(node); weight != weights_.end()) done += weight->second;
  if (const auto weight = weights_.find(node_); weight != weights_.end() && !done_.contains(node_))
    done += weight->second * node_part_;
  if (all_ > 0) part_ = std::max(part_, std::min(done / all_, 0.99));
}

void Course::finished(const std::string& node) {
  done_.insert(node);
  measure();
}

void Course::progress(const std::string& node, double value, double most) {
  if (node != node_) {
    if (!node_.empty()) done_.insert(node_);
    node_ = node;
  }
  node_part_ = most > 0 ? std::clamp(value / most, 0.0, 1.0) : 0;
  measure();
}

bool Course::hear(const fetch::Frame& frame) {
  return frame.binary ? hear_binary(frame.bytes) : hear_text(frame.bytes);
}

bool Course::hear_text(std::string_view text) {
  const auto message = Document::parse(text);
  if (!message) return false;
  const std::string type = message->text({"type"}).value_or("");
  const auto id = message->text({"data", "prompt_id"});
  if (id) ours_ = *id == id_;
  if (!id || *id != id_) return false;
  const std::string node = message->text({"data", "node"}).value_or("");
  if (type == "executing") {
    if (node.empty()) over_ = in_history_ = true;
    else progress(node, 0, 1);
  } else if (type == "progress") {
    progress(node.empty() ? node_ : node, message->real({"data", "value"}).value_or(0),
             message->real({"data", "max"}).value_or(1));
  } else if (type == "progress_state") {
    for (const std::string& name : message->names({"data", "nodes"})) {
      const auto state = message->text({"data", "nodes", name, "state"});
      if (state == "finished") finished(name);
      if (state == "running")
        progress(name, message->real({"data", "nodes", name, "value"}).value_or(0),
                 message->real({"data", "nodes", name, "max"}).value_or(1));
    }
  } else if (type == "execution_cached") {
    for (const Document& cached : message->items({"data", "nodes"}))
      finished(cached.text({}).value_or(""));
  } else if (type == "executed") {
    finished(node);
  } else if (type == "execution_success" || type == "execution_error" ||
             type == "execution_interrupted") {
    over_ = true;
  }
  return true;
}

/// A u32 tells the event: 1 = format (u32) and picture, of whatever had progress last; 4 = length
/// (u32) of JSON that tells whose it is, JSON, picture.
bool Course::hear_binary(std::string_view bytes) {
  if (bytes.size() < 8) return false;
  const std::uint32_t event = big_endian(bytes), word = big_endian(bytes.substr(4));
  std::string_view picture = bytes.substr(8);
  bool ours = ours_;
  if (event == 4) {
    if (word > picture.size()) return false;
    const auto about = Document::parse(picture.substr(0, word));
    ours = about && about->text({"prompt_id"}) == id_;
    picture.remove_prefix(word);
  } else if (event != 1) {
    return false;
  }
  if (!ours || !is_picture(picture)) return false;
  preview_ = picture;
  return true;
}

std::optional<std::string> Course::take_preview() { return std::exchange(preview_, std::nullopt); }

}  // namespace atelier::engines::comfyui

#include "tests/support/scripted_generator.hpp"

#include <chrono>

#include "tests/support/pictures.hpp"

namespace atelier::test {

using ports::Trouble;

ScriptedGenerator::ScriptedGenerator() {
  using enum ports::GenerationTask;
  offer.title = "Scripted";
  offer.tasks = {txt2img, img2img, upscale};
  offer.previews = true;
}

Result<ports::Offer> ScriptedGenerator::probe() {
  const std::lock_guard lock(mutex_);
  if (probe_fails_) return ports::trouble(Trouble::unreachable, "It is scripted to be away.");
  return offer;
}

Result<std::string> ScriptedGenerator::submit(const ports::Order& order) {
  const std::lock_guard lock(mutex_);
  if (!submit_troubles_.empty()) {
    const Trouble what = submit_troubles_.front();
    submit_troubles_.pop_front();
    return ports::trouble(what, "Scripted.");
  }
  repeated_ += order.repeated;
  if (orders_.emplace(order.key, order).second) order_of_keys_.push_back(order.key);
  return order.key;
}

Result<ports::Outcome> ScriptedGenerator::follow(const std::string& handle,
                                                 const ports::Order& order,
                                                 ports::Watcher& watcher) {
  std::unique_lock lock(mutex_);
  if (!orders_.contains(handle)) return ports::trouble(Trouble::lost, "Nothing is known of it.");
  if (!follow_troubles_.empty()) {
    const Trouble what = follow_troubles_.front();
    follow_troubles_.pop_front();
    return ports::trouble(what, "Scripted.");
  }
  ++waiting_;
  changed_.notify_all();
  while (held_) {
    changed_.wait_for(lock, std::chrono::milliseconds(20));
    lock.unlock();
    watcher.progress(0.5, black_png(8, 8, false));
    const bool stops = watcher.should_stop(), leaves = watcher.should_leave();
    lock.lock();
    if (!stops && !leaves) continue;
    --waiting_;
    if (leaves) return ports::trouble(Trouble::unreachable, "");
    ++stopped_;
    return ports::trouble(Trouble::canceled, "");
  }
  --waiting_;
  ++followed_;
  ports::Outcome outcome;
  for (int i = 0; i < order.count; ++i)
    outcome.pictures.push_back({black_png(static_cast<std::uint32_t>(order.width),
                                          static_cast<std::uint32_t>(order.height), false),
                                order.seed + static_cast<std::uint64_t>(i)});
  return outcome;
}

Result<void> ScriptedGenerator::cancel(const std::string& handle) {
  const std::lock_guard lock(mutex_);
  orders_.erase(handle);
  return {};
}

void ScriptedGenerator::fail_probe(bool fails) {
  const std::lock_guard lock(mutex_);
  probe_fails_ = fails;
}
void ScriptedGenerator::fail_submit(Trouble what, int times) {
  const std::lock_guard lock(mutex_);
  submit_troubles_.insert(submit_troubles_.end(), static_cast<std::size_t>(times), what);
}
void ScriptedGenerator::fail_follow(Trouble what, int times) {
  const std::lock_guard lock(mutex_);
  follow_troubles_.insert(follow_troubles_.end(), static_cast<std::size_t>(times), what);
}
void ScriptedGenerator::hold() {
  const std::lock_guard lock(mutex_);
  held_ = true;
}
void ScriptedGenerator::release() {
  const std::lock_guard lock(mutex_);
  held_ = false;
  changed_.notify_all();
}

int ScriptedGenerator::submitted() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(order_of_keys_.size());
}
int ScriptedGenerator::repeated() const {
  const std::lock_guard lock(mutex_);
  return repeated_;
}
int ScriptedGenerator::followed() const {
  const std::lock_guard lock(mutex_);
  return followed_;
}
int ScriptedGenerator::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}
int ScriptedGenerator::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}
std::vector<ports::Order> ScriptedGenerator::orders() const {
  const std::lock_guard lock(mutex_);
  std::vector<ports::Order> out;
  for (const std::string& key : order_of_keys_)
    if (const auto found = orders_.find(key); found != orders_.end()) out.push_back(found->second);
  return out;
}

std::shared_ptr<ports::Generator> ScriptedGenerators::open(const ports::BackendAddress& address) {
  const auto found = all.find(address.url);
  if (address.protocol != "scripted" || found == all.end()) return nullptr;
  return found->second;
}

std::vector<ports::BackendAddress> ScriptedGenerators::usual_places() const {
  std::vector<ports::BackendAddress> out;
  for (const auto& [url, one] : all) out.push_back({"scripted", url, "", ""});
  return out;
}

}  // namespace atelier::test

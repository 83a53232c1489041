#include "features/generation/running.hpp"

#include <filesystem>

namespace atelier::generation {

std::shared_ptr<std::atomic<bool>> Running::add(StepId step) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entries_[step];
  entry.look = std::make_shared<std::atomic<bool>>(true);
  return entry.look;
}

void Running::remove(StepId step, const std::shared_ptr<std::atomic<bool>>& look) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(step);
  if (found != entries_.end() && found->second.look == look) entries_.erase(found);
}

void Running::poke() {
  const std::lock_guard lock(mutex_);
  for (auto& [step, entry] : entries_) *entry.look = true;
}

std::int64_t Running::put_preview(StepId step, std::string_view bytes) {
  auto kept = std::make_shared<const std::string>(bytes);
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(step);
  if (found == entries_.end()) return 0;
  found->second.preview.bytes = std::move(kept);
  return ++found->second.preview.number;
}

std::optional<Running::Preview> Running::preview(StepId step) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(step);
  if (found == entries_.end() || found->second.preview.bytes == nullptr) return std::nullopt;
  return found->second.preview;
}

Running& running(const Services& services) {
  static std::mutex mutex;
  static std::map<std::filesystem::path, std::unique_ptr<Running>> all;
  const std::lock_guard lock(mutex);
  auto& one = all[services.folder];
  if (!one) one = std::make_unique<Running>();
  return *one;
}

}  // namespace atelier::generation

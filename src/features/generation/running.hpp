#pragma once
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "features/generation/generation.hpp"
#include "platform/services.hpp"

/// What this process is carrying out: so that a cancelation is heard, and the last preview of
/// each step can be asked for.
namespace atelier::generation {

/// Thread-safe.
class Running {
 public:
  struct Preview {
    std::int64_t number = 0;  ///< from 1
    std::shared_ptr<const std::string> bytes;
  };

  /// From now on `poke` sets the flag that is returned.
  std::shared_ptr<std::atomic<bool>> add(StepId step);
  void remove(StepId step, const std::shared_ptr<std::atomic<bool>>& look);
  /// Something was canceled: who works looks whether it was theirs.
  void poke();
  /// Keeps the newest only. Its number.
  std::int64_t put_preview(StepId step, std::string_view bytes);
  std::optional<Preview> preview(StepId step) const;

 private:
  struct Entry {
    std::shared_ptr<std::atomic<bool>> look;
    Preview preview;
  };
  mutable std::mutex mutex_;
  std::map<StepId, Entry> entries_;
};

/// The one of this server.
Running& running(const Services& services);

}  // namespace atelier::generation

#pragma once
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "ports/generator.hpp"

namespace atelier::test {

/// A backend that does as it is told: it stands beside the real ones only to inject faults. It
/// keeps what was handed over under its key, as a backend that can tell repetitions does, and
/// makes black pictures of the size that was asked for. Thread-safe.
class ScriptedGenerator final : public ports::Generator {
 public:
  ports::Offer offer;                       ///< set before it is used
  ScriptedGenerator();

  Result<ports::Offer> probe() override;
  Result<std::string> submit(const ports::Order& order) override;
  Result<ports::Outcome> follow(const std::string& handle, const ports::Order& order,
                                ports::Watcher& watcher) override;
  Result<void> cancel(const std::string& handle) override;

  void fail_probe(bool fails);
  void fail_submit(ports::Trouble what, int times = 1);
  void fail_follow(ports::Trouble what, int times = 1);
  /// Followers wait, and report progress with a preview, until `release` or until they are stopped.
  void hold();
  void release();

  int submitted() const;                    ///< different keys
  int repeated() const;                     ///< submissions that said they might be repetitions
  int followed() const;                     ///< pieces of work that were brought to their end
  int stopped() const;
  int waiting() const;                      ///< followers that are held
  std::vector<ports::Order> orders() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool probe_fails_ = false, held_ = false;
  std::deque<ports::Trouble> submit_troubles_, follow_troubles_;
  std::map<std::string, ports::Order> orders_;
  std::vector<std::string> order_of_keys_;
  int followed_ = 0, stopped_ = 0, waiting_ = 0, repeated_ = 0;
};

/// Scripted backends by address; protocol "scripted".
class ScriptedGenerators final : public ports::Generators {
 public:
  std::shared_ptr<ports::Generator> open(const ports::BackendAddress& address) override;
  std::vector<std::string> protocols() const override { return {"scripted"}; }
  std::vector<ports::BackendAddress> usual_places() const override;
  std::map<std::string, std::shared_ptr<ScriptedGenerator>> all;  ///< by url, before it is used
};

}  // namespace atelier::test

#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace atelier::platform {

/// Counters, gauges and histograms in the Prometheus text format 0.0.4. Names end in the unit
/// (`_seconds`, `_bytes`, `_total`). Label values come from bounded sets (row ids, job kinds),
/// never from input. Thread-safe and cheap: an atomic add after the first use.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  /// `labels` is ready text: `route="getModel",status="200"`.
  void add(std::string_view name, std::string_view labels = {}, double by = 1);
  void observe(std::string_view name, std::string_view labels, double seconds);
  /// Asked at every scrape.
  void gauge(std::string_view name, std::string_view labels, std::function<double()> value);
  std::string text() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace atelier::platform

#include "platform/metrics.hpp"

#include <array>
#include <atomic>
#include <charconv>
#include <cmath>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

namespace atelier::platform {
namespace {

/// Upper bounds in seconds, those of OpenTelemetry's http.server.request.duration.
constexpr std::array<double, 14> bounds{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25,
                                        0.5,   0.75, 1,     2.5,  5,     7.5, 10};

struct Key {
  std::string_view name, labels;
  bool operator==(const Key&) const = default;
};
struct KeyHash {
  std::size_t operator()(const Key& key) const {
    const std::hash<std::string_view> hash;
    return hash(key.name) * 31 + hash(key.labels);
  }
};

/// Owns the text its key in the map points to, so its address never changes.
struct Series {
  std::string name, labels;
  Series(std::string_view own_name, std::string_view own_labels)
      : name(own_name), labels(own_labels) {}
  Key key() const { return {name, labels}; }
};
struct Counter : Series {
  using Series::Series;
  std::atomic<double> value{0};
};
struct Histogram : Series {
  using Series::Series;
  std::array<std::atomic<std::uint64_t>, bounds.size() + 1> counts{};
  std::atomic<double> sum{0};
};
struct Gauge : Series {
  using Series::Series;
  std::function<double()> value;
};

template <class S>
class Table {
 public:
  S& at(std::string_view name, std::string_view labels) {
    const Key key{name, labels};
    {
      const std::shared_lock lock(mutex_);
      if (const auto found = series_.find(key); found != series_.end()) return *found->second;
    }
    const std::unique_lock lock(mutex_);
    if (const auto found = series_.find(key); found != series_.end()) return *found->second;
    auto made = std::make_unique<S>(name, labels);
    S& series = *made;
    series_.emplace(series.key(), std::move(made));
    return series;
  }
  /// By name, then labels: the text format wants all series of a name together.
  std::map<std::string_view, std::map<std::string_view, S*>> sorted() const {
    const std::shared_lock lock(mutex_);
    std::map<std::string_view, std::map<std::string_view, S*>> all;
    for (const auto& [key, series] : series_) all[key.name][key.labels] = series.get();
    return all;
  }

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<Key, std::unique_ptr<S>, KeyHash> series_;
};

void append_number(std::string& out, double number) {
  if (std::isnan(number)) { out += "NaN"; return; }
  if (std::isinf(number)) { out += number > 0 ? "+Inf" : "-Inf"; return; }
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

void append_line(std::string& out, std::string_view name, std::string_view suffix,
                 std::string_view labels, std::string_view more, double value) {
  out.append(name).append(suffix);
  if (!labels.empty() || !more.empty()) {
    out.append("{").append(labels);
    if (!labels.empty() && !more.empty()) out += ',';
    out.append(more).append("}");
  }
  out += ' ';
  append_number(out, value);
  out += '\n';
}

void append_type(std::string& out, std::string_view name, std::string_view type) {
  out.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void append_histogram(std::string& out, const Histogram& histogram) {
  double below = 0;
  for (std::size_t i = 0; i <= bounds.size(); ++i) {
    below += static_cast<double>(histogram.counts[i].load(std::memory_order_relaxed));
    std::string bound = "le=\"";
    if (i == bounds.size()) bound += "+Inf";
    else append_number(bound, bounds[i]);
    append_line(out, histogram.name, "_bucket", histogram.labels, bound + '"', below);
  }
  append_line(out, histogram.name, "_sum", histogram.labels, {}, histogram.sum.load());
  append_line(out, histogram.name, "_count", histogram.labels, {}, below);
}

}  // namespace

struct Metrics::State {
  Table<Counter> counters;
  Table<Histogram> histograms;
  Table<Gauge> gauges;
  mutable std::mutex gauge_mutex;  ///< guards the functions, which may be replaced
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

void Metrics::add(std::string_view name, std::string_view labels, double by) {
  state_->counters.at(name, labels).value.fetch_add(by, std::memory_order_relaxed);
}

void Metrics::observe(std::string_view name, std::string_view labels, double seconds) {
  Histogram& histogram = state_->histograms.at(name, labels);
  std::size_t bucket = 0;
  while (bucket < bounds.size() && seconds > bounds[bucket]) ++bucket;
  histogram.counts[bucket].fetch_add(1, std::memory_order_relaxed);
  histogram.sum.fetch_add(seconds, std::memory_order_relaxed);
}

void Metrics::gauge(std::string_view name, std::string_view labels,
                    std::function<double()> value) {
  Gauge& gauge = state_->gauges.at(name, labels);
  const std::lock_guard lock(state_->gauge_mutex);
  gauge.value = std::move(value);
}

std::string Metrics::text() const {
  std::string out;
  for (const auto& [name, series] : state_->counters.sorted()) {
    append_type(out, name, "counter");
    for (const auto& [labels, counter] : series)
      append_line(out, name, {}, labels, {}, counter->value.load());
  }
  for (const auto& [name, series] : state_->histograms.sorted()) {
    append_type(out, name, "histogram");
    for (const auto& [labels, histogram] : series) append_histogram(out, *histogram);
  }
  for (const auto& [name, series] : state_->gauges.sorted()) {
    append_type(out, name, "gauge");
    for (const auto& [labels, gauge] : series) {
      std::function<double()> ask;
      {
        const std::lock_guard lock(state_->gauge_mutex);
        ask = gauge->value;
      }
      if (ask) append_line(out, name, {}, labels, {}, ask());
    }
  }
  return out;
}

}  // namespace atelier::platform

#include "platform/events.hpp"

#include <algorithm>
#include <atomic>
#include <list>
#include <thread>

#include "base/check.hpp"
#include "platform/events_store.hpp"
#include "platform/log.hpp"
#include "platform/metrics.hpp"
#include "platform/reply_cache.hpp"
#include "platform/services.hpp"
#include "platform/waker.hpp"

namespace atelier::platform {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds backoff_first{100}, backoff_max{30'000};
/// Consumers read together what is committed within this time; whoever waits for the commit itself
/// has the processors first.
constexpr milliseconds gathering{10};

/// A consumer that fails waits longer each time; it stops nobody else.
class Backoff {
 public:
  milliseconds next() { return wait_ = std::min(wait_ * 2, backoff_max); }
  void reset() { wait_ = backoff_first / 2; }

 private:
  milliseconds wait_ = backoff_first / 2;
};

/// Runs a feature's code: an exception is a bug there, not the end of this thread.
template <class Call>
Result<void> guarded(Call&& call) {
  try {
    return call();
  } catch (const std::exception& caught) {
    return fail(Fault::internal, "exception", caught.what());
  }
}

/// One durable reader with its own thread, so that a slow one holds nobody up.
class Consumer {
 public:
  Consumer(Services& services, const EventOptions& options, std::string name,
           Events::Consume consume, Events::Rebuild rebuild)
      : services_(services), options_(options), name_(std::move(name)),
        consume_(std::move(consume)), rebuild_(std::move(rebuild)) {}
  ~Consumer() { stop(); }

  void start() { thread_ = std::thread([this] { run(); }); }
  void stop() {
    waker_.stop();
    if (thread_.joinable()) thread_.join();
  }
  void wake() { waker_.wake(); }
  const std::string& name() const { return name_; }
  std::int64_t position() const { return position_; }
  bool introduced() const { return introduced_; }  ///< its cursor has a row

 private:
  void run() {
    Backoff backoff;
    while (!waker_.stopped()) {
      const Result<bool> more = step();
      if (!more) {
        known_ = false;
        log::warning("events.consumer_failed", {{"consumer", name_},
                                                {"code", more.error().code},
                                                {"detail", more.error().detail}});
        services_.metrics->add("event_consumer_failures_total", "consumer=\"" + name_ + "\"");
        if (!waker_.pause(backoff.next())) return;
        continue;
      }
      backoff.reset();
      if (*more) continue;
      if (!waker_.sleep(milliseconds(options_.poll_ms)) || !waker_.pause(gathering)) return;
    }
  }

  /// One batch. True if there may be more at once.
  Result<bool> step() {
    struct Found {
      events::Cursor cursor;
      std::vector<Event> batch;
    };
    if (!known_) TRY(introduce());
    // Events never change, so they are read outside the write: on PostgreSQL a serializable
    // transaction that reads the end of the table would collide with every publisher.
    const Found found = TRY(sql::ask(*services_.database, [&](sql::Tx& tx) -> Result<Found> {
      Found all{TRY(events::cursor(tx, name_, 0)), {}};
      if (all.cursor.rebuild) return all;
      for (events::Stored& stored : TRY(events::after(tx, all.cursor.position, options_.batch)))
        all.batch.push_back(std::move(stored.event));
      return all;
    }));
    position_ = found.cursor.position;
    if (found.cursor.rebuild) {
      TRY(rebuild());
      return true;
    }
    if (found.batch.empty()) return false;
    // Positions have no holes: what is missing was pruned while this cursor was being made.
    if (found.batch.front().position != found.cursor.position + 1) {
      TRY(rebuild());
      return true;
    }
    TRY(consume(found.cursor.position, found.batch));
    return true;
  }

  Result<void> introduce() {
    TRY(services_.database->write_now(sql::Lane::jobs, [&](sql::Tx& tx) -> Result<void> {
      TRY(events::cursor(tx, name_, services_.clock->now()));
      return {};
    }));
    known_ = introduced_ = true;
    return {};
  }

  Result<void> consume(std::int64_t from, const std::vector<Event>& batch) {
    bool moved = false;
    const Result<void> done =
        services_.database->write_now(sql::Lane::jobs, [&](sql::Tx& tx) -> Result<void> {
          moved = TRY(events::move_cursor(tx, name_, from, batch.back().position,
                                          services_.clock->now()));
          if (!moved) return {};  // another node was faster; read again from its cursor
          return guarded([&] { return consume_(tx, batch); });
        });
    if (done && moved)
      services_.metrics->add("events_consumed_total", "consumer=\"" + name_ + "\"",
                             static_cast<double>(batch.size()));
    return done;
  }

  Result<void> rebuild() {
    const std::int64_t noted = TRY(sql::ask(*services_.database, events::head));
    log::warning("events.consumer_rebuilds",
                 {{"consumer", name_}, {"able", rebuild_ ? "yes" : "no"}});
    if (rebuild_) TRY(guarded(rebuild_));
    return services_.database->write_now(sql::Lane::jobs, [&](sql::Tx& tx) {
      return events::set_rebuilt(tx, name_, noted, services_.clock->now());
    });
  }

  Services& services_;
  const EventOptions& options_;
  std::string name_;
  Events::Consume consume_;
  Events::Rebuild rebuild_;
  bool known_ = false;
  std::atomic<bool> introduced_{false};
  std::atomic<std::int64_t> position_{0};
  Waker waker_;
  std::thread thread_;
};

class Outbox final : public Events {
 public:
  Outbox(Services& services, const EventOptions& options)
      : services_(services), options_(options) {}
  ~Outbox() override { stop(); }

  void consumer(std::string name, Consume consume, Rebuild rebuild) override {
    CHECK(!thread_.joinable());
    consumers_.emplace_back(services_, options_, std::move(name), std::move(consume),
                            std::move(rebuild));
  }
  void follow(std::function<void(const Event&)> heard) override {
    CHECK(!thread_.joinable());
    followers_.push_back(std::move(heard));
  }

  void start() override {
    listening_ = services_.database->listen(events::channel, [this] { wake(); });
    followed_ = head().value_or(0);
    for (const Consumer& consumer : consumers_)
      services_.metrics->gauge("events_behind", "consumer=\"" + consumer.name() + "\"",
                               [this, &consumer] {
        return static_cast<double>(std::max<std::int64_t>(0, followed_ - consumer.position()));
      });
    for (Consumer& consumer : consumers_) consumer.start();
    thread_ = std::thread([this] { run(); });
  }
  void stop() override {
    listening_.reset();
    waker_.stop();
    if (!thread_.joinable()) return;
    thread_.join();
    for (Consumer& consumer : consumers_) consumer.stop();
    for (const Consumer& consumer : consumers_)
      services_.metrics->gauge("events_behind", "consumer=\"" + consumer.name() + "\"", {});
  }
  Result<std::int64_t> head() override { return sql::ask(*services_.database, events::head); }

 private:
  void wake() {
    waker_.wake();
    for (Consumer& consumer : consumers_) consumer.wake();
  }

  void run() {
    auto pruned_at = std::chrono::steady_clock::now();
    do {
      report("events.sequencer_failed", sequence());
      report("events.follow_failed", read_on());
      const auto now = std::chrono::steady_clock::now();
      if (now - pruned_at >= milliseconds(options_.prune_every_ms)) {
        pruned_at = now;
        report("events.prune_failed", prune());
      }
    } while (waker_.sleep(milliseconds(options_.poll_ms)));
  }

  static void report(std::string_view what, const Result<void>& done) {
    if (!done) log::warning(what, {{"code", done.error().code}, {"detail", done.error().detail}});
  }

  Result<void> sequence() {
    if (services_.database->engine() == sql::Engine::sqlite) return {};
    constexpr int most = 1'000;
    std::int64_t moved = most;
    while (moved == most && !waker_.stopped()) {
      TRY(services_.database->write_now(sql::Lane::interactive, [&](sql::Tx& tx) -> Result<void> {
        moved = TRY(events::sequence(tx, most));
        return {};
      }));
    }
    return {};
  }

  Result<void> read_on() {
    while (true) {
      const std::vector<events::Stored> batch = TRY(sql::ask(*services_.database, [&](sql::Tx& tx) {
        return events::after(tx, followed_, options_.batch);
      }));
      if (batch.empty()) return {};
      // Positions have no holes, so a hole means events were pruned before this node read them.
      if (batch.front().event.position != followed_ + 1 && services_.replies != nullptr)
        services_.replies->clear();
      for (const events::Stored& stored : batch) {
        if (stored.process != process_number()) drop_replies(stored.event);
        for (const auto& heard : followers_)
          report("events.follower_failed", guarded([&]() -> Result<void> {
            heard(stored.event);
            return {};
          }));
      }
      followed_ = batch.back().event.position;
    }
  }

  void drop_replies(const Event& event) {
    if (services_.replies == nullptr) return;
    services_.replies->bump(event.noun);
    services_.replies->bump(event.noun + ":" + std::to_string(event.subject));
  }

  Result<void> prune() {
    // A consumer without a row yet would find the beginning gone.
    if (!std::ranges::all_of(consumers_, &Consumer::introduced)) return {};
    events::Pruning pruning{.keep = options_.keep, .behind_max = options_.behind_max};
    std::int64_t deleted = pruning.limit;
    while (deleted == pruning.limit && !waker_.stopped()) {
      TRY(services_.database->write_now(sql::Lane::bulk, [&](sql::Tx& tx) -> Result<void> {
        deleted = TRY(events::prune(tx, pruning));
        return {};
      }));
    }
    return {};
  }

  Services& services_;
  const EventOptions options_;
  std::list<Consumer> consumers_;
  std::vector<std::function<void(const Event&)>> followers_;
  std::atomic<std::int64_t> followed_{0};
  Waker waker_;
  std::thread thread_;
  std::shared_ptr<void> listening_;
};

}  // namespace

std::unique_ptr<Events> make_events(Services& services, const EventOptions& options) {
  return std::make_unique<Outbox>(services, options);
}

}  // namespace atelier::platform

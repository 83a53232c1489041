#include "platform/indexing.hpp"

#include <algorithm>
#include <condition_variable>
#include <list>
#include <thread>

#include "platform/events.hpp"
#include "platform/events_store.hpp"
#include "platform/index_line.hpp"
#include "platform/jobs.hpp"
#include "platform/log.hpp"
#include "platform/metrics.hpp"
#include "platform/services.hpp"
#include "platform/waker.hpp"
#include "ports/embedder.hpp"

namespace atelier::platform {
namespace {

using indexing::Action;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds settle_longest{200}, settle_look{5}, remembered{10'000}, pause{1'000};

std::unexpected<Error> search_unavailable() {
  return std::unexpected(Error{Fault::unavailable, "search_unavailable",
                               "Search is unavailable at the moment.", {}, 2});
}

/// The texts of all documents that have vectors, one after the other.
class TextWalk {
 public:
  TextWalk(Services& services, const Indexing::Progress& progress, const Indexing::Stop& stop)
      : services_(services), progress_(progress), stop_(stop) {
    for (const Searchable* searchable : services.searchables->all())
      if (searchable->vectors) kinds_.push_back(searchable);
  }

  std::optional<std::string> next() {
    while (outcome_ && texts_.empty() && kind_ < kinds_.size()) outcome_ = read();
    if (!outcome_ || texts_.empty()) return std::nullopt;
    std::string text = std::move(texts_.back());
    texts_.pop_back();
    return text;
  }
  Result<void> outcome() const { return outcome_; }

 private:
  Result<void> read() {
    constexpr int stretch = 500;
    if (stop_()) return fail(Fault::unavailable, "stopped", "The work was stopped.");
    const Searchable& searchable = *kinds_[kind_];
    return services_.database->read([&](sql::Tx& tx) -> Result<void> {
      const auto ids = TRY(searchable.ids(tx, after_, stretch));
      if (ids.empty()) {
        ++kind_;
        after_ = 0;
        return {};
      }
      for (const auto& document : TRY(searchable.documents(tx, ids)))
        texts_.push_back(text_of(document));
      after_ = ids.back();
      progress_(done_ += static_cast<std::int64_t>(ids.size()), 0);
      return {};
    });
  }

  Services& services_;
  const Indexing::Progress& progress_;
  const Indexing::Stop& stop_;
  std::vector<const Searchable*> kinds_;
  std::vector<std::string> texts_;
  std::size_t kind_ = 0;
  std::int64_t after_ = 0, done_ = 0;
  Result<void> outcome_;
};

class Follower final : public Indexing {
 public:
  Follower(Services& services, const IndexingOptions& options)
      : services_(services), options_(options), lease_(services) {
    for (const Searchable* searchable : services.searchables->all())
      lines_.emplace_back(services_, options_, *searchable, lease_);
    services.events->consumer(
        std::string(indexing::consumer),
        [this](sql::Tx& tx, const std::vector<Event>& events) { return queue(tx, events); },
        [this] { return rebuild_all("events it had not read are gone"); });
  }
  ~Follower() override { stop(); }

  void start() override {
    listening_ = services_.database->listen(indexing::channel, [this] { waker_.wake(); });
    for (const IndexLine& line : lines_) show(line);
    thread_ = std::thread([this] { run(); });
  }

  void stop() override {
    listening_.reset();
    waker_.stop();
    if (!thread_.joinable()) return;
    thread_.join();
    for (const IndexLine& line : lines_)
      services_.metrics->gauge("search_behind", label(line), {});
  }

  Result<ports::search::Answer> search(SearchKind kind, ports::search::Query query) override {
    const IndexLine* line = find(kind);
    if (line == nullptr || !line->serving()) return search_unavailable();
    query.index = schema::label_of(kind);
    return services_.search->search(query);
  }
  Result<std::vector<std::string>> suggest(SearchKind kind, std::string_view text,
                                           int limit) override {
    const IndexLine* line = find(kind);
    if (line == nullptr || !line->serving()) return search_unavailable();
    return services_.search->suggest(schema::label_of(kind), text, limit);
  }
  Result<std::vector<float>> vector(SearchKind kind, std::int64_t id) override {
    const IndexLine* line = find(kind);
    if (line == nullptr || !line->serving()) return search_unavailable();
    return services_.search->vector(schema::label_of(kind), id);
  }

  std::vector<float> meaning(SearchKind kind, const std::string& words) override {
    const IndexLine* line = find(kind);
    if (line == nullptr || !line->serving()) return {};
    return line->meaning(words);
  }

  void wrote(UserId user) override {
    if (!user) return;
    const std::lock_guard lock(writers_);
    const auto now = steady_clock::now();
    std::erase_if(wrote_, [&](const auto& each) { return now - each.second > remembered; });
    wrote_[user] = now;
  }

  void settle(UserId user, SearchKind kind) override {
    IndexLine* line = find(kind);
    if (line == nullptr || !line->serving()) return;
    const auto written = written_at(user);
    if (!written) return;
    // Another server does not say when it has applied a change: some milliseconds, as a rule.
    if (!line->following()) return std::this_thread::sleep_until(*written + settle_longest);
    const auto latest = steady_clock::now() + settle_longest;
    std::optional<std::int64_t> wanted;
    while (steady_clock::now() < latest) {
      if (!wanted) {
        const auto head = settled_head();
        if (!head) return;
        wanted = *head;
      }
      if (wanted && line->through() >= *wanted) return;
      std::this_thread::sleep_for(settle_look);
    }
  }

  bool keeps() const override { return lease_.term() != 0; }
  Result<void> rebuild(SearchKind kind, const Progress& progress, const Stop& stop) override {
    const Result<void> rebuilt = TRY(own(kind))->rebuild(progress, stop);
    waker_.wake();
    return rebuilt;
  }
  Result<Audited> audit(SearchKind kind, const Progress& progress, const Stop& stop) override {
    return TRY(own(kind))->audit(progress, stop);
  }
  Result<void> train(const Progress& progress, const Stop& stop) override {
    if (services_.embedder == nullptr || !services_.embedder->learns()) return {};
    TRY(lease_.go_on(lease_.term()));
    TextWalk walk(services_, progress, stop);
    const Result<void> trained = services_.embedder->train([&] { return walk.next(); });
    TRY(walk.outcome());
    TRY(trained);
    reconsider_ = true;
    waker_.wake();
    return {};
  }

  Result<IndexReport> report(sql::Tx& tx, SearchKind kind) override {
    return TRY(known(kind))->report(tx);
  }
  Result<std::vector<IndexFailure>> failures(sql::Tx& tx, SearchKind kind, int limit) override {
    std::vector<IndexFailure> out;
    for (const indexing::Failure& failure : TRY(indexing::failures(tx, kind, limit)))
      out.push_back({failure.id, failure.attempts, failure.reason, failure.next_at});
    return out;
  }
  Result<std::int64_t> retry(sql::Tx& tx, SearchKind kind) override {
    return indexing::retry(tx, kind, services_.clock->now());
  }

 private:
  IndexLine* find(SearchKind kind) {
    const auto found = std::ranges::find(lines_, kind, &IndexLine::kind);
    return found == lines_.end() ? nullptr : &*found;
  }
  Result<IndexLine*> own(SearchKind kind) {
    TRY(lease_.go_on(lease_.term()));
    return known(kind);
  }
  Result<IndexLine*> known(SearchKind kind) {
    if (IndexLine* line = find(kind)) return line;
    return fail(Fault::missing, "index_missing", "There is no such index.");
  }
  static std::string label(const IndexLine& line) {
    return "index=\"" + std::string(schema::label_of(line.kind())) + "\"";
  }
  void show(const IndexLine& line) {
    services_.metrics->gauge("search_behind", label(line), [this, &line] {
      return static_cast<double>(services_.events->head().value_or(0) - line.through());
    });
  }

  std::optional<steady_clock::time_point> written_at(UserId user) {
    const std::lock_guard lock(writers_);
    const auto found = wrote_.find(user);
    if (found == wrote_.end() || steady_clock::now() - found->second >= remembered)
      return std::nullopt;
    return found->second;
  }

  /// The last position once every event that is committed has one; none while some have not.
  Result<std::optional<std::int64_t>> settled_head() {
    return sql::ask(*services_.database,
                    [](sql::Tx& tx) -> Result<std::optional<std::int64_t>> {
                      if (TRY(indexing::unsequenced(tx))) return std::optional<std::int64_t>{};
                      return std::optional<std::int64_t>(TRY(events::head(tx)));
                    });
  }

  /// The consumer's work: what events change, each document once.
  Result<void> queue(sql::Tx& tx, const std::vector<Event>& events) {
    const Millis now = services_.clock->now();
    bool any = false;
    for (const Searchable* searchable : services_.searchables->all()) {
      std::map<std::pair<Action, std::int64_t>, std::int64_t> asked;
      for (const Event& event : events) {
        Touched touched;
        TRY(searchable->touched(tx, event, touched));
        for (const std::int64_t id : touched.documents)
          asked[{Action::document, id}] = event.position;
        if (!searchable->counts.empty())
          for (const std::int64_t id : touched.numbers)
            asked[{Action::numbers, id}] = event.position;
      }
      for (const auto& [what, position] : asked)
        TRY(indexing::queue(tx, searchable->kind, what.second, what.first, position, now));
      any = any || !asked.empty();
    }
    // Also where nothing changed: whoever waits for this position need not wait longer.
    tx.after_commit([this] { waker_.wake(); });
    if (any) tx.signal(indexing::channel);
    return {};
  }

  Result<void> rebuild_all(const std::string& reason) {
    return services_.database->write_now(sql::Lane::jobs, [&](sql::Tx& tx) -> Result<void> {
      for (const IndexLine& line : lines_)
        (void)TRY(ask_reindex(tx, services_.clock->now(), line.kind(), reason));
      return {};
    });
  }

  void run() {
    look_after();
    auto looked_at = steady_clock::now();
    while (!waker_.stopped()) {
      bool more = false, failed = false;
      for (IndexLine& line : lines_) {
        const Result<bool> stepped = line.step();
        if (stepped) more = more || *stepped;
        else failed = true;
        report("search.step_failed", line, stepped);
      }
      const bool due =
          steady_clock::now() - looked_at >= milliseconds(options_.flush_every_ms);
      if (due || lease_.term() != term_) {
        looked_at = steady_clock::now();
        look_after();
      }
      if (failed) waker_.pause(pause);
      else if (!more) waker_.sleep(milliseconds(options_.poll_ms));
    }
    for (IndexLine& line : lines_) report("search.flush_failed", line, line.flush());
  }

  /// Every two seconds: the lease, what was applied, and whether the indexes are still whole.
  void look_after() {
    term_ = lease_.take();
    if (term_ == 0) {
      for (IndexLine& line : lines_) watch(line);
      return;
    }
    const bool reconsider = reconsider_.exchange(false);
    for (IndexLine& line : lines_) {
      if (!lease_.go_on(term_)) {
        if (reconsider) reconsider_ = true;
        return;
      }
      if (!line.opened()) report("search.open_failed", line, line.open());
      if (!line.opened()) continue;
      report("search.flush_failed", line, line.flush());
      if (reconsider || !line.judged(term_) || line.broken())
        report("search.judge_failed", line, line.judge(term_));
    }
  }

  void watch(IndexLine& line) {
    if (services_.search->shared())
      report("search.watch_failed", line, line.watch(std::string(elsewhere)));
    else line.stand_down(std::string(elsewhere));
  }

  template <class T>
  void report(std::string_view what, const IndexLine& line, const Result<T>& done) {
    if (done) return;
    log::warning(what, {{"index", schema::label_of(line.kind())},
                        {"code", done.error().code},
                        {"detail", done.error().detail}});
    services_.metrics->add("search_failures_total", label(line));
  }

  Services& services_;
  const IndexingOptions options_;
  IndexLease lease_;
  IndexLease::Term term_ = 0;  ///< in which the lines were looked after; of the thread that steps
  std::list<IndexLine> lines_;
  std::mutex writers_;
  std::map<UserId, steady_clock::time_point> wrote_;
  std::atomic<bool> reconsider_{false};
  Waker waker_;
  std::thread thread_;
  std::shared_ptr<void> listening_;
};

}  // namespace

std::unique_ptr<Indexing> make_indexing(Services& services, const IndexingOptions& options) {
  return std::make_unique<Follower>(services, options);
}

Result<JobId> ask_reindex(sql::Tx& tx, Millis now, SearchKind kind, const std::string& reason) {
  JobOptions options;
  options.unique_key = schema::label_of(kind);
  return enqueue(tx, now, reindex_job, Reindex{kind, reason}, options);
}

}  // namespace atelier::platform

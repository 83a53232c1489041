#include "engines/sqlite/writer.hpp"

#include <chrono>
#include <set>

#include "platform/log.hpp"

namespace atelier::sqlite {
namespace {

using Step = Connection::Step;
using platform::shielded;

}  // namespace

Writer::Writer(std::unique_ptr<Connection> connection, const Options& options,
               platform::Channels& channels, std::function<void(int)> committed)
    : connection_(std::move(connection)), options_(options), channels_(channels),
      committed_(std::move(committed)), queue_(options.queue_max, options.queue_age_max),
      thread_([this] { run(); }) {}

Writer::~Writer() {
  queue_.close();
  thread_.join();
}

void Writer::run() {
  while (std::optional<platform::Write> first = queue_.wait()) {
    if (!first->script.empty()) run_script(*first);
    else run_batch(std::move(*first));
    committed_(connection_->log_pages());
  }
}

void Writer::run_script(const platform::Write& write) {
  Result<void> outcome = connection_->script(write.script);
  shielded([&] { write.done(std::move(outcome)); });
}

void Writer::run_batch(platform::Write first) {
  const bool bulk = first.lane == sql::Lane::bulk;
  const auto started = std::chrono::steady_clock::now();
  Batch batch;
  batch.push_back({std::move(first), nullptr, {}});
  bool whole = true;
  if (const Result<void> begun = connection_->step(Step::begin_write); !begun) {
    batch.front().outcome = begun;
    return answer(batch);
  }
  (void)connection_->spilled();
  while ((whole = run_one(batch.back()))) {
    if (static_cast<int>(batch.size()) >= options_.batch_max ||
        std::chrono::steady_clock::now() - started >= options_.batch_time)
      break;
    std::optional<platform::Write> next = queue_.next(bulk);
    if (!next) break;
    batch.push_back({std::move(*next), nullptr, {}});
  }
  if (whole) {
    const Result<void> committed = connection_->step(Step::commit);
    whole = committed.has_value();
    if (!whole && batch.size() == 1) batch.front().outcome = committed;
  }
  if (!whole) {
    if (connection_->in_transaction()) (void)connection_->step(Step::rollback);
    if (batch.size() > 1)
      for (Entry& entry : batch) run_alone(entry);
  }
  answer(batch);
}

bool Writer::run_one(Entry& entry) {
  if (entry.outcome = connection_->step(Step::savepoint); !entry.outcome) return false;
  entry.outcome = verdict(entry);
  if (!connection_->in_transaction()) return false;
  // After a savepoint is rolled back whose pages went to the log already, SQLite (3.40) gives what
  // follows wrong checksums: it would be gone with the process, commits and all.
  if (!entry.outcome && (connection_->spilled() || !connection_->step(Step::rollback_to)))
    return false;
  return connection_->step(Step::release).has_value();
}

/// A reference that only COMMIT would find dangling must not fail the neighbours' COMMIT.
Result<void> Writer::verdict(Entry& entry) {
  entry.transaction = std::make_unique<platform::Transaction>(*connection_, true);
  Result<void> outcome = entry.transaction->judge(entry.write.body);
  if (outcome && connection_->in_transaction() && connection_->dangling_references())
    return fail(Fault::conflict, "reference", "this refers to something that does not exist");
  return outcome;
}

void Writer::run_alone(Entry& entry) {
  if (entry.outcome = connection_->step(Step::begin_write); !entry.outcome) return;
  entry.outcome = verdict(entry);
  if (entry.outcome && connection_->in_transaction())
    entry.outcome = connection_->step(Step::commit);
  if (connection_->in_transaction()) (void)connection_->step(Step::rollback);
}

void Writer::answer(Batch& batch) {
  std::set<std::string_view> channels;
  for (const Entry& entry : batch) {
    if (!entry.outcome) continue;
    for (const auto& then : entry.transaction->then()) shielded(then);
    channels.insert(entry.transaction->signals().begin(), entry.transaction->signals().end());
  }
  for (const std::string_view channel : channels) shielded([&] { channels_.raise(channel); });
  for (Entry& entry : batch) shielded([&] { entry.write.done(std::move(entry.outcome)); });
}

}  // namespace atelier::sqlite

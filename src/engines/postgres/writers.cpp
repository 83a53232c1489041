#include "engines/postgres/writers.hpp"

#include <algorithm>
#include <chrono>
#include <random>
#include <set>

#include "engines/postgres/errors.hpp"
#include "platform/log.hpp"

namespace atelier::postgres {
namespace {

/// As long is a write that met another one tried again; on a busy machine the same few may meet
/// many times before each had its turn.
constexpr std::chrono::seconds patience{3};

/// Two that met once should not meet again: 1 to 2, 2 to 4, … 32 to 64 ms, then 64 to 128 ms.
void pause_before(int attempt) {
  thread_local std::minstd_rand random{std::random_device{}()};
  const int least = 1'000 << std::min(attempt - 1, 6);
  std::this_thread::sleep_for(
      std::chrono::microseconds(std::uniform_int_distribution<int>(least, 2 * least)(random)));
}

}  // namespace

Writers::Writers(std::string where, const Options& options, Signals& signals)
    : where_(std::move(where)), options_(options), signals_(signals),
      queue_(options.queue_max, options.queue_age_max) {
  for (int number = 0; number < options.writers; ++number)
    threads_.emplace_back([this, number] { run(number); });
}

Writers::~Writers() {
  queue_.close();
  for (std::thread& thread : threads_) thread.join();
}

void Writers::run(int number) {
  sql::Lane lowest = sql::Lane::bulk;
  if (options_.writers > 2 && number == 0) lowest = sql::Lane::interactive;
  if (options_.writers > 2 && number == 1) lowest = sql::Lane::jobs;
  Link link;
  while (std::optional<platform::Write> write = queue_.wait(lowest)) handle(link, *write);
}

void Writers::handle(Link& link, platform::Write& write) {
  const auto until = std::chrono::steady_clock::now() + patience;
  for (int number = 1;; ++number) {
    if (const Result<void> opened = ready(link); !opened) {
      platform::shielded([&] { write.done(opened); });
      return;
    }
    platform::Transaction transaction(*link, true);
    Attempt last = attempt(link, transaction, write.body);
    if (!link->usable()) link.reset();
    if (!last.again || std::chrono::steady_clock::now() >= until)
      return answer(write, transaction, std::move(last.outcome));
    pause_before(number);
  }
}

Result<void> Writers::ready(Link& link) {
  if (link) return {};
  link = TRY(Connection::open(where_, options_.write_max));
  return {};
}

Writers::Attempt Writers::attempt(Link& link, platform::Transaction& transaction,
                                  const sql::Body& body) {
  link->forget_errors();
  if (const Result<void> begun = link->command("BEGIN ISOLATION LEVEL SERIALIZABLE"); !begun)
    return {begun, !link->alive()};
  Result<void> outcome = transaction.judge(body);
  if (!outcome) {
    if (link->alive()) (void)link->command("ROLLBACK");
    return {std::move(outcome), link->asked_again() || !link->alive()};
  }
  outcome = link->command("COMMIT");
  if (outcome) return {};
  if (link->alive()) return {std::move(outcome), link->asked_again()};
  // Whether it was committed is not known: running it again could do it twice.
  return {fail(Fault::unavailable, "outcome_unknown",
               "the connection broke while saving; look before trying again")};
}

void Writers::answer(platform::Write& write, const platform::Transaction& transaction,
                     Result<void> outcome) {
  if (outcome) {
    for (const auto& then : transaction.then()) platform::shielded(then);
    signals_.raise({transaction.signals().begin(), transaction.signals().end()});
  }
  platform::shielded([&] { write.done(std::move(outcome)); });
}

}  // namespace atelier::postgres

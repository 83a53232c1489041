#include "platform/index_lease.hpp"

#include <filesystem>
#include <fstream>

#include "base/text.hpp"
#include "platform/indexing_store.hpp"
#include "platform/log.hpp"
#include "platform/services.hpp"
#include "ports/crypto.hpp"

namespace atelier::platform {
namespace {

constexpr Millis lease_ms = 15'000, renew_after_ms = 4'000;
constexpr std::size_t name_bytes = 16;

/// The same for this data directory after a restart, and no other's: nodes that sign each other's
/// links share a secret. Where it cannot be kept, a restart waits for the lease to end.
std::string name_of_holder(const Services& services) {
  const std::filesystem::path path = services.folder / "search-holder";
  std::string name;
  std::ifstream(path) >> name;
  if (!name.empty()) return name;
  name = base64url(bytes_of(services.crypto->random(name_bytes)));
  std::ofstream(path) << name << '\n';
  return name;
}

std::unexpected<Error> ended() { return fail(Fault::unavailable, elsewhere_code, elsewhere); }

}  // namespace

IndexLease::IndexLease(Services& services)
    : services_(services), alone_(services.database->embedded()),
      holder_(alone_ ? std::string() : name_of_holder(services)) {}

IndexLease::Term IndexLease::term() const {
  const std::lock_guard lock(mutex_);
  return term_;
}

IndexLease::Term IndexLease::take() {
  if (alone_) {
    const std::lock_guard lock(mutex_);
    return term_ = 1;
  }
  const Term held = term();
  Result<void> holds = held != 0 ? renew(held) : ended();
  if (!holds && holds.error().code == elsewhere_code) holds = begin();
  if (!holds) {
    log::warning("search.hold_failed", {{"code", holds.error().code},
                                        {"detail", holds.error().detail}});
    // Until it has lapsed nobody else can take it.
    if (older_than(lease_ms)) end(held);
  }
  return term();
}

/// A term, unless another server holds the lease, which is no error.
Result<void> IndexLease::begin() {
  const Millis now = services_.clock->now();
  const bool taken = TRY(sql::change(
      *services_.database, sql::Lane::interactive,
      [&](sql::Tx& tx) { return indexing::hold(tx, holder_, now, now + lease_ms); }));
  if (!taken) return {};
  const std::lock_guard lock(mutex_);
  term_ = ++last_;
  renewed_at_ = now;
  return {};
}

Result<void> IndexLease::go_on(Term term) {
  TRY(still(term));
  return alone_ || !older_than(renew_after_ms) ? Result<void>() : renew(term);
}

Result<void> IndexLease::renew(Term term) {
  const Millis now = services_.clock->now();
  TRY(services_.database->write_now(sql::Lane::interactive,
                                    [&](sql::Tx& tx) { return renew(tx, term); }));
  TRY(still(term));
  const std::lock_guard lock(mutex_);
  renewed_at_ = now;
  return {};
}

Result<void> IndexLease::renew(sql::Tx& tx, Term term) {
  TRY(still(term));
  if (alone_) return {};
  if (TRY(indexing::hold_on(tx, holder_, services_.clock->now() + lease_ms))) return {};
  end(term);
  return ended();
}

Result<void> IndexLease::still(Term term) const {
  if (term == 0 || term != this->term()) return ended();
  return {};
}

void IndexLease::end(Term term) {
  const std::lock_guard lock(mutex_);
  if (term == term_) term_ = 0;
}

/// Also where the clock was put back.
bool IndexLease::older_than(Millis age) const {
  const Millis now = services_.clock->now();
  const std::lock_guard lock(mutex_);
  return now < renewed_at_ || now - renewed_at_ >= age;
}

}  // namespace atelier::platform

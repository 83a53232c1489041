#pragma once
#include <string_view>

#include "features/generation/store.hpp"
#include "platform/services.hpp"
#include "ports/generator.hpp"

/// What moves generations on. Everything here acts in the caller's transaction, so that a state
/// and what follows from it are there together or not at all.
namespace atelier::generation {

class Fleet;

/// Gives waiting steps to backends that have room: writes their attempts down, and enqueues the
/// jobs that will carry them out. Steps that no backend can do any more fail.
Result<void> schedule(Services& services, sql::Tx& tx);
/// For who has loaded the fleet in this transaction and given it nothing since.
Result<void> schedule(Services& services, sql::Tx& tx, const Fleet& fleet);

/// Looks again at that time: backs off, half-open backends, expiry.
Result<void> wake_at(sql::Tx& tx, Millis now, Millis at);

/// An attempt ended without pictures. What follows depends on the trouble: another try elsewhere,
/// or the end of its step. `killed`: the backend went away while it worked on this.
Result<void> attempt_failed(Services& services, sql::Tx& tx, store::Attempt attempt,
                            ports::Trouble what, std::string_view detail, bool killed);

/// The step has its pictures: the books are settled, and its time is learned.
Result<void> attempt_succeeded(Services& services, sql::Tx& tx, store::Attempt attempt,
                               store::Step step);

/// Ends what is not final yet as `canceled` or `expired`, and gives back what was set aside.
/// Attempts that run are asked to stop; what they still bring is thrown away.
Result<void> stop(Services& services, sql::Tx& tx, store::Generation generation,
                  GenerationStatus as);

/// A circuit breaker moves. `problem` "" = it answered.
Result<void> backend_failed(sql::Tx& tx, Millis now, store::Backend backend, ports::Trouble what,
                            std::string_view problem);
Result<void> backend_answered(sql::Tx& tx, store::Backend backend);

/// Tells those who watch, after the commit.
void tell(Services& services, sql::Tx& tx, const store::Generation& generation);

platform::Ledger& ledger();
std::string hold_of(GenerationId id);  ///< the ledger's reference

}  // namespace atelier::generation

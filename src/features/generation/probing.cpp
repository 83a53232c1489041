#include "features/generation/functions.hpp"
#include "features/generation/orchestrator.hpp"
#include "features/generation/tokens.hpp"

// Asking backends what they can, and what follows from the answer.
namespace atelier::generation {

Probed probe(Services& services, const ports::BackendAddress& address) {
  const auto generator =
      services.generators == nullptr ? nullptr
                                     : services.generators->open(opened(services, address));
  if (generator == nullptr) return {{}, "No engine here speaks " + address.protocol + "."};
  auto offer = generator->probe();
  if (!offer) return {{}, offer.error().detail};
  return {std::move(*offer), ""};
}

Result<void> apply_probe(Services& services, sql::Tx& tx, BackendId id, const Probed& probed) {
  const Millis now = services.clock->now();
  auto one = TRY(store::backend(tx, id));
  if (!one) return fail(Fault::missing, "backend_missing", "There is no such backend.");
  one->probed_at = now;
  if (!probed.offer)
    return backend_failed(tx, now, std::move(*one), ports::Trouble::unreachable, probed.problem);
  one->offer = std::make_shared<const ports::Offer>(*probed.offer);
  one->problem.clear();
  // It answers; whether it works is shown by the one piece of work that it gets first.
  if (one->health == BackendHealth::open) one->health = BackendHealth::half_open;
  return store::update_backend(tx, *one);
}

Result<void> probe_unknown(Services& services) {
  const auto all = TRY(sql::ask(*services.database, store::backends));
  for (const store::Backend& one : all) {
    if (one.probed_at > 0) continue;
    const Probed probed = probe(services, one.address);
    TRY(services.database->write_now(sql::Lane::interactive, [&](sql::Tx& tx) {
      return apply_probe(services, tx, one.id, probed);
    }));
  }
  return {};
}

}  // namespace atelier::generation

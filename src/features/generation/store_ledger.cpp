#include <atomic>

#include "features/generation/orchestrator.hpp"

// Where no economy takes its place: every hold and charge is on record, and balances are without
// limit, because nobody has one.
namespace atelier::generation {
namespace {

const sql::Statement insert_hold{
    "generation.insert_hold",
    "INSERT INTO generation_holds (reference, user_id, reserved, settled, released, opened_at)"
    " VALUES (?1, ?2, ?3, 0, 0, ?4) ON CONFLICT (reference) DO NOTHING"};
const sql::Statement find_hold{
    "generation.hold",
    "SELECT user_id, reserved, settled, released, closed_at FROM generation_holds"
    " WHERE reference = ?1"};
const sql::Statement insert_charge{
    "generation.insert_charge",
    "INSERT INTO generation_charges (reference, item, amount, at) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT (reference, item) DO NOTHING"};
const sql::Statement settle_hold{
    "generation.settle_hold",
    "UPDATE generation_holds SET settled = settled + ?2 WHERE reference = ?1"
    " AND closed_at IS NULL AND settled + ?2 <= reserved"};
const sql::Statement close_hold{
    "generation.close_hold",
    "UPDATE generation_holds SET released = reserved - settled, closed_at = ?2"
    " WHERE reference = ?1 AND closed_at IS NULL"};

class UnlimitedLedger final : public platform::Ledger {
 public:
  Result<void> reserve(sql::Tx& tx, Millis now, UserId user, std::string_view reference,
                       std::int64_t amount) override {
    const sql::Rows made = TRY(tx.run(insert_hold, {reference, user, amount, now}));
    if (made.changed() == 1) return {};
    const sql::Rows there = TRY(tx.run(find_hold, {reference}));
    if (!there.empty() && there.front().whole(0) == user.value && there.front().whole(1) == amount)
      return {};
    return fail(Fault::conflict, "hold_exists", "Something else was set aside under this name.");
  }

  Result<bool> settle(sql::Tx& tx, Millis now, std::string_view reference, std::string_view item,
                      std::int64_t amount) override {
    const sql::Rows made = TRY(tx.run(insert_charge, {reference, item, amount, now}));
    if (made.changed() == 0) return false;
    const sql::Rows taken = TRY(tx.run(settle_hold, {reference, amount}));
    if (taken.changed() == 1) return true;
    return fail(Fault::conflict, "hold_spent", "There is not so much left of what was set aside.");
  }

  Result<void> release(sql::Tx& tx, Millis now, std::string_view reference) override {
    TRY(tx.run(close_hold, {reference, now}));
    return {};
  }

  Result<std::optional<platform::Hold>> find(sql::Tx& tx, std::string_view reference) override {
    const sql::Rows rows = TRY(tx.run(find_hold, {reference}));
    if (rows.empty()) return std::optional<platform::Hold>{};
    const sql::Row row = rows.front();
    return std::optional<platform::Hold>(
        platform::Hold{row.whole(1), row.whole(2), row.whole(3), !row.null(4)});
  }
};

std::atomic<platform::Ledger*> chosen = nullptr;

}  // namespace

void charge_by(platform::Ledger& ledger) { chosen = &ledger; }

platform::Ledger& ledger() {
  static UnlimitedLedger unlimited;
  platform::Ledger* const other = chosen;
  return other == nullptr ? unlimited : *other;
}

}  // namespace atelier::generation

#include "platform/audit.hpp"

#include "engines/sodium/sodium.hpp"
#include "tests/contract/database/engines.hpp"
#include "tests/support/node.hpp"

namespace atelier::test {
namespace {

class Audit : public OnBothEngines {};
ON_BOTH_ENGINES(Audit);

struct Log {
  explicit Log(sql::Database& database) : node(database) {
    node.services.crypto = crypto.get();
    for (int i = 1; i <= 4; ++i) add(i);
  }
  void add(int subject) {
    expect_ok(node.services.database->write_now(sql::Lane::interactive, [&](sql::Tx& tx) {
      return platform::audit(node.services, tx, UserId{7}, "act", "model", subject, "{}");
    }));
  }
  platform::AuditVerdict verify() { return platform::verify_audit(node.services).value(); }
  /// As somebody with the database in hands would: the triggers are no obstacle to them.
  void tamper(const std::string& text) {
    const bool sqlite = node.services.database->engine() == sql::Engine::sqlite;
    const std::string off = sqlite ? "DROP TRIGGER audit_entries_keep;"
                                     "DROP TRIGGER audit_entries_stay;"
                                   : "DROP TRIGGER audit_entries_keep ON audit_entries;";
    expect_ok(node.services.database->script(off + text));
  }

  std::unique_ptr<ports::Crypto> crypto = engines::sodium::make_crypto();
  Node node;
};

TEST_P(Audit, IsAnUnbrokenChain) {
  const Fresh database = fresh();
  Log log(*database);
  const platform::AuditVerdict verdict = log.verify();
  EXPECT_EQ(verdict.entries, 4);
  EXPECT_EQ(verdict.broken_at, 0);
  EXPECT_EQ(verdict.head.size(), 64u);
}

TEST_P(Audit, TheDatabaseRefusesChanges) {
  const Fresh database = fresh();
  Log log(*database);
  for (const char* text : {"UPDATE audit_entries SET actor_id = 8", "DELETE FROM audit_entries"})
    EXPECT_NE(verdict(database->write_now(sql::Lane::interactive,
                                          [&](sql::Tx& tx) { return change(tx, text); })),
              "ok");
  EXPECT_EQ(log.verify().entries, 4);
}

TEST_P(Audit, ChangedRemovedAndForgedRowsShow) {
  for (const char* text :
       {"UPDATE audit_entries SET actor_id = 8 WHERE id = 2",
        "UPDATE audit_entries SET details = '{}x' WHERE id = 3",
        "UPDATE audit_entries SET at = at + 1 WHERE id = 1",
        "DELETE FROM audit_entries WHERE id = 2",
        "INSERT INTO audit_entries (at, actor_id, act, subject_kind, subject_id, details,"
        " previous, hash) VALUES (1, 7, 'act', '', 0, '{}', '', 'ab')"}) {
    const Fresh database = fresh();
    Log log(*database);
    log.tamper(text);
    EXPECT_NE(log.verify().broken_at, 0) << text;
  }
}

TEST_P(Audit, ManyWritersMakeOneChain) {
  const Fresh database = fresh();
  Log log(*database);
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 4; ++writer)
    writers.emplace_back([&] {
      for (int i = 0; i < 10; ++i)
        while (!log.node.services.database->write_now(
            sql::Lane::interactive, [&](sql::Tx& tx) {
              return platform::audit(log.node.services, tx, UserId{9}, "act", "", i, "{}");
            })) {
        }  // a clash on PostgreSQL that outlasted its retries
    });
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(log.verify().entries, 44);
  EXPECT_EQ(log.verify().broken_at, 0);
}

}  // namespace
}  // namespace atelier::test

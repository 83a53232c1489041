#pragma once
#include "engines/digest/digests.hpp"
#include "engines/disk/disk.hpp"
#include "engines/sodium/sodium.hpp"
#include "engines/sqlite/sqlite.hpp"
#include "platform/log.hpp"
#include "platform/migrations.hpp"
#include "platform/settings.hpp"
#include "tests/support/folder.hpp"

#include <gtest/gtest.h>

namespace atelier::files {

/// The real parts that files stand on, in a folder of their own, with one member and a clock that
/// stands still. `reopen` is what a new process would see.
struct House {
  House() {
    log::set_level("error");
    services.clock = &clock;
    services.settings = &settings;
    services.folder = folder.path();
    services.secret = std::string(32, 's');
    reopen();
    const auto member = sql::change(*database, sql::Lane::interactive, [&](sql::Tx& tx) {
      return tx.run(sql::Query{
          "test.user",
          "INSERT INTO users (username, username_key, email, email_key, password_hash, role,"
          " status, browsing, bio, is_demo, created_at) VALUES ('ann', 'ann', 'a@b.c', 'a@b.c', '',"
          " 'member', 'active', 1, '', ?1, 0) RETURNING id",
          {false}});
    });
    if (member) ann = member->front().id<UserId>(0);
    EXPECT_TRUE(ann);
  }

  void reopen() {
    blobs.reset();
    database.reset();
    auto opened = sqlite::open(folder.path() / "test.db", {.durable = false});
    ASSERT_TRUE(opened);
    database = std::move(*opened);
    ASSERT_TRUE(platform::migrate(*database, clock, {}));
    auto store = disk::make_blobs(folder.path() / "store");
    ASSERT_TRUE(store);
    blobs = std::move(*store);
    services.database = database.get();
    services.blobs = blobs.get();
    services.digests = digests.get();
    services.crypto = crypto.get();
  }

  test::Folder folder;
  ManualClock clock;
  Services services;
  platform::Settings settings{services};
  std::unique_ptr<ports::Digests> digests = digest::make_digests(false);
  std::unique_ptr<ports::Crypto> crypto = engines::sodium::make_crypto();
  std::unique_ptr<sql::Database> database;
  std::unique_ptr<ports::Blobs> blobs;
  UserId ann;
};

}  // namespace atelier::files

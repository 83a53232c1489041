#pragma once
#include "engines/digest/digests.hpp"
#include "engines/disk/disk.hpp"
#include "engines/sodium/sodium.hpp"
#include "engines/sqlite/sqlite.hpp"
#include "platform/log.hpp"
#include "platform/migrations.hpp"
#include "platform/services.hpp"
#include "platform/settings.hpp"
#include "tests/support/folder.hpp"

#include <gtest/gtest.h>

#include <cstring>

namespace atelier::files {

/// The real parts that files stand on, in a folder of their own, with one member and a clock that
/// stands still. `reopen` is what a new process would see; so is a House over the same folder.
struct House {
  House() : House(nullptr) {}
  explicit House(const std::filesystem::path& existing) : House(&existing) {}

  explicit House(const std::filesystem::path* existing) {
    place = existing ? *existing : folder.emplace().path();
    log::set_level("error");
    services.clock = &clock;
    services.settings = &settings;
    services.folder = place;
    services.secret = std::string(32, 's');
    reopen();
    const auto member = sql::change(*database, sql::Lane::interactive, [&](sql::Tx& tx) {
      return tx.run(sql::Query{
          "test.user",
          "INSERT INTO users (username, username_key, email, email_key, password_hash, role,"
          " status, browsing, bio, is_demo, created_at) VALUES ('ann', 'ann', 'a@b.c', 'a@b.c', '',"
          " 'member', 'active', 1, '', ?1, 0) ON CONFLICT (username_key) DO UPDATE SET bio = ''"
          " RETURNING id",
          {false}});
    });
    if (member) ann = member->front().id<UserId>(0);
    EXPECT_TRUE(ann);
  }

  void reopen() {
    blobs.reset();
    database.reset();
    auto opened = sqlite::open(place / "test.db", {.durable = false});
    ASSERT_TRUE(opened);
    database = std::move(*opened);
    ASSERT_TRUE(platform::migrate(*database, clock, {}));
    auto store = disk::make_blobs(place / "store");
    ASSERT_TRUE(store);
    blobs = std::move(*store);
    services.database = database.get();
    services.blobs = blobs.get();
    services.digests = digests.get();
    services.crypto = crypto.get();
  }

  std::optional<test::Folder> folder;  ///< none when it is somebody else's
  std::filesystem::path place;
  ManualClock clock;
  Services services;
  platform::Settings settings{services};
  std::unique_ptr<ports::Digests> digests = digest::make_digests(false);
  std::unique_ptr<ports::Crypto> crypto = engines::sodium::make_crypto();
  std::unique_ptr<sql::Database> database;
  std::unique_ptr<ports::Blobs> blobs;
  UserId ann;
};

/// Bytes that repeat nowhere, the same for the same seed.
inline std::string noise(std::size_t size, std::uint64_t seed) {
  std::string out(size, '\0');
  for (std::size_t at = 0; at + 8 <= size; at += 8) {
    // splitmix64 (Steele, Lea, Flood 2014).
    std::uint64_t x = seed += 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    x ^= x >> 31;
    std::memcpy(out.data() + at, &x, 8);
  }
  return out;
}

}  // namespace atelier::files

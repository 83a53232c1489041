#include "features/files/uploads.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "base/text.hpp"
#include "features/files/test_house.hpp"

namespace atelier::files {
namespace {


class Uploads : public testing::Test {
 protected:
  store::Upload create(std::int64_t bytes, const std::string& name = "a.safetensors") {
    auto upload = create_upload(house.services, {house.ann, name, bytes});
    EXPECT_TRUE(upload);
    return *upload;
  }
  store::Upload row(const store::Upload& upload) {
    auto found = sql::ask(*house.database, [&](sql::Tx& tx) {
      return store::upload(tx, upload.token);
    });
    return **found;
  }
  std::optional<File> file(FileId id) {
    return *sql::ask(*house.database, [&](sql::Tx& tx) { return find(tx, id); });
  }
  std::string bytes_in_store(const std::string& sha256) {
    const auto blob = house.blobs->open(lower_ascii(sha256));
    if (!blob) return "";
    std::string out(std::size_t(blob->size), '\0');
    EXPECT_EQ(::pread(blob->file->descriptor(), out.data(), out.size(), 0), blob->size);
    return out;
  }

  House house;
};

TEST_F(Uploads, BecomeAFileWithItsHashes) {
  const auto bytes = noise(1'200'000, 1);
  const auto upload = create(std::int64_t(bytes.size()));
  auto writer = Writer::open(house.services, upload);
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->append(bytes_of(bytes)));
  const auto id = (*writer)->finish();
  ASSERT_TRUE(id);
  const auto again = (*writer)->finish();
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, *id);

  const auto got = file(*id);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->owner, house.ann);
  EXPECT_EQ(got->name, "a.safetensors");
  EXPECT_EQ(got->bytes, 1'200'000);
  EXPECT_EQ(got->verdict, FileVerdict::pending);
  auto digest = house.digests->start();
  digest->update(bytes_of(bytes));
  const auto hashes = digest->hashes();
  EXPECT_EQ(got->hashes.sha256, upper_ascii(hashes.sha256));
  EXPECT_EQ(got->hashes.blake3, upper_ascii(hashes.blake3));
  EXPECT_EQ(bytes_in_store(got->hashes.sha256), bytes);
  EXPECT_TRUE(row(upload).finished);
  EXPECT_TRUE(house.blobs->partials()->empty());

  for (const auto& name :
       {hashes.sha256, upper_ascii(hashes.sha256), hashes.sha256.substr(0, 10), hashes.blake3,
        hashes.crc32, hashes.crc32c, *hashes.autov1,
        hashes.crc32.substr(6, 2) + hashes.crc32.substr(4, 2) + hashes.crc32.substr(2, 2) +
            hashes.crc32.substr(0, 2)}) {
    const auto found =
        sql::ask(*house.database, [&](sql::Tx& tx) { return by_hash(tx, name); });
    ASSERT_TRUE(found);
    EXPECT_EQ(*found, std::vector<FileId>{*id}) << name;
  }
  for (const auto* name : {"", "00000000", "zz", "1234567890", "' OR 1=1 --"})
    EXPECT_TRUE(
        sql::ask(*house.database, [&](sql::Tx& tx) { return by_hash(tx, name); })->empty());
}

TEST_F(Uploads, GoOnInANewProcessFromTheLastDurablePoint) {
  const auto bytes = noise(40'000'000, 2);
  const auto upload = create(std::int64_t(bytes.size()));
  std::int64_t durable = 0;
  {
    auto writer = Writer::open(house.services, upload);
    ASSERT_TRUE(writer);
    for (std::size_t at = 0; at < 35'000'000; at += 250'000)
      ASSERT_TRUE((*writer)->append(bytes_of(bytes.substr(at, 250'000))));
    // The process ends here, without a word.
  }
  house.reopen();
  durable = row(upload).received;
  EXPECT_GE(durable, 32'000'000);
  EXPECT_LT(durable, 35'000'000);
  auto writer = Writer::open(house.services, upload);
  ASSERT_TRUE(writer);
  EXPECT_EQ((*writer)->received(), durable);
  ASSERT_TRUE((*writer)->append(bytes_of(bytes.substr(std::size_t(durable)))));
  const auto id = (*writer)->finish();
  ASSERT_TRUE(id);
  EXPECT_EQ(bytes_in_store(file(*id)->hashes.sha256), bytes);
}

TEST_F(Uploads, HaveOneWriterAtATime) {
  const auto upload = create(100);
  auto first = Writer::open(house.services, upload);
  ASSERT_TRUE(first);
  const auto second = Writer::open(house.services, upload);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "upload_busy");
  first->reset();
  EXPECT_TRUE(Writer::open(house.services, upload));
}

TEST_F(Uploads, AWriterThatAnotherNodeReplacedCannotReport) {
  const auto upload = create(100);
  auto writer = Writer::open(house.services, upload);
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->append(bytes_of("bytes")));
  ASSERT_TRUE(sql::change(*house.database, sql::Lane::interactive, [&](sql::Tx& tx) {
    return store::set_writer(tx, upload.id, "another");
  }));
  const auto kept = (*writer)->keep();
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().code, "upload_busy");
  EXPECT_EQ(row(upload).received, 0);
}

TEST_F(Uploads, EndedBetweenTheNameAndTheRowAreSettled) {
  const auto bytes = noise(5'000, 3);
  const auto upload = create(std::int64_t(bytes.size()));
  {
    auto writer = Writer::open(house.services, upload);
    ASSERT_TRUE((*writer)->append(bytes_of(bytes)));
    ASSERT_TRUE((*writer)->keep());
  }
  auto digest = house.digests->start();
  digest->update(bytes_of(bytes));
  ASSERT_TRUE(house.blobs->publish(upload.token, digest->hashes().sha256));
  house.reopen();
  const auto settled = settle(house.services, row(upload));
  ASSERT_TRUE(settled);
  EXPECT_TRUE(settled->finished);
  ASSERT_TRUE(settled->file);
  EXPECT_EQ(bytes_in_store(file(*settled->file)->hashes.sha256), bytes);
}

TEST_F(Uploads, EqualBytesAreStoredOnce) {
  const auto bytes = noise(2'000, 4);
  std::vector<FileId> ids;
  for (const auto* name : {"one.pt", "two.pt"}) {
    auto writer = Writer::open(house.services, create(std::int64_t(bytes.size()), name));
    ASSERT_TRUE((*writer)->append(bytes_of(bytes)));
    ids.push_back(*(*writer)->finish());
  }
  EXPECT_NE(ids[0], ids[1]);
  EXPECT_EQ(file(ids[0])->hashes.sha256, file(ids[1])->hashes.sha256);
  EXPECT_EQ(file(ids[1])->name, "two.pt");
  EXPECT_TRUE(house.blobs->partials()->empty());
}

TEST_F(Uploads, OfWhatTheOwnerHasAreFinishedAtOnce) {
  const auto bytes = noise(2'000, 6);
  auto writer = Writer::open(house.services, create(2'000, "one.pt"));
  ASSERT_TRUE((*writer)->append(bytes_of(bytes)));
  const auto first = *file(*(*writer)->finish());
  const auto ask = [&](UserId owner, std::int64_t size, const std::string& sha256) {
    return create_upload(house.services, {owner, "two.pt", size, false, sha256})->file;
  };
  const auto known = ask(house.ann, 2'000, first.hashes.sha256);
  ASSERT_TRUE(known);
  EXPECT_NE(*known, first.id);
  EXPECT_EQ(file(*known)->name, "two.pt");
  EXPECT_EQ(file(*known)->hashes.blake3, first.hashes.blake3);
  EXPECT_FALSE(ask(house.ann, 2'001, first.hashes.sha256));
  EXPECT_FALSE(ask(house.ann, 2'000, first.hashes.blake3));
  EXPECT_FALSE(ask(house.ann, 2'000, "../../x"));
  const auto bob = sql::change(*house.database, sql::Lane::interactive, [&](sql::Tx& tx) {
    return tx.run(sql::Query{
        "test.bob",
        "INSERT INTO users (username, username_key, email, email_key, password_hash, role, status,"
        " browsing, bio, is_demo, created_at) VALUES ('bob', 'bob', 'b', 'b', '', 'member',"
        " 'active', 1, '', ?1, 0) RETURNING id",
        {false}});
  });
  ASSERT_TRUE(bob);
  EXPECT_FALSE(ask(bob->front().id<UserId>(0), 2'000, first.hashes.sha256))
      << "knowing a hash is not having the bytes";
}

TEST_F(Uploads, TakeNoMoreThanAnnounced) {
  auto writer = Writer::open(house.services, create(10));
  ASSERT_TRUE((*writer)->append(bytes_of("12345")));
  const auto more = (*writer)->append(bytes_of("678901"));
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, "upload_too_long");
  EXPECT_EQ((*writer)->received(), 5);
}

TEST_F(Uploads, OfNothingAreFiles) {
  auto writer = Writer::open(house.services, create(0));
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->complete());
  const auto id = (*writer)->finish();
  ASSERT_TRUE(id);
  EXPECT_EQ(file(*id)->bytes, 0);
}

TEST_F(Uploads, StayWithinQuotaAndRoom) {
  ASSERT_TRUE(sql::change(*house.database, sql::Lane::interactive, [&](sql::Tx& tx) {
    FilesSettings settings;
    settings.memberQuotaBytes.value = 1'000;
    settings.uploadBytesMax.value = 5'000;
    return house.settings.set(tx, "files", settings, house.ann);
  }));
  ASSERT_TRUE(house.settings.load());
  const auto ask = [&](std::int64_t bytes, bool unlimited = false) {
    const auto made = create_upload(house.services, {house.ann, "a", bytes, unlimited});
    return made ? std::string() : made.error().code;
  };
  EXPECT_EQ(ask(600), "");
  EXPECT_EQ(ask(401), "quota_exceeded");
  EXPECT_EQ(ask(400), "");
  EXPECT_EQ(ask(1), "quota_exceeded");
  EXPECT_EQ(ask(5'000, true), "");
  EXPECT_EQ(ask(5'001, true), "file_too_large");
  ASSERT_TRUE(sql::change(*house.database, sql::Lane::interactive, [&](sql::Tx& tx) {
    FilesSettings settings;
    settings.reserveBytes.value = 1'000'000'000'000'000;
    return house.settings.set(tx, "files", settings, house.ann);
  }));
  ASSERT_TRUE(house.settings.load());
  EXPECT_EQ(ask(1, true), "storage_full");
}

TEST_F(Uploads, LostBytesAreSaidToBeLost) {
  const auto upload = create(100);
  {
    auto writer = Writer::open(house.services, upload);
    ASSERT_TRUE((*writer)->append(bytes_of("bytes")));
    ASSERT_TRUE((*writer)->keep());
  }
  ASSERT_TRUE(house.blobs->discard(upload.token));
  const auto writer = Writer::open(house.services, upload);
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().code, "upload_lost");
}

}  // namespace
}  // namespace atelier::files

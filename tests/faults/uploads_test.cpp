// A process that takes an upload is killed with SIGKILL again and again. What it had said to be
// safe is still there, hashing goes on from there, and the file that comes out is the right one.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "base/text.hpp"
#include "features/files/test_house.hpp"
#include "features/files/uploads.hpp"

namespace atelier::files {
namespace {

constexpr std::int64_t durable_every = 16 * 1024 * 1024;  // what may be lost at a kill
constexpr std::size_t piece = 256 * 1024;

// Sends from where the upload is, and tells through the pipe how far it came.
[[noreturn]] void send(const std::filesystem::path& folder, const std::string& token,
                       const std::string& bytes, int told) {
  House house(folder);
  const auto upload = sql::ask(*house.database, [&](sql::Tx& tx) {
    return store::upload(tx, token);
  });
  if (!upload || !*upload) ::_exit(3);
  auto writer = Writer::open(house.services, **upload);
  if (!writer) ::_exit(4);
  for (auto at = std::size_t((*writer)->received()); at < bytes.size(); at += piece) {
    if (!(*writer)->append(bytes_of(std::string_view(bytes).substr(at, piece)))) ::_exit(5);
    const std::int64_t now = (*writer)->received();
    if (::write(told, &now, sizeof now) != sizeof now) ::_exit(6);
  }
  ::_exit((*writer)->finish() ? 0 : 7);
}

TEST(KilledUpload, ArrivesIntact) {
  const test::Folder folder;
  const auto bytes = noise(300'000'000, 42);
  std::string token;
  {
    House house(folder.path());
    const auto made = create_upload(house.services,
                                    {house.ann, "big.safetensors", std::int64_t(bytes.size())});
    ASSERT_TRUE(made);
    token = made->token;
  }
  std::mt19937 random(7);
  std::int64_t safe = 0;
  int kills = 0, status = -1;
  for (int round = 0; round < 200 && status != 0; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) send(folder.path(), token, bytes, ends[1]);
    ::close(ends[1]);
    // Between the first and the fortieth megabyte of this round.
    const auto enough = 1 + random() % 160;
    std::int64_t sent = 0, now = 0;
    for (unsigned i = 0; i < enough && ::read(ends[0], &now, sizeof now) == sizeof now; ++i)
      sent = now;
    ::kill(child, SIGKILL);
    while (::read(ends[0], &now, sizeof now) == sizeof now) sent = now;
    ::close(ends[0]);
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << WEXITSTATUS(status);
    if (WIFSIGNALED(status)) ++kills;

    House house(folder.path());
    const auto upload = sql::ask(*house.database, [&](sql::Tx& tx) {
      return store::upload(tx, token);
    });
    ASSERT_TRUE(upload && *upload);
    EXPECT_GE((*upload)->received, safe) << "what was safe stays";
    EXPECT_GT((*upload)->received + durable_every + std::int64_t(piece), sent);
    safe = (*upload)->received;
    const auto settled = settle(house.services, **upload);
    ASSERT_TRUE(settled);
    if (!settled->finished) continue;

    status = 0;
    const auto file = sql::ask(*house.database, [&](sql::Tx& tx) {
      return find(tx, *settled->file);
    });
    ASSERT_TRUE(file && *file);
    auto digest = house.digests->start();
    digest->update(bytes_of(bytes));
    const auto hashes = digest->hashes();
    EXPECT_EQ((*file)->hashes.sha256, upper_ascii(hashes.sha256));
    EXPECT_EQ((*file)->hashes.blake3, upper_ascii(hashes.blake3));
    EXPECT_EQ((*file)->hashes.crc32, upper_ascii(hashes.crc32));
    EXPECT_EQ((*file)->hashes.crc32c, upper_ascii(hashes.crc32c));
    const auto blob = house.blobs->open(hashes.sha256);
    ASSERT_TRUE(blob);
    ASSERT_EQ(blob->size, std::int64_t(bytes.size()));
    std::string stored(bytes.size(), '\0');
    for (std::size_t at = 0; at < stored.size(); at += 1 << 24)
      ASSERT_GT(::pread(blob->file->descriptor(), stored.data() + at,
                        std::min<std::size_t>(1 << 24, stored.size() - at), off_t(at)), 0);
    EXPECT_TRUE(stored == bytes);
  }
  EXPECT_EQ(status, 0) << "it never arrived";
  EXPECT_GE(kills, 5);
  RecordProperty("kills", kills);
}

}  // namespace
}  // namespace atelier::files

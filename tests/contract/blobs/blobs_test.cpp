// What every blob store must do. An engine is a row in `engines`.
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "base/text.hpp"
#include "engines/digest/digests.hpp"
#include "engines/disk/disk.hpp"
#include "ports/blobs.hpp"

namespace atelier {
namespace {

namespace fs = std::filesystem;

struct Engine {
  const char* name;
  Result<std::unique_ptr<ports::Blobs>> (*make)(const fs::path& folder);
};

std::string sha256(std::string_view bytes) {
  const auto hash = digest::make_digests(false)->checksum("sha256");
  hash->update(bytes_of(bytes));
  return hex(bytes_of(hash->finish()));
}

std::string read(const ports::Blob& blob) {
  std::string out(std::size_t(blob.size), '\0');
  const auto got = ::pread(blob.file->descriptor(), out.data(), out.size(), 0);
  EXPECT_EQ(got, blob.size);
  return out;
}

class Blobs : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    char name[] = "/tmp/atelier-blobs-XXXXXX";
    folder_ = ::mkdtemp(name);
    reopen();
  }
  void TearDown() override {
    blobs_.reset();
    fs::remove_all(folder_);
  }
  void reopen() {
    auto made = GetParam().make(folder_ / "store");
    ASSERT_TRUE(made);
    blobs_ = std::move(*made);
  }
  std::string code(const Result<void>& result) { return result ? "" : result.error().code; }
  std::string code(const Result<ports::Blob>& result) {
    return result ? "" : result.error().code;
  }
  void write_outside(const std::string& name, std::string_view bytes) {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }

  fs::path folder_;
  std::unique_ptr<ports::Blobs> blobs_;
};

TEST_P(Blobs, TellsNamesByTheirBeginningAndWhenTheyCame) {
  const std::string name = sha256("here"), other = sha256("there");
  ASSERT_TRUE(blobs_->put(name, bytes_of("here")));
  ASSERT_TRUE(blobs_->put(other, bytes_of("there")));
  write_outside("out", "outside");
  ASSERT_TRUE(blobs_->refer(sha256("outside"), folder_ / "out"));
  const auto named = blobs_->named(name.substr(0, 2));
  ASSERT_TRUE(named);
  ASSERT_EQ(named->size(), 1u);
  EXPECT_EQ(named->front().first, name);
  EXPECT_EQ(blobs_->named(sha256("outside").substr(0, 2))->size(), 1u);
  EXPECT_TRUE(blobs_->named("zz")->empty());
  ::usleep(20'000);
  ASSERT_TRUE(blobs_->put(name, bytes_of("here")));
  EXPECT_GT(blobs_->named(name.substr(0, 2))->front().second, named->front().second);
}

TEST_P(Blobs, KeepsWhatWasPut) {
  const std::string bytes = "some bytes\0and more";
  const auto name = sha256(bytes);
  EXPECT_FALSE(blobs_->has(name));
  EXPECT_EQ(code(blobs_->open(name)), "blob_missing");
  ASSERT_TRUE(blobs_->put(name, bytes_of(bytes)));
  ASSERT_TRUE(blobs_->put(name, bytes_of(bytes)));
  reopen();
  const auto blob = blobs_->open(name);
  ASSERT_TRUE(blob);
  EXPECT_EQ(read(*blob), bytes);
  EXPECT_GT(blob->modified, 1'600'000'000'000);
  ASSERT_TRUE(blobs_->remove(name));
  ASSERT_TRUE(blobs_->remove(name));
  EXPECT_FALSE(blobs_->has(name));
  EXPECT_EQ(read(*blob), bytes) << "an open blob outlives its name";
}

TEST_P(Blobs, KeepsNothingAndMuch) {
  ASSERT_TRUE(blobs_->put(sha256(""), {}));
  EXPECT_EQ(blobs_->open(sha256(""))->size, 0);
  const std::string much(5'000'000, 'x');
  ASSERT_TRUE(blobs_->put(sha256(much), bytes_of(much)));
  EXPECT_EQ(read(*blobs_->open(sha256(much))), much);
}

TEST_P(Blobs, RefusesNamesThatAreNoHashes) {
  const auto good = sha256("x");
  for (const auto& name :
       {std::string(), std::string("../../etc/passwd"), good.substr(1), good + "0",
        upper_ascii(good), "/" + good.substr(1), good.substr(0, 62) + "..",
        good.substr(0, 63) + std::string(1, '\0')}) {
    EXPECT_EQ(code(blobs_->open(name)), "blob_missing") << name;
    EXPECT_FALSE(blobs_->put(name, bytes_of("x"))) << name;
    EXPECT_EQ(code(blobs_->refer(name, folder_ / "x")), "blob_missing") << name;
    EXPECT_TRUE(blobs_->remove(name)) << name;
  }
  EXPECT_TRUE(blobs_->partials()->empty()) << "a refused put leaves nothing behind";
}

TEST_P(Blobs, APartialGrowsAcrossRestartsAndBecomesABlob) {
  {
    auto partial = blobs_->create_partial("upload-1");
    ASSERT_TRUE(partial);
    ASSERT_TRUE((*partial)->append(bytes_of("hello ")));
    ASSERT_TRUE((*partial)->sync());
    ASSERT_TRUE((*partial)->append(bytes_of("wor__")));
    EXPECT_EQ((*partial)->size(), 11);
  }
  EXPECT_EQ(blobs_->create_partial("upload-1").error().code, "file_exists");
  reopen();
  {
    auto partial = blobs_->open_partial("upload-1");
    ASSERT_TRUE(partial);
    EXPECT_EQ((*partial)->size(), 11);
    ASSERT_TRUE((*partial)->truncate(9));
    ASSERT_TRUE((*partial)->append(bytes_of("ld")));
    EXPECT_EQ(read(*(*partial)->open()), "hello world");
  }
  const auto name = sha256("hello world");
  ASSERT_TRUE(blobs_->publish("upload-1", name));
  EXPECT_EQ(read(*blobs_->open(name)), "hello world");
  EXPECT_EQ(blobs_->open_partial("upload-1").error().code, "partial_missing");
  EXPECT_EQ(code(blobs_->publish("upload-1", sha256("other"))), "partial_missing");
}

TEST_P(Blobs, PublishingASecondTimeKeepsOneCopy) {
  const auto name = sha256("twice");
  for (const auto* partial_name : {"a", "b"}) {
    auto partial = blobs_->create_partial(partial_name);
    ASSERT_TRUE(partial);
    ASSERT_TRUE((*partial)->append(bytes_of("twice")));
    ASSERT_TRUE(blobs_->publish(partial_name, name));
  }
  EXPECT_EQ(read(*blobs_->open(name)), "twice");
  EXPECT_TRUE(blobs_->partials()->empty());
}

TEST_P(Blobs, ListsAndDiscardsPartials) {
  ASSERT_TRUE(blobs_->create_partial("one"));
  ASSERT_TRUE(blobs_->create_partial("two"));
  auto all = blobs_->partials();
  ASSERT_TRUE(all);
  EXPECT_EQ(all->size(), 2u);
  for (const auto& [name, at] : *all) EXPECT_GT(at, 1'600'000'000'000);
  ASSERT_TRUE(blobs_->discard("one"));
  ASSERT_TRUE(blobs_->discard("one"));
  ASSERT_EQ(blobs_->partials()->size(), 1u);
  for (const auto* name : {"", "../x", "a/b", "A", "."})
    EXPECT_EQ(blobs_->create_partial(name).error().code, "partial_missing") << name;
}

TEST_P(Blobs, ReferringCopiesNothing) {
  write_outside("model.safetensors", "weights");
  const auto name = sha256("weights");
  ASSERT_TRUE(blobs_->refer(name, folder_ / "model.safetensors"));
  reopen();
  EXPECT_EQ(read(*blobs_->open(name)), "weights");
  std::uintmax_t stored = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder_ / "store"))
    if (entry.path().filename() == name) ++stored;
  EXPECT_EQ(stored, 0u);
  ASSERT_TRUE(blobs_->remove(name));
  EXPECT_FALSE(blobs_->has(name));
  EXPECT_TRUE(fs::exists(folder_ / "model.safetensors"));
}

TEST_P(Blobs, AChangedFileOutsideIsNoLongerTheBlob) {
  write_outside("a.bin", "weights");
  const auto name = sha256("weights");
  ASSERT_TRUE(blobs_->refer(name, folder_ / "a.bin"));
  write_outside("a.bin", "WEIGHTS");
  // The same size; the clock of the file system may not have moved on yet.
  fs::last_write_time(folder_ / "a.bin", fs::last_write_time(folder_ / "a.bin") +
                                             std::chrono::seconds(1));
  EXPECT_EQ(code(blobs_->open(name)), "blob_missing");
  write_outside("b.bin", "weights");
  ASSERT_TRUE(blobs_->refer(name, folder_ / "b.bin"));
  EXPECT_EQ(read(*blobs_->open(name)), "weights");
  fs::remove(folder_ / "b.bin");
  EXPECT_EQ(code(blobs_->open(name)), "blob_missing");
  EXPECT_EQ(code(blobs_->refer(name, folder_ / "b.bin")), "blob_missing");
  EXPECT_EQ(code(blobs_->refer(name, folder_)), "blob_missing");
}

TEST_P(Blobs, SeveralPlacesOfOneBlobStandInForEachOther) {
  const auto name = sha256("weights");
  for (const auto* file : {"a.bin", "b b.bin", "c.bin"}) {
    write_outside(file, "weights");
    ASSERT_TRUE(blobs_->refer(name, folder_ / file));
  }
  fs::remove(folder_ / "a.bin");
  fs::remove(folder_ / "c.bin");
  EXPECT_EQ(read(*blobs_->open(name)), "weights");
}

TEST_P(Blobs, ManyThreadsMayPublishTheSame) {
  const std::string bytes(100'000, 'y');
  const auto name = sha256(bytes);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, i] {
      const auto partial_name = "thread-" + std::to_string(i);
      auto partial = blobs_->create_partial(partial_name);
      ASSERT_TRUE(partial);
      ASSERT_TRUE((*partial)->append(bytes_of(bytes)));
      ASSERT_TRUE(blobs_->publish(partial_name, name));
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(read(*blobs_->open(name)), bytes);
  EXPECT_TRUE(blobs_->partials()->empty());
}

TEST_P(Blobs, SaysHowMuchRoomIsLeft) {
  const auto bytes = blobs_->free_bytes();
  ASSERT_TRUE(bytes);
  EXPECT_GT(*bytes, 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, Blobs, testing::Values(Engine{"disk", disk::make_blobs}),
                         [](const auto& engine) { return engine.param.name; });

// A file system of one mebibyte: the store says so, keeps what it had and goes on when there is
// room again.
TEST(DiskBlobs, AFullDiskLeavesNothingHalfWritten) {
  char name[] = "/tmp/atelier-full-XXXXXX";
  const fs::path folder = ::mkdtemp(name);
  if (::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=1m") != 0) {
    fs::remove(folder);
    GTEST_SKIP() << "SKIPPED: mounting a small file system needs root";
  }
  {
    auto blobs = disk::make_blobs(folder);
    ASSERT_TRUE(blobs);
    auto partial = (*blobs)->create_partial("big");
    ASSERT_TRUE(partial);
    const std::string piece(300'000, 'z');
    Result<void> written;
    std::int64_t before = 0;
    while (written) {
      before = (*partial)->size();
      written = (*partial)->append(bytes_of(piece));
    }
    EXPECT_EQ(written.error().code, "storage_full");
    EXPECT_EQ(written.error().fault, Fault::unavailable);
    EXPECT_EQ((*partial)->size(), before);
    EXPECT_EQ((*partial)->open()->size, before);
    const std::string huge(2'000'000, 'h');
    EXPECT_EQ((*blobs)->put(sha256(huge), bytes_of(huge)).error().code, "storage_full");
    EXPECT_EQ((*blobs)->partials()->size(), 1u);
    ASSERT_TRUE((*blobs)->discard("big"));
    partial->reset();
    EXPECT_TRUE((*blobs)->put(sha256(piece), bytes_of(piece)));
  }
  ::umount(folder.c_str());
  fs::remove_all(folder);
}

}  // namespace
}  // namespace atelier

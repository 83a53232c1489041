#include "features/files/jobs.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "base/text.hpp"
#include "features/files/endpoints.hpp"
#include "features/files/store.hpp"
#include "features/files/test_house.hpp"
#include "features/files/uploads.hpp"
#include "platform/live.hpp"
#include "platform/metrics.hpp"

namespace atelier::files {
namespace {

std::string tensor_file(const std::string& header, std::size_t data) {
  std::string out(8, '\0');
  for (int i = 0; i < 8; ++i) out[std::size_t(i)] = char(header.size() >> (8 * i));
  return out + header + noise(data, 3);
}

/// The house with its workers running.
class FileJobs : public testing::Test {
 protected:
  void SetUp() override {
    house.services.live = &live;
    house.services.metrics = &metrics;
    jobs = platform::make_jobs(house.services, {.poll_ms = 20});
    house.services.jobs = jobs.get();
    add_jobs(*jobs);
    jobs->start();
  }
  void TearDown() override { jobs->stop(2'000); }

  Found look(const std::filesystem::path& path) {
    struct stat of;
    EXPECT_EQ(::stat(path.c_str(), &of), 0);
    return {path.string(), of.st_size,
            of.st_mtim.tv_sec * 1'000'000'000ll + of.st_mtim.tv_nsec, std::int64_t(of.st_ino)};
  }
  std::filesystem::path write(const std::string& name, const std::string& bytes) {
    const auto path = house.place / name;
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    return path;
  }
  FileId add(const std::filesystem::path& path) {
    const auto found = look(path);
    const auto id = sql::change(*house.database, sql::Lane::jobs, [&](sql::Tx& tx) {
      return add_in_place(house.services, tx, found, house.ann);
    });
    EXPECT_TRUE(id);
    return *id;
  }
  std::filesystem::path blob_of(const std::string& sha256) const {
    return house.place / "store/blobs" / sha256.substr(0, 2) / sha256.substr(2, 2) / sha256;
  }
  static void put_long_ago(const std::filesystem::path& path) {
    std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() -
                                               std::chrono::hours(24 * 365 * 20));
  }
  File file(FileId id) {
    return **sql::ask(*house.database, [&](sql::Tx& tx) { return find(tx, id); });
  }
  File inspected(FileId id) {
    for (int i = 0; i < 1'000 && file(id).verdict == FileVerdict::pending; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return file(id);
  }
  std::int64_t jobs_ever(const std::string& kind) {
    const auto rows = sql::change(*house.database, sql::Lane::jobs, [&](sql::Tx& tx) {
      return tx.run(sql::Query{"test.jobs", "SELECT count(*) FROM jobs WHERE kind = ?1", {kind}});
    });
    EXPECT_TRUE(rows);
    return rows->front().whole(0);
  }

  House house;
  platform::Live live;
  platform::Metrics metrics;
  std::unique_ptr<platform::Jobs> jobs;
};

const std::string two_tensors =
    R"({"first":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},)"
    R"("second":{"dtype":"F16","shape":[2,2],"data_offsets":[16,24]},)"
    R"("__metadata__":{"note":"hello"}})";

TEST_F(FileJobs, HashAndInspectAFileWhereItLies) {
  const auto bytes = tensor_file(two_tensors, 24);
  const auto id = add(write("model.safetensors", bytes));
  EXPECT_TRUE(file(id).hashes.sha256.empty());
  const auto done = inspected(id);
  EXPECT_TRUE(done.in_place);
  EXPECT_EQ(done.verdict, FileVerdict::safe) << done.verdict_message;
  EXPECT_EQ(done.format, "SafeTensor");
  auto digest = house.digests->start();
  digest->update(bytes_of(bytes));
  EXPECT_EQ(done.hashes.sha256, upper_ascii(digest->hashes().sha256));
  EXPECT_EQ(done.hashes.autov3, upper_ascii(*digest->hashes().autov3));
  const auto by_shown = sql::ask(*house.database, [&](sql::Tx& tx) {
    return by_hash(tx, done.hashes.autov3.substr(0, 12));
  });
  EXPECT_EQ(*by_shown, std::vector<FileId>{id});
  for (const auto& entry : std::filesystem::recursive_directory_iterator(house.place / "store")) {
    if (!entry.is_regular_file()) continue;
    EXPECT_EQ(entry.path().extension(), ".places") << "nothing is copied";
  }

  const auto facts = sql::ask(*house.database, [&](sql::Tx& tx) -> Result<Facts> {
    const auto content = TRY(store::content_of(tx, id));
    return schema::from_stored_json<Facts>(TRY(store::facts(tx, content)).value_or(""));
  });
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->tensors, 2);
  EXPECT_EQ(facts->parameters, 8);
  ASSERT_EQ(facts->metadata.size(), 1u);
  EXPECT_EQ(facts->metadata[0].value, "hello");
}

TEST_F(FileJobs, NeverHashAnUnchangedFileTwice) {
  const auto path = write("model.safetensors", tensor_file(two_tensors, 24));
  const auto id = add(path);
  inspected(id);
  EXPECT_EQ(jobs_ever("files.hash"), 1);
  EXPECT_EQ(add(path), id);
  EXPECT_EQ(jobs_ever("files.hash"), 1);
}

TEST_F(FileJobs, HashAChangedFileAgain) {
  const auto path = write("model.safetensors", tensor_file(two_tensors, 24));
  const auto id = add(path);
  const auto before = inspected(id).hashes.sha256;
  write("model.safetensors", tensor_file(two_tensors, 24) + "x");
  EXPECT_EQ(add(path), id);
  const auto after = inspected(id);
  EXPECT_NE(after.hashes.sha256, before);
  EXPECT_EQ(after.verdict, FileVerdict::malformed) << "a byte behind the last tensor";
  EXPECT_EQ(jobs_ever("files.hash"), 2);
}

TEST_F(FileJobs, KnowALinkedFileWithoutReadingIt) {
  const auto path = write("model.safetensors", tensor_file(two_tensors, 24));
  const auto first = inspected(add(path));
  std::filesystem::create_hard_link(path, house.place / "again.safetensors");
  const auto second = inspected(add(house.place / "again.safetensors"));
  EXPECT_NE(second.id, first.id);
  EXPECT_EQ(second.hashes.sha256, first.hashes.sha256);
  EXPECT_EQ(second.verdict, FileVerdict::safe);
  EXPECT_EQ(jobs_ever("files.inspect"), 1) << "equal bytes are inspected once";
}

TEST_F(FileJobs, TheSweepTakesOnlyWhatNobodyNames) {
  const auto bytes = tensor_file(two_tensors, 24);
  auto digest = house.digests->start();
  digest->update(bytes_of(bytes));
  const auto hashes = digest->hashes();
  const auto keep = [&] {
    EXPECT_TRUE(house.blobs->put(hashes.sha256, bytes_of(bytes)));
    return *sql::change(*house.database, sql::Lane::jobs, [&](sql::Tx& tx) {
      return add_stored(house.services, tx,
                        {house.ann, "a.safetensors", std::int64_t(bytes.size()), hashes});
    });
  };
  const auto first = keep(), second = keep();
  inspected(first);
  const auto end = [&](FileId id) {
    EXPECT_TRUE(sql::change(*house.database, sql::Lane::jobs, [&](sql::Tx& tx) {
      return remove(house.services, tx, id);
    }));
    house.clock.advance(2 * 3'600'000);
    EXPECT_TRUE(house.blobs->put(hashes.sha256, bytes_of(bytes)));
    EXPECT_TRUE(tidy_files(house.services));
    EXPECT_TRUE(house.blobs->has(hashes.sha256)) << "somebody has just put it";
    put_long_ago(blob_of(hashes.sha256));
    EXPECT_TRUE(tidy_files(house.services));
  };
  end(first);
  EXPECT_TRUE(house.blobs->has(hashes.sha256));
  EXPECT_EQ(file(second).verdict, FileVerdict::safe);
  end(second);
  EXPECT_FALSE(house.blobs->has(hashes.sha256));
  const auto third = keep();
  EXPECT_EQ(inspected(third).verdict, FileVerdict::safe) << "a new content is inspected again";
}

TEST_F(FileJobs, BytesThatNobodyNamedAreGoneWithinADay) {
  const auto put = [&](const std::string& bytes, bool old) {
    auto digest = house.digests->start();
    digest->update(bytes_of(bytes));
    const auto hashes = digest->hashes();
    EXPECT_TRUE(house.blobs->put(hashes.sha256, bytes_of(bytes)));
    if (old) put_long_ago(blob_of(hashes.sha256));
    return hashes;
  };
  const auto named = put("named", true), unnamed = put("unnamed", true), fresh = put("new", false);
  ASSERT_TRUE(sql::change(*house.database, sql::Lane::jobs, [&](sql::Tx& tx) {
    return add_stored(house.services, tx, {house.ann, "a.png", 5, named});
  }));
  for (int hour = 0; hour < 24; ++hour) {
    EXPECT_TRUE(tidy_files(house.services));
    house.clock.advance(3'600'000);
  }
  EXPECT_TRUE(house.blobs->has(named.sha256));
  EXPECT_FALSE(house.blobs->has(unnamed.sha256));
  EXPECT_TRUE(house.blobs->has(fresh.sha256)) << "its row may come in a moment";
}

TEST_F(FileJobs, UploadsThatWereLeftAreForgotten) {
  const auto left = create_upload(house.services, {house.ann, "left", 100});
  house.clock.advance(71 * 3'600'000);
  const auto fresh = create_upload(house.services, {house.ann, "fresh", 100});
  for (const auto& upload : {*left, *fresh}) EXPECT_TRUE(Writer::open(house.services, upload));
  house.clock.advance(2 * 3'600'000);
  EXPECT_TRUE(tidy_files(house.services));
  const auto open = sql::ask(*house.database, [&](sql::Tx& tx) {
    return store::open_uploads(tx, house.ann);
  });
  ASSERT_EQ(open->size(), 1u);
  EXPECT_EQ(open->front().name, "fresh");
  EXPECT_EQ(house.blobs->partials()->size(), 1u);
}

TEST_F(FileJobs, AFileThatVanishedIsNotAFailedJobForever) {
  const auto path = write("gone.safetensors", "x");
  const auto found = look(path);
  std::filesystem::remove(path);
  const auto id = sql::change(*house.database, sql::Lane::jobs, [&](sql::Tx& tx) {
    return add_in_place(house.services, tx, found, house.ann);
  });
  ASSERT_TRUE(id);
  for (int i = 0; i < 500; ++i) {
    const auto rows = sql::change(*house.database, sql::Lane::jobs, [&](sql::Tx& tx) {
      return tx.run(sql::Query{"test.done",
                               "SELECT count(*) FROM jobs WHERE state = 'completed'", {}});
    });
    if (rows && rows->front().whole(0) == 1) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_TRUE(file(*id).hashes.sha256.empty());
}

}  // namespace
}  // namespace atelier::files

#include <fcntl.h>
#include <sys/mman.h>

#include <future>

#include "http/server_fixture.hpp"

namespace atelier::http::testing {
namespace {

using namespace std::chrono_literals;

std::string pattern(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint32_t state = 1;
  for (char& byte : bytes) byte = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return bytes;
}

std::shared_ptr<const FileHandle> file_of(const std::string& bytes, bool on_disk = false) {
  auto file = std::make_shared<const FileHandle>(
      on_disk ? ::open(".", O_TMPFILE | O_RDWR, 0600) : ::memfd_create("body", MFD_CLOEXEC));
  EXPECT_EQ(::write(file->descriptor(), bytes.data(), bytes.size()),
            static_cast<ssize_t>(bytes.size()));
  return file;
}

Response part_of(std::shared_ptr<const FileHandle> file, std::int64_t offset,
                 std::int64_t length) {
  Response response;
  response.body = FileBody{std::move(file), offset, length};
  return response;
}

/// Keeps what it is given; `log` outlives it.
class KeepingSink final : public schema::BodySink {
 public:
  struct Log {
    std::mutex mutex;
    std::string bytes;
    std::function<Result<void>(std::size_t before)> before_write;
    std::promise<void> dropped;
    bool finished = false;
  };
  explicit KeepingSink(Log& log) : log_(log) {}
  ~KeepingSink() override { log_.dropped.set_value(); }
  Result<void> write(std::span<const std::byte> bytes) override {
    if (log_.before_write) TRY(log_.before_write(log_.bytes.size()));
    const std::lock_guard lock(log_.mutex);
    log_.bytes.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
  Result<Response> finish() override {
    log_.finished = true;
    return text(std::to_string(log_.bytes.size()), 201);
  }

 private:
  Log& log_;
};

class TransferTest : public ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    dispatcher.uploads["/upload"] = [this](Request, auto opened) {
      on_thread([this, opened] { opened(std::make_unique<KeepingSink>(log), Response{}); });
    };
    dispatcher.uploads["/forbidden"] = [](Request, auto opened) {
      opened(fail(Fault::forbidden, "no", "No."), text("no", 403));
    };
  }
  static std::string head(std::size_t length, const std::string& path = "/upload") {
    return "PUT " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(length) +
           "\r\n\r\n";
  }
  KeepingSink::Log log;
};

TEST_F(TransferTest, SendsPartsOfFilesInMemoryAndOnDisk) {
  const std::string bytes = pattern(5 << 20);
  const auto in_memory = file_of(bytes);
  const auto on_disk = file_of(bytes, true);
  struct Part {
    std::int64_t offset, length;
  };
  const Part parts[] = {{0, 5 << 20}, {1, 1}, {12345, 700'000}, {(5 << 20) - 5, 5}, {7, 0}};
  for (const Part& part : parts)
    for (const auto& [folder, file] : {std::pair("/a/", in_memory), std::pair("/b/", on_disk)})
      dispatcher.answers[folder + std::to_string(part.offset)] = [file, part](Request, auto done) {
        done(part_of(file, part.offset, part.length));
      };
  start();
  Client client(port(), 16384);
  ASSERT_EQ(::fsync(on_disk->descriptor()), 0);
  for (const std::string folder : {"/a/", "/b/"})
    for (const Part& part : parts) {
      // Of what is on disk, the end was forgotten: the way of sending changes on the way.
      EXPECT_EQ(::posix_fadvise(on_disk->descriptor(), 2 << 20, 0, POSIX_FADV_DONTNEED), 0);
      const std::string path = folder + std::to_string(part.offset);
      const Reply reply = client.get(path);
      EXPECT_EQ(reply.body, bytes.substr(part.offset, part.length));
      client.send("HEAD " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
      EXPECT_EQ(client.reply(false).header("Content-Length"), std::to_string(part.length));
    }
}

TEST_F(TransferTest, AFileThatBecameShorterEndsTheConnection) {
  dispatcher.answers["/file"] = [](Request, auto done) {
    done(part_of(file_of("short"), 0, 100));
  };
  start();
  Client client(port());
  client.send("GET /file HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::string all = client.rest();
  EXPECT_NE(all.find("Content-Length: 100"), std::string::npos);
  EXPECT_TRUE(all.ends_with("\r\n\r\nshort"));
}

TEST_F(TransferTest, StreamsAnUploadIntoItsSink) {
  start();
  const std::string bytes = pattern(8 << 20);
  Client client(port());
  ASSERT_TRUE(client.send(head(bytes.size()) + bytes));
  const Reply reply = client.reply();
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.body, std::to_string(bytes.size()));
  EXPECT_TRUE(log.bytes == bytes);
  EXPECT_EQ(client.get("/hello").body, "hello");
}

TEST_F(TransferTest, StreamsAChunkedUpload) {
  start();
  const std::string bytes = pattern(1 << 20);
  std::string wire = "PUT /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (std::size_t at = 0; at < bytes.size(); at += 65536)
    wire += "10000\r\n" + bytes.substr(at, 65536) + "\r\n";
  Client client(port());
  ASSERT_TRUE(client.send(wire + "0\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_EQ(client.reply().status, 201);
  EXPECT_TRUE(log.bytes == bytes);
  EXPECT_EQ(client.reply().body, "hello");
}

TEST_F(TransferTest, AnEmptyUploadIsFinishedAtOnce) {
  start();
  Client client(port());
  client.send("PUT /upload HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.reply().body, "0");
}

TEST_F(TransferTest, ASlowSinkSlowsTheClientDown) {
  std::shared_future<void> released = release.get_future().share();
  log.before_write = [&](std::size_t) -> Result<void> {
    released.wait();
    return {};
  };
  start();
  Client client(port());
  const std::string bytes = pattern(64 << 20);
  std::atomic<std::size_t> sent = 0;
  std::thread sender([&] {
    client.send(head(bytes.size()));
    for (std::size_t at = 0; at < bytes.size(); at += 65536) {
      if (!client.send(std::string_view(bytes).substr(at, 65536))) break;
      sent = at;
    }
  });
  // Without backpressure all would be taken; with it the two buffers and the kernel's are full
  // and sending stands still.
  std::size_t before = 1;
  while (before != sent || sent == 0) {
    before = sent;
    std::this_thread::sleep_for(200ms);
  }
  EXPECT_LT(sent.load(), bytes.size() / 2);
  release.set_value();
  EXPECT_EQ(client.reply().status, 201);
  sender.join();
  EXPECT_TRUE(log.bytes == bytes);
}

TEST_F(TransferTest, AFailingSinkIsAnsweredAndTheRestIsNotTaken) {
  log.before_write = [](std::size_t before) -> Result<void> {
    if (before >= 1 << 20) return fail(Fault::invalid, "disk_full", "Full.");
    return {};
  };
  start();
  Client client(port());
  std::thread sender([&] { client.send(head(8 << 20) + pattern(8 << 20)); });
  const Reply reply = client.reply();
  EXPECT_EQ(reply.status, 422);
  EXPECT_EQ(reply.body, "disk_full");
  EXPECT_EQ(reply.header("Connection"), "close");
  sender.join();
  log.dropped.get_future().wait();
  EXPECT_FALSE(log.finished);
}

TEST_F(TransferTest, ARefusedUploadIsToldBeforeItsBody) {
  start();
  Client client(port());
  client.send("PUT /forbidden HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
              "Content-Length: 5000000\r\n\r\n");
  EXPECT_EQ(client.reply().status, 403);
  client.finish_sending();
  EXPECT_TRUE(client.closed());
}

TEST_F(TransferTest, AClientThatLeavesKeepsWhatCameAndFinishesNothing) {
  start();
  const std::string bytes = pattern(300'000);
  {
    Client client(port());
    client.send(head(1'000'000) + bytes);
  }
  log.dropped.get_future().wait();
  EXPECT_FALSE(log.finished);
  EXPECT_TRUE(log.bytes == bytes);
}

TEST_F(TransferTest, StoppingMidTransferLeavesNothingBehind) {
  const auto file = file_of(pattern(16 << 20));
  dispatcher.answers["/file"] = [&](Request, auto done) { done(part_of(file, 0, 16 << 20)); };
  start();
  Client up(port());
  up.send(head(1'000'000) + pattern(300'000));
  Client down(port(), 4096);
  down.send("GET /file HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_FALSE(down.until("\r\n\r\n").empty());
  server->stop(10ms);
  log.dropped.get_future().wait();
  EXPECT_FALSE(log.finished);
}

}  // namespace
}  // namespace atelier::http::testing

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/mman.h>

#include <filesystem>

#include "http/server_fixture.hpp"
#include "platform/live.hpp"

namespace atelier::http::testing {
namespace {

using namespace std::chrono_literals;

/// A client that speaks TLS over a raw one's socket.
class TlsClient {
 public:
  explicit TlsClient(int port)
      : raw_(port), context_(SSL_CTX_new(TLS_client_method())), ssl_(SSL_new(context_)) {
    SSL_set_fd(ssl_, raw_.socket());
    connected_ = SSL_connect(ssl_) == 1;
  }
  ~TlsClient() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;
  bool connected() const { return connected_; }
  Client& raw() { return raw_; }
  bool send(const std::string& bytes) {
    return SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) ==
           static_cast<int>(bytes.size());
  }
  std::string until(std::string_view mark) { return take_when([&] { return received_.find(mark); },
                                                              mark.size()); }
  std::string bytes(std::size_t size) {
    return take_when([&] { return received_.size() >= size ? 0 : std::string::npos; }, size);
  }

 private:
  std::string take_when(const std::function<std::size_t()>& found, std::size_t size) {
    char buffer[16384];
    while (found() == std::string::npos) {
      const int count = SSL_read(ssl_, buffer, sizeof buffer);
      if (count <= 0) return {};
      received_.append(buffer, static_cast<std::size_t>(count));
    }
    size += found();
    std::string taken = received_.substr(0, size);
    received_.erase(0, size);
    return taken;
  }

  Client raw_;
  SSL_CTX* context_;
  SSL* ssl_;
  bool connected_ = false;
  std::string received_;
};

class TlsTest : public ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    folder = std::filesystem::temp_directory_path() / ("tls" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    options.certificate = folder / "certificate.pem";
    options.private_key = folder / "key.pem";
    const std::string command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256"
                                " -nodes -days 2 -subj /CN=a.test -out " + options.certificate +
                                " -keyout " + options.private_key + " 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0);
    options.live = &live;
  }
  void TearDown() override {
    ServerTest::TearDown();
    std::filesystem::remove_all(folder);
  }
  std::filesystem::path folder;
  platform::Live live;
};

TEST_F(TlsTest, AnswersOverTls) {
  start();
  TlsClient client(port());
  ASSERT_TRUE(client.connected());
  const std::string get = "GET /cached HTTP/1.1\r\nHost: a\r\n\r\n";
  for (int i = 0; i < 3; ++i) {
    client.send(get + get);
    for (int reply = 0; reply < 2; ++reply) {
      const std::string head = client.until("\r\n\r\n");
      EXPECT_NE(head.find("Strict-Transport-Security: "), head.npos);
      EXPECT_EQ(client.bytes(12), "cached bytes");
    }
  }
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
  const std::string body(100'000, 'b');
  client.send(body);
  client.until("\r\n\r\n");
  EXPECT_EQ(client.bytes(body.size()), body);
}

TEST_F(TlsTest, SendsFilesAndEvents) {
  std::string bytes(3 << 20, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 31 >> 7);
  const auto file = std::make_shared<const FileHandle>(::memfd_create("body", MFD_CLOEXEC));
  ASSERT_EQ(::write(file->descriptor(), bytes.data(), bytes.size()),
            static_cast<ssize_t>(bytes.size()));
  dispatcher.answers["/file"] = [&](Request, auto done) {
    Response response;
    response.body = FileBody{file, 5, static_cast<std::int64_t>(bytes.size()) - 5};
    done(response);
  };
  dispatcher.answers["/live"] = [](Request, auto done) {
    Response response;
    response.body = LiveBody{{"jobs:1"}, 0};
    done(response);
  };
  start();
  TlsClient client(port());
  client.send("GET /file HTTP/1.1\r\nHost: a\r\n\r\n");
  client.until("\r\n\r\n");
  EXPECT_TRUE(client.bytes(bytes.size() - 5) == bytes.substr(5));
  client.send("GET /live HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_FALSE(client.until(": open\n\n").empty());
  live.send("jobs:1", "progress", "1");
  EXPECT_FALSE(client.until("data: 1\n\n").empty());
}

TEST_F(TlsTest, PlainAndBrokenClientsDoNoHarm) {
  options.deadlines.head = 200ms;
  start();
  Client plain(port());
  plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  plain.rest();
  Client silent(port());
  EXPECT_TRUE(silent.closed());
  for (int i = 0; i < 20; ++i) {
    TlsClient leaving(port());
    leaving.send("GET /cached HTTP/1.1\r\nHost: a\r\n\r\n");
    if (i % 2 == 0) leaving.raw().send("not a TLS record");
  }
  EXPECT_TRUE(TlsClient(port()).connected());
}

TEST_F(TlsTest, ABadCertificateIsAClearError) {
  options.private_key = options.certificate;
  Server wrong(options, dispatcher);
  const Result<void> started = wrong.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, "bad_certificate");
}

}  // namespace
}  // namespace atelier::http::testing

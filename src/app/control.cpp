#include "app/control.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <thread>

#include "app/house.hpp"
#include "platform/log.hpp"
#include "schema/json.hpp"

namespace atelier::app {
namespace {

constexpr std::size_t line_max = 64 * 1024;

struct Request {
  std::vector<std::string> words;
  std::string folder;  ///< where the command was typed, for relative paths
  bool takeOver = false;
};
BOOST_DESCRIBE_STRUCT(Request, (), (words, folder, takeOver))

struct Answer {
  std::optional<std::string> out;
  std::optional<std::string> problem;
  std::optional<std::int64_t> exit;
};
BOOST_DESCRIBE_STRUCT(Answer, (), (out, problem, exit))

std::optional<sockaddr_un> address_of(const std::filesystem::path& folder) {
  const std::string path = (folder / "control.sock").string();
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

bool send_line(int socket, const std::string& json) {
  const std::string line = json + "\n";
  std::size_t at = 0;
  while (at < line.size()) {
    const ssize_t n = ::send(socket, line.data() + at, line.size() - at, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    at += static_cast<std::size_t>(n);
  }
  return true;
}

/// Byte by byte, so that nothing behind the line (file descriptors) is swallowed.
std::optional<std::string> read_line(int socket) {
  std::string line;
  for (char c = 0; line.size() < line_max;) {
    const ssize_t n = ::recv(socket, &c, 1, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return std::nullopt;
    if (c == '\n') return line;
    line += c;
  }
  return std::nullopt;
}

std::optional<FileHandle> connect_to(const std::filesystem::path& folder) {
  const auto address = address_of(folder);
  if (!address) return std::nullopt;
  FileHandle socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(socket.descriptor(), reinterpret_cast<const sockaddr*>(&*address),
                sizeof *address) != 0)
    return std::nullopt;
  return socket;
}

class Listening final : public Control {
 public:
  Listening(FileHandle socket, House& house, TakeOver take_over)
      : socket_(std::move(socket)), house_(house), take_over_(std::move(take_over)),
        thread_([this] { run(); }) {}

  ~Listening() override {
    stopping_ = true;
    ::shutdown(socket_.descriptor(), SHUT_RDWR);
    thread_.join();
    // A server that took over listens under the same name by now; its file is not ours to remove.
  }

 private:
  void run() {
    while (!stopping_) {
      const FileHandle connection(
          ::accept4(socket_.descriptor(), nullptr, nullptr, SOCK_CLOEXEC));
      if (connection.descriptor() < 0) {
        if (errno == EINTR || errno == ECONNABORTED) continue;
        return;
      }
      serve(connection.descriptor());
    }
  }

  void serve(int connection) {
    const auto line = read_line(connection);
    if (!line) return;
    const Result<Request> request = schema::from_json<Request>(*line);
    if (!request) {
      send_line(connection, schema::to_json(Answer{{}, "not a command", 2}));
      return;
    }
    if (request->takeOver) {
      take_over_(connection);
      return;
    }
    Parsed parsed = parse_arguments(request->words);
    if (!parsed.arguments) {
      send_line(connection, schema::to_json(Answer{{}, parsed.text, parsed.exit_code}));
      return;
    }
    if (!parsed.arguments->path.empty())
      parsed.arguments->path =
          (std::filesystem::path(request->folder) / parsed.arguments->path).string();
    const Result<void> ran = run_command(house_, *parsed.arguments, [&](std::string_view out) {
      send_line(connection, schema::to_json(Answer{std::string(out), {}, {}}));
    });
    Answer last;
    last.exit = ran ? 0 : exit_code(ran.error());
    if (!ran) last.problem = ran.error().detail;
    send_line(connection, schema::to_json(last));
  }

  FileHandle socket_;
  House& house_;
  TakeOver take_over_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace

Result<std::optional<OwnerLock>> OwnerLock::take(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::filesystem::path path = folder / "owner.lock";
  auto file = std::make_shared<FileHandle>(
      ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (file->descriptor() < 0)
    return fail(Fault::unavailable, "data_unwritable",
                "Cannot write to " + folder.string() + ": " + std::strerror(errno));
  if (::flock(file->descriptor(), LOCK_EX | LOCK_NB) != 0) return std::optional<OwnerLock>{};
  return std::optional<OwnerLock>(OwnerLock(std::move(file)));
}

Result<std::unique_ptr<Control>> Control::listen(const std::filesystem::path& folder, House& house,
                                                 TakeOver take_over) {
  const auto address = address_of(folder);
  if (!address)
    return fail(Fault::invalid, "path_too_long",
                "The path of the data directory is too long for a socket: " + folder.string());
  ::unlink(address->sun_path);
  FileHandle socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const mode_t before = ::umask(0177);
  const int bound = ::bind(socket.descriptor(), reinterpret_cast<const sockaddr*>(&*address),
                           sizeof *address);
  ::umask(before);
  if (bound != 0 || ::listen(socket.descriptor(), 16) != 0)
    return fail(Fault::unavailable, "control_socket",
                std::string("Cannot listen on the control socket: ") + std::strerror(errno));
  return std::make_unique<Listening>(std::move(socket), house, std::move(take_over));
}

std::optional<int> run_in_server(const std::filesystem::path& folder,
                                 const std::vector<std::string>& words, const Print& print,
                                 const Print& complain) {
  const auto socket = connect_to(folder);
  if (!socket) return std::nullopt;
  const std::string here = std::filesystem::current_path().string();
  send_line(socket->descriptor(), schema::to_json(Request{words, here, false}));
  while (const auto line = read_line(socket->descriptor())) {
    const Result<Answer> answer = schema::from_json<Answer>(*line);
    if (!answer) break;
    if (answer->out) print(*answer->out);
    if (answer->problem) complain(*answer->problem);
    if (answer->exit) return static_cast<int>(*answer->exit);
  }
  complain("The server went away before it answered.");
  return 6;
}

Result<FileHandle> ask_to_take_over(const std::filesystem::path& folder) {
  auto socket = connect_to(folder);
  if (!socket)
    return fail(Fault::missing, "no_server", "No server runs on " + folder.string() + ".");
  send_line(socket->descriptor(), schema::to_json(Request{{}, {}, true}));
  return std::move(*socket);
}

}  // namespace atelier::app

#include "tests/support/postgres.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "tests/support/command.hpp"
#include "tests/support/folder.hpp"

namespace atelier::test::cluster {
namespace {

namespace fs = std::filesystem;

fs::path binaries() {
  for (int version = 20; version >= 13; --version) {
    const fs::path folder = "/usr/lib/postgresql/" + std::to_string(version) + "/bin";
    if (fs::exists(folder / "initdb")) return folder;
  }
  throw std::runtime_error("PostgreSQL's server is not installed (apt: postgresql)");
}

/// PostgreSQL refuses to run as root; then everything runs as the user `postgres`.
std::string as_owner(const std::string& command) {
  return geteuid() == 0 ? "runuser -u postgres -- " + command : command;
}

class Cluster {
 public:
  Cluster() : binaries_(binaries()) {
    const std::string folder = folder_.path().string();
    if (geteuid() == 0) output_of("chown postgres " + folder);
    fs::permissions(folder_.path(), fs::perms::owner_all | fs::perms::group_exec |
                                        fs::perms::others_exec);
    output_of(as_owner((binaries_ / "initdb").string() + " -D " + folder +
                       "/data -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync"));
    start();
  }

  ~Cluster() {
    kill(server_, SIGINT);  // does not wait for clients
    waitpid(server_, nullptr, 0);
  }

  std::string connection(const std::string& database) const {
    return "host=" + folder_.path().string() + " user=postgres dbname=" + database;
  }

  std::string run(const std::string& command) const {
    const fs::path script = folder_.path() / ("command-" + std::to_string(gettid()) + ".sql");
    std::ofstream(script) << command << '\n';
    return output_of((binaries_ / "psql").string() + " -X -q -A -t -v ON_ERROR_STOP=1 -d '" +
                     connection("postgres") + "' -f " + script.string());
  }

 private:
  /// In the new process, so only calls that are safe there.
  [[noreturn]] static void become_server(const passwd* owner, const std::string& command,
                                         const std::string& log, pid_t parent) {
    const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    if (owner != nullptr &&
        (setgid(owner->pw_gid) != 0 || initgroups(owner->pw_name, owner->pw_gid) != 0 ||
         setuid(owner->pw_uid) != 0))
      _exit(126);
    prctl(PR_SET_PDEATHSIG, SIGQUIT);  // after setuid, which clears it
    if (getppid() != parent) _exit(125);
    execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    _exit(127);
  }

  void start() {
    const std::string folder = folder_.path().string();
    const std::string command =
        "exec " + (binaries_ / "postgres").string() + " -D " + folder + "/data -k " + folder +
        " -c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=200"
        " -c shared_buffers=32MB -c log_min_messages=fatal";
    const std::string log = folder + "/log";
    const passwd* owner = geteuid() == 0 ? getpwnam("postgres") : nullptr;
    const pid_t parent = getpid();
    server_ = fork();
    if (server_ == 0) become_server(owner, command, log, parent);
    for (int attempt = 0; attempt < 300; ++attempt) {
      if (fs::exists(folder + "/.s.PGSQL.5432")) {
        try {
          run("SELECT 1;");
          return;
        } catch (const std::exception&) {  // still starting
        }
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    throw std::runtime_error("PostgreSQL did not start");
  }

  Folder folder_;
  fs::path binaries_;
  pid_t server_ = 0;
};

Cluster& shared() {
  static Cluster one;
  return one;
}

}  // namespace

std::string create_database(const std::string& database_template) {
  static std::atomic<int> number = 0;
  const std::string name = "test_" + std::to_string(++number);
  std::string command = "CREATE DATABASE " + name;
  if (!database_template.empty()) command += " TEMPLATE " + database_template;
  shared().run(command + ";");
  return shared().connection(name);
}

void drop_database(const std::string& connection) {
  shared().run("DROP DATABASE IF EXISTS " + database_name(connection) + " WITH (FORCE);");
}

std::string database_name(const std::string& connection) {
  return connection.substr(connection.rfind('=') + 1);
}

std::string admin(const std::string& command) { return shared().run(command); }

}  // namespace atelier::test::cluster

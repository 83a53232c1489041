#include "tests/support/search_server.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/support/command.hpp"
#include "tests/support/folder.hpp"

namespace atelier::test {
namespace {

namespace fs = std::filesystem;

struct Recipe {
  const char* name;      ///< of the .xml beside, of the folder in .cache, of the configuration
  const char* main;      ///< the runner's class
  const char* plugin;    ///< started with it; "" = none
};

constexpr Recipe recipes[] = {
    {"opensearch", "org.codelibs.opensearch.runner.OpenSearchRunner",
     "org.opensearch.knn.plugin.KNNPlugin"},
    {"elasticsearch", "org.codelibs.elasticsearch.runner.ElasticsearchClusterRunner", ""}};

bool installed(const char* program) {
  return std::system((std::string("command -v ") + program + " >/dev/null").c_str()) == 0;
}

/// The folder of its jars. A folder that is there is whole: it was renamed to be there.
fs::path jars(const Recipe& recipe) {
  const fs::path source = ATELIER_SOURCE_DIR;
  const std::string name = recipe.name;
  const fs::path pom = source / "tests/support/search_servers" / (name + ".xml");
  std::ifstream file(pom);
  const std::string content((std::istreambuf_iterator<char>(file)), {});
  const fs::path folder = source / ".cache" /
                          (name + "-" + std::to_string(std::hash<std::string>()(content)));
  if (fs::exists(folder)) return folder;
  if (!installed("mvn"))
    throw std::runtime_error("Maven is not installed (apt: maven openjdk-17-jre-headless)");
  fs::create_directories(source / ".cache");
  const std::string part = folder.string() + "." + std::to_string(getpid());
  output_of("timeout 120 mvn -q -B -f " + pom.string() +
            " dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=" + part);
  output_of("cd " + part + " && for zip in *.zip; do [ -e \"$zip\" ] || continue; "
            "python3 -m zipfile -e \"$zip\" unpacked && mv unpacked/*.jar . && "
            "rm -r unpacked \"$zip\"; done");
  std::error_code taken;  // by another process that was faster
  fs::rename(part, folder, taken);
  if (taken) fs::remove_all(part);
  return folder;
}

class Server {
 public:
  explicit Server(const Recipe& recipe) : recipe_(recipe) {
    if (!installed("java"))
      throw std::runtime_error("Java is not installed (apt: openjdk-17-jre-headless)");
    classes_ = jars(recipe);
    const fs::path node = folder_.path() / "node_1";
    fs::create_directories(node / "config");
    std::ofstream(node / "config" / (std::string(recipe.name) + ".yml"))
        << "discovery.type: single-node\nnode.portsfile: true\nnetwork.host: 127.0.0.1\n"
           "cluster.routing.allocation.disk.threshold_enabled: false\n";
    start();
  }

  ~Server() {
    if (process_ < 0) return;
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }

  /// Waits until it listens.
  std::string url() {
    const fs::path ports = folder_.path() / "node_1" / "logs" / "http.ports";
    for (int attempt = 0; attempt < 900; ++attempt) {
      std::ifstream file(ports);
      for (std::string line; std::getline(file, line);)
        if (line.starts_with("127.0.0.1:")) return "http://" + line;
      if (waitpid(process_, nullptr, WNOHANG) != 0) {
        process_ = -1;
        if (started_ == starts_max) break;
        start();  // another was faster with the port
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    std::ifstream log(log_path());
    const std::string said((std::istreambuf_iterator<char>(log)), {});
    throw std::runtime_error("it did not start: " + said.substr(0, 400));
  }

 private:
  void start() {
    const int base = 9200 + (getpid() * 7 + started_++ * 31 + *recipe_.name) % 90;
    std::vector<std::string> words = {
        "java", "-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        "-cp", (classes_ / "*").string(), recipe_.main, "-basePath", folder_.path().string(),
        "-numOfNode", "1", "-baseHttpPort", std::to_string(base)};
    if (*recipe_.plugin) words.insert(words.end(), {"-pluginTypes", recipe_.plugin});
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const std::string log = log_path();
    const pid_t parent = getpid();
    process_ = fork();
    if (process_ < 0) throw std::runtime_error("fork");
    if (process_ != 0) return;
    // Only calls that are safe between fork and exec.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(125);
    const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    const int input = ::open("/dev/null", O_RDONLY);
    dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }

  std::string log_path() const { return (folder_.path() / "output").string(); }

  static constexpr int starts_max = 3;

  const Recipe& recipe_;
  Folder folder_;
  fs::path classes_;
  pid_t process_ = -1;
  int started_ = 0;
};

class Started {
 public:
  explicit Started(const Recipe& recipe) {
    try {
      server_ = std::make_unique<Server>(recipe);
    } catch (const std::exception& why) {
      told_.absent = why.what();
    }
  }
  const SearchServer& told() {
    if (told_.url.empty() && told_.absent.empty()) {
      try {
        told_.url = server_->url();
      } catch (const std::exception& why) {
        told_.absent = why.what();
      }
    }
    return told_;
  }

 private:
  std::unique_ptr<Server> server_;
  SearchServer told_;
};

}  // namespace

const SearchServer& search_server(SearchServerKind kind) {
  static Started opensearch(recipes[0]), elasticsearch(recipes[1]);
  return (kind == SearchServerKind::opensearch ? opensearch : elasticsearch).told();
}

}  // namespace atelier::test

#include "tests/support/process.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <utility>
#include <vector>

namespace atelier::test {
namespace {

constexpr const char* role_variable = "ATELIER_TEST_ROLE";

/// Set up before the first test, when everything static exists.
class Stage : public testing::Environment {
 public:
  Stage(const char* name, void (*play)()) : name_(name), play_(play) {}
  void SetUp() override {
    if (given(role_variable) != name_) return;
    play_();
    _exit(0);
  }

 private:
  const char* name_;
  void (*play_)();
};

}  // namespace

Role::Role(const char* name, void (*play)()) {
  testing::AddGlobalTestEnvironment(new Stage(name, play));
}

Process::Process(const std::string& role, const std::map<std::string, std::string>& environment) {
  std::vector<std::string> words = {"/proc/self/exe", "--gtest_brief=1"};
  std::vector<std::string> values = {std::string(role_variable) + "=" + role};
  for (char** entry = environ; *entry != nullptr; ++entry) values.emplace_back(*entry);
  for (const auto& [name, value] : environment) values.push_back(name + "=" + value);
  std::vector<char*> arguments, variables;
  for (std::string& word : words) arguments.push_back(word.data());
  for (std::string& value : values) variables.push_back(value.data());
  arguments.push_back(nullptr);
  variables.push_back(nullptr);
  id_ = fork();
  if (id_ < 0) throw std::runtime_error("fork");
  if (id_ != 0) return;
  // Only calls that are safe between fork and exec.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  execve(arguments[0], arguments.data(), variables.data());
  _exit(127);
}

Process::Process(Process&& other) noexcept : id_(std::exchange(other.id_, -1)) {}

Process& Process::operator=(Process&& other) noexcept {
  std::swap(id_, other.id_);
  return *this;
}

void Process::kill() {
  if (id_ < 0) return;
  ::kill(id_, SIGKILL);
  waitpid(id_, nullptr, 0);
  id_ = -1;
}

void Process::freeze() { ::kill(id_, SIGSTOP); }
void Process::thaw() { ::kill(id_, SIGCONT); }

std::string given(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

}  // namespace atelier::test

#pragma once
#include <map>
#include <string>

namespace atelier::test {

/// Something that this test binary can do instead of testing, when it is started by `Process`.
/// One object per role at namespace scope.
class Role {
 public:
  Role(const char* name, void (*play)());
};

/// This test binary once more, as another process that plays a role. Killed with
/// SIGKILL when dropped, and by the kernel when this process ends.
class Process {
 public:
  Process(const std::string& role, const std::map<std::string, std::string>& environment);
  ~Process() { kill(); }
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;

  void kill();    ///< SIGKILL, and waits until it is gone
  void freeze();  ///< SIGSTOP: to others it looks dead
  void thaw();    ///< SIGCONT: it goes on as if nothing had happened

 private:
  int id_ = -1;
};

/// In the started process: a value that it was given.
std::string given(const char* name);

}  // namespace atelier::test

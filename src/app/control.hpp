#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/commands.hpp"
#include "base/file_handle.hpp"

namespace atelier::app {

/// Holds DATA/owner.lock (flock): one process at a time writes to a data directory.
class OwnerLock {
 public:
  /// Absent when somebody else holds it.
  static Result<std::optional<OwnerLock>> take(const std::filesystem::path& folder);
  void release() { file_.reset(); }

 private:
  explicit OwnerLock(std::shared_ptr<FileHandle> file) : file_(std::move(file)) {}
  std::shared_ptr<FileHandle> file_;
};

/// The other end of a control connection, after it asked to take the server over.
using TakeOver = std::function<void(int connection)>;

/// DATA/control.sock: commands that run inside the server, because beside a busy writer they
/// would starve. Lines of JSON; the folder's permissions (0700) are the protection.
class Control {
 public:
  static Result<std::unique_ptr<Control>> listen(const std::filesystem::path& folder, House& house,
                                                 TakeOver take_over);
  virtual ~Control() = default;  ///< stops listening and waits for running commands
};

/// Runs a command in the server of this data directory and prints what it prints. Absent when no
/// server answers there.
std::optional<int> run_in_server(const std::filesystem::path& folder,
                                 const std::vector<std::string>& words, const Print& print,
                                 const Print& complain);
/// Connects and asks for the listening sockets; the returned connection carries them.
Result<FileHandle> ask_to_take_over(const std::filesystem::path& folder);

}  // namespace atelier::app

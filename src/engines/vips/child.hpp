#pragma once
#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/file_handle.hpp"
#include "base/result.hpp"
#include "engines/vips/wire.hpp"

namespace atelier::vips {

/// What came back from a child, unchecked.
struct Answer {
  Outcome outcome = Outcome::broken;
  std::vector<std::string> pieces;
  std::string words;  ///< the decoder's, printable, for the log
};

/// How an exchange ended without an answer.
enum class Silence { none, slow, died, retired };

/// One decoding process, from the parent's side. One thread at a time. The destructor kills it.
class Child {
 public:
  /// Starts `program` again as a decoder and waits until it is ready. `unavailable`
  /// (`imaging_failed`) when that does not happen in time.
  static Result<std::unique_ptr<Child>> start(const std::filesystem::path& program);
  ~Child();
  Child(const Child&) = delete;

  /// Sends one picture and waits for the answer. On any silence the child is no longer usable:
  /// `slow` (past the deadline; it was killed), `died` (while working), `retired` (it had left by
  /// itself before it began; ask another one).
  Silence ask(const Request& request, int descriptor, Answer& answer);
  /// False when it should be closed: it was lost, met a broken picture, or has worked enough.
  bool usable() const { return usable_; }
  pid_t pid() const { return pid_; }

 private:
  Child(pid_t pid, FileHandle socket) : pid_(pid), socket_(std::move(socket)) {}
  bool send(const Request& request, int descriptor);
  Silence receive(void* bytes, std::size_t size, std::int64_t until_ms);
  Silence lost(Silence how);

  pid_t pid_;
  FileHandle socket_;
  bool usable_ = true;
  bool reaped_ = false;
  int asked_ = 0;
};

}  // namespace atelier::vips

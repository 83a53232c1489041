#pragma once
#include <string>

#include "base/result.hpp"

namespace atelier::ports {

struct Mail {
  std::string to;       ///< one address; no line breaks
  std::string subject;  ///< one line of UTF-8
  std::string text;     ///< plain text, UTF-8
};

/// Hands a message to a mail server. Blocks; call it from a job. Thread-safe.
class Mailer {
 public:
  virtual ~Mailer() = default;
  virtual Result<void> send(const Mail& mail) = 0;
};

}  // namespace atelier::ports

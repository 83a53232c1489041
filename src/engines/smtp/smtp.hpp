#pragma once
#include <memory>
#include <string>

#include "ports/mailer.hpp"

namespace atelier::engines::smtp {

struct Account {
  std::string url;       ///< "smtp://host:587" (STARTTLS when offered), "smtps://host:465"
  std::string username;  ///< "" = no sign-in
  std::string password;
  std::string from;      ///< "atelier@example.org"
};

/// Mail through one SMTP server (RFC 5321) by libcurl; 30 s for one message.
std::unique_ptr<ports::Mailer> make_mailer(Account account);

}  // namespace atelier::engines::smtp

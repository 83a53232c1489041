#pragma once
#include <cstddef>
#include <memory>
#include <string>

#include "base/result.hpp"

struct ssl_st;
struct ssl_ctx_st;

namespace atelier::http {

/// What a non-blocking read or write came to.
struct Outcome {
  enum Kind : unsigned char { moved, wants_read, wants_write, closed };
  Kind kind = closed;
  std::size_t size = 0;  ///< bytes moved
};

/// TLS (OpenSSL) over one non-blocking socket. One thread at a time.
class TlsChannel {
 public:
  TlsChannel(ssl_ctx_st* context, int socket);
  Outcome handshake();
  Outcome read(char* into, std::size_t size);
  Outcome write(const char* from, std::size_t size);
  bool has_pending() const;  ///< bytes already off the socket
  void close();              ///< says goodbye without waiting for the answer

 private:
  Outcome outcome_of(int returned);
  struct Free {
    void operator()(ssl_st* ssl) const;
  };
  std::unique_ptr<ssl_st, Free> ssl_;
  bool failed_ = false;
};

/// Certificate and key, TLS 1.2 and newer. Thread-safe once made.
class TlsContext {
 public:
  static Result<std::shared_ptr<TlsContext>> create(const std::string& certificate,
                                                    const std::string& private_key);
  explicit TlsContext(ssl_ctx_st* context) : context_(context) {}
  std::unique_ptr<TlsChannel> open(int socket) const;

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };
  std::unique_ptr<ssl_ctx_st, Free> context_;
};

}  // namespace atelier::http

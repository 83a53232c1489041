#include "http/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <climits>

namespace atelier::http {

namespace {

int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned int offered_size, void*) {
  static constexpr unsigned char ours[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, ours, sizeof ours - 1, offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

void TlsChannel::Free::operator()(ssl_st* ssl) const { SSL_free(ssl); }
void TlsContext::Free::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }

TlsChannel::TlsChannel(ssl_ctx_st* context, int socket) : ssl_(SSL_new(context)) {
  if (ssl_ == nullptr || SSL_set_fd(ssl_.get(), socket) != 1) failed_ = true;
  if (!failed_) SSL_set_accept_state(ssl_.get());
}

Outcome TlsChannel::outcome_of(int returned) {
  if (returned > 0) return {Outcome::moved, static_cast<std::size_t>(returned)};
  switch (SSL_get_error(ssl_.get(), returned)) {
    case SSL_ERROR_WANT_READ: return {Outcome::wants_read, 0};
    case SSL_ERROR_WANT_WRITE: return {Outcome::wants_write, 0};
    case SSL_ERROR_ZERO_RETURN: break;
    default: failed_ = true;
  }
  ERR_clear_error();
  return {};
}

Outcome TlsChannel::handshake() {
  if (failed_) return {};
  ERR_clear_error();
  return outcome_of(SSL_do_handshake(ssl_.get()));
}

Outcome TlsChannel::read(char* into, std::size_t size) {
  if (failed_) return {};
  ERR_clear_error();
  return outcome_of(
      SSL_read(ssl_.get(), into, static_cast<int>(std::min<std::size_t>(size, INT_MAX))));
}

Outcome TlsChannel::write(const char* from, std::size_t size) {
  if (failed_) return {};
  ERR_clear_error();
  return outcome_of(
      SSL_write(ssl_.get(), from, static_cast<int>(std::min<std::size_t>(size, INT_MAX))));
}

bool TlsChannel::has_pending() const { return !failed_ && SSL_has_pending(ssl_.get()) == 1; }

void TlsChannel::close() {
  if (failed_) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

Result<std::shared_ptr<TlsContext>> TlsContext::create(const std::string& certificate,
                                                       const std::string& private_key) {
  auto context = std::make_shared<TlsContext>(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* const raw = context->context_.get();
  const bool ok = raw != nullptr && SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION) == 1 &&
                  SSL_CTX_use_certificate_chain_file(raw, certificate.c_str()) == 1 &&
                  SSL_CTX_use_PrivateKey_file(raw, private_key.c_str(), SSL_FILETYPE_PEM) == 1 &&
                  SSL_CTX_check_private_key(raw) == 1;
  if (!ok) {
    const char* reason = ERR_reason_error_string(ERR_get_error());
    ERR_clear_error();
    return fail(Fault::invalid, "bad_certificate",
                "The TLS certificate \"" + certificate + "\" with key \"" + private_key +
                    "\" cannot be used: " + (reason != nullptr ? reason : "no reason given") + ".");
  }
  SSL_CTX_set_mode(raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                            SSL_MODE_RELEASE_BUFFERS);
  // Renegotiation and compression are only attack surface; a truncated stream is an error we see
  // as a closed connection either way.
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                               SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_alpn_select_cb(raw, choose_protocol, nullptr);
  return context;
}

std::unique_ptr<TlsChannel> TlsContext::open(int socket) const {
  return std::make_unique<TlsChannel>(context_.get(), socket);
}

}  // namespace atelier::http

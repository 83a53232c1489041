#include "engines/sodium/sodium.hpp"

#include <sodium.h>

#include <array>
#include <semaphore>

#include "base/check.hpp"

namespace atelier::engines::sodium {
namespace {

constexpr unsigned long long passes = 2;
constexpr std::size_t memory_bytes = 19u << 20;

const unsigned char* raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

class Sodium final : public ports::Crypto {
 public:
  explicit Sodium(int hashes_at_once) : slots_(hashes_at_once) {
    CHECK(sodium_init() >= 0);
    Result<std::string> dummy = hash_password("a password nobody has");
    CHECK(dummy.has_value());
    dummy_ = *dummy;
  }

  std::string random(std::size_t bytes) const override {
    std::string out(bytes, '\0');
    randombytes_buf(out.data(), out.size());
    return out;
  }

  std::string sha256(std::string_view text) const override {
    std::string out(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(reinterpret_cast<unsigned char*>(out.data()), raw(text), text.size());
    return out;
  }

  std::string hmac_sha256(std::string_view key, std::string_view text) const override {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, raw(key), key.size());
    crypto_auth_hmacsha256_update(&state, raw(text), text.size());
    std::string out(crypto_auth_hmacsha256_BYTES, '\0');
    crypto_auth_hmacsha256_final(&state, reinterpret_cast<unsigned char*>(out.data()));
    return out;
  }

  // XSalsa20 with Poly1305; its nonce of 24 bytes is long enough to be drawn by chance.
  std::string seal(std::string_view key, std::string_view text) const override {
    CHECK(key.size() == crypto_secretbox_KEYBYTES);
    std::string out = random(crypto_secretbox_NONCEBYTES);
    out.resize(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + text.size());
    auto* const bytes = reinterpret_cast<unsigned char*>(out.data());
    crypto_secretbox_easy(bytes + crypto_secretbox_NONCEBYTES, raw(text), text.size(), bytes,
                          raw(key));
    return out;
  }

  std::optional<std::string> open(std::string_view key, std::string_view sealed) const override {
    CHECK(key.size() == crypto_secretbox_KEYBYTES);
    constexpr std::size_t more = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    if (sealed.size() < more) return std::nullopt;
    std::string out(sealed.size() - more, '\0');
    const std::string_view boxed = sealed.substr(crypto_secretbox_NONCEBYTES);
    if (crypto_secretbox_open_easy(reinterpret_cast<unsigned char*>(out.data()), raw(boxed),
                                   boxed.size(), raw(sealed), raw(key)) != 0)
      return std::nullopt;
    return out;
  }

  Result<std::string> hash_password(std::string_view password) const override {
    const Slot slot(slots_);
    std::array<char, crypto_pwhash_STRBYTES> out{};
    if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(), passes, memory_bytes,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
      return fail(Fault::unavailable, "out_of_memory", "Too busy to check passwords; try again.");
    return std::string(out.data());
  }

  Result<bool> verify_password(std::string_view hash, std::string_view password) const override {
    const Slot slot(slots_);
    const std::string text(hash.empty() ? std::string_view(dummy_) : hash);
    const bool matches =
        crypto_pwhash_str_verify(text.c_str(), password.data(), password.size()) == 0;
    return matches && !hash.empty();
  }

 private:
  struct Slot {
    explicit Slot(std::counting_semaphore<>& all) : slots(all) { slots.acquire(); }
    ~Slot() { slots.release(); }
    std::counting_semaphore<>& slots;
  };
  mutable std::counting_semaphore<> slots_;
  std::string dummy_;
};

}  // namespace

std::unique_ptr<ports::Crypto> make_crypto(int hashes_at_once) {
  return std::make_unique<Sodium>(hashes_at_once);
}

}  // namespace atelier::engines::sodium

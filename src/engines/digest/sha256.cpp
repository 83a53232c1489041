#include "engines/digest/sha256.hpp"

#include <cstring>
#include <new>

// OpenSSL 3 calls these functions deprecated in favour of EVP. EVP has no way to save a running
// state, and an upload must survive the process, so this file stays with them.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

namespace atelier::digest {
namespace {

SHA256_CTX* context_in(void* memory) { return std::launder(static_cast<SHA256_CTX*>(memory)); }

}  // namespace

static_assert(sizeof(SHA256_CTX) == 112 && SHA256_CBLOCK == 64);

Sha256::Sha256() {
  SHA256_Init(new (context_.data()) SHA256_CTX);
}

Sha256::Sha256(const State& state) : Sha256() {
  auto* context = context_in(context_.data());
  for (int i = 0; i < 8; ++i) context->h[i] = state.chaining[std::size_t(i)];
  context->Nl = std::uint32_t(state.size << 3);
  context->Nh = std::uint32_t(state.size >> 29);
  context->num = unsigned(state.size % 64);
  std::memcpy(context->data, state.block.data(), 64);
}

void Sha256::update(std::span<const std::byte> bytes) {
  SHA256_Update(context_in(context_.data()), bytes.data(), bytes.size());
}

Sha256::State Sha256::state() const {
  SHA256_CTX context;
  std::memcpy(&context, context_.data(), sizeof context);
  State state;
  for (int i = 0; i < 8; ++i) state.chaining[std::size_t(i)] = context.h[i];
  state.size = (std::uint64_t(context.Nh) << 29) | (context.Nl >> 3);
  std::memcpy(state.block.data(), context.data, context.num);
  return state;
}

std::array<std::uint8_t, 32> Sha256::finish() const {
  SHA256_CTX context;
  std::memcpy(&context, context_.data(), sizeof context);
  std::array<std::uint8_t, 32> out;
  SHA256_Final(out.data(), &context);
  return out;
}

}  // namespace atelier::digest

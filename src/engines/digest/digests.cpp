#include "engines/digest/digests.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <thread>

#include "base/check.hpp"
#include "engines/digest/stream.hpp"

namespace atelier::digest {
namespace {

class PlainChecksum final : public ports::Checksum {
 public:
  explicit PlainChecksum(const EVP_MD* kind) : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    CHECK(context_ && EVP_DigestInit_ex(context_.get(), kind, nullptr) == 1);
  }
  void update(std::span<const std::byte> bytes) override {
    CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
  }
  std::string finish() override {
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    CHECK(EVP_DigestFinal_ex(context_.get(), out, &size) == 1);
    return {reinterpret_cast<const char*>(out), size};
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

class ProcessorDigests final : public ports::Digests {
 public:
  explicit ProcessorDigests(bool second_lane) {
    const unsigned cores = std::thread::hardware_concurrency();
    if (second_lane && cores > 1) lane_ = std::make_unique<Lane>(std::min(cores / 2, 8u));
  }

  std::unique_ptr<ports::Digest> start() override { return std::make_unique<Stream>(lane_.get()); }

  Result<std::unique_ptr<ports::Digest>> resume(std::string_view state) override {
    auto stream = std::make_unique<Stream>(lane_.get());
    if (!stream->restore(state))
      return fail(Fault::invalid, "digest_state", "The saved hash state cannot be read.");
    return stream;
  }

  std::unique_ptr<ports::Checksum> checksum(std::string_view algorithm) override {
    if (algorithm == "sha1") return std::make_unique<PlainChecksum>(EVP_sha1());
    if (algorithm == "sha256") return std::make_unique<PlainChecksum>(EVP_sha256());
    return nullptr;
  }

 private:
  std::unique_ptr<Lane> lane_;
};

}  // namespace

std::unique_ptr<ports::Digests> make_digests(bool second_lane) {
  return std::make_unique<ProcessorDigests>(second_lane);
}

}  // namespace atelier::digest

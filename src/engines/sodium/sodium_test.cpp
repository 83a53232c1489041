#include "engines/sodium/sodium.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace atelier::engines::sodium {
namespace {

TEST(Sodium, digests_match_the_published_vectors) {
  const auto crypto = make_crypto();
  EXPECT_EQ(hex(bytes_of(crypto->sha256("abc"))),  // FIPS 180-4 example
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(bytes_of(crypto->hmac_sha256("Jefe", "what do ya want for nothing?"))),  // RFC 4231
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Sodium, passwords_verify_and_an_absent_hash_never_does) {
  const auto crypto = make_crypto();
  const auto hash = crypto->hash_password("correct horse");
  ASSERT_TRUE(hash);
  EXPECT_TRUE(hash->starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
  EXPECT_TRUE(*crypto->verify_password(*hash, "correct horse"));
  EXPECT_FALSE(*crypto->verify_password(*hash, "correct horsf"));
  EXPECT_FALSE(*crypto->verify_password("", "a password nobody has"));
  EXPECT_FALSE(*crypto->verify_password("$argon2id$broken", "x"));
}

TEST(Sodium, what_was_sealed_opens_with_its_key_only_and_unchanged) {
  const auto crypto = make_crypto();
  const std::string key(32, 'k'), other(32, 'o');
  for (const std::string text : {"", "a token", "with\0nothing"}) {
    const std::string sealed = crypto->seal(key, text);
    EXPECT_EQ(sealed.size(), text.size() + 40);
    EXPECT_NE(sealed, crypto->seal(key, text));
    EXPECT_EQ(crypto->open(key, sealed), text);
    EXPECT_FALSE(crypto->open(other, sealed));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
      std::string changed = sealed;
      changed[i] = static_cast<char>(changed[i] ^ 1);
      EXPECT_FALSE(crypto->open(key, changed)) << i;
      EXPECT_FALSE(crypto->open(key, sealed.substr(0, i)));
    }
  }
}

TEST(Sodium, random_bytes_differ) {
  const auto crypto = make_crypto();
  EXPECT_EQ(crypto->random(32).size(), 32u);
  EXPECT_NE(crypto->random(32), crypto->random(32));
}

}  // namespace
}  // namespace atelier::engines::sodium

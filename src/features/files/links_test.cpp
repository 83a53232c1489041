#include "features/files/links.hpp"

#include <gtest/gtest.h>

#include "engines/sodium/sodium.hpp"
#include "features/files/files.hpp"

namespace atelier::files {
namespace {

const std::string secret(32, 'k');
const SignedLink link{FileId{123456789}, VersionId{77}, UserId{5}, 1'763'812'345'000};

TEST(Links, ComeBackAsTheyWere) {
  const auto crypto = engines::sodium::make_crypto();
  const auto token = sign_link(*crypto, secret, link, "model.safetensors");
  const auto read = read_link(*crypto, secret, token, "model.safetensors");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->file, link.file);
  EXPECT_EQ(read->counted, link.counted);
  EXPECT_EQ(read->viewer, link.viewer);
  EXPECT_EQ(read->expires_at, link.expires_at);
}

TEST(Links, AnyChangeBreaksThem) {
  const auto crypto = engines::sodium::make_crypto();
  const auto token = sign_link(*crypto, secret, link, "model.safetensors");
  EXPECT_FALSE(read_link(*crypto, secret, token, "other.safetensors"));
  EXPECT_FALSE(read_link(*crypto, std::string(32, 'x'), token, "model.safetensors"));
  for (std::size_t i = 0; i < token.size(); ++i) {
    auto broken = token;
    broken[i] = broken[i] == '1' ? '2' : '1';
    EXPECT_FALSE(read_link(*crypto, secret, broken, "model.safetensors")) << i;
    EXPECT_FALSE(read_link(*crypto, secret, token.substr(0, i), "model.safetensors")) << i;
  }
  EXPECT_FALSE(read_link(*crypto, secret, token + "A", "model.safetensors"));
  EXPECT_FALSE(read_link(*crypto, secret, "----", "model.safetensors"));
}

TEST(Attachment, IsExactForNewClientsAndSafeForAll) {
  EXPECT_EQ(attachment("model.safetensors"), "attachment; filename=\"model.safetensors\"");
  EXPECT_EQ(attachment("naïve €.ckpt"),
            "attachment; filename=\"na_ve _.ckpt\"; filename*=UTF-8''na%C3%AFve%20%E2%82%AC.ckpt");
  EXPECT_EQ(attachment("a\"b\\c\r\nX: y"),
            "attachment; filename=\"a_b_c__X: y\"; filename*=UTF-8''a%22b%5Cc%0D%0AX%3A%20y");
}

TEST(CleanName, KeepsOnlyAName) {
  EXPECT_EQ(clean_name("model.safetensors"), "model.safetensors");
  EXPECT_EQ(clean_name("../../etc/passwd"), "passwd");
  EXPECT_EQ(clean_name("C:\\models\\a.ckpt"), "a.ckpt");
  EXPECT_EQ(clean_name("a\r\nb\x01.pt"), "ab.pt");
  EXPECT_EQ(clean_name(" spaced .pt "), "spaced .pt");
  for (const auto* none : {"", "/", "..", ".", "\n", "a/\xff\xfe"})
    EXPECT_EQ(clean_name(none), "unnamed") << none;
}

TEST(CleanName, ShortensBeforeTheExtension) {
  std::string name;
  for (int i = 0; i < 150; ++i) name += "é";
  const auto clean = clean_name(name + ".safetensors");
  EXPECT_LE(clean.size(), 200u);
  EXPECT_TRUE(clean.ends_with("é.safetensors"));
}

}  // namespace
}  // namespace atelier::files

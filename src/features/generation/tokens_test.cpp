#include "features/generation/tokens.hpp"

#include <gtest/gtest.h>

#include "features/generation/store.hpp"
#include "ports/crypto.hpp"
#include "tests/support/house.hpp"

namespace atelier::generation {
namespace {

class Tokens : public test::HouseTest {
 protected:
  void SetUp() override { open(); }

  BackendId add(const std::string& token) {
    const auto added = change([&](sql::Tx& tx) {
      store::Backend one;
      one.name = token;
      one.address = {"comfyui", "http://" + token, token, ""};
      return store::insert_backend(tx, one);
    });
    EXPECT_TRUE(added);
    return added.value_or(BackendId{});
  }
  ports::BackendAddress kept(BackendId id) {
    const auto found = sql::ask(*services().database,
                                [&](sql::Tx& tx) { return store::backend(tx, id); });
    EXPECT_TRUE(found && *found);
    return found && *found ? (*found)->address : ports::BackendAddress{};
  }
};

TEST_F(Tokens, AreSealedAndOpenWithTheSameSecretOnly) {
  const std::string sealed = sealed_token(services(), "of its own");
  EXPECT_EQ(sealed.find("own"), std::string::npos);
  EXPECT_NE(sealed, sealed_token(services(), "of its own"));
  EXPECT_EQ(opened(services(), {"comfyui", "", sealed, ""}).token, "of its own");
  EXPECT_EQ(opened(services(), {"comfyui", "", sealed + "A", ""}).token, "");
  EXPECT_EQ(sealed_token(services(), ""), "");
  services().secret = std::string(32, 'x');
  EXPECT_EQ(opened(services(), {"comfyui", "", sealed, ""}).token, "") << "another server's";
}

TEST_F(Tokens, ThoseOfAnOlderVersionAreSealedAtTheNextStart) {
  const BackendId id = add("plain"), none = add("");
  EXPECT_EQ(kept(id).token, "plain");
  open();
  EXPECT_EQ(kept(id).token.find("plain"), std::string::npos);
  EXPECT_EQ(opened(services(), kept(id)).token, "plain");
  const std::string sealed = kept(id).token;
  open();
  EXPECT_EQ(kept(id).token, sealed) << "once";
  EXPECT_EQ(kept(none).token, "");
}

}  // namespace
}  // namespace atelier::generation

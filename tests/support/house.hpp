#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "app/house.hpp"
#include "features/accounts/accounts.hpp"
#include "platform/context.hpp"
#include "tests/support/folder.hpp"

namespace atelier::test {

/// A whole server but for its sockets, on an embedded database in a folder of its own.
class HouseTest : public testing::Test {
 protected:
  /// Opens it, again if need be; `start()` of `house` is left to the test.
  void open() {
    house.reset();
    app::Configuration configuration;
    configuration.data = folder.path();
    auto opened = app::House::open(configuration);
    ASSERT_TRUE(opened) << opened.error().detail;
    house = std::move(*opened);
  }
  /// Before what a test put into its services.
  void TearDown() override { house.reset(); }

  Services& services() { return house->services(); }
  template <class F>
  auto change(F&& body) {
    return sql::change(*services().database, sql::Lane::interactive, std::forward<F>(body));
  }

  /// Runs an endpoint's function as the binder would.
  template <class F>
  auto as(const Viewer& viewer, F&& call) {
    Context context(services());
    context.viewer = viewer;
    context.now = services().clock->now();
    return change([&](sql::Tx& tx) {
      context.use(&tx);
      return call(context);
    });
  }

  Viewer person(const std::string& name, Role role = Role::member) {
    const auto made = change([&](sql::Tx& tx) {
      return accounts::create_user(services(), tx, {name + "@example.org", name, "", role, false});
    });
    EXPECT_TRUE(made);
    Viewer viewer;
    if (made) viewer.user = made->id;
    viewer.role = role;
    return viewer;
  }

  Folder folder;
  std::unique_ptr<app::House> house;
};

}  // namespace atelier::test

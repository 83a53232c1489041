#pragma once
#include "features/generation/functions.hpp"
#include "features/generation/orchestrator.hpp"
#include "platform/log.hpp"
#include "schema/json.hpp"
#include "tests/support/decoder.hpp"
#include "tests/support/house.hpp"
#include "tests/support/node.hpp"
#include "tests/support/scripted_generator.hpp"

namespace atelier::generation {

/// A whole server but for its sockets, with scripted backends.
class Orchestrator : public test::HouseTest {
 protected:
  void SetUp() override {
    log::set_level("off");
    ASSERT_EQ(test::decoder(), "/proc/self/exe");
    open();
    ann = person("ann");
    bob = person("bob");
    root = person("root", Role::administrator);
  }

  void open() {
    HouseTest::open();
    services().generators = &generators;
    house->start();
  }

  std::shared_ptr<test::ScriptedGenerator> backend(const std::string& name,
                                                   ports::Offer* changed = nullptr) {
    auto made = std::make_shared<test::ScriptedGenerator>();
    if (changed != nullptr) made->offer = *changed;
    const std::string url = "http://" + name;
    generators.all[url] = made;
    AddBackend add;
    add.name = {name};
    add.protocol = {"scripted"};
    add.url = {url};
    Context context(services());
    const auto probed = probe_new(context, add);
    EXPECT_TRUE(probed);
    const auto row = as(root, [&](Context& c) { return add_backend(c, add, *probed); });
    EXPECT_TRUE(row) << row.error().detail;
    ids[name] = row->id;
    return made;
  }

  Result<GenerationCard> ask(const Viewer& viewer, const std::string& json) {
    const GenerationRequest in = TRY(schema::from_json<GenerationRequest>(json));
    Context context(services());
    context.viewer = viewer;
    const Ready ready = TRY(prepare(context, in));
    return as(viewer, [&](Context& c) { return create_generation(c, in, ready); });
  }

  GenerationId asked(const Viewer& viewer, const std::string& more = "") {
    const auto made =
        ask(viewer, R"({"prompt": "a fox", "seed": 7, "width": 64, "height": 64)" + more + "}");
    EXPECT_TRUE(made) << made.error().detail;
    return made ? made->id : GenerationId{};
  }

  GenerationCard card(const Viewer& viewer, GenerationId id) {
    const auto found = as(viewer, [&](Context& c) { return get_generation(c, {id}); });
    EXPECT_TRUE(found);
    return found.value_or(GenerationCard{});
  }

  GenerationCard ended(const Viewer& viewer, GenerationId id) {
    EXPECT_TRUE(test::eventually([&] { return is_final(card(viewer, id).status); }));
    return card(viewer, id);
  }

  platform::Hold hold(GenerationId id) {
    const auto found = change([&](sql::Tx& tx) { return ledger().find(tx, hold_of(id)); });
    return found && *found ? **found : platform::Hold{};
  }

  BackendRow backend_row(const std::string& name) {
    const auto all = as(root, [&](Context& c) { return list_backends(c, {}); });
    for (const BackendRow& row : all->items)
      if (row.id == ids[name]) return row;
    return {};
  }

  test::ScriptedGenerators generators;
  std::map<std::string, BackendId> ids;
  Viewer ann, bob, root;
};

}  // namespace atelier::generation

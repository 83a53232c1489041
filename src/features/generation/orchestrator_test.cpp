#include "features/generation/orchestrator.hpp"

#include <algorithm>
#include <numeric>

#include "features/generation/arguments.hpp"
#include "features/generation/orchestrator_fixture.hpp"

// A whole server but for its sockets, with scripted backends: every way a piece of work can go.
namespace atelier::generation {
namespace {

using ports::Trouble;
using test::eventually;

TEST_F(Orchestrator, DeliversWithARecipeAndChargesOnce) {
  const auto one = backend("one");
  const GenerationId id = asked(ann, R"(, "quantity": 2, "negativePrompt": "blur", "steps": 12)");
  const GenerationCard done = ended(ann, id);
  EXPECT_EQ(done.status, GenerationStatus::succeeded);
  ASSERT_EQ(done.images.size(), 2u);
  EXPECT_EQ(done.images[0].seed, "7");
  EXPECT_EQ(done.images[1].seed, "8");
  EXPECT_EQ(done.images[0].image.state, images::ImageState::ready);
  EXPECT_EQ(done.images[0].image.tool, "atelier");
  EXPECT_TRUE(done.images[0].image.hasPrompt);
  EXPECT_FALSE(done.images[0].image.publishedAt);
  EXPECT_EQ(done.images[0].url, "/img/" + done.images[0].image.key + "/original=true/" +
                                    std::to_string(done.images[0].image.id.value) + ".png");
  EXPECT_EQ(one->submitted(), 2);
  EXPECT_EQ(one->repeated(), 0);
  EXPECT_TRUE(eventually([&] { return !card(ann, id).images[1].image.thumbHash.empty(); }));
  const platform::Hold book = hold(id);
  EXPECT_EQ(book.settled, book.reserved);
  EXPECT_TRUE(book.closed);
  EXPECT_EQ(done.cost.charged, book.settled);
  const auto hidden = as(bob, [&](Context& c) { return get_generation(c, {id}); });
  EXPECT_EQ(hidden.error().code, "generation_missing");
  const auto seen = as(bob, [&](Context& c) {
    return images::find(c.tx(), done.images[0].image.id, bob);
  });
  EXPECT_FALSE(*seen);
}

TEST_F(Orchestrator, RefusalsAreNeverTriedAgain) {
  const auto one = backend("one"), two = backend("two");
  one->fail_follow(Trouble::refused, 9);
  two->fail_follow(Trouble::refused, 9);
  const GenerationId id = asked(ann);
  const GenerationCard done = ended(ann, id);
  EXPECT_EQ(done.status, GenerationStatus::failed);
  EXPECT_EQ(done.problemCode, "generation_refused");
  EXPECT_EQ(one->submitted() + two->submitted(), 1);
  EXPECT_EQ(hold(id).released, hold(id).reserved);
  EXPECT_EQ(done.cost.refunded, done.cost.reserved);
}

TEST_F(Orchestrator, WhatOneBackendCannotAnotherMay) {
  const auto one = backend("one"), two = backend("two");
  for (const Trouble what : {Trouble::model_missing, Trouble::out_of_memory, Trouble::failed}) {
    one->fail_follow(what, 1);
    two->fail_follow(what, 1);
    const int before = one->followed() + two->followed();
    // The second to be asked fails as well: then only "failed" may come back to the first.
    const GenerationCard done = ended(ann, asked(ann));
    EXPECT_EQ(done.steps[0].attempts.size() >= 2, true) << ports::code_of(what);
    if (what == Trouble::failed) {
      EXPECT_EQ(done.status, GenerationStatus::succeeded);
      EXPECT_EQ(one->followed() + two->followed(), before + 1);
    } else {
      EXPECT_EQ(done.status, GenerationStatus::failed);
      EXPECT_EQ(done.problemCode, ports::code_of(what));
    }
  }
}

TEST_F(Orchestrator, GoesElsewhereWhenABackendIsAway) {
  const auto one = backend("one");
  one->fail_submit(Trouble::unreachable);
  one->fail_probe(true);
  const GenerationId id = asked(ann);
  EXPECT_TRUE(eventually([&] { return backend_row("one").health == BackendHealth::open; }));
  EXPECT_FALSE(is_final(card(ann, id).status));
  const auto two = backend("two");
  EXPECT_EQ(ended(ann, id).status, GenerationStatus::succeeded);
  EXPECT_EQ(two->followed(), 1);
  one->fail_probe(false);  // half open, then closed by the first work that succeeds
  EXPECT_TRUE(eventually([&] { return backend_row("one").health == BackendHealth::half_open; }));
  const auto drained = as(root, [&](Context& c) { return drain_backend(c, {ids["two"]}); });
  ASSERT_TRUE(drained);
  EXPECT_EQ(ended(ann, asked(ann)).status, GenerationStatus::succeeded);
  EXPECT_EQ(one->followed(), 1);
  EXPECT_EQ(backend_row("one").health, BackendHealth::closed);
}

TEST_F(Orchestrator, WorkThatKillsTwoBackendsIsNotTriedAgain) {
  const auto one = backend("one"), two = backend("two"), three = backend("three");
  for (const auto& each : {one, two, three}) each->fail_follow(Trouble::unreachable, 4);
  const GenerationCard done = ended(ann, asked(ann));
  EXPECT_EQ(done.status, GenerationStatus::failed);
  EXPECT_EQ(done.problemCode, "generation_poison");
  EXPECT_EQ(one->submitted() + two->submitted() + three->submitted(), 2);
}

TEST_F(Orchestrator, WhatWasLostIsHandedOverAnew) {
  const auto one = backend("one");
  one->fail_follow(Trouble::lost, 2);
  const GenerationCard done = ended(ann, asked(ann));
  EXPECT_EQ(done.status, GenerationStatus::succeeded);
  EXPECT_EQ(done.images.size(), 1u);
  EXPECT_EQ(done.steps[0].attempts.size(), 3u);
  EXPECT_EQ(one->submitted(), 3);
}

TEST_F(Orchestrator, CancelsWhatWaitsAndWhatRunsAndNothingElse) {
  const auto one = backend("one");
  one->hold();
  const GenerationId running = asked(ann), waiting = asked(ann), other = asked(bob);
  ASSERT_TRUE(eventually([&] { return one->waiting() == 1; }));
  for (const GenerationId id : {waiting, running}) {
    const auto stopped = as(ann, [&](Context& c) { return cancel_generation(c, {id}); });
    ASSERT_TRUE(stopped);
    EXPECT_EQ(stopped->status, GenerationStatus::canceled);
    EXPECT_EQ(hold(id).released, hold(id).reserved);
  }
  EXPECT_FALSE(as(bob, [&](Context& c) { return cancel_generation(c, {running}); }));
  ASSERT_TRUE(eventually([&] { return one->stopped() == 1; }));
  one->release();
  EXPECT_EQ(ended(bob, other).status, GenerationStatus::succeeded);
  EXPECT_EQ(one->submitted(), 2);
  EXPECT_TRUE(card(ann, running).images.empty());
  const auto gone = as(ann, [&](Context& c) { return delete_generation(c, {running}); });
  EXPECT_TRUE(gone);
}

TEST_F(Orchestrator, WhatWaitsTooLongExpiresAndIsGivenBack) {
  const auto one = backend("one");
  one->hold();
  const GenerationId running = asked(ann);
  ASSERT_TRUE(eventually([&] { return one->waiting() == 1; }));
  const auto in = schema::from_json<GenerationRequest>(
      R"({"prompt": "a fox", "width": 64, "height": 64})");
  Context context(services());
  context.viewer = ann;
  const auto ready = prepare(context, *in);
  ASSERT_TRUE(in && ready);
  const auto late = change([&](sql::Tx& tx) -> Result<GenerationCard> {
    context.now = services().clock->now() - 25 * Millis{3'600'000};
    context.use(&tx);
    GenerationCard made = TRY(create_generation(context, *in, *ready));
    TRY(platform::enqueue(tx, services().clock->now(), "generation.tidy", WakeArguments{}));
    return made;
  });
  ASSERT_TRUE(late) << late.error().detail;
  const GenerationCard gone = ended(ann, late->id);
  EXPECT_EQ(gone.status, GenerationStatus::expired);
  EXPECT_EQ(gone.problemCode, "expired");
  EXPECT_EQ(hold(late->id).released, hold(late->id).reserved);
  one->release();
  EXPECT_EQ(ended(ann, running).status, GenerationStatus::succeeded);
  EXPECT_EQ(one->submitted(), 1);
}

TEST_F(Orchestrator, AllBackendsWorkOnOneRequest) {
  const auto one = backend("one"), two = backend("two");
  one->hold();
  two->hold();
  const GenerationId id = asked(ann, R"(, "quantity": 4)");
  EXPECT_TRUE(eventually([&] { return one->waiting() == 1 && two->waiting() == 1; }));
  one->release();
  two->release();
  EXPECT_EQ(ended(ann, id).images.size(), 4u);
}

TEST_F(Orchestrator, AFloodDoesNotKeepOthersWaiting) {
  const auto one = backend("one");
  one->hold();
  std::vector<GenerationId> flood;
  for (int i = 0; i < 10; ++i) flood.push_back(asked(ann));
  ASSERT_TRUE(eventually([&] { return one->waiting() == 1; }));
  const GenerationId light = asked(bob, R"(, "tags": ["light"])");
  one->release();
  const GenerationCard done = ended(bob, light);
  EXPECT_EQ(done.status, GenerationStatus::succeeded);
  const auto before = std::ranges::count_if(flood, [&](GenerationId id) {
    return ended(ann, id).startedAt.value().value < done.startedAt.value().value;
  });
  EXPECT_LE(before, 3);  // the one that ran, and one quantum
}

TEST_F(Orchestrator, ADrainedBackendFinishesAndGetsNothingNew) {
  const auto one = backend("one");
  one->hold();
  const GenerationId first = asked(ann);
  ASSERT_TRUE(eventually([&] { return one->waiting() == 1; }));
  ASSERT_TRUE(as(root, [&](Context& c) { return drain_backend(c, {ids["one"]}); }));
  const GenerationId second = asked(ann);
  one->release();
  EXPECT_EQ(ended(ann, first).status, GenerationStatus::succeeded);
  EXPECT_EQ(card(ann, second).status, GenerationStatus::queued);
  ASSERT_TRUE(as(root, [&](Context& c) { return resume_backend(c, {ids["one"]}); }));
  EXPECT_EQ(ended(ann, second).status, GenerationStatus::succeeded);
}

TEST_F(Orchestrator, ARestartGoesOnWithWhatRan) {
  const auto one = backend("one");
  one->hold();
  const GenerationId id = asked(ann, R"(, "quantity": 2)");
  ASSERT_TRUE(eventually([&] { return one->waiting() == 1; }));
  house->stop();
  house.reset();
  one->release();
  open();
  const GenerationCard done = ended(ann, id);
  EXPECT_EQ(done.status, GenerationStatus::succeeded);
  EXPECT_EQ(done.images.size(), 2u);
  EXPECT_EQ(one->submitted(), 2);
  EXPECT_EQ(hold(id).settled, hold(id).reserved);
}

/// The server died between the backend's answer and writing down the handle.
TEST_F(Orchestrator, WhoComesNextLooksBeforeHandingOverAgain) {
  const auto one = backend("one");
  one->hold();
  const GenerationId id = asked(ann);
  ASSERT_TRUE(eventually([&] { return one->waiting() == 1; }));
  EXPECT_EQ(one->repeated(), 0);
  house->stop();
  ASSERT_TRUE(change([&](sql::Tx& tx) -> Result<void> {
    TRY(tx.run(sql::Query{"test", "UPDATE generation_attempts SET handle = ''", {}}));
    return {};
  }));
  house.reset();
  one->release();
  open();
  EXPECT_EQ(ended(ann, id).status, GenerationStatus::succeeded);
  EXPECT_EQ(one->repeated(), 1);
  EXPECT_EQ(one->submitted(), 1);
}

TEST_F(Orchestrator, TellsHowBusyBackendsWere) {
  const auto one = backend("one");
  backend("idle");
  ASSERT_TRUE(as(root, [&](Context& c) { return drain_backend(c, {ids["idle"]}); }));
  const auto load = [&] {
    const auto all = as(root, [&](Context& c) { return load_of_backends(c, {}); });
    EXPECT_TRUE(all && all->at.size() == 60 && all->items.size() <= 1);  // the other did nothing
    return all && !all->items.empty() ? all->items.front() : BackendLoad{};
  };
  const auto busy = [&] {
    const BackendLoad row = load();
    return std::accumulate(row.busy.begin(), row.busy.end(), 0.0);
  };
  one->hold();
  const GenerationId id = asked(ann);
  EXPECT_TRUE(eventually([&] { return busy() > 0; }));
  one->release();
  EXPECT_EQ(ended(ann, id).status, GenerationStatus::succeeded);
  EXPECT_EQ(load().id, ids["one"]);
  EXPECT_EQ(load().succeeded, 1);
  EXPECT_EQ(load().failed, 0);
  EXPECT_EQ(load().busy.size(), 60u);
  EXPECT_LE(busy(), 1);
}

TEST_F(Orchestrator, FindsOutWhatAnswersAtAnAddress) {
  backend("one");
  const auto call = [&](const std::string& json) {
    Context context(services());
    return ask_address(context, *schema::from_json<IdentifyBackend>(json));
  };
  const auto found = call(R"({"url": "http://one/"})");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->protocol, "scripted");
  EXPECT_EQ(found->url, "http://one");
  EXPECT_TRUE(found->offer);
  const auto none = call(R"({"url": "http://elsewhere"})");
  ASSERT_TRUE(none);
  EXPECT_EQ(none->protocol, "");
  ASSERT_EQ(none->refused.size(), 1u);
  EXPECT_NE(none->refused.front().problem, "");
  EXPECT_FALSE(call(R"({"url": "file:///etc/passwd"})"));
  EXPECT_FALSE(call(R"({"url": "http://one", "protocol": "telepathy"})"));
}

}  // namespace
}  // namespace atelier::generation

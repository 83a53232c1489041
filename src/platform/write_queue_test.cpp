#include "platform/write_queue.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace atelier::platform {
namespace {

using sql::Lane;
using std::chrono::milliseconds;

Write write_of(Lane lane, std::string* said = nullptr) {
  return {.lane = lane, .body = nullptr, .script = {}, .done = [said](Result<void> outcome) {
            if (said != nullptr) *said = outcome ? "ok" : outcome.error().code;
          }};
}

char letter(const std::optional<Write>& write) {
  return write ? "ijb"[static_cast<int>(write->lane)] : '-';
}

TEST(WriteQueue, serves_the_upper_lane_first_but_lets_nobody_wait_for_ever) {
  WriteQueue queue(10'000, milliseconds(60'000));
  queue.push(write_of(Lane::bulk));
  for (int i = 0; i < 2 * WriteQueue::passes_max; ++i) queue.push(write_of(Lane::interactive));
  std::string order;
  for (int i = 0; i <= WriteQueue::passes_max + 1; ++i) order += letter(queue.wait());
  EXPECT_EQ(order, std::string(WriteQueue::passes_max, 'i') + "bi");
}

TEST(WriteQueue, batches_do_not_mix_bulk_writes_or_scripts_with_others) {
  WriteQueue queue(10, milliseconds(60'000));
  queue.push(write_of(Lane::jobs));
  queue.push(write_of(Lane::bulk));
  EXPECT_EQ(letter(queue.next(false)), 'j');
  EXPECT_EQ(letter(queue.next(false)), '-');
  EXPECT_EQ(letter(queue.next(true)), 'b');
  EXPECT_EQ(letter(queue.next(true)), '-');
  Write script = write_of(Lane::interactive);
  script.script = "VACUUM";
  queue.push(std::move(script));
  EXPECT_EQ(letter(queue.next(false)), '-');
  EXPECT_EQ(letter(queue.wait()), 'i');
}

TEST(WriteQueue, a_thread_may_refuse_the_lower_lanes) {
  WriteQueue queue(10, milliseconds(60'000));
  queue.push(write_of(Lane::bulk));
  queue.push(write_of(Lane::jobs));
  EXPECT_EQ(letter(queue.wait(Lane::jobs)), 'j');
  queue.close();
  EXPECT_EQ(letter(queue.wait(Lane::jobs)), '-');  // what is left is for others
  EXPECT_EQ(letter(queue.wait()), 'b');
  EXPECT_EQ(letter(queue.wait()), '-');
}

TEST(WriteQueue, refuses_when_full_when_stale_and_when_closed) {
  std::string said;
  WriteQueue small(1, milliseconds(60'000));
  small.push(write_of(Lane::jobs));
  small.push(write_of(Lane::jobs, &said));
  EXPECT_EQ(said, "busy");
  said.clear();
  small.push(write_of(Lane::bulk, &said));  // each lane has its own bound
  EXPECT_EQ(said, "");
  WriteQueue stale(10, milliseconds(0));
  stale.push(write_of(Lane::jobs));
  std::this_thread::sleep_for(milliseconds(2));
  stale.push(write_of(Lane::jobs, &said));
  EXPECT_EQ(said, "busy");
  WriteQueue closed(10, milliseconds(60'000));
  closed.close();
  closed.push(write_of(Lane::jobs, &said));
  EXPECT_EQ(said, "stopping");
}

}  // namespace
}  // namespace atelier::platform

#include <random>

#include "platform/events.hpp"
#include "platform/events_store.hpp"
#include "platform/reply_cache.hpp"
#include "platform/services.hpp"

namespace atelier::platform {

std::int64_t process_number() {
  static const std::int64_t number = [] {
    std::random_device random;
    return static_cast<std::int64_t>((std::uint64_t{random()} << 31 | random()) >> 1);
  }();
  return number;
}

Result<void> publish(Services& services, sql::Tx& tx, std::string_view noun, std::string_view verb,
                     std::int64_t subject, UserId actor) {
  Event event{0, services.clock->now(), std::string(noun), std::string(verb), subject, actor};
  TRY(events::append(tx, event, process_number()));
  if (services.replies != nullptr) {
    tx.after_commit([replies = services.replies, noun = std::string(noun), subject] {
      replies->bump(noun);
      replies->bump(noun + ":" + std::to_string(subject));
    });
  }
  tx.signal(events::channel);
  return {};
}

}  // namespace atelier::platform

#pragma once
#include <optional>

#include "features/metrics/metrics.hpp"
#include "features/reactions/reactions.hpp"

/// All SQL of reactions.
namespace atelier::reactions::store {

struct Mark {
  platform::SubjectKind kind;
  std::int64_t subject;
  UserId user;
  Reaction reaction;
};
/// False if it was there already.
Result<bool> add(sql::Tx& tx, const Mark& mark, Millis now);
/// When it was given; absent if it was not there.
Result<std::optional<Millis>> remove(sql::Tx& tx, const Mark& mark);
metrics::Deeds deeds();

}  // namespace atelier::reactions::store

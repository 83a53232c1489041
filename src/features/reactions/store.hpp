#pragma once
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
/// False if it was not there.
Result<bool> remove(sql::Tx& tx, const Mark& mark);

}  // namespace atelier::reactions::store

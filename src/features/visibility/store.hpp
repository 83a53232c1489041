#pragma once
#include <string>
#include <vector>

#include "features/visibility/endpoints.hpp"

/// All SQL of hiding and blocking.
namespace atelier::visibility::store {

Result<void> hide(sql::Tx& tx, UserId user, HiddenKind kind, std::int64_t subject,
                  std::string_view reason, Millis now);
/// False if there was no such row.
Result<bool> show(sql::Tx& tx, UserId user, HiddenKind kind, std::int64_t subject,
                  std::string_view reason);
Result<bool> blocked(sql::Tx& tx, UserId one, UserId other);
Result<bool> banned(sql::Tx& tx, UserId user);
/// The newest first; not the blocks by others.
Result<std::vector<HiddenRow>> hidden(sql::Tx& tx, UserId user);
Result<std::int64_t> count(sql::Tx& tx, UserId user);
Result<bool> tag_exists(sql::Tx& tx, std::int64_t tag);

}  // namespace atelier::visibility::store

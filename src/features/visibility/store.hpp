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
/// What this member's lists leave out, whoever blocked whom; tags by name.
struct LeftOut {
  std::vector<UserId> people;
  std::vector<UserId> hidden_people;  ///< of them: not by a block
  std::vector<std::string> tags;
  std::vector<std::int64_t> models, images;
};
Result<LeftOut> left_out(sql::Tx& tx, UserId user);
Result<std::int64_t> count(sql::Tx& tx, UserId user);
Result<bool> tag_exists(sql::Tx& tx, std::int64_t tag);

}  // namespace atelier::visibility::store

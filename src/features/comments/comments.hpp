#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "platform/feature.hpp"
#include "platform/subjects.hpp"
#include "ports/database.hpp"

/// Discussions of things: threads of comments below any subject that is open.
///
/// Events: comments/created, comments/edited and comments/deleted with the comment's id, and
/// comments/mentioned when people were named for the first time (`mentioned` says who).
namespace atelier::comments {

using CommentId = Id<struct CommentTag>;

struct Comment {
  CommentId id;
  platform::SubjectKind kind = platform::SubjectKind::model;
  std::int64_t subject = 0;
  std::optional<CommentId> parent;
  int depth = 1;
  UserId author;
  std::string author_name;
  std::string body, body_html;
  Millis created_at = 0;
  std::optional<Millis> edited_at, deleted_at, hidden_at, taken_down_at, pinned_at;
  std::int64_t replies = 0, reactions = 0;

  bool stands() const { return !deleted_at && !hidden_at && !taken_down_at; }
};

/// The bare row: who may see it is the caller's to check.
Result<std::optional<Comment>> find(sql::Tx& tx, CommentId id);
Result<std::vector<UserId>> mentioned(sql::Tx& tx, CommentId id);

platform::Feature feature();

}  // namespace atelier::comments

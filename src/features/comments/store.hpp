#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "features/comments/endpoints.hpp"
#include "features/metrics/metrics.hpp"

/// All SQL of comments.
namespace atelier::comments::store {

Result<CommentId> insert(sql::Tx& tx, const Comment& comment);
Result<std::optional<Comment>> comment(sql::Tx& tx, CommentId id);
/// Text, times and marks; not counts.
Result<void> update(sql::Tx& tx, const Comment& comment);
Result<bool> has_replies(sql::Tx& tx, CommentId id);
Result<void> erase(sql::Tx& tx, CommentId id);
Result<void> set_counts(sql::Tx& tx, CommentId id, std::int64_t replies, std::int64_t reactions);

/// Those of `people` who were not named in it before.
Result<std::vector<UserId>> mention(sql::Tx& tx, CommentId id, const std::vector<UserId>& people,
                                    Millis now);
Result<std::vector<UserId>> mentioned(sql::Tx& tx, CommentId id);

Result<bool> locked(sql::Tx& tx, platform::SubjectKind kind, std::int64_t subject);
Result<void> lock(sql::Tx& tx, platform::SubjectKind kind, std::int64_t subject, UserId by,
                  Millis now);
Result<void> unlock(sql::Tx& tx, platform::SubjectKind kind, std::int64_t subject);

struct Listing {
  platform::SubjectKind kind = platform::SubjectKind::model;
  std::int64_t subject = 0;
  UserId subject_owner;              ///< sees what they have hidden
  std::optional<CommentId> parent;   ///< replies to it; none = the top level without pinned ones
  bool pinned = false;               ///< the pinned ones instead
  CommentSort sort = CommentSort::oldest;
  std::string cursor;
  int limit = 30;
};
struct Page {
  std::vector<Comment> comments;
  std::string next_cursor;           ///< "" = the end
};
/// What `viewer` may see; `cursor_invalid`.
Result<Page> page(sql::Tx& tx, const Listing& listing, const Viewer& viewer);
metrics::Deeds deeds();
Result<std::int64_t> count_pinned(sql::Tx& tx, platform::SubjectKind kind, std::int64_t subject);

}  // namespace atelier::comments::store

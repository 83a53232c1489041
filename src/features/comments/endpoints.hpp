#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/comments/comments.hpp"
#include "platform/context.hpp"
#include "schema/types.hpp"

/// What the endpoints of comments take and give.
namespace atelier::comments {

using schema::Nothing;
using AnyId = schema::Whole<1, 2'147'483'647>;
using Body = schema::Text<1, 50'000>;

struct CommentAuthor {
  UserId id;
  std::string username;
};
BOOST_DESCRIBE_STRUCT(CommentAuthor, (), (id, username))

struct ReactionCounts {
  std::int64_t like = 0, dislike = 0, laugh = 0, cry = 0, heart = 0;
};
BOOST_DESCRIBE_STRUCT(ReactionCounts, (), (like, dislike, laugh, cry, heart))

struct CommentCard {
  CommentId id;
  platform::SubjectKind kind = platform::SubjectKind::model;
  std::int64_t subject = 0;
  std::optional<CommentId> parent;
  std::int64_t depth = 1;
  std::optional<CommentAuthor> author;  ///< none of a deleted one
  std::string html;                     ///< safe to show; "" of a deleted one
  std::optional<std::string> text;      ///< Markdown, for who may edit it
  schema::Time createdAt;
  std::optional<schema::Time> editedAt;
  bool deleted = false;                 ///< a tombstone that holds replies
  bool hidden = false, pinned = false;
  std::int64_t replyCount = 0;
  ReactionCounts reactions;
  bool mayReply = false, mayEdit = false, mayDelete = false, mayModerate = false;
};
BOOST_DESCRIBE_STRUCT(CommentCard, (),
                      (id, kind, subject, parent, depth, author, html, text, createdAt, editedAt,
                       deleted, hidden, pinned, replyCount, reactions, mayReply, mayEdit,
                       mayDelete, mayModerate))

enum class CommentSort : unsigned char { newest, oldest, mostReacted };
BOOST_DESCRIBE_ENUM(CommentSort, newest, oldest, mostReacted)

struct ListComments {
  platform::SubjectKind kind = platform::SubjectKind::model;
  AnyId id;
  std::optional<CommentSort> sort;
  std::optional<schema::Text<1, 200>> cursor;
  std::optional<schema::Whole<1, 100>> limit;
};
BOOST_DESCRIBE_STRUCT(ListComments, (), (kind, id, sort, cursor, limit))

struct CommentPage {
  std::vector<CommentCard> pinned;  ///< first page only; not again among `items`
  std::vector<CommentCard> items;
  std::optional<std::string> nextCursor;
  std::int64_t total = 0;           ///< replies too; follows a moment later
  bool locked = false;
  bool mayComment = false, mayModerate = false;
};
BOOST_DESCRIBE_STRUCT(CommentPage, (),
                      (pinned, items, nextCursor, total, locked, mayComment, mayModerate))

struct ListReplies {
  CommentId id;
  std::optional<schema::Text<1, 200>> cursor;
  std::optional<schema::Whole<1, 100>> limit;
};
BOOST_DESCRIBE_STRUCT(ListReplies, (), (id, cursor, limit))

struct ReplyPage {
  std::vector<CommentCard> items;  ///< oldest first
  std::optional<std::string> nextCursor;
};
BOOST_DESCRIBE_STRUCT(ReplyPage, (), (items, nextCursor))

struct CommentPath {
  CommentId id;
};
BOOST_DESCRIBE_STRUCT(CommentPath, (), (id))

struct CommentPlace {
  CommentCard comment;
  std::vector<CommentCard> parents;  ///< from the top down
  std::string title, address;        ///< of what is discussed
};
BOOST_DESCRIBE_STRUCT(CommentPlace, (), (comment, parents, title, address))

struct CreateComment {
  platform::SubjectKind kind = platform::SubjectKind::model;
  AnyId id;
  std::optional<CommentId> parent;
  Body text;
};
BOOST_DESCRIBE_STRUCT(CreateComment, (), (kind, id, parent, text))

struct EditComment {
  CommentId id;
  Body text;
};
BOOST_DESCRIBE_STRUCT(EditComment, (), (id, text))

struct ThreadPath {
  platform::SubjectKind kind = platform::SubjectKind::model;
  AnyId id;
};
BOOST_DESCRIBE_STRUCT(ThreadPath, (), (kind, id))

struct ThreadState {
  bool locked = false;
};
BOOST_DESCRIBE_STRUCT(ThreadState, (), (locked))

/// What was made of the text before the transaction.
struct Rendered {
  std::string html;
};

Result<CommentPage> list_comments(Context& context, const ListComments& in);
Result<ReplyPage> list_replies(Context& context, const ListReplies& in);
Result<CommentPlace> get_comment(Context& context, const CommentPath& in);
Result<Rendered> render_new(Context& context, const CreateComment& in);
Result<CommentCard> create_comment(Context& context, const CreateComment& in,
                                   const Rendered& rendered);
Result<Rendered> render_edit(Context& context, const EditComment& in);
Result<CommentCard> edit_comment(Context& context, const EditComment& in,
                                 const Rendered& rendered);
Result<Nothing> delete_comment(Context& context, const CommentPath& in);
Result<CommentCard> pin_comment(Context& context, const CommentPath& in);
Result<CommentCard> unpin_comment(Context& context, const CommentPath& in);
Result<CommentCard> hide_comment(Context& context, const CommentPath& in);
Result<CommentCard> unhide_comment(Context& context, const CommentPath& in);
Result<ThreadState> lock_thread(Context& context, const ThreadPath& in);
Result<ThreadState> unlock_thread(Context& context, const ThreadPath& in);

// ---- shared by the source files

/// A comment and what it is about, both seen by the viewer. `comment_missing` otherwise.
struct Seen {
  Comment comment;
  platform::Subject subject;
};
Result<Seen> seen(Context& context, CommentId id);
/// For the viewer, with counts of reactions.
Result<std::vector<CommentCard>> cards(Context& context, const std::vector<Comment>& comments,
                                       const platform::Subject& subject);
Result<CommentCard> card(Context& context, const Comment& comment,
                         const platform::Subject& subject);
int depth_max(platform::SubjectKind kind);
bool may_moderate(const Context& context, const platform::Subject& subject);
/// Adds to the counts of what it is about and of what it answers.
Result<void> count(Services& services, sql::Tx& tx, const Comment& comment, int delta,
                   UserId actor);
void subjects(platform::Subjects& all);

}  // namespace atelier::comments

#include <algorithm>
#include <array>

#include "features/comments/endpoints.hpp"
#include "features/comments/store.hpp"
#include "features/metrics/metrics.hpp"
#include "features/visibility/visibility.hpp"

// What pages of discussions read, and who may do what there.
namespace atelier::comments {
namespace {

using platform::Metric;
using platform::Subject;
using platform::SubjectKind;
using platform::Timeframe;

constexpr int limit_usual = 30;
constexpr std::array all_time = {Timeframe::AllTime};

/// What holds for every comment of one discussion.
struct Standing {
  bool may_moderate = false;  ///< owner of the subject, or a moderator
  bool may_write = false;
};

Standing standing(const Context& context, const Subject& subject, bool locked) {
  Standing out;
  out.may_moderate = may_moderate(context, subject);
  out.may_write = context.viewer.signed_in() &&
                  (out.may_moderate || (subject.open && !locked));
  return out;
}

CommentCard shown(const Context& context, const Comment& comment, const Standing& standing) {
  CommentCard card;
  card.id = comment.id;
  card.kind = comment.kind;
  card.subject = comment.subject;
  card.parent = comment.parent;
  card.depth = comment.depth;
  card.createdAt = {comment.created_at};
  card.deleted = comment.deleted_at.has_value();
  card.hidden = comment.hidden_at.has_value();
  card.pinned = comment.pinned_at.has_value();
  card.replyCount = comment.replies;
  if (card.deleted) return card;
  const bool own = context.viewer.signed_in() && comment.author == context.viewer.user;
  card.author = CommentAuthor{comment.author, comment.author_name};
  card.html = comment.body_html;
  if (comment.edited_at) card.editedAt = schema::Time{*comment.edited_at};
  if (own) card.text = comment.body;
  card.mayReply = standing.may_write && comment.depth < depth_max(comment.kind);
  card.mayEdit = own;
  card.mayDelete = own || context.viewer.at_least(Role::moderator);
  card.mayModerate = standing.may_moderate;
  return card;
}

Result<std::vector<CommentCard>> cards(Context& context, const std::vector<Comment>& comments,
                                       const Standing& standing) {
  std::vector<CommentCard> out;
  std::vector<std::int64_t> ids;
  for (const Comment& comment : comments) {
    out.push_back(shown(context, comment, standing));
    ids.push_back(comment.id.value);
  }
  const auto tallies = TRY(metrics::tallies(context.tx(), SubjectKind::comment, ids, all_time));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const platform::Tally& tally = tallies[i];
    out[i].reactions = {tally[Metric::like], tally[Metric::dislike], tally[Metric::laugh],
                        tally[Metric::cry], tally[Metric::heart]};
  }
  return out;
}

/// The comment's own part of the question; its subject and parents are asked about beside.
Result<bool> shows(Context& context, const Comment& comment, const Subject& subject) {
  const bool owner_hid = comment.hidden_at && !may_moderate(context, subject);
  return visibility::may_see(context.tx(),
                             {.owner = comment.author,
                              .level = maturity::all,
                              .open = !comment.taken_down_at && !owner_hid},
                             context.viewer);
}

std::optional<std::string> maybe(std::string cursor) {
  return cursor.empty() ? std::nullopt : std::optional(std::move(cursor));
}

}  // namespace

int depth_max(SubjectKind kind) { return kind == SubjectKind::image ? 3 : 5; }

bool may_moderate(const Context& context, const Subject& subject) {
  return context.viewer.signed_in() && (context.viewer.user == subject.owner ||
                                        context.viewer.at_least(Role::moderator));
}

Result<Seen> seen(Context& context, CommentId id) {
  const auto missing = fail(Fault::missing, "comment_missing", "There is no such comment.");
  const auto comment = TRY(store::comment(context.tx(), id));
  if (!comment) return missing;
  const auto subject = TRY(context.services.subjects->find(context.tx(), comment->kind,
                                                           comment->subject, context.viewer));
  if (!subject || !TRY(shows(context, *comment, *subject))) return missing;
  return Seen{*comment, *subject};
}

Result<std::vector<CommentCard>> cards(Context& context, const std::vector<Comment>& comments,
                                       const Subject& subject) {
  const bool locked = TRY(store::locked(context.tx(), subject.kind, subject.id));
  return cards(context, comments, standing(context, subject, locked));
}

Result<CommentCard> card(Context& context, const Comment& comment, const Subject& subject) {
  return std::move(TRY(cards(context, std::vector{comment}, subject)).front());
}

Result<CommentPage> list_comments(Context& context, const ListComments& in) {
  const Subject subject = TRY(context.services.subjects->need(context.tx(), in.kind, in.id.value,
                                                              context.viewer));
  CommentPage out;
  out.locked = TRY(store::locked(context.tx(), subject.kind, subject.id));
  const Standing here = standing(context, subject, out.locked);
  out.mayComment = here.may_write;
  out.mayModerate = here.may_moderate;
  store::Listing listing{.kind = subject.kind, .subject = subject.id,
                         .subject_owner = subject.owner};
  if (!in.cursor) {
    listing.pinned = true;
    const store::Page pinned = TRY(store::page(context.tx(), listing, context.viewer));
    out.pinned = TRY(cards(context, pinned.comments, here));
    listing.pinned = false;
  }
  listing.sort = in.sort.value_or(CommentSort::newest);
  listing.cursor = in.cursor ? in.cursor->value : "";
  listing.limit = in.limit ? static_cast<int>(in.limit->value) : limit_usual;
  store::Page page = TRY(store::page(context.tx(), listing, context.viewer));
  out.items = TRY(cards(context, page.comments, here));
  out.nextCursor = maybe(std::move(page.next_cursor));
  const std::array ids = {subject.id};
  out.total = TRY(metrics::tallies(context.tx(), subject.kind, ids, all_time))
                  .front()[Metric::comment];
  return out;
}

Result<ReplyPage> list_replies(Context& context, const ListReplies& in) {
  const Seen above = TRY(seen(context, in.id));
  store::Page page = TRY(store::page(
      context.tx(),
      {.kind = above.comment.kind,
       .subject = above.comment.subject,
       .subject_owner = above.subject.owner,
       .parent = in.id,
       .cursor = in.cursor ? in.cursor->value : "",
       .limit = in.limit ? static_cast<int>(in.limit->value) : limit_usual},
      context.viewer));
  ReplyPage out;
  out.items = TRY(cards(context, page.comments, above.subject));
  out.nextCursor = maybe(std::move(page.next_cursor));
  return out;
}

Result<CommentPlace> get_comment(Context& context, const CommentPath& in) {
  const Seen found = TRY(seen(context, in.id));
  std::vector<Comment> line = {found.comment};
  while (line.back().parent) {
    auto parent = TRY(store::comment(context.tx(), *line.back().parent));
    if (!parent || !TRY(shows(context, *parent, found.subject)))
      return fail(Fault::missing, "comment_missing", "There is no such comment.");
    line.push_back(std::move(*parent));
  }
  std::ranges::reverse(line);
  CommentPlace out;
  out.parents = TRY(cards(context, line, found.subject));
  out.comment = std::move(out.parents.back());
  out.parents.pop_back();
  out.title = found.subject.title;
  out.address = found.subject.address;
  return out;
}

}  // namespace atelier::comments

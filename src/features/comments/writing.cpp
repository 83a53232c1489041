#include "base/text.hpp"
#include "features/comments/endpoints.hpp"
#include "features/comments/store.hpp"
#include "features/markdown/markdown.hpp"
#include "features/mentions/mentions.hpp"
#include "features/metrics/metrics.hpp"
#include "platform/events.hpp"
#include "platform/screening.hpp"

// What people write and what owners and moderators do with it.
namespace atelier::comments {
namespace {

using platform::Metric;
using platform::Subject;
using platform::SubjectKind;

constexpr std::int64_t pinned_max = 3;

Result<void> tell(Context& context, std::string_view verb, CommentId id) {
  return platform::publish(context.services, context.tx(), "comments", verb, id.value,
                           context.viewer.user);
}

Result<void> name_people(Context& context, CommentId id, const std::vector<UserId>& people) {
  const auto fresh = TRY(store::mention(context.tx(), id, people, context.now));
  if (!fresh.empty()) TRY(tell(context, "mentioned", id));
  return {};
}

/// Blocked words and domains take the comment back; doubtful ones put it before moderators.
Result<void> screen(Context& context, const Comment& comment, const Subject& about) {
  return platform::screen(context.services, context.tx(),
                          {.kind = SubjectKind::comment,
                           .id = comment.id.value,
                           .owner = comment.author,
                           .address = about.address + "#comment-" +
                                      std::to_string(comment.id.value),
                           .level = about.level},
                          {comment.body});
}

Result<Rendered> render(const Body& text) {
  if (trim(text.value).empty()) {
    Error error{Fault::invalid, "invalid_request", "A comment says something.", {}, 0};
    error.fields.push_back({"/text", "too_short", error.detail});
    return std::unexpected(std::move(error));
  }
  return Rendered{markdown::to_html(text.value)};
}

/// What a new comment answers: fills parent and depth.
Result<void> place(Context& context, CommentId parent, Comment& comment) {
  const Seen above = TRY(seen(context, parent));
  if (above.comment.kind != comment.kind || above.comment.subject != comment.subject)
    return fail(Fault::invalid, "parent_elsewhere", "That comment is about something else.");
  if (!above.comment.stands())
    return fail(Fault::conflict, "parent_closed", "That comment takes no replies.");
  if (above.comment.depth >= depth_max(comment.kind))
    return fail(Fault::conflict, "thread_too_deep", "Threads are not deeper than this.");
  comment.parent = parent;
  comment.depth = above.comment.depth + 1;
  return {};
}

/// Changes one mark of a comment that the viewer may moderate, and counts what it does.
template <class Change>
Result<CommentCard> marked(Context& context, CommentId id, Change&& change) {
  Seen found = TRY(seen(context, id));
  if (!may_moderate(context, found.subject))
    return fail(Fault::forbidden, "not_yours", "Only who owns the page may do this.");
  if (found.comment.deleted_at)
    return fail(Fault::conflict, "comment_deleted", "This comment was deleted.");
  const bool stood = found.comment.stands();
  TRY(change(found));
  TRY(store::update(context.tx(), found.comment));
  if (stood != found.comment.stands())
    TRY(count(context.services, context.tx(), found.comment, stood ? -1 : 1,
              context.viewer.user));
  TRY(tell(context, "changed", id));
  return card(context, found.comment, found.subject);
}

/// Tombstones above that hold nothing any more go with the last of their replies.
Result<void> clear_up(sql::Tx& tx, std::optional<CommentId> at) {
  while (at) {
    const auto comment = TRY(store::comment(tx, *at));
    if (!comment || !comment->deleted_at || TRY(store::has_replies(tx, *at))) return {};
    TRY(store::erase(tx, *at));
    at = comment->parent;
  }
  return {};
}

Result<Subject> moderated(Context& context, const ThreadPath& in) {
  Subject subject = TRY(context.services.subjects->need(context.tx(), in.kind, in.id.value,
                                                        context.viewer));
  if (!may_moderate(context, subject))
    return fail(Fault::forbidden, "not_yours", "Only who owns the page may do this.");
  return subject;
}

}  // namespace

Result<void> count(Services& services, sql::Tx& tx, const Comment& comment, int delta,
                   UserId actor) {
  const Millis at = comment.created_at;
  TRY(metrics::count(services, tx, {comment.kind, comment.subject, Metric::comment, delta, at},
                     actor));
  if (!comment.parent) return {};
  return metrics::count(
      services, tx, {SubjectKind::comment, comment.parent->value, Metric::comment, delta, at},
      actor);
}

Result<Rendered> render_new(Context&, const CreateComment& in) { return render(in.text); }
Result<Rendered> render_edit(Context&, const EditComment& in) { return render(in.text); }

Result<CommentCard> create_comment(Context& context, const CreateComment& in,
                                   const Rendered& rendered) {
  if (in.kind == SubjectKind::comment || in.kind == SubjectKind::user)
    return fail(Fault::invalid, "kind_unfit", "This kind of thing has no discussion.");
  const Subject subject = TRY(context.services.subjects->need(context.tx(), in.kind, in.id.value,
                                                              context.viewer));
  if (!may_moderate(context, subject)) {
    if (!subject.open) return fail(Fault::conflict, "not_open", "It takes no comments now.");
    if (TRY(store::locked(context.tx(), subject.kind, subject.id)))
      return fail(Fault::conflict, "thread_locked", "This discussion is locked.");
  }
  const mentions::Linked linked =
      TRY(mentions::link(context.tx(), rendered.html, context.viewer.user));
  Comment comment;
  comment.kind = subject.kind;
  comment.subject = subject.id;
  comment.author = context.viewer.user;
  comment.author_name = context.viewer.username;
  comment.body = in.text.value;
  comment.body_html = linked.html;
  comment.created_at = context.now;
  if (in.parent) TRY(place(context, *in.parent, comment));
  comment.id = TRY(store::insert(context.tx(), comment));
  TRY(count(context.services, context.tx(), comment, 1, context.viewer.user));
  TRY(screen(context, comment, subject));
  TRY(tell(context, "created", comment.id));
  TRY(name_people(context, comment.id, linked.people));
  return card(context, comment, subject);
}

Result<CommentCard> edit_comment(Context& context, const EditComment& in,
                                 const Rendered& rendered) {
  Seen found = TRY(seen(context, in.id));
  Comment& comment = found.comment;
  if (comment.author != context.viewer.user)
    return fail(Fault::forbidden, "not_yours", "Only its author may change a comment.");
  if (comment.deleted_at || comment.taken_down_at)
    return fail(Fault::conflict, "comment_deleted", "This comment is gone.");
  const mentions::Linked linked =
      TRY(mentions::link(context.tx(), rendered.html, context.viewer.user));
  comment.body = in.text.value;
  comment.body_html = linked.html;
  comment.edited_at = context.now;
  TRY(store::update(context.tx(), comment));
  TRY(screen(context, comment, found.subject));
  TRY(tell(context, "edited", comment.id));
  TRY(name_people(context, comment.id, linked.people));
  return card(context, comment, found.subject);
}

Result<Nothing> delete_comment(Context& context, const CommentPath& in) {
  const Seen found = TRY(seen(context, in.id));
  Comment comment = found.comment;
  if (comment.author != context.viewer.user && !context.viewer.at_least(Role::moderator))
    return fail(Fault::forbidden, "not_yours", "Only its author may delete a comment.");
  if (comment.deleted_at) return Nothing{};
  if (comment.stands())
    TRY(count(context.services, context.tx(), comment, -1, context.viewer.user));
  if (TRY(store::has_replies(context.tx(), comment.id))) {
    comment.deleted_at = context.now;
    comment.pinned_at.reset();
    comment.body.clear();
    comment.body_html.clear();
    TRY(store::update(context.tx(), comment));
  } else {
    TRY(store::erase(context.tx(), comment.id));
    TRY(clear_up(context.tx(), comment.parent));
  }
  TRY(tell(context, "deleted", comment.id));
  return Nothing{};
}

Result<CommentCard> pin_comment(Context& context, const CommentPath& in) {
  return marked(context, in.id, [&](Seen& found) -> Result<void> {
    Comment& comment = found.comment;
    if (comment.parent) return fail(Fault::conflict, "is_reply", "Replies cannot be pinned.");
    if (comment.pinned_at) return {};
    if (TRY(store::count_pinned(context.tx(), comment.kind, comment.subject)) >= pinned_max)
      return fail(Fault::conflict, "pinned_full", "Three comments are pinned already.");
    comment.pinned_at = context.now;
    return {};
  });
}

Result<CommentCard> unpin_comment(Context& context, const CommentPath& in) {
  return marked(context, in.id, [](Seen& found) -> Result<void> {
    found.comment.pinned_at.reset();
    return {};
  });
}

Result<CommentCard> hide_comment(Context& context, const CommentPath& in) {
  return marked(context, in.id, [&](Seen& found) -> Result<void> {
    if (!found.comment.hidden_at) found.comment.hidden_at = context.now;
    found.comment.pinned_at.reset();
    return {};
  });
}

Result<CommentCard> unhide_comment(Context& context, const CommentPath& in) {
  return marked(context, in.id, [](Seen& found) -> Result<void> {
    found.comment.hidden_at.reset();
    return {};
  });
}

Result<ThreadState> lock_thread(Context& context, const ThreadPath& in) {
  const Subject subject = TRY(moderated(context, in));
  TRY(store::lock(context.tx(), subject.kind, subject.id, context.viewer.user, context.now));
  return ThreadState{true};
}

Result<ThreadState> unlock_thread(Context& context, const ThreadPath& in) {
  const Subject subject = TRY(moderated(context, in));
  TRY(store::unlock(context.tx(), subject.kind, subject.id));
  return ThreadState{false};
}

}  // namespace atelier::comments

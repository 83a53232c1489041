#pragma once
#include <vector>

#include "features/reactions/reactions.hpp"
#include "platform/context.hpp"
#include "schema/types.hpp"

/// What the endpoints of reactions take and give.
namespace atelier::reactions {

struct ReactionPath {
  platform::SubjectKind kind = platform::SubjectKind::model;
  schema::Whole<1, 2'147'483'647> id;
  Reaction reaction = Reaction::Like;
};
BOOST_DESCRIBE_STRUCT(ReactionPath, (), (kind, id, reaction))

struct OwnReactions {
  std::vector<Reaction> reactions;  ///< one's own, after the change
};
BOOST_DESCRIBE_STRUCT(OwnReactions, (), (reactions))

Result<OwnReactions> react(Context& context, const ReactionPath& in);
Result<OwnReactions> unreact(Context& context, const ReactionPath& in);

}  // namespace atelier::reactions

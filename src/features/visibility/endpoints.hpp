#pragma once
#include <string>
#include <vector>

#include "features/visibility/visibility.hpp"
#include "schema/types.hpp"

/// What the endpoints of hiding and blocking take and give.
namespace atelier::visibility {

enum class HiddenKind : unsigned char { user, tag, model, image };
BOOST_DESCRIBE_ENUM(HiddenKind, user, tag, model, image)

using AnyId = schema::Whole<1, 2'147'483'647>;

struct HiddenRow {
  HiddenKind kind = HiddenKind::user;
  std::int64_t id = 0;
  std::string name;             ///< username, tag, or the model's name; "" of an image
  bool blocked = false;         ///< a person who is blocked, not only hidden
  schema::Time since;
};
BOOST_DESCRIBE_STRUCT(HiddenRow, (), (kind, id, name, blocked, since))

struct HiddenList {
  std::vector<HiddenRow> items;
};
BOOST_DESCRIBE_STRUCT(HiddenList, (), (items))

struct HiddenPath {
  HiddenKind kind = HiddenKind::user;
  AnyId id;
};
BOOST_DESCRIBE_STRUCT(HiddenPath, (), (kind, id))

struct BlockPath {
  AnyId id;
};
BOOST_DESCRIBE_STRUCT(BlockPath, (), (id))

Result<HiddenList> list_hidden(Context& context, const schema::Nothing& in);
Result<HiddenList> hide(Context& context, const HiddenPath& in);
Result<HiddenList> unhide(Context& context, const HiddenPath& in);
Result<HiddenList> block(Context& context, const BlockPath& in);
Result<HiddenList> unblock(Context& context, const BlockPath& in);

}  // namespace atelier::visibility

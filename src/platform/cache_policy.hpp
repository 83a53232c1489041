#pragma once
#include <string_view>

/// How long each kind of answer may be kept, and where. The one table of it: endpoint rows say
/// `.cache_s = platform::reply_s("models")`, so that a change is one line here.
///
/// Correctness does not rest on these times. On the node that commits, tags drop what is cached
/// before the writer hears of the commit; on other nodes when the event arrives, at most a second
/// later. The times bound what is left: a lost message, or an answer whose tags are incomplete.
namespace atelier::platform {

struct CacheRule {
  std::string_view type;
  int reply_s;    ///< first level (ReplyCache): ready answers of this process
  int browser_s;  ///< Cache-Control max-age at the client; 0 = it must ask with its ETag
  std::string_view tags;  ///< events of these nouns drop it; `{id}` = only those of that subject
};

/// Long for what changes by a visible act, medium for what carries counters of people, short for
/// what is ranked by counters. Nothing about permissions, money or one viewer stands here.
inline constexpr CacheRule cache_rules[] = {
    {"model", 600, 0, "models:{id} files users"},
    {"models", 120, 0, "models files users"},
    {"version", 600, 0, "models files"},
    {"image", 60, 0, "images posts models users"},
    {"images", 60, 0, "images posts users"},
    {"vocabulary", 3600, 300, "settings"},
    {"profile", 60, 0, "users:{id}"},
    {"leaderboard", 15, 0, "leaderboards"},
    {"site", 300, 0, "settings"},
    {"openapi", 3600, 300, ""},
};

/// Seconds of the first level for this type; an unknown type does not compile.
consteval int reply_s(std::string_view type) {
  for (const CacheRule& rule : cache_rules)
    if (rule.type == type) return rule.reply_s;
  throw "no cache rule for this type";
}
consteval int browser_s(std::string_view type) {
  for (const CacheRule& rule : cache_rules)
    if (rule.type == type) return rule.browser_s;
  throw "no cache rule for this type";
}

}  // namespace atelier::platform

#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "platform/context.hpp"
#include "platform/viewer.hpp"
#include "ports/database.hpp"

/// What people react to, discuss, collect, hide and report, whichever feature it belongs to. The
/// feature that owns a kind registers its rules once; the others ask here and need not know it.
namespace atelier::platform {

enum class SubjectKind : unsigned char {
  model, version, image, post, comment, review, collection, user,
};
BOOST_DESCRIBE_ENUM(SubjectKind, model, version, image, post, comment, review, collection, user)
inline constexpr std::size_t subject_kinds = 8;

struct Subject {
  SubjectKind kind = SubjectKind::model;
  std::int64_t id = 0;
  UserId owner;
  std::string title;         ///< "" where the kind has none
  std::string address;       ///< path of its page: "/models/12"
  int level = 1;             ///< maturity bits
  bool open = true;          ///< others see it, so they may discuss and react
};

/// How often people did something with one subject, within a timeframe.
enum class Metric : unsigned char {
  like, dislike, laugh, cry, heart, comment, collect, download, thumbs_up, thumbs_down, image,
  follow,
};
BOOST_DESCRIBE_ENUM(Metric, like, dislike, laugh, cry, heart, comment, collect, download,
                    thumbs_up, thumbs_down, image, follow)
inline constexpr std::size_t metrics_count = 12;

enum class Timeframe : unsigned char { Day, Week, Month, Year, AllTime };
BOOST_DESCRIBE_ENUM(Timeframe, Day, Week, Month, Year, AllTime)

struct Tally {
  std::int64_t subject = 0;
  Timeframe timeframe = Timeframe::AllTime;
  std::array<std::int64_t, metrics_count> counts{};  ///< by Metric; never below 0
  std::int64_t operator[](Metric metric) const { return counts[std::size_t(metric)]; }
};

/// The rules of one kind. Null members: the kind does not offer it.
struct SubjectRules {
  /// Absent when it does not exist or `viewer` may not see it.
  Result<std::optional<Subject>> (*find)(sql::Tx& tx, std::int64_t id, const Viewer& viewer);
  /// By a moderator: nobody but its owner and moderators sees it until it is given back.
  Result<void> (*take_down)(Context& context, std::int64_t id, const std::string& reason) = nullptr;
  Result<void> (*give_back)(Context& context, std::int64_t id) = nullptr;
  /// By a moderator: the level stays what it is set to, whatever others vote.
  Result<void> (*lock_level)(Context& context, std::int64_t id, int level) = nullptr;
  /// Copies counts into the columns that the kind's lists are sorted by. In the transaction of
  /// the consumer that counted; the same tally may come again.
  Result<void> (*counted)(sql::Tx& tx, std::span<const Tally> tallies) = nullptr;
  /// Replies that show its counts depend on "noun:id" (Context::depends_on); "" = none are kept.
  std::string_view noun = "";
};

/// Filled before requests are served, read by any thread afterwards.
class Subjects {
 public:
  void add(SubjectKind kind, const SubjectRules& rules);
  /// Null for a kind nobody registered.
  const SubjectRules* rules(SubjectKind kind) const;
  Result<std::optional<Subject>> find(sql::Tx& tx, SubjectKind kind, std::int64_t id,
                                      const Viewer& viewer) const;
  /// The same; `missing` (code `subject_missing`) instead of an absent one.
  Result<Subject> need(sql::Tx& tx, SubjectKind kind, std::int64_t id, const Viewer& viewer) const;

 private:
  std::array<std::optional<SubjectRules>, subject_kinds> rules_;
};

}  // namespace atelier::platform

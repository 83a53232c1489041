#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "platform/feature.hpp"
#include "platform/subjects.hpp"

/// Like, Dislike, Laugh, Cry, Heart: each at most once per person and subject, several beside one
/// another. Counted by features/metrics, whose event (metrics/"image.like.1") is the news of it.
namespace atelier::reactions {

/// In the order of the first platform::Metric.
enum class Reaction : unsigned char { Like, Dislike, Laugh, Cry, Heart };
BOOST_DESCRIBE_ENUM(Reaction, Like, Dislike, Laugh, Cry, Heart)

/// What `user` gave to these subjects; ids without any are absent.
Result<std::map<std::int64_t, std::vector<Reaction>>> given(sql::Tx& tx, UserId user,
                                                            platform::SubjectKind kind,
                                                            std::span<const std::int64_t> ids);

platform::Feature feature();

}  // namespace atelier::reactions

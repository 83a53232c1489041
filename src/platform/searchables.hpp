#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "platform/events.hpp"
#include "platform/viewer.hpp"
#include "ports/database.hpp"
#include "ports/search.hpp"
#include "schema/types.hpp"

/// What can be found by words, whichever feature it belongs to. The feature registers one
/// Searchable for its kind, in its `searchable.cpp`; platform/indexing keeps the indexes true, and
/// features/search asks them.
namespace atelier::platform {

enum class SearchKind : unsigned char { models, images, posts, users, collections, tags };
BOOST_DESCRIBE_ENUM(SearchKind, models, images, posts, users, collections, tags)
inline constexpr std::size_t search_kinds = 6;

/// A picture that stands for a hit. Its bytes are at `/img/{key}/width=450/{name}`.
struct HitPicture {
  std::string key, name;
  bool video = false;
  std::int64_t width = 0, height = 0;
  std::string thumbHash;               ///< base64
  std::int64_t nsfwLevel = 1;          ///< one bit
};
BOOST_DESCRIBE_STRUCT(HitPicture, (), (key, name, video, width, height, thumbHash, nsfwLevel))

/// What is counted of a hit; absent where its kind has no such count.
struct HitCounts {
  std::optional<std::int64_t> downloads, likes, comments, collected, images, items, followers,
      models;
};
BOOST_DESCRIBE_STRUCT(HitCounts, (),
                      (downloads, likes, comments, collected, images, items, followers, models))

/// How something that was found is shown, the same for every kind.
struct HitCard {
  SearchKind kind = SearchKind::models;
  std::int64_t id = 0;
  std::string title;                   ///< "" = has none
  std::string address;                 ///< path of its page: "/models/12"
  std::optional<std::string> username;  ///< whose it is
  std::int64_t nsfwLevel = 1;          ///< maturity bits
  std::optional<std::string> type;     ///< "LORA"; image or video; what a collection holds
  std::vector<std::string> baseModels;
  std::optional<HitPicture> picture;
  std::optional<schema::Time> publishedAt;
  HitCounts counts;
};
BOOST_DESCRIBE_STRUCT(HitCard, (),
                      (kind, id, title, address, username, nsfwLevel, type, baseModels, picture,
                       publishedAt, counts))

/// What an event changes about the documents of one kind.
struct Touched {
  std::set<std::int64_t> documents;    ///< to be read again; those that are gone are erased
  std::set<std::int64_t> numbers;      ///< of which only counts changed
};

/// What every document says beside its own fields, because who may see it is judged by it: keywords
/// `owner` (the number of a person), `username` and `tag`, bits `nsfwLevel` and `audience`, the
/// number `published`.
struct Common {
  UserId owner;
  std::string username;              ///< "" = it belongs to nobody
  std::vector<std::string> tags;
  int level = maturity::all;         ///< bits; all: a thing that has no level
  bool members = false;              ///< only members may see it
  Millis published = 0;
};
void add_common(ports::search::Document& document, const Common& common);
inline constexpr std::int64_t for_anyone = 1, for_members = 2;  ///< bits of `audience`

/// One kind. Functions run in the caller's transaction, on any thread.
struct Searchable {
  SearchKind kind = SearchKind::models;
  ports::search::Schema schema;        ///< `index` and the common fields are filled in by `add`
  std::vector<std::string> facets;     ///< keyword fields that people may filter by and count
  std::string popularity;              ///< number field that lifts relevance; "" = none
  float popularity_weight = 0.05F;
  bool vectors = false;                ///< alike by meaning: documents get vectors of their texts
  /// Number fields that change without the rest; right once this consumer has read the event.
  std::vector<std::string> counts;
  std::string counts_by;               ///< metrics::fold_name; "" = at once

  /// Ids > `after`, rising, of what others may find, and maybe of more.
  Result<std::vector<std::int64_t>> (*ids)(sql::Tx& tx, std::int64_t after, int limit) = nullptr;
  /// Without versions and vectors. Which of `ids` are not among them nobody may find.
  Result<std::vector<ports::search::Document>> (*documents)(
      sql::Tx& tx, std::span<const std::int64_t> ids) = nullptr;
  /// Only `counts`, where that is cheaper than `documents`. Null: it is not.
  Result<std::vector<ports::search::Document>> (*numbers)(
      sql::Tx& tx, std::span<const std::int64_t> ids) = nullptr;
  Result<void> (*touched)(sql::Tx& tx, const Event& event, Touched& out) = nullptr;
  /// Those of `ids` that `viewer` may see in a list, in any order.
  Result<std::vector<HitCard>> (*cards)(sql::Tx& tx, const Viewer& viewer,
                                        std::span<const std::int64_t> ids) = nullptr;
  /// Without an index: what has `words` in its name, newest first. Null: cannot be done.
  Result<std::vector<HitCard>> (*plain)(sql::Tx& tx, const Viewer& viewer, std::string_view words,
                                        int limit) = nullptr;
};

/// Filled before requests are served, read by any thread afterwards.
class Searchables {
 public:
  void add(Searchable searchable);
  /// Null for a kind that nobody registered.
  const Searchable* find(SearchKind kind) const;
  std::vector<const Searchable*> all() const;

 private:
  std::array<std::unique_ptr<const Searchable>, search_kinds> kinds_;
};

/// The number of a person or the like as a keyword.
inline std::string keyword_of(std::int64_t id) { return std::to_string(id); }
/// All texts of a document, as they are turned into a vector.
std::string text_of(const ports::search::Document& document);
/// As much of a long text as an index should hold, cut between two characters.
std::string beginning_of(std::string_view text);

}  // namespace atelier::platform

#pragma once
#include <optional>
#include <vector>

#include "features/civitai_api/images.hpp"
#include "features/civitai_api/shapes.hpp"
#include "platform/context.hpp"
#include "schema/message.hpp"

/// What the endpoints take. Unknown parameters are passed over, as there.
namespace atelier::civitai_api {

using Word = schema::Text<0, 200>;
using Words = schema::List<Word, 200>;
using Number = schema::Whole<0, 2'147'483'647>;
using Numbers = schema::List<Number, 1000>;

struct ListModels {
  std::optional<Number> limit, page;
  std::optional<Word> cursor, query, tag, tagname, username, user, sort, period, token;
  std::optional<Numbers> ids, modelVersionIds;
  std::optional<Words> types, baseModels, fileFormats, allowCommercialUse;
  std::optional<Word> favorites, hidden, checkpointType;
  std::optional<bool> nsfw, archived, allowNoCredit, allowDerivatives, allowDifferentLicense;
  std::optional<bool> primaryFileOnly;
  std::optional<Number> browsingLevel;
};
BOOST_DESCRIBE_STRUCT(ListModels, (),
                      (limit, page, cursor, query, tag, tagname, username, user, sort, period,
                       token, ids, modelVersionIds, types, baseModels, fileFormats,
                       allowCommercialUse, favorites, hidden, checkpointType, nsfw, archived,
                       allowNoCredit, allowDerivatives, allowDifferentLicense, primaryFileOnly,
                       browsingLevel))

struct ListImages {
  std::optional<Number> limit, page, postId, modelId, modelVersionId, imageId, userId;
  std::optional<Number> browsingLevel;
  std::optional<Word> cursor, username, sort, period, nsfw, type, token;
  std::optional<Numbers> tags;
  std::optional<Words> baseModels;
  std::optional<bool> withMeta, flatMeta, requiringMeta, withTags;
};
BOOST_DESCRIBE_STRUCT(ListImages, (),
                      (limit, page, postId, modelId, modelVersionId, imageId, userId,
                       browsingLevel, cursor, username, sort, period, nsfw, type, token, tags,
                       baseModels, withMeta, flatMeta, requiringMeta, withTags))

struct IdPath {
  schema::Whole<1, 2'147'483'647> id;
};
BOOST_DESCRIBE_STRUCT(IdPath, (), (id))
struct MiniPath {
  schema::Whole<1, 2'147'483'647> id;
  std::optional<schema::Whole<1, 2'147'483'647>> modelFileId;
  std::optional<schema::Text<0, 20>> epoch;  ///< of trainings that are not here
};
BOOST_DESCRIBE_STRUCT(MiniPath, (), (id, modelFileId, epoch))
struct HashPath {
  schema::Text<1, 128> hash;
};
BOOST_DESCRIBE_STRUCT(HashPath, (), (hash))

struct ListNames {
  std::optional<Number> limit, page;
  std::optional<Word> query;
};
BOOST_DESCRIBE_STRUCT(ListNames, (), (limit, page, query))

struct CreatorRow {
  Text username;
  std::int64_t modelCount = 0;
  Text link;
};
BOOST_DESCRIBE_STRUCT(CreatorRow, (), (username, modelCount, link))
struct CreatorList {
  std::vector<CreatorRow> items;
  ListMetadata metadata;
};
BOOST_DESCRIBE_STRUCT(CreatorList, (), (items, metadata))
struct TagRow {
  Text name;
  std::int64_t modelCount = 0;
  Text link;
};
BOOST_DESCRIBE_STRUCT(TagRow, (), (name, modelCount, link))
struct TagList {
  std::vector<TagRow> items;
  ListMetadata metadata;
};
BOOST_DESCRIBE_STRUCT(TagList, (), (items, metadata))

struct ListUsers {
  std::optional<Word> query;
  std::optional<Numbers> ids;
};
BOOST_DESCRIBE_STRUCT(ListUsers, (), (query, ids))
struct UserRow {
  std::int64_t id = 0;
  Text username;
};
BOOST_DESCRIBE_STRUCT(UserRow, (), (id, username))
struct UserList {
  std::vector<UserRow> items;
};
BOOST_DESCRIBE_STRUCT(UserList, (), (items))

struct Me {
  std::int64_t id = 0;
  Text username, tier, status;
  bool isMember = false;
  std::vector<Text> subscriptions;
};
BOOST_DESCRIBE_STRUCT(Me, (), (id, username, tier, status, isMember, subscriptions))

struct Enums {
  std::vector<Text> ModelType, ModelFileType, ActiveBaseModel, BaseModel, BaseModelType;
};
BOOST_DESCRIBE_STRUCT(Enums, (),
                      (ModelType, ModelFileType, ActiveBaseModel, BaseModel, BaseModelType))

struct HashMatch {
  std::int64_t modelVersionId = 0, modelId = 0;
  Text hash;
};
BOOST_DESCRIBE_STRUCT(HashMatch, (), (modelVersionId, modelId, hash))

Result<schema::Json> list_models(Context& context, const ListModels& in);
Result<Model> get_model(Context& context, const IdPath& in);
Result<ImageList> list_images(Context& context, const ListImages& in);
Result<Version> get_version(Context& context, const IdPath& in);
Result<MiniVersion> get_mini(Context& context, const MiniPath& in);
Result<Version> by_hash(Context& context, const HashPath& in);
Result<http::Response> by_hashes(Context& context, const http::Request& request);
Result<http::Response> ids_by_hashes(Context& context, const http::Request& request);
Result<http::Response> download(Context& context, const http::Request& request);
Result<CreatorList> list_creators(Context& context, const ListNames& in);
Result<TagList> list_tags(Context& context, const ListNames& in);
Result<UserList> list_users(Context& context, const ListUsers& in);
Result<Me> me(Context& context, const schema::Nothing&);
Result<Enums> enums(Context& context, const schema::Nothing&);

}  // namespace atelier::civitai_api

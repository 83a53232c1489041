#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/images/images.hpp"
#include "features/recipes/recipes.hpp"
#include "schema/types.hpp"

/// What the endpoints of images take and give. Members are the JSON names.
namespace atelier::images {

/// One bit of maturity (1, 2, 4, 8, 16), or 0: not said.
using LevelBit = schema::Whole<0, 16>;

struct ImagePath {
  ImageId id;
};
BOOST_DESCRIBE_STRUCT(ImagePath, (), (id))

struct ImageList {
  std::vector<ImageCard> items;
  std::optional<std::string> nextCursor, previousCursor;
};
BOOST_DESCRIBE_STRUCT(ImageList, (), (items, nextCursor, previousCursor))

struct ListImages {
  std::optional<schema::List<ImageId, 100>> ids;  ///< of these, which the viewer may see
  std::optional<ModelId> model;
  std::optional<VersionId> version;
  std::optional<VersionId> resource;   ///< made with this version
  std::optional<PostId> post;
  std::optional<schema::Text<3, 30>> username;
  std::optional<schema::Text<1, 40>> tag;
  std::optional<ImageType> type;
  std::optional<schema::List<schema::Text<1, 60>, 20>> baseModel;
  std::optional<schema::Text<1, 40>> tool;
  std::optional<bool> hasMeta;
  std::optional<bool> byCreator;       ///< with model or version: its creator's own
  std::optional<ImageId> remixOf;
  std::optional<bool> followed;        ///< only of people whom one follows
  std::optional<CollectionId> collection;
  std::optional<bool> mine;            ///< your own, shown or not
  std::optional<bool> deleted;         ///< with `mine`: the bin
  std::optional<schema::Whole<1, 31>> levels;  ///< narrows what you browse
  std::optional<models::Period> period;
  std::optional<ImageSort> sort;
  std::optional<schema::Text<0, 200>> cursor;
  std::optional<ImageId> around;       ///< the page with this image in its middle
  std::optional<schema::Whole<1, 1'000'000>> page;
  std::optional<schema::Whole<1, 200>> limit;
};
BOOST_DESCRIBE_STRUCT(ListImages, (),
                      (ids, model, version, resource, post, username, tag, type, baseModel, tool,
                       hasMeta, byCreator, remixOf, followed, collection, mine, deleted, levels,
                       period, sort, cursor, around, page, limit))

struct ImageResourceCard {
  std::string name;                    ///< of the model here, else as the file names it
  recipes::ResourceKind kind = recipes::ResourceKind::other;
  std::optional<double> strength;
  std::string hash;                    ///< as the file tells it; "" = none
  std::string air;
  bool detected = true;                ///< read from the file; else the gallery it was posted to
  std::optional<ModelId> model;        ///< known here and visible to this viewer
  std::optional<VersionId> version;
  std::optional<std::string> modelName, versionName, baseModel;
  std::optional<models::ModelType> modelType;
};
BOOST_DESCRIBE_STRUCT(ImageResourceCard, (),
                      (name, kind, strength, hash, air, detected, model, version, modelName,
                       versionName, baseModel, modelType))

struct CarriedTextRow {
  std::string place;                   ///< "png:parameters", "exif:UserComment", …
  std::string text;
};
BOOST_DESCRIBE_STRUCT(CarriedTextRow, (), (place, text))

struct ImageLevels {
  std::int64_t claim = 0;              ///< by its owner
  std::int64_t votes = 0;              ///< people who voted
  std::optional<std::int64_t> voted;   ///< what follows from them, once they are enough
  std::optional<std::int64_t> mine;    ///< your vote
  bool locked = false;                 ///< by a moderator
};
BOOST_DESCRIBE_STRUCT(ImageLevels, (), (claim, votes, voted, mine, locked))

struct ImagePage {
  ImageCard image;
  std::vector<std::string> tags;       ///< of its post
  std::optional<recipes::Recipe> recipe;
  std::vector<CarriedTextRow> raw;     ///< the recipe as the file carries it
  bool hasWorkflow = false;            ///< GET /api/v2/images/{id}/workflow
  std::vector<ImageResourceCard> resources;
  std::optional<ImageCard> remixOf;
  std::vector<ImageCard> remixes;      ///< the first ones; all: GET /api/v2/images?remixOf=
  ImageLevels levels;
  bool hideMeta = false;
  std::string originalUrl;             ///< the file as it was uploaded
};
BOOST_DESCRIBE_STRUCT(ImagePage, (),
                      (image, tags, recipe, raw, hasWorkflow, resources, remixOf, remixes, levels,
                       hideMeta, originalUrl))

struct ImageWorkflow {
  std::optional<std::string> workflow;  ///< ComfyUI's document (JSON) as the file holds it
  std::optional<std::string> graph;     ///< its executable form
};
BOOST_DESCRIBE_STRUCT(ImageWorkflow, (), (workflow, graph))

struct CreateImage {
  std::optional<UploadId> upload;      ///< a finished upload of yours, or
  std::optional<FileId> file;          ///< a file you uploaded before
  std::optional<LevelBit> nsfwLevel;
  std::optional<bool> hideMeta;
  std::optional<ImageId> remixOf;
};
BOOST_DESCRIBE_STRUCT(CreateImage, (), (upload, file, nsfwLevel, hideMeta, remixOf))

struct UpdateImage {
  ImageId id;
  std::optional<LevelBit> nsfwLevel;
  std::optional<bool> hideMeta;
  std::optional<schema::Nullable<ImageId>> remixOf;
};
BOOST_DESCRIBE_STRUCT(UpdateImage, (), (id, nsfwLevel, hideMeta, remixOf))

struct VoteLevel {
  ImageId id;
  schema::Whole<1, 16> level;
};
BOOST_DESCRIBE_STRUCT(VoteLevel, (), (id, level))

// ---- the functions behind routes.cpp
using schema::Nothing;
Result<ImageList> list_images(Context& context, const ListImages& in);
Result<ImagePage> get_image(Context& context, const ImagePath& in);
Result<ImageWorkflow> get_workflow(Context& context, const ImagePath& in);
Result<ImagePage> create_image(Context& context, const CreateImage& in);
Result<ImagePage> update_image(Context& context, const UpdateImage& in);
Result<Nothing> delete_image(Context& context, const ImagePath& in);
Result<ImagePage> restore_image(Context& context, const ImagePath& in);
Result<ImagePage> read_again(Context& context, const ImagePath& in);
Result<ImageLevels> vote_level(Context& context, const VoteLevel& in);
Result<ImageLevels> withdraw_vote(Context& context, const ImagePath& in);
/// GET /img/{key}/{parameters}/{name}
Result<http::Response> serve(Context& context, const http::Request& request);
void jobs(platform::Jobs& jobs);
void events(Services& services);
void subjects(platform::Subjects& all);

}  // namespace atelier::images

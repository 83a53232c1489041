#include "features/files/tus.hpp"

#include "base/text.hpp"
#include "features/files/test_house.hpp"
#include "features/files/uploads.hpp"

namespace atelier::files {
namespace {

/// The protocol, spoken to the functions behind the rows.
class Tus : public testing::Test {
 protected:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  http::Response send(Result<std::unique_ptr<schema::BodySink>> (*open)(Context&,
                                                                        const http::Request&),
                      const Fields& fields, std::string_view body = {}) {
    Context context(house.services);
    const auto request = prepare(context, fields);
    auto sink = open(context, request);
    EXPECT_TRUE(sink);
    for (std::size_t at = 0; at < body.size(); at += 100'000)
      if (!(*sink)->write(bytes_of(body.substr(at, 100'000)))) return {.status = 0};
    auto response = (*sink)->finish();
    EXPECT_TRUE(response);
    return std::move(*response);
  }
  http::Response send(Result<http::Response> (*call)(Context&, const http::Request&),
                      const Fields& fields) {
    Context context(house.services);
    const auto request = prepare(context, fields);
    return *call(context, request);
  }
  http::Request prepare(Context& context, const Fields& fields) {
    context.viewer.user = viewer;
    context.viewer.role = Role::member;
    context.now = house.clock.now();
    context.path_values["token"] = token;
    http::Request request;
    request.origin = "http://host";
    for (const auto& [name, value] : fields) request.headers.add(name, value);
    return request;
  }
  http::Response create_empty(std::int64_t bytes) {
    auto response = send(tus_create, {{"tus-resumable", "1.0.0"},
                                      {"upload-length", std::to_string(bytes)},
                                      {"upload-metadata", "filename YS5zYWZldGVuc29ycw=="}});
    token = std::string(response.headers.find("location"));
    token = token.substr(token.rfind('/') + 1);
    return response;
  }
  http::Response append_at(std::int64_t offset, std::string_view body, const Fields& more = {}) {
    Fields fields{{"tus-resumable", "1.0.0"},
                  {"content-type", "application/offset+octet-stream"},
                  {"upload-offset", std::to_string(offset)}};
    fields.insert(fields.end(), more.begin(), more.end());
    return send(tus_append, fields, body);
  }
  std::string offset() {
    return std::string(
        send(tus_head, {{"tus-resumable", "1.0.0"}}).headers.find("upload-offset"));
  }

  std::optional<File> file(FileId id) {
    return *sql::ask(*house.database, [&](sql::Tx& tx) { return find(tx, id); });
  }

  House house;
  UserId viewer = house.ann;
  std::string token;
};

TEST_F(Tus, CreatesAppendsAndFinishes) {
  const auto made = create_empty(11);
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.headers.find("location"), "http://host/api/v2/uploads/" + token);
  EXPECT_EQ(made.headers.find("upload-offset"), "0");
  EXPECT_TRUE(made.headers.has("upload-expires"));
  EXPECT_EQ(append_at(0, "hello ").headers.find("upload-offset"), "6");
  EXPECT_EQ(offset(), "6");
  const auto last = append_at(6, "world");
  EXPECT_EQ(last.status, 204);
  EXPECT_EQ(last.headers.find("upload-offset"), "11");
  const auto id = parse_whole(last.headers.find("atelier-file"));
  ASSERT_TRUE(id);
  EXPECT_EQ(file(FileId{*id})->name, "a.safetensors");
  EXPECT_EQ(file(FileId{*id})->hashes.crc32, "85114A0D");
  const auto head = send(tus_head, {{"tus-resumable", "1.0.0"}});
  EXPECT_EQ(head.headers.find("upload-length"), "11");
  EXPECT_EQ(head.headers.find("atelier-file"), std::to_string(*id));
}

TEST_F(Tus, TakesTheFirstBytesWithTheCreation) {
  const auto made = send(tus_create,
                         {{"tus-resumable", "1.0.0"},
                          {"upload-length", "5"},
                          {"content-type", "application/offset+octet-stream"}},
                         "hello");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.headers.find("upload-offset"), "5");
  EXPECT_TRUE(made.headers.has("atelier-file"));
}

TEST_F(Tus, RefusesWithTheStatusesOfTheProtocol) {
  EXPECT_EQ(send(tus_create, {{"upload-length", "5"}}).status, 412);
  EXPECT_EQ(send(tus_create, {{"upload-length", "5"}}).headers.find("tus-version"), "1.0.0");
  EXPECT_EQ(send(tus_create, {{"tus-resumable", "1.0.0"}}).status, 400);
  EXPECT_EQ(send(tus_create, {{"tus-resumable", "1.0.0"}, {"upload-length", "-1"}}).status, 400);
  EXPECT_EQ(
      send(tus_create, {{"tus-resumable", "1.0.0"}, {"upload-length", "900000000000"}}).status,
      413);
  create_empty(11);
  append_at(0, "hello ");
  EXPECT_EQ(append_at(0, "hello ").status, 409);
  EXPECT_EQ(append_at(7, "world").status, 409);
  EXPECT_EQ(send(tus_append, {{"tus-resumable", "1.0.0"},
                              {"upload-offset", "6"},
                              {"content-type", "text/plain"}}, "world").status, 415);
  auto busy = Writer::open(house.services, **sql::ask(*house.database, [&](sql::Tx& tx) {
    return store::upload(tx, token);
  }));
  EXPECT_EQ(append_at(6, "world").status, 423);
  busy->reset();
  viewer = UserId{house.ann.value + 1};
  EXPECT_EQ(append_at(6, "world").status, 404);
  EXPECT_EQ(send(tus_head, {{"tus-resumable", "1.0.0"}}).status, 404);
  EXPECT_EQ(send(tus_end, {{"tus-resumable", "1.0.0"}}).status, 404);
  viewer = house.ann;
  house.clock.advance(73 * 3'600'000);
  EXPECT_EQ(append_at(6, "world").status, 410);
}

TEST_F(Tus, AWrongChecksumTakesNothing) {
  create_empty(11);
  EXPECT_EQ(append_at(0, "hello ", {{"upload-checksum", "md5 AAAA"}}).status, 400);
  // SHA-1 of "hello ".
  const Fields right{{"upload-checksum", "sha1 xOQyuK7gaxFhimFhIWc8UWqB3zE="}};
  EXPECT_EQ(append_at(0, "hellO ", right).status, 460);
  EXPECT_EQ(offset(), "0");
  const auto hash = house.digests->checksum("sha1");
  hash->update(bytes_of("hello "));
  const Fields made{{"upload-checksum", "sha1 " + base64(bytes_of(hash->finish()))}};
  EXPECT_EQ(append_at(0, "hello ", made).status, 204);
  EXPECT_EQ(append_at(6, "world").headers.find("upload-offset"), "11");
}

TEST_F(Tus, ABrokenConnectionKeepsWhatCame) {
  create_empty(1'000'000);
  const auto bytes = noise(1'000'000, 9);
  {
    Context context(house.services);
    const auto request = prepare(context, {{"tus-resumable", "1.0.0"},
                                           {"content-type", "application/offset+octet-stream"},
                                           {"upload-offset", "0"}});
    auto sink = tus_append(context, request);
    ASSERT_TRUE((*sink)->write(bytes_of(std::string_view(bytes).substr(0, 700'000))));
  }
  house.reopen();
  EXPECT_EQ(offset(), "700000");
  EXPECT_TRUE(append_at(700'000, std::string_view(bytes).substr(700'000))
                  .headers.has("atelier-file"));
}

TEST_F(Tus, EndingForgetsTheBytes) {
  create_empty(11);
  append_at(0, "hello ");
  EXPECT_EQ(house.blobs->partials()->size(), 1u);
  EXPECT_EQ(send(tus_end, {{"tus-resumable", "1.0.0"}}).status, 204);
  EXPECT_TRUE(house.blobs->partials()->empty());
  EXPECT_EQ(send(tus_head, {{"tus-resumable", "1.0.0"}}).status, 404);
}

TEST_F(Tus, NamesAreReadFromTheMetadata) {
  const auto bad = send(tus_create, {{"tus-resumable", "1.0.0"},
                                     {"upload-length", "0"},
                                     {"upload-metadata", "filename !!!"}});
  EXPECT_EQ(bad.status, 400);
  const auto path = base64(bytes_of("../../x\n.ckpt"));
  const auto made = send(tus_create, {{"tus-resumable", "1.0.0"},
                                      {"upload-length", "0"},
                                      {"upload-metadata", "type YQ==, filename " + path}});
  EXPECT_EQ(file(FileId{*parse_whole(made.headers.find("atelier-file"))})->name, "x.ckpt");
}

}  // namespace
}  // namespace atelier::files

#include "features/files/downloads.hpp"

#include "base/text.hpp"
#include "features/files/files.hpp"
#include "features/files/test_house.hpp"
#include "schema/endpoint.hpp"

namespace atelier::files {
namespace {

class Downloads : public testing::Test {
 protected:
  void SetUp() override {
    auto digest = house.digests->start();
    digest->update(bytes_of(bytes));
    const auto hashes = digest->hashes();
    ASSERT_TRUE(house.blobs->put(hashes.sha256, bytes_of(bytes)));
    const auto added = sql::change(*house.database, sql::Lane::interactive, [&](sql::Tx& tx) {
      return add_stored(house.services, tx,
                        {house.ann, "model.safetensors", std::int64_t(bytes.size()), hashes});
    });
    ASSERT_TRUE(added);
    file = **sql::ask(*house.database, [&](sql::Tx& tx) { return find(tx, *added); });
  }

  // As the client would follow it.
  Result<http::Response> follow(std::string path, http::Headers headers = {},
                                http::Method method = http::Method::get,
                                std::string peer = "192.0.2.1") {
    Context context(house.services);
    context.now = house.clock.now();
    path = path.substr(0, path.find('?'));
    const auto parts = split(path, '/');
    context.path_values["token"] = *percent_decode(parts.at(2), false);
    context.path_values["name"] = *percent_decode(parts.at(3), false);
    http::Request request;
    request.method = method;
    request.headers = std::move(headers);
    request.peer = std::move(peer);
    return download(context, request);
  }
  std::string read(const http::Response& response) {
    const auto& body = std::get<http::FileBody>(response.body);
    std::string out(std::size_t(body.length), '\0');
    EXPECT_EQ(::pread(body.file->descriptor(), out.data(), out.size(), body.offset), body.length);
    return out;
  }
  std::int64_t counted(VersionId version) {
    // Whatever was asked for before is done: the lane is a queue.
    const auto rows = sql::change(*house.database, sql::Lane::bulk, [&](sql::Tx& tx) {
      return tx.run(sql::Query{"test.counted",
                               "SELECT count(*) FROM events WHERE noun = 'files' AND"
                               " verb = 'downloaded' AND subject = ?1",
                               {version}});
    });
    EXPECT_TRUE(rows);
    return rows->front().whole(0);
  }
  http::Headers range(std::string_view text) {
    http::Headers headers;
    headers.add("range", text);
    return headers;
  }

  House house;
  std::string bytes = noise(100'000, 5);
  File file;
};

TEST_F(Downloads, GiveTheBytesBehindALink) {
  const auto path = signed_path(house.services, file, "naïve.safetensors", {}, {});
  EXPECT_TRUE(path.starts_with("/files/")) << path;
  EXPECT_NE(path.find("?response-content-disposition=attachment"), path.npos);
  const auto response = follow(path);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(read(*response), bytes);
  EXPECT_EQ(response->headers.find("etag"), '"' + lower_ascii(file.hashes.sha256) + '"');
  EXPECT_EQ(response->headers.find("accept-ranges"), "bytes");
  EXPECT_EQ(response->headers.find("content-disposition"),
            "attachment; filename=\"na_ve.safetensors\"; filename*=UTF-8''na%C3%AFve.safetensors");
  EXPECT_EQ(response->headers.find("x-content-type-options"), "nosniff");
}

TEST_F(Downloads, GiveParts) {
  const auto path = signed_path(house.services, file, file.name, {}, {});
  const auto part = follow(path, range("bytes=99990-"));
  EXPECT_EQ(part->status, 206);
  EXPECT_EQ(part->headers.find("content-range"), "bytes 99990-99999/100000");
  EXPECT_EQ(read(*part), bytes.substr(99'990));
  const auto beyond = follow(path, range("bytes=100000-"));
  EXPECT_EQ(beyond->status, 416);
  EXPECT_EQ(beyond->headers.find("content-range"), "bytes */100000");
  http::Headers known;
  known.add("if-none-match", '"' + lower_ascii(file.hashes.sha256) + '"');
  EXPECT_EQ(follow(path, known)->status, 304);
}

TEST_F(Downloads, EndWithTheLink) {
  const auto path = signed_path(house.services, file, file.name, {}, {});
  house.clock.advance(119 * 60'000);
  EXPECT_TRUE(follow(path));
  house.clock.advance(2 * 60'000);
  EXPECT_EQ(follow(path).error().code, "link_expired");
  auto forged = signed_path(house.services, file, file.name, {}, {});
  forged[9] = forged[9] == 'a' ? 'b' : 'a';
  EXPECT_EQ(follow(forged).error().code, "file_missing");
}

TEST_F(Downloads, CountOncePerClientAndDay) {
  const VersionId version{31};
  const auto path = signed_path(house.services, file, file.name, version, {});
  EXPECT_TRUE(follow(path));
  EXPECT_TRUE(follow(path));
  EXPECT_TRUE(follow(path, range("bytes=0-99")));
  EXPECT_TRUE(follow(path, range("bytes=100-")));
  EXPECT_TRUE(follow(path, {}, http::Method::head));
  EXPECT_EQ(counted(version), 1);
  EXPECT_TRUE(follow(path, {}, http::Method::get, "192.0.2.2"));
  EXPECT_EQ(counted(version), 2);
  // A member is one client wherever they come from.
  const auto by_ann = signed_path(house.services, file, file.name, version, house.ann);
  EXPECT_TRUE(follow(by_ann));
  EXPECT_TRUE(follow(by_ann, {}, http::Method::get, "192.0.2.3"));
  EXPECT_EQ(counted(version), 3);
  house.clock.advance(25 * 3'600'000);
  EXPECT_TRUE(follow(signed_path(house.services, file, file.name, version, house.ann)));
  EXPECT_EQ(counted(version), 4);
}

TEST_F(Downloads, CountNothingThatIsNotMeantTo) {
  const auto path = signed_path(house.services, file, file.name, VersionId{}, {});
  EXPECT_TRUE(follow(path));
  EXPECT_EQ(counted({}), 0);
  const auto later = signed_path(house.services, file, file.name, VersionId{32}, {});
  EXPECT_TRUE(follow(later, range("bytes=500-")));
  EXPECT_TRUE(follow(later, {}, http::Method::head));
  EXPECT_EQ(counted(VersionId{32}), 0);
}

TEST_F(Downloads, OfBytesThatAreGoneAreMissing) {
  const auto path = signed_path(house.services, file, file.name, {}, {});
  ASSERT_TRUE(house.blobs->remove(lower_ascii(file.hashes.sha256)));
  EXPECT_EQ(follow(path).error().code, "file_missing");
}

}  // namespace
}  // namespace atelier::files

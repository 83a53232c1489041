#include "features/files/tus.hpp"

#include "base/text.hpp"
#include "features/files/uploads.hpp"
#include "platform/settings.hpp"
#include "schema/problem.hpp"

namespace atelier::files {
namespace {

using schema::BodySink;
using Sink = Result<std::unique_ptr<BodySink>>;

constexpr std::string_view version = "1.0.0";
constexpr std::string_view pieces_type = "application/offset+octet-stream";

// tus gives some failures statuses that our faults do not have.
int status_of(const Error& error) {
  if (error.code == "tus_version") return 412;
  if (error.code == "media_type") return 415;
  if (error.code == "checksum_mismatch") return 460;
  if (error.code == "file_too_large" || error.code == "quota_exceeded") return 413;
  if (error.code == "upload_busy") return 423;
  if (error.code == "storage_full") return 507;
  if (error.code == "upload_expired") return 410;
  if (error.fault == Fault::invalid) return 400;
  return schema::status_of(error.fault);
}

http::Response refusal(const Error& error, std::string_view request_id) {
  http::Response response = schema::problem(error, request_id);
  response.status = status_of(error);
  response.headers.set("tus-resumable", version);
  if (error.code == "tus_version") response.headers.set("tus-version", version);
  response.headers.set("cache-control", "no-store");
  return response;
}

/// Takes a body that nobody wants, so that the client reads why. Only a little: a client that
/// sends on has not asked first, and its connection is closed.
class RefusedBody final : public BodySink {
 public:
  RefusedBody(Error error, std::string request_id)
      : error_(std::move(error)), request_id_(std::move(request_id)) {}
  Result<void> write(std::span<const std::byte> bytes) override {
    taken_ += bytes.size();
    if (taken_ > 1024 * 1024) return std::unexpected(error_);
    return {};
  }
  Result<http::Response> finish() override { return refusal(error_, request_id_); }

 private:
  Error error_;
  std::string request_id_;
  std::size_t taken_ = 0;
};

Sink refuse(Context& context, Error error) {
  return std::make_unique<RefusedBody>(std::move(error), context.request_id);
}

struct Announced {
  std::string algorithm;
  std::string digest;  ///< raw
};

/// The bytes of one request on their way into an upload.
class Body final : public BodySink {
 public:
  Body(Context& context, std::unique_ptr<Writer> writer, http::Response reply)
      : services_(context.services),
        request_id_(context.request_id),
        writer_(std::move(writer)),
        reply_(std::move(reply)) {}

  // Dropped where it is written to, never on an HTTP loop, so this may wait for the disk.
  ~Body() override {
    // The connection broke: what came is worth keeping, unless it awaits a checksum.
    if (writer_ && !checksum_) (void)writer_->keep();
  }

  void expect(Announced announced) {
    checksum_ = services_.digests->checksum(announced.algorithm);
    expected_ = std::move(announced.digest);
    writer_->hold();
  }

  Result<void> write(std::span<const std::byte> bytes) override {
    if (checksum_) checksum_->update(bytes);
    return writer_->append(bytes);
  }

  Result<http::Response> finish() override {
    const auto writer = std::move(writer_);
    if (checksum_ && checksum_->finish() != expected_) {
      TRY(writer->rewind());
      return refusal(Error{Fault::invalid, "checksum_mismatch",
                           "The bytes are not those whose checksum was sent.", {}, 0},
                     request_id_);
    }
    Result<void> kept = writer->keep();
    if (!kept) return refusal(kept.error(), request_id_);
    reply_.headers.set("upload-offset", std::to_string(writer->received()));
    reply_.headers.set("upload-expires", http_time(expiry(services_)));
    if (writer->complete()) {
      const auto file = writer->finish();
      if (!file) return refusal(file.error(), request_id_);
      reply_.headers.set("atelier-file", std::to_string(file->value));
    }
    return std::move(reply_);
  }

 private:
  Services& services_;
  std::string request_id_;
  std::unique_ptr<Writer> writer_;
  http::Response reply_;
  std::unique_ptr<ports::Checksum> checksum_;
  std::string expected_;
};

std::unexpected<Error> bad(std::string_view code, std::string_view detail) {
  return fail(Fault::invalid, code, detail);
}

Result<void> check_version(const http::Request& request) {
  if (request.headers.find("tus-resumable") == version) return {};
  return bad("tus_version", "This server speaks tus 1.0.0.");
}

Result<std::optional<Announced>> read_checksum(Services& services, const http::Request& request) {
  const auto field = trim(request.headers.find("upload-checksum"));
  if (field.empty()) return std::nullopt;
  const auto space = field.find(' ');
  const auto algorithm = field.substr(0, space);
  const auto digest = space == field.npos ? std::nullopt : from_base64(field.substr(space + 1));
  if (!services.digests->checksum(algorithm) || !digest)
    return bad("checksum_unknown", "Upload-Checksum is not 'sha1 …' or 'sha256 …' in base64.");
  return Announced{std::string(algorithm), *digest};
}

// "filename d29ybGQ=,is_draft": the value of `key`.
Result<std::string> read_metadata(std::string_view field, std::string_view key) {
  for (auto pair : split(field, ',')) {
    pair = trim(pair);
    const auto space = pair.find(' ');
    if (pair.substr(0, space) != key) continue;
    const auto value = space == pair.npos ? std::string() : from_base64(trim(pair.substr(space)));
    if (!value || !is_text(*value)) return bad("metadata", "Upload-Metadata cannot be read.");
    return *value;
  }
  return std::string();
}

Result<std::int64_t> read_length(const http::Request& request, std::string_view field) {
  const auto length = parse_whole(request.headers.find(field));
  if (!length || *length < 0 || *length > std::int64_t{1} << 50)
    return bad("bad_" + std::string(field == "upload-length" ? "length" : "offset"),
               std::string(field) + " is missing or not a number.");
  return *length;
}

Result<store::Upload> own_upload(Context& context) {
  const auto found = TRY(sql::ask(*context.services.database, [&](sql::Tx& tx) {
    return store::upload(tx, context.path("token"));
  }));
  if (!found || found->owner != context.viewer.user)
    return fail(Fault::missing, "upload_missing", "There is no such upload.");
  if (found->expires_at < context.now && !found->finished)
    return fail(Fault::missing, "upload_expired", "This upload was left too long and is gone.");
  return *found;
}

http::Response reply(int status) {
  http::Response response;
  response.status = status;
  response.headers.set("tus-resumable", version);
  response.headers.set("cache-control", "no-store");
  response.body = std::string();
  return response;
}

Result<std::unique_ptr<Body>> open_body(Context& context, const http::Request& request,
                                        const store::Upload& upload, http::Response response) {
  auto announced = TRY(read_checksum(context.services, request));
  auto writer = TRY(Writer::open(context.services, upload));
  if (writer->received() != upload.received)
    return fail(Fault::conflict, "offset_mismatch", "The upload has moved on; ask where it is.");
  auto body = std::make_unique<Body>(context, std::move(writer), std::move(response));
  if (announced) body->expect(std::move(*announced));
  return body;
}

Result<std::unique_ptr<Body>> create(Context& context, const http::Request& request) {
  TRY(check_version(request));
  const auto type = request.headers.find("content-type");
  if (!type.empty() && type != pieces_type)
    return bad("media_type", "A first piece is sent as application/offset+octet-stream.");
  if (request.headers.has("upload-defer-length"))
    return bad("bad_length", "The length must be known: send Upload-Length.");
  const auto metadata = request.headers.find("upload-metadata");
  TRY(read_checksum(context.services, request));
  NewUpload wanted{.owner = context.viewer.user,
                   .name = TRY(read_metadata(metadata, "filename")),
                   .bytes = TRY(read_length(request, "upload-length")),
                   .unlimited = context.viewer.at_least(Role::administrator),
                   .sha256 = TRY(read_metadata(metadata, "sha256"))};
  if (wanted.name.empty()) wanted.name = TRY(read_metadata(metadata, "name"));
  const auto upload = TRY(create_upload(context.services, wanted));
  http::Response response = reply(201);
  response.headers.set("location", request.origin + "/api/v2/uploads/" + upload.token);
  return open_body(context, request, upload, std::move(response));
}

Result<std::unique_ptr<Body>> append(Context& context, const http::Request& request) {
  TRY(check_version(request));
  if (request.headers.find("content-type") != pieces_type)
    return bad("media_type", "Pieces are sent as application/offset+octet-stream.");
  const auto offset = TRY(read_length(request, "upload-offset"));
  const auto upload = TRY(own_upload(context));
  if (offset != upload.received)
    return fail(Fault::conflict, "offset_mismatch",
                "The upload is at " + std::to_string(upload.received) + " bytes.");
  return open_body(context, request, upload, reply(204));
}

}  // namespace

Result<http::Response> tus_options(Context& context, const http::Request&) {
  http::Response response = reply(204);
  response.headers.set("tus-version", version);
  response.headers.set("tus-extension",
                       "creation,creation-with-upload,checksum,expiration,termination");
  response.headers.set("tus-checksum-algorithm", "sha1,sha256");
  const auto settings = context.services.settings->get<FilesSettings>("files");
  response.headers.set("tus-max-size", std::to_string(settings.uploadBytesMax.value));
  return response;
}

Sink tus_create(Context& context, const http::Request& request) {
  auto body = create(context, request);
  if (!body) return refuse(context, std::move(body).error());
  return std::move(*body);
}

Sink tus_append(Context& context, const http::Request& request) {
  auto body = append(context, request);
  if (!body) return refuse(context, std::move(body).error());
  return std::move(*body);
}

Result<http::Response> tus_head(Context& context, const http::Request& request) {
  const auto answer = [&]() -> Result<http::Response> {
    TRY(check_version(request));
    const auto upload = TRY(settle(context.services, TRY(own_upload(context))));
    http::Response response = reply(200);
    response.headers.set("upload-offset", std::to_string(upload.received));
    response.headers.set("upload-length", std::to_string(upload.bytes));
    response.headers.set("upload-metadata", "filename " + base64(bytes_of(upload.name)));
    response.headers.set("upload-expires", http_time(upload.expires_at));
    if (upload.file)
      response.headers.set("atelier-file", std::to_string(upload.file->value));
    return response;
  }();
  return answer ? *answer : refusal(answer.error(), context.request_id);
}

Result<http::Response> tus_end(Context& context, const http::Request& request) {
  const auto answer = [&]() -> Result<http::Response> {
    TRY(check_version(request));
    TRY(end_upload(context.services, TRY(own_upload(context))));
    return reply(204);
  }();
  return answer ? *answer : refusal(answer.error(), context.request_id);
}

}  // namespace atelier::files

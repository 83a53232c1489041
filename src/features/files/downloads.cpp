#include "features/files/downloads.hpp"

#include "base/text.hpp"
#include "features/files/files.hpp"
#include "features/files/links.hpp"
#include "features/files/store.hpp"
#include "platform/events.hpp"
#include "platform/ranges.hpp"
#include "platform/settings.hpp"
#include "ports/blobs.hpp"

namespace atelier::files {
namespace {

constexpr Millis counted_once_ms = 24 * 3'600'000;

std::unexpected<Error> gone() {
  return fail(Fault::missing, "file_missing", "This file does not exist.");
}

// The download began now, unless this client began one lately. Nobody waits for it, and a full
// queue loses a count, not a download.
void count(Services& services, const SignedLink& link, const http::Request& request) {
  const auto who = link.viewer ? "user:" + std::to_string(link.viewer.value)
                               : "address:" + request.peer;
  const auto client = hex(bytes_of(
      services.crypto->hmac_sha256(services.secret, "files.count\n" + who).substr(0, 16)));
  services.database->write(
      sql::Lane::bulk,
      [&services, link, client](sql::Tx& tx) -> Result<void> {
        const Millis now = services.clock->now();
        const bool first = TRY(
            store::mark_download(tx, link.counted.value, client, now, now - counted_once_ms));
        if (!first) return {};
        return platform::publish(services, tx, "files", "downloaded", link.counted.value,
                                 link.viewer);
      },
      [](Result<void>) {});
}

void describe(http::Headers& headers, const File& file, std::string_view etag,
              std::string_view name) {
  headers.add("accept-ranges", "bytes");
  headers.add("etag", etag);
  headers.add("last-modified", http_time(file.created_at));
  headers.add("content-disposition", attachment(name));
  // The link is as good as a credential: no shared cache may keep what it gave.
  headers.add("cache-control", "private, no-transform, max-age=3600");
  headers.add("x-content-type-options", "nosniff");
  headers.add("content-security-policy", "sandbox; default-src 'none'");
}

}  // namespace

Result<http::Response> download(Context& context, const http::Request& request) {
  Services& services = context.services;
  const auto name = std::string(context.path("name"));
  const auto link = read_link(*services.crypto, services.secret, context.path("token"), name);
  if (!link) return gone();
  if (link->expires_at < context.now)
    return fail(Fault::forbidden, "link_expired", "This link has ended. Ask for the file again.");
  const auto file = TRY(sql::ask(*services.database, [&](sql::Tx& tx) {
    return store::file(tx, link->file);
  }));
  if (!file || file->hashes.sha256.empty()) return gone();
  const auto sha256 = lower_ascii(file->hashes.sha256);
  const auto blob = services.blobs->open(sha256);
  if (!blob && blob.error().fault == Fault::missing) return gone();
  if (!blob) return std::unexpected(blob.error());

  const auto etag = '"' + sha256 + '"';
  const platform::Part part =
      platform::choose_part(request.headers, {blob->size, etag, file->created_at});
  http::Response response;
  response.status = part.status;
  describe(response.headers, *file, etag, name);
  if (part.status == 416)
    response.headers.add("content-range", "bytes */" + std::to_string(blob->size));
  if (part.status != 200 && part.status != 206) {
    response.body = std::string();
    return response;
  }
  response.headers.add("content-type", "application/octet-stream");
  if (part.status == 206)
    response.headers.add("content-range", "bytes " + std::to_string(part.offset) + '-' +
                                              std::to_string(part.offset + part.length - 1) +
                                              '/' + std::to_string(blob->size));
  response.body = http::FileBody{blob->file, part.offset, part.length};
  // Later parts belong to a download that has begun already.
  if (request.method == http::Method::get && link->counted && part.offset == 0)
    count(services, *link, request);
  return response;
}

Result<http::Response> download_own(Context& context, const http::Request& request) {
  const auto id = parse_whole(context.path("id"));
  const auto file = TRY(sql::ask(*context.services.database, [&](sql::Tx& tx) {
    return store::file(tx, FileId{id.value_or(0)});
  }));
  const bool may = file && context.viewer.signed_in() &&
                   (file->owner == context.viewer.user ||
                    context.viewer.at_least(Role::moderator));
  if (!may || file->hashes.sha256.empty()) return gone();
  http::Response response;
  response.status = 307;
  response.headers.add("location", request.origin + signed_path(context.services, *file, file->name,
                                                                {}, context.viewer.user));
  response.headers.add("cache-control", "no-store");
  return response;
}

std::string signed_path(const Services& services, const File& file, std::string_view shown_name,
                        VersionId counted, UserId viewer) {
  const auto minutes = services.settings->get<FilesSettings>("files").linkMinutes.value;
  const auto name = clean_name(shown_name);
  const auto token = sign_link(
      *services.crypto, services.secret,
      {file.id, counted, viewer, services.clock->now() + minutes * 60'000}, name);
  // Some clients read the name from this value and nowhere else.
  return "/files/" + token + '/' + percent_encode(name) + "?response-content-disposition=" +
         percent_encode(attachment(name));
}

}  // namespace atelier::files

#include <optional>

#include "base/text.hpp"
#include "features/images/derived.hpp"
#include "features/images/functions.hpp"
#include "platform/ranges.hpp"

// The bytes of images, at the addresses that Civitai's clients make:
// /img/{key}/width=450,anim=false/{name}, where parameters are parted by commas or slashes, come
// in any order, and unknown ones are passed over.
namespace atelier::images {
namespace {

struct Asked {
  std::int64_t width = 0;
  bool original = false;
  bool moving = true;
};

std::unexpected<Error> gone() {
  return fail(Fault::missing, "image_missing", "There is no such image.");
}

void read_parameter(std::string_view part, Asked& asked) {
  const auto equals = part.find('=');
  const std::string_view name = part.substr(0, equals);
  const std::string_view text = equals == part.npos ? "" : part.substr(equals + 1);
  if (name == "original") asked.original = text == "true";
  if (name == "anim") asked.moving = text != "false";
  // The first of several widths: clients put theirs in front.
  if (name == "width" && asked.width == 0) asked.width = parse_whole(text).value_or(0);
}

Asked read_asked(std::string_view rest) {
  Asked asked;
  for (const std::string_view segment : split(rest, '/'))
    for (const std::string_view part : split(segment, ',')) read_parameter(trim(part), asked);
  return asked;
}

struct Shown {
  Image image;
  std::string sha256;
};

Result<std::optional<Shown>> find_shown(sql::Tx& tx, std::string_view key) {
  std::optional<Image> image = TRY(store::by_key(tx, key));
  if (!image || !image->file || image->state != ImageState::ready || image->deleted_at ||
      image->taken_down_at)
    return std::optional<Shown>{};
  const auto file = TRY(files::find(tx, *image->file));
  if (!file || file->hashes.sha256.empty()) return std::optional<Shown>{};
  return std::optional<Shown>(Shown{std::move(*image), lower_ascii(file->hashes.sha256)});
}

struct Bytes {
  ports::Blob blob;
  std::string etag, type;
  bool fixed = true;  ///< the same address never gives other bytes
};

Result<Bytes> bytes_of(Services& services, const Shown& shown, const Asked& asked) {
  const Image& image = shown.image;
  auto original = services.blobs->open(shown.sha256);
  if (!original && original.error().fault == Fault::missing) return gone();
  ports::Blob blob = TRY(std::move(original));
  const bool film = image.type == ImageType::video;
  // What hides its recipe must not carry it in the file.
  if (film || (asked.original && !image.hide_meta))
    return Bytes{std::move(blob), '"' + shown.sha256 + '"', image.mime, film};
  const bool moves = image.duration_ms.has_value() && asked.moving;
  Wish wish{snapped(asked.width), moves};
  if (wish.width >= image.width) wish.width = 0;
  const std::string etag = '"' + shown.sha256.substr(0, 32) + "-" + std::to_string(wish.width) +
                           (moves ? "a\"" : "\"");
  blob = TRY(derived(services).get(*services.imaging, blob, shown.sha256, wish));
  return Bytes{std::move(blob), etag, "image/webp", !asked.original};
}

void describe(http::Headers& headers, const Bytes& bytes) {
  headers.add("etag", bytes.etag);
  headers.add("accept-ranges", "bytes");
  headers.add("cache-control", bytes.fixed ? "public, max-age=31536000, immutable"
                                           : "public, max-age=3600");
  headers.add("x-content-type-options", "nosniff");
  headers.add("content-security-policy", "sandbox; default-src 'none'");
  headers.add("cross-origin-resource-policy", "cross-origin");
  headers.add("access-control-allow-origin", "*");
  // Only what was told by its bytes to be a picture or film is shown in place.
  const bool known = bytes.type.starts_with("image/") || bytes.type.starts_with("video/");
  headers.add("content-disposition", known ? "inline" : "attachment");
}

http::Response response_of(const http::Request& request, const Bytes& bytes, Millis modified) {
  const platform::Part part =
      platform::choose_part(request.headers, {bytes.blob.size, bytes.etag, modified});
  http::Response response;
  response.status = part.status;
  describe(response.headers, bytes);
  if (part.status == 416)
    response.headers.add("content-range", "bytes */" + std::to_string(bytes.blob.size));
  if (part.status != 200 && part.status != 206) {
    response.body = std::string();
    return response;
  }
  response.headers.add("content-type", bytes.type);
  if (part.status == 206)
    response.headers.add("content-range", "bytes " + std::to_string(part.offset) + '-' +
                                              std::to_string(part.offset + part.length - 1) +
                                              '/' + std::to_string(bytes.blob.size));
  response.body = http::FileBody{bytes.blob.file, part.offset, part.length};
  return response;
}

}  // namespace

Result<http::Response> serve(Context& context, const http::Request& request) {
  Services& services = context.services;
  const std::string key(context.path("key"));
  const auto shown = TRY(sql::ask(*services.database,
                                  [&](sql::Tx& tx) { return find_shown(tx, key); }));
  if (!shown) return gone();
  const Bytes bytes = TRY(bytes_of(services, *shown, read_asked(context.path("rest"))));
  return response_of(request, bytes, shown->image.created_at);
}

}  // namespace atelier::images

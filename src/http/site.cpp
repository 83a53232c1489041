#include "http/site.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "base/check.hpp"
#include "base/text.hpp"

namespace atelier::http {

namespace {

struct Embedded {
  const char* path;
  const char* begin;
  const char* end;
};

std::string_view type_of(std::string_view path) {
  struct Known {
    std::string_view ending, type;
  };
  static constexpr Known known[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".json", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".txt", "text/plain; charset=utf-8"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".webp", "image/webp"},
      {".avif", "image/avif"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".wasm", "application/wasm"},
  };
  for (const Known& each : known)
    if (path.ends_with(each.ending)) return each.type;
  return "application/octet-stream";
}

/// "/assets/index-DMxpcXhK.js": Vite puts eight or more letters of a hash before the ending.
bool has_hash(std::string_view path) {
  if (!path.starts_with("/assets/")) return false;
  const std::string_view stem = path.substr(0, path.find('.', path.rfind('/')));
  constexpr std::size_t letters = 8;
  if (stem.size() < letters + 1) return false;
  const std::string_view hash = stem.substr(stem.size() - letters);
  return stem[stem.size() - letters - 1] == '-' && std::ranges::all_of(hash, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '-';
  });
}

std::string etag_of(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  std::size_t size = 0;
  CHECK(EVP_Q_digest(nullptr, "SHA256", nullptr, bytes.data(), bytes.size(), digest.data(),
                     &size) == 1);
  return '"' + base64url(std::as_bytes(std::span(digest)).first(12)) + '"';
}

bool wants_html(const Request& request) {
  const std::string_view accept = request.headers.find("accept");
  if (accept.find("text/html") != accept.npos) return true;
  const std::string_view last =
      std::string_view(request.path).substr(request.path.rfind('/') + 1);
  return (accept.empty() || accept.find("*/*") != accept.npos) && last.find('.') == last.npos;
}

}  // namespace

extern "C" const Embedded atelier_embedded_site[];

bool accepts_coding(std::string_view field, std::string_view coding) {
  bool any = false;
  for (const std::string_view item : split(field, ',')) {
    const std::vector<std::string_view> parts = split(item, ';');
    const std::string_view name = trim(parts.front());
    if (name != "*" && !equal_ignoring_case(name, coding)) continue;
    bool refused = false;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const std::string_view part = trim(parts[i]);
      if (part.starts_with("q=") || part.starts_with("Q="))
        refused = parse_real(part.substr(2)).value_or(0) <= 0;
    }
    if (name != "*") return !refused;
    any = !refused;
  }
  return any;
}

bool names_etag(std::string_view field, std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  for (std::string_view item : split(field, ',')) {
    item = trim(item);
    if (item.starts_with("W/")) item.remove_prefix(2);
    if (item == etag || item == "*") return true;
  }
  return false;
}

Site::Site(const std::vector<Asset>& assets) {
  for (const Asset& asset : assets) {
    std::string_view path = asset.path;
    const bool brotli = path.ends_with(".br");
    const bool gzip = path.ends_with(".gz");
    if (brotli || gzip) path.remove_suffix(3);
    File& file = files_[std::string(path)];
    Variant& variant = brotli ? file.brotli : gzip ? file.gzip : file.plain;
    variant = {std::make_shared<const std::string>(asset.bytes), etag_of(asset.bytes)};
    file.type = type_of(path);
    file.lasting = has_hash(path);
  }
  // An encoding of a file that is not there answers nobody who does not take it.
  std::erase_if(files_, [](const auto& entry) { return !entry.second.plain.bytes; });
  const auto page = files_.find("/index.html");
  if (page != files_.end()) page_ = &page->second;
}

std::shared_ptr<const Site> Site::embedded() {
  std::vector<Asset> assets;
  for (const Embedded* each = atelier_embedded_site; each->path != nullptr; ++each)
    assets.push_back(
        {each->path, {each->begin, static_cast<std::size_t>(each->end - each->begin)}});
  if (assets.empty()) {
    constexpr std::string_view note =
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Atelier</title>\n"
        "<p>The pages were not built into this program. The API at /api/v2 works.</p></html>\n";
    assets.push_back({"/index.html", note});
  }
  return std::make_shared<const Site>(assets);
}

Response Site::send(const Request& request, const File& file) const {
  const std::string_view codings = request.headers.find("accept-encoding");
  const Variant* variant = &file.plain;
  std::string_view coding;
  if (file.gzip.bytes && accepts_coding(codings, "gzip")) {
    variant = &file.gzip;
    coding = "gzip";
  }
  if (file.brotli.bytes && accepts_coding(codings, "br")) {
    variant = &file.brotli;
    coding = "br";
  }
  Response response;
  response.headers.add("etag", variant->etag);
  response.headers.add("vary", "accept-encoding");
  response.headers.add("cache-control",
                       file.lasting ? "public, max-age=31536000, immutable" : "no-cache");
  if (names_etag(request.headers.find("if-none-match"), variant->etag)) {
    response.status = 304;
    return response;
  }
  response.headers.add("content-type", file.type);
  if (!coding.empty()) response.headers.add("content-encoding", coding);
  response.body = variant->bytes;
  return response;
}

std::optional<Response> Site::answer(const Request& request) const {
  const auto file = files_.find(request.path);
  if (file != files_.end()) return send(request, file->second);
  const bool asset = request.path.starts_with("/assets/");
  if (page_ != nullptr && !asset && wants_html(request)) return send(request, *page_);
  return std::nullopt;
}

}  // namespace atelier::http

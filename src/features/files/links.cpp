#include "features/files/links.hpp"

#include <charconv>

#include "base/text.hpp"
#include "features/files/files.hpp"

namespace atelier::files {
namespace {

std::string base36(std::int64_t number) {
  char text[16];
  const auto end = std::to_chars(text, text + sizeof text, number, 36).ptr;
  return {text, end};
}

std::optional<std::int64_t> from_base36(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number, 36);
  if (failed != std::errc{} || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

std::string mac(const ports::Crypto& crypto, std::string_view secret, std::string_view numbers,
                std::string_view shown_name) {
  std::string message = "files.link\n";
  message.append(numbers).append("\n").append(shown_name);
  return base64url(bytes_of(crypto.hmac_sha256(secret, message).substr(0, 16)));
}

}  // namespace

std::string sign_link(const ports::Crypto& crypto, std::string_view secret, const SignedLink& link,
                      std::string_view shown_name) {
  const auto numbers = base36(link.file.value) + '-' + base36(link.counted.value) + '-' +
                       base36(link.viewer.value) + '-' + base36(link.expires_at / 1000);
  return numbers + '-' + mac(crypto, secret, numbers, shown_name);
}

std::optional<SignedLink> read_link(const ports::Crypto& crypto, std::string_view secret,
                                    std::string_view token, std::string_view shown_name) {
  std::int64_t numbers[4];
  std::size_t at = 0;
  for (auto& number : numbers) {
    const auto dash = token.find('-', at);
    if (dash == token.npos) return std::nullopt;
    const auto read = from_base36(token.substr(at, dash - at));
    if (!read) return std::nullopt;
    number = *read;
    at = dash + 1;
  }
  const auto expected = mac(crypto, secret, token.substr(0, at - 1), shown_name);
  if (!equal_constant_time(expected, token.substr(at))) return std::nullopt;
  return SignedLink{FileId{numbers[0]}, VersionId{numbers[1]}, UserId{numbers[2]},
                    numbers[3] * 1000};
}

std::string attachment(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) == 0x80) continue;  // one '_' per code point
    plain += byte < 0x20 || byte > 0x7e || c == '"' || c == '\\' || c == '%' ? '_' : c;
  }
  std::string field = "attachment; filename=\"" + plain + '"';
  if (plain != name) field += "; filename*=UTF-8''" + percent_encode(name);
  return field;
}

std::string clean_name(std::string_view name) {
  if (const auto slash = name.find_last_of("/\\"); slash != name.npos)
    name.remove_prefix(slash + 1);
  std::string clean;
  for (const char c : name)
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) clean += c;
  if (clean.size() > 200) {
    // The extension says what a loader takes the file for: it stays.
    const auto dot = clean.rfind('.');
    std::string extension;
    if (dot != clean.npos && clean.size() - dot <= 20) extension = clean.substr(dot);
    std::size_t end = 200 - extension.size();
    while (end > 0 && (static_cast<unsigned char>(clean[end]) & 0xc0) == 0x80) --end;
    clean = clean.substr(0, end) + extension;
  }
  clean = trim(clean);
  if (!is_text(clean) || clean.empty() || clean == "." || clean == "..") return "unnamed";
  return clean;
}

}  // namespace atelier::files

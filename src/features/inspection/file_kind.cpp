#include "features/inspection/file_kind.hpp"

#include <algorithm>
#include <initializer_list>

namespace atelier::inspection {

namespace {

bool one_of(std::string_view text, std::initializer_list<std::string_view> choices) {
  return std::find(choices.begin(), choices.end(), text) != choices.end();
}

}  // namespace

std::string extension_of(std::string_view name) {
  const std::size_t slash = name.find_last_of('/');
  if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? "" : std::string(name.substr(dot + 1));
}

bool is_safetensors_extension(std::string_view extension) {
  return one_of(extension, {"safetensors", "sft"});
}

bool is_pickle_extension(std::string_view extension) {
  return one_of(extension, {"ckpt", "pt", "pth", "bin", "pkl", "pickle", "th", "p", "pk",
                            "joblib"});
}

bool is_archive(std::string_view extension) {
  return one_of(extension, {"zip", "7z", "rar", "tar", "gz", "tgz", "bz2", "xz", "zst", "npz",
                            "keras", "mar", "nemo"});
}

bool is_program(std::string_view extension) {
  return one_of(extension, {"exe", "dll", "so", "dylib", "bat", "cmd", "ps1", "sh", "py", "pyc",
                            "pyd", "js", "vbs", "msi", "lnk", "scr", "jar", "com", "hta", "app"});
}

std::string_view wrapper_name(std::string_view start) {
  using namespace std::string_view_literals;
  if (start.starts_with("7z\xBC\xAF\x27\x1C"sv)) return "7z";
  if (start.starts_with("\x1F\x8B"sv)) return "gzip";
  if (start.starts_with("\xFD\x37zXZ\0"sv)) return "xz";
  if (start.starts_with("BZh"sv)) return "bzip2";
  if (start.starts_with("\x28\xB5\x2F\xFD"sv)) return "zstd";
  if (start.starts_with("Rar!\x1A\x07"sv)) return "rar";
  if (start.starts_with("\x04\x22\x4D\x18"sv)) return "lz4";
  if (start.size() >= 262 && start.substr(257, 5) == "ustar") return "tar";
  return {};
}

bool is_media(std::string_view start) {
  using namespace std::string_view_literals;
  return start.starts_with("\x89PNG\r\n\x1A\n"sv) || start.starts_with("\xFF\xD8\xFF"sv) ||
         start.starts_with("GIF8"sv) ||
         (start.starts_with("RIFF"sv) && (start.substr(8, 4) == "WEBP" ||
                                          start.substr(8, 4) == "WAVE")) ||
         start.substr(0, 12).substr(std::min<std::size_t>(4, start.size())).starts_with("ftyp") ||
         start.starts_with("\x1A\x45\xDF\xA3"sv);
}

}  // namespace atelier::inspection

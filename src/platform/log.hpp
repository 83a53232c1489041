#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <initializer_list>

namespace atelier::log {

using Field = std::pair<std::string_view, std::string>;

/// One JSON line to standard error: time, level, event ("http.request"), then the fields. Values
/// are escaped, so a line is always one line. Secrets are never passed in.
void info(std::string_view event, std::initializer_list<Field> fields = {});
void warning(std::string_view event, std::initializer_list<Field> fields = {});
void error(std::string_view event, std::initializer_list<Field> fields = {});
/// False when `info` writes nothing: then its fields need not be made.
bool tells_all();
/// Below this nothing is written: "info", "warning", "error", "off".
void set_level(std::string_view level);

}  // namespace atelier::log

#pragma once
#include <string>
#include <string_view>

namespace atelier::inspection {

std::string extension_of(std::string_view name);  ///< without the dot

bool is_safetensors_extension(std::string_view extension);
bool is_pickle_extension(std::string_view extension);  ///< loaders unpickle such files
bool is_archive(std::string_view extension);
bool is_program(std::string_view extension);

/// The name of the archive or compression format that begins so, other than zip; else empty.
std::string_view wrapper_name(std::string_view start);
/// True for what pictures, sounds and videos begin with.
bool is_media(std::string_view start);

}  // namespace atelier::inspection

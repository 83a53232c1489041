#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace atelier::engines::comfyui {

/// A picture that lies on the server, and where in a graph its name belongs.
struct PlacedPicture {
  std::vector<std::string> pointers;  ///< JSON Pointers
  bool mask = false;                  ///< 8-bit grey, white = edit
  std::string name;
};

/// The graph with the names in their places. Masks are read from their red channel, where white
/// is 1 and ComfyUI edits: a node that loads masks is told so; a mask in the place of a picture
/// gets such a node of its own, which takes over what was linked to that picture's transparency;
/// where nothing was, and no picture is placed there, the mask is the picture.
std::string place_pictures(std::string_view graph, const std::vector<PlacedPicture>& pictures);

}  // namespace atelier::engines::comfyui

#include "engines/comfyui/graph_pictures.hpp"

#include <set>

#include "schema/json.hpp"
#include "schema/json_text.hpp"
#include "schema/scalars.hpp"

namespace atelier::engines::comfyui {
namespace {

constexpr std::string_view red = "\"red\"";

std::string quoted(std::string_view text) {
  std::string out;
  schema::write_json_string(out, text);
  return out;
}

/// "/12:3/inputs/image" → "/12:3".
std::string node_of(std::string_view pointer) {
  return std::string(pointer.substr(0, pointer.find('/', 1)));
}

class Placing {
 public:
  Placing(std::string_view graph, const std::vector<PlacedPicture>& pictures) : graph_(graph) {
    for (const PlacedPicture& picture : pictures)
      if (!picture.mask) taken_.insert(picture.pointers.begin(), picture.pointers.end());
  }

  void put(const PlacedPicture& picture) {
    for (const std::string& pointer : picture.pointers) {
      const std::string node = node_of(pointer);
      const auto channel = schema::find_json(graph_, node + "/inputs/channel");
      const bool beside = picture.mask && !channel;
      if (beside && (put_mask_beside(node, picture.name) || taken_.contains(pointer))) continue;
      if (picture.mask && channel) replacements_.push_back({*channel, std::string(red)});
      if (const auto place = schema::find_json(graph_, pointer))
        replacements_.push_back({*place, quoted(picture.name)});
    }
  }

  std::string result() {
    std::string out = schema::replace_json(graph_, std::move(replacements_));
    const std::size_t end = out.rfind('}');
    if (end != out.npos) out.insert(end, added_);
    return out;
  }

 private:
  /// False: nothing takes the transparency of that picture, so the mask is wanted as a picture.
  bool put_mask_beside(const std::string& node, const std::string& name) {
    const std::string id = free_id();
    const std::size_t before = replacements_.size();
    const std::string link = '[' + quoted(id) + ",0]";
    schema::each_member(graph_, [&](const std::string& other, std::string_view json) {
      schema::each_member(text_at(json, "/inputs"), [&](const std::string& input,
                                                        std::string_view value) {
        const std::string pointer = '/' + schema::pointer_token(schema::json_string(
                                              text_at(value, "/0")).value_or(""));
        if (value.front() != '[' || pointer != node || text_at(value, "/1") != "1") return;
        if (const auto place = schema::find_json(
                graph_, '/' + schema::pointer_token(other) + "/inputs/" +
                            schema::pointer_token(input)))
          replacements_.push_back({*place, link});
      });
    });
    if (replacements_.size() == before) return false;
    added_ += ',' + quoted(id) + R"(:{"class_type":"LoadImageMask","inputs":{"image":)" +
              quoted(name) + R"(,"channel":)" + std::string(red) + "}}";
    return true;
  }

  static std::string_view text_at(std::string_view json, std::string_view pointer) {
    const auto place = schema::find_json(json, pointer);
    return place ? json.substr(place->begin, place->end - place->begin) : std::string_view();
  }

  std::string free_id() {
    std::string id;
    do id = "mask" + std::to_string(++number_);
    while (schema::find_json(graph_, '/' + id));
    return id;
  }

  std::string_view graph_;
  std::set<std::string, std::less<>> taken_;  ///< places of pictures that are no masks
  std::vector<schema::JsonReplacement> replacements_;
  std::string added_;
  int number_ = 0;
};

}  // namespace

std::string place_pictures(std::string_view graph, const std::vector<PlacedPicture>& pictures) {
  Placing placing(graph, pictures);
  for (const PlacedPicture& picture : pictures) placing.put(picture);
  return placing.result();
}

}  // namespace atelier::engines::comfyui

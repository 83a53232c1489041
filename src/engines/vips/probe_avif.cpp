#include <vector>

#include "engines/vips/boxes.hpp"
#include "engines/vips/probe.hpp"

namespace atelier::vips {
namespace {

constexpr std::string_view alpha_mark("urn:mpeg:mpegB:cicp:systems:auxiliary:alpha");
constexpr std::size_t properties_max = 10'000;

/// The item that is the picture (`pitm`).
std::optional<std::uint64_t> primary_item(Window& window, const Box& meta) {
  const auto box = Boxes(window, meta, 4).find("pitm");
  if (!box) return std::nullopt;
  const bool wide = window.big(box->begin, 1).value_or(0) != 0;
  return window.big(box->begin + 4, wide ? 4 : 2);
}

/// The properties of one item (`ipma`), as places in the list of all, counted from 1.
std::vector<std::uint64_t> properties_of(Window& window, const Box& ipma, std::uint64_t wanted) {
  const auto version = window.big(ipma.begin, 1), flags = window.big(ipma.begin + 3, 1);
  const auto items = window.big(ipma.begin + 4, 4);
  if (!version || !flags || !items) return {};
  const std::size_t id_bytes = *version == 0 ? 2 : 4, place_bytes = (*flags & 1) != 0 ? 2 : 1;
  std::int64_t at = ipma.begin + 8;
  for (std::uint64_t i = 0; i < *items && at < ipma.end; ++i) {
    const auto item = window.big(at, id_bytes);
    at += static_cast<std::int64_t>(id_bytes);
    const auto count = window.big(at, 1);
    if (!item || !count) return {};
    ++at;
    std::vector<std::uint64_t> places;
    for (std::uint64_t j = 0; j < *count; ++j, at += static_cast<std::int64_t>(place_bytes)) {
      const auto place = window.big(at, place_bytes);
      if (!place) return {};
      places.push_back(*place & (place_bytes == 2 ? 0x7fffu : 0x7fu));
    }
    if (*item == wanted) return places;
  }
  return {};
}

struct Shape {
  std::uint64_t width = 0, height = 0;
  bool on_side = false;
};

/// Applies one property: size, clean aperture (a crop), rotation.
void apply(Window& window, const Box& property, Shape& shape) {
  if (property.kind == "ispe") {
    shape.width = window.big(property.begin + 4, 4).value_or(0);
    shape.height = window.big(property.begin + 8, 4).value_or(0);
  } else if (property.kind == "clap") {
    // Two fractions, of 32 bits above and below.
    const auto across = window.big(property.begin, 8), down = window.big(property.begin + 8, 8);
    if (!across || !down || (*across & 0xffffffff) == 0 || (*down & 0xffffffff) == 0) return;
    shape.width = (*across >> 32) / (*across & 0xffffffff);
    shape.height = (*down >> 32) / (*down & 0xffffffff);
  } else if (property.kind == "irot") {
    shape.on_side = (window.big(property.begin, 1).value_or(0) & 1) != 0;
  }
}

}  // namespace

std::optional<ports::Probe> probe_avif(Window& window) {
  const auto meta = Boxes(window, 0, window.size()).find("meta");
  if (!meta) return std::nullopt;
  // What is coded stands in a box of its own, or within this one.
  if (!Boxes(window, 0, window.size()).find("mdat") && !Boxes(window, *meta, 4).find("idat"))
    return std::nullopt;
  const auto item = primary_item(window, *meta);
  const auto iprp = Boxes(window, *meta, 4).find("iprp");
  if (!item || !iprp) return std::nullopt;
  const auto ipco = Boxes(window, *iprp).find("ipco"), ipma = Boxes(window, *iprp).find("ipma");
  if (!ipco || !ipma) return std::nullopt;

  ports::Probe probe;
  std::vector<Box> properties;
  Boxes all(window, *ipco);
  while (auto property = all.next()) {
    if (properties.size() == properties_max) return std::nullopt;
    probe.has_alpha = probe.has_alpha || (property->kind == "auxC" &&
                                          window.starts(property->begin + 4, alpha_mark));
    properties.push_back(std::move(*property));
  }
  Shape shape;
  for (const std::uint64_t place : properties_of(window, *ipma, *item))
    if (place >= 1 && place <= properties.size()) apply(window, properties[place - 1], shape);
  if (!set_size(probe, shape.width, shape.height, shape.on_side ? 6 : 1)) return std::nullopt;
  return probe;
}

}  // namespace atelier::vips

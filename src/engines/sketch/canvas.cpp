#include "engines/sketch/canvas.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/check.hpp"

namespace atelier::engines::sketch {
namespace {

constexpr double turn_radians = 2 * std::numbers::pi;
const Colour ink{0.13, 0.13, 0.16};
const Colour paper{0.985, 0.98, 0.965};

}  // namespace

Colour mix(const Colour& a, const Colour& b, double part) {
  return {a.red + (b.red - a.red) * part, a.green + (b.green - a.green) * part,
          a.blue + (b.blue - a.blue) * part, a.alpha + (b.alpha - a.alpha) * part};
}

Colour shade(const Colour& colour, double light) {
  return light <= 1 ? mix({0, 0, 0, colour.alpha}, colour, light)
                    : mix(colour, {1, 1, 1, colour.alpha}, light - 1);
}

Colour rgb(std::uint32_t hex) {
  return {(hex >> 16 & 255) / 255.0, (hex >> 8 & 255) / 255.0, (hex & 255) / 255.0};
}

Colour hsv(double hue, double saturation, double value) {
  const auto channel = [&](double n) {
    const double k = std::fmod(n + (hue - std::floor(hue)) * 6, 6);
    return value - value * saturation * std::max(0.0, std::min({k, 4 - k, 1.0}));
  };
  return {channel(5), channel(3), channel(1)};
}

Canvas::Canvas(int width, int height, Manner manner, bool smooth)
    : width_(width), height_(height), unit_(std::min(width, height)), manner_(manner),
      surface_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height)),
      pen_(cairo_create(surface_.get())) {
  CHECK(cairo_status(pen_.get()) == CAIRO_STATUS_SUCCESS);
  cairo_set_antialias(pen_.get(), smooth ? CAIRO_ANTIALIAS_DEFAULT : CAIRO_ANTIALIAS_NONE);
  cairo_set_line_join(pen_.get(), CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap(pen_.get(), CAIRO_LINE_CAP_ROUND);
  cairo_set_source_rgb(pen_.get(), paper.red, paper.green, paper.blue);
  cairo_paint(pen_.get());
  cairo_translate(pen_.get(), width / 2.0, height);
  cairo_scale(pen_.get(), unit_, unit_);
}

Canvas::Place::Place(Canvas& canvas, double x, double y, double scale, double turn, bool mirrored)
    : pen_(canvas.pen_.get()) {
  cairo_save(pen_);
  cairo_translate(pen_, x, y);
  cairo_rotate(pen_, turn * turn_radians);
  cairo_scale(pen_, mirrored ? -scale : scale, scale);
}

Canvas& Canvas::ellipse(double x, double y, double rx, double ry, double turn) {
  cairo_new_path(pen_.get());
  cairo_save(pen_.get());
  cairo_translate(pen_.get(), x, y);
  cairo_rotate(pen_.get(), turn * turn_radians);
  cairo_scale(pen_.get(), std::max(rx, 1e-6), std::max(ry, 1e-6));
  cairo_arc(pen_.get(), 0, 0, 1, 0, turn_radians);
  cairo_restore(pen_.get());
  cairo_close_path(pen_.get());
  return *this;
}

Canvas& Canvas::arc(double x, double y, double r, double from, double to) {
  cairo_new_path(pen_.get());
  cairo_arc(pen_.get(), x, y, r, from * turn_radians, to * turn_radians);
  cairo_close_path(pen_.get());
  return *this;
}

Canvas& Canvas::box(double x, double y, double width, double height, double round) {
  cairo_new_path(pen_.get());
  if (round <= 0) {
    cairo_rectangle(pen_.get(), x, y, width, height);
    return *this;
  }
  const double r = std::min({round, width / 2, height / 2});
  cairo_arc(pen_.get(), x + width - r, y + r, r, -turn_radians / 4, 0);
  cairo_arc(pen_.get(), x + width - r, y + height - r, r, 0, turn_radians / 4);
  cairo_arc(pen_.get(), x + r, y + height - r, r, turn_radians / 4, turn_radians / 2);
  cairo_arc(pen_.get(), x + r, y + r, r, turn_radians / 2, turn_radians * 3 / 4);
  cairo_close_path(pen_.get());
  return *this;
}

Canvas& Canvas::polygon(std::span<const Point> points) {
  cairo_new_path(pen_.get());
  for (const Point& point : points) cairo_line_to(pen_.get(), point.x, point.y);
  cairo_close_path(pen_.get());
  return *this;
}

Canvas& Canvas::polygon(std::initializer_list<Point> points) {
  return polygon(std::span(points.begin(), points.size()));
}

/// Catmull-Rom as cubic curves: through every point, tangent to its neighbours' line.
void Canvas::curve_through(std::span<const Point> points, bool closed) {
  const auto count = static_cast<int>(points.size());
  const auto at = [&](int i) {
    if (closed) return points[static_cast<std::size_t>((i + count) % count)];
    return points[static_cast<std::size_t>(std::clamp(i, 0, count - 1))];
  };
  cairo_new_path(pen_.get());
  cairo_move_to(pen_.get(), points[0].x, points[0].y);
  for (int i = 0; i < (closed ? count : count - 1); ++i) {
    const Point before = at(i - 1), from = at(i), to = at(i + 1), after = at(i + 2);
    cairo_curve_to(pen_.get(), from.x + (to.x - before.x) / 6, from.y + (to.y - before.y) / 6,
                   to.x - (after.x - from.x) / 6, to.y - (after.y - from.y) / 6, to.x, to.y);
  }
  if (closed) cairo_close_path(pen_.get());
}

Canvas& Canvas::smooth_shape(std::span<const Point> points) {
  curve_through(points, true);
  return *this;
}

Canvas& Canvas::smooth_shape(std::initializer_list<Point> points) {
  return smooth_shape(std::span(points.begin(), points.size()));
}

Canvas& Canvas::smooth_line(std::initializer_list<Point> points) {
  curve_through(std::span(points.begin(), points.size()), false);
  return *this;
}

Colour Canvas::lit(const Colour& colour) const {
  if (glow_) return colour;
  return {colour.red * light_.red, colour.green * light_.green, colour.blue * light_.blue,
          colour.alpha};
}

/// The edge of the shape that was just filled, as thin as a pen's whatever the scale.
void Canvas::outline(const Colour& colour) {
  cairo_save(pen_.get());
  cairo_identity_matrix(pen_.get());
  cairo_set_line_width(pen_.get(), std::max(1.0, unit_ / 260));
  cairo_set_source_rgba(pen_.get(), colour.red, colour.green, colour.blue, colour.alpha);
  cairo_stroke(pen_.get());
  cairo_restore(pen_.get());
}

void Canvas::paint(cairo_pattern_t* pattern, const Colour& mean) {
  if (manner_ == Manner::outlined) {
    if (mean.alpha < 0.5) {
      cairo_new_path(pen_.get());
      return;  // veils and shadows are no lines
    }
    // Paper with a breath of the shape's darkness, so that near things stand out.
    const Colour wash = mix(paper, shade(mean, 1), 0.10);
    cairo_set_source_rgb(pen_.get(), wash.red, wash.green, wash.blue);
    cairo_fill_preserve(pen_.get());
    outline(ink);
    return;
  }
  cairo_set_source(pen_.get(), pattern);
  cairo_fill_preserve(pen_.get());
  if (manner_ == Manner::both && mean.alpha > 0.9 && !glow_) outline(shade(mean, 0.35));
  cairo_new_path(pen_.get());
}

void Canvas::fill(const Colour& colour) {
  const Colour seen = lit(colour);
  const std::unique_ptr<cairo_pattern_t, Destroy> pattern(
      cairo_pattern_create_rgba(seen.red, seen.green, seen.blue, seen.alpha));
  paint(pattern.get(), seen);
}

void Canvas::fade(const Colour& top, const Colour& bottom, double y_top, double y_bottom) {
  const std::unique_ptr<cairo_pattern_t, Destroy> pattern(
      cairo_pattern_create_linear(0, y_top, 0, y_bottom));
  const Colour first = lit(top), last = lit(bottom);
  cairo_pattern_add_color_stop_rgba(pattern.get(), 0, first.red, first.green, first.blue,
                                    first.alpha);
  cairo_pattern_add_color_stop_rgba(pattern.get(), 1, last.red, last.green, last.blue,
                                    last.alpha);
  paint(pattern.get(), mix(first, last, 0.5));
}

void Canvas::halo(double x, double y, double r, const Colour& inner, const Colour& outer) {
  const std::unique_ptr<cairo_pattern_t, Destroy> pattern(
      cairo_pattern_create_radial(x, y, 0, x, y, r));
  const Colour first = lit(inner), last = lit(outer);
  cairo_pattern_add_color_stop_rgba(pattern.get(), 0, first.red, first.green, first.blue,
                                    first.alpha);
  cairo_pattern_add_color_stop_rgba(pattern.get(), 1, last.red, last.green, last.blue,
                                    last.alpha);
  paint(pattern.get(), mix(first, last, 0.5));
}

void Canvas::stroke(const Colour& colour, double width) {
  const Colour seen = manner_ == Manner::outlined ? ink.with_alpha(colour.alpha) : lit(colour);
  cairo_set_source_rgba(pen_.get(), seen.red, seen.green, seen.blue, seen.alpha);
  cairo_set_line_width(pen_.get(), manner_ == Manner::outlined ? std::min(width, 0.012) : width);
  cairo_stroke(pen_.get());
}

Raster Canvas::raster() const {
  cairo_surface_flush(surface_.get());
  Raster out(width_, height_);
  const unsigned char* const bytes = cairo_image_surface_get_data(surface_.get());
  const int stride = cairo_image_surface_get_stride(surface_.get());
  for (int y = 0; y < height_; ++y) {
    // Native-endian 0x00RRGGBB (cairo_format_t).
    const auto* row = reinterpret_cast<const std::uint32_t*>(bytes + std::ptrdiff_t{stride} * y);
    std::uint8_t* to = out.at(0, y);
    for (int x = 0; x < width_; ++x, to += 4) {
      to[0] = static_cast<std::uint8_t>(row[x] >> 16);
      to[1] = static_cast<std::uint8_t>(row[x] >> 8);
      to[2] = static_cast<std::uint8_t>(row[x]);
      to[3] = 255;
    }
  }
  return out;
}

}  // namespace atelier::engines::sketch

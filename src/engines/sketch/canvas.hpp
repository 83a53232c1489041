#pragma once
#include <cairo.h>

#include <initializer_list>
#include <memory>
#include <span>

#include "engines/raster/raster.hpp"

namespace atelier::engines::sketch {

using raster::Raster;

struct Colour {
  double red = 0, green = 0, blue = 0, alpha = 1;  ///< sRGB, 0 to 1

  Colour with_alpha(double a) const { return {red, green, blue, a}; }
  bool operator==(const Colour&) const = default;
};

Colour mix(const Colour& a, const Colour& b, double part);
/// 0 = black, 1 = as it is, 2 = white.
Colour shade(const Colour& colour, double light);
Colour rgb(std::uint32_t hex);  ///< 0xRRGGBB
/// Hue in turns; saturation and value 0 to 1.
Colour hsv(double hue, double saturation, double value);

struct Point {
  double x = 0, y = 0;
};

/// Whether shapes are filled, or drawn as outlines on paper.
enum class Manner : unsigned char { filled, outlined, both };

/// Draws shapes with smooth edges (or hard ones, for pixel art) by Cairo. Places are in units of
/// whatever `place` made of them; at first the shorter side of the picture is 1, the middle of its
/// lower edge is (0, 0), and y grows downwards, so that the picture stands above zero: y < 0.
class Canvas {
 public:
  Canvas(int width, int height, Manner manner, bool smooth);

  double left() const { return -right(); }
  double right() const { return width_ / unit_ / 2; }
  double top() const { return -height_ / unit_; }

  /// What lies in `light` is seen in that colour: night is dim and blue. Not for `glow` shapes.
  void set_light(const Colour& light) { light_ = light; }
  /// For shapes that shine by themselves.
  void set_glow(bool glow) { glow_ = glow; }

  /// Until it goes, places are relative to (x, y), `scale` times as large, turned by `turn` turns.
  class Place {
   public:
    Place(Canvas& canvas, double x, double y, double scale, double turn = 0, bool mirrored = false);
    ~Place() { cairo_restore(pen_); }
    Place(const Place&) = delete;

   private:
    cairo_t* pen_;
  };

  // Paths, begun anew by each of these.
  Canvas& ellipse(double x, double y, double rx, double ry, double turn = 0);
  Canvas& arc(double x, double y, double r, double from, double to);  ///< turns; closed
  Canvas& box(double x, double y, double width, double height, double round = 0);
  Canvas& polygon(std::initializer_list<Point> points);
  Canvas& polygon(std::span<const Point> points);
  Canvas& smooth_shape(std::span<const Point> points);  ///< closed, through all points
  Canvas& smooth_shape(std::initializer_list<Point> points);
  Canvas& smooth_line(std::initializer_list<Point> points);

  // What is done with the path.
  void fill(const Colour& colour);
  void fade(const Colour& top, const Colour& bottom, double y_top, double y_bottom);  ///< down
  void halo(double x, double y, double r, const Colour& inner, const Colour& outer);
  void stroke(const Colour& colour, double width);

  /// The picture so far.
  Raster raster() const;

 private:
  struct Destroy {
    void operator()(cairo_t* pen) const { cairo_destroy(pen); }
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
    void operator()(cairo_pattern_t* pattern) const { cairo_pattern_destroy(pattern); }
  };
  Colour lit(const Colour& colour) const;
  void outline(const Colour& colour);
  void curve_through(std::span<const Point> points, bool closed);
  void paint(cairo_pattern_t* pattern, const Colour& mean);

  int width_, height_;
  double unit_;
  Manner manner_;
  bool glow_ = false;
  Colour light_{1, 1, 1};
  std::unique_ptr<cairo_surface_t, Destroy> surface_;
  std::unique_ptr<cairo_t, Destroy> pen_;
};

}  // namespace atelier::engines::sketch

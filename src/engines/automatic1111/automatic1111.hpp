#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "ports/generator.hpp"

namespace atelier::engines::automatic1111 {

/// A sampler and a scheduler in one vocabulary; "" = not known or not said.
struct Method {
  std::string sampler, scheduler;
  auto operator<=>(const Method&) const = default;
};

struct Options {
  std::string url;    ///< "http://127.0.0.1:7860"
  std::string token;  ///< "user:password" of `--api-auth`; "" = none
  /// From a server's words ("DPM++ 2M Karras", "") to the canonical ones.
  std::function<Method(std::string_view sampler, std::string_view scheduler)> canonical;
  long deadline_ms = 3'600'000;  ///< of one piece of work
  int look_ms = 500;             ///< between questions how far it is
};

/// Servers that speak A1111's `/sdapi/v1`: A1111 itself, Forge, SD.Next, stable-diffusion.cpp's.
/// Each is asked what it has, route by route. The protocol waits for the end of the work, so
/// `submit` sends nothing and the handle is the order's key; `follow` sends, one order at a time
/// for each server, since it works under one lock and its progress and interrupt are for whatever
/// runs. An order that was being followed when this program ended is made anew.
///  - LoRAs are tags in the prompt; for stable-diffusion.cpp members of the request.
///  - The mask is sent as it is: white = edit.
///  - Grids, and the maps that ControlNet adds, are left out of the result.
/// Thread-safe.
std::shared_ptr<ports::Generator> make_backend(Options options);

}  // namespace atelier::engines::automatic1111

#pragma once
#include <memory>
#include <string>

#include "ports/generator.hpp"
#include "ports/imaging.hpp"

namespace atelier::engines::openai_images {

struct Options {
  std::string url;    ///< up to the version: "https://api.example.org/v1"
  std::string token;  ///< sent as Bearer; "" = none
  std::string model;  ///< its models, divided by commas; "" = those of `GET /models`
  long deadline_ms = 600'000;  ///< of one request
};

/// Servers that speak OpenAI's Images interface: `POST /images/generations` and `/images/edits`.
/// The interface knows no seed, negative prompt, steps or cancel; where it takes certain sizes
/// only, the nearest is ordered and the note says so. `submit` sends nothing, the handle is the
/// order's key, and `follow` waits; stopping breaks the connection, which may still be charged.
///  - GPT image models are asked for previews while they work (SSE).
///  - A mask becomes the alpha of a PNG: transparent = edit, the opposite of the order's white.
///  - Pictures that come as addresses are fetched at once; from another host only by https, and
///    never from an address inside this network.
///  - Refusals by policy are `refused`. `Retry-After` is passed on.
/// Thread-safe.
std::shared_ptr<ports::Generator> make_backend(Options options, ports::Imaging& imaging);

}  // namespace atelier::engines::openai_images

#pragma once
#include "platform/feature.hpp"

/// Civitai's public REST API v1 over our catalogue (civitai.md §10), so that programs written for
/// it work on this host. Its quirks that broke clients are not reproduced (users.md §2.1).
namespace atelier::civitai_api {

platform::Feature feature();

}  // namespace atelier::civitai_api

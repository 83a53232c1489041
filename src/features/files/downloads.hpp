#pragma once
#include "platform/context.hpp"

namespace atelier::files {

/// GET and HEAD /files/{token}/{name}: the bytes behind a signed link.
Result<http::Response> download(Context& context, const http::Request& request);
/// GET /api/v2/files/{id}/download: the owner's and the moderators' own way to a link, uncounted.
Result<http::Response> download_own(Context& context, const http::Request& request);

}  // namespace atelier::files

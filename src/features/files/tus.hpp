#pragma once
#include "platform/context.hpp"

/// tus 1.0.0 (2016-03-25, https://tus.io/protocols/resumable-upload) with creation,
/// creation-with-upload, checksum (sha1, sha256), expiration and termination. Of our own: the
/// header `atelier-file` carries the file's id once all bytes are there, and the metadata `sha256`
/// (hex) at creation lets a member's own file be known without sending it again.
namespace atelier::files {

Result<http::Response> tus_options(Context& context, const http::Request& request);
Result<std::unique_ptr<schema::BodySink>> tus_create(Context& context,
                                                     const http::Request& request);
Result<std::unique_ptr<schema::BodySink>> tus_append(Context& context,
                                                     const http::Request& request);
Result<http::Response> tus_head(Context& context, const http::Request& request);
Result<http::Response> tus_end(Context& context, const http::Request& request);

}  // namespace atelier::files

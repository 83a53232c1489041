#pragma once
#include <string>

#include "base/result.hpp"
#include "schema/message.hpp"

namespace atelier::schema {

/// The one place that knows status numbers of faults.
int status_of(Fault fault);
/// The same, but a few codes have a number of their own in HTTP: `bad_json`, `bad_query`,
/// `bad_request` 400, `method_not_allowed` 405, `timeout` 408, `gone` 410, `length_required` 411,
/// `precondition_failed` 412, `too_large` 413, `uri_too_long` 414, `unsupported_media` 415,
/// `precondition_required` 428, `headers_too_large` 431, `disk_full` 507.
int status_of(const Error& error);

/// An RFC 9457 problem document: type, title, status, detail, code, requestId and
/// errors[] of {path, code, detail}. With Retry-After, WWW-Authenticate, Cache-Control: no-store.
http::Response problem(const Error& error, std::string_view request_id);
/// The same failure in Civitai's shape: {"error","message"}; invalid is 400.
http::Response civitai_problem(const Error& error);

}  // namespace atelier::schema

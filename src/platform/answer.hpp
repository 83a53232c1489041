#pragma once
#include <string>
#include <string_view>

#include "platform/context.hpp"
#include "platform/reply_cache.hpp"
#include "platform/throttle.hpp"
#include "schema/endpoint.hpp"

/// How results become responses: status, cache policy, validators, cross-origin headers.
namespace atelier::platform {

/// A strong entity tag (RFC 9110 §8.8.3) that depends on the bytes only.
std::string entity_tag(std::string_view bytes);

/// The reply of a call that succeeded. `personal`: the request carried a credential.
http::Response answer(const schema::Endpoint& endpoint, Reply reply, std::string json,
                      bool personal);

/// The failure in the conventions of the face.
http::Response refusal(schema::Face face, const Error& error, std::string_view request_id);

/// A kept reply, sharing its bytes.
http::Response from_kept(const CachedReply& reply);

/// Turns a 200 with an entity tag into 304 if the request's If-None-Match names it
/// (RFC 9110 §13.1.2; 304 repeats ETag, Cache-Control and Vary).
void apply_condition(const http::Request& request, http::Response& response);

/// What OPTIONS answers; on Civitai's face also to a browser's preflight (WHATWG Fetch §3.2).
http::Response options_answer(schema::Face face, std::string_view allow);

/// Lets pages of every origin read the reply. Without credentials: `*` forbids those.
void open_to_all_origins(http::Headers& headers);

/// RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-11).
void add_rate_headers(http::Headers& headers, schema::Rate rate, const Throttle::Verdict& verdict);

}  // namespace atelier::platform

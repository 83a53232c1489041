#pragma once
#include <string>

#include "features/accounts/endpoints.hpp"

/// Sessions: opaque tokens of 256 bits in a cookie, kept as SHA-256 only (ASVS 5.0 §7.2).
namespace atelier::accounts {

inline constexpr Millis session_idle_ms = 14LL * 86'400'000;
inline constexpr Millis session_life_ms = 90LL * 86'400'000;
inline constexpr Millis session_rotation_ms = 86'400'000;
inline constexpr Millis rotation_grace_ms = 60'000;

/// Lower-case hex of SHA-256: how tokens and keys are stored.
std::string token_hash(const Services& services, std::string_view token);
/// 256 random bits as text.
std::string new_token(const Services& services);

/// Starts a session for `user` and puts its cookies into the reply.
Result<void> start_session(Context& context, UserId user);
/// Ends all sessions of `user` but `kept` (0 = all), and the streams that they opened.
Result<void> end_sessions(Services& services, sql::Tx& tx, UserId user, SessionId kept);
void drop_session_cookie(Context& context);
/// Streams and sockets end with the session, key or standing that opened them, on every node.
void end_streams(Services& services);

}  // namespace atelier::accounts

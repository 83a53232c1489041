#pragma once
#include <string>
#include <string_view>
#include <vector>

/// How text is compared with blocklists.
namespace atelier::moderation {

/// Unicode NFKC with case folded (UAX #15, CaseFolding.txt) and accents taken off; invisible
/// characters dropped; letters of other scripts and digits that look like Latin ones read as those
/// (a small part of UTS #39); whatever is no letter or digit becomes one space. Begins and ends
/// with a space, so that " word " finds whole words only.
std::string plain_spelling(std::string_view text);

/// "https://Sub.Example.COM:80/x" or "example.com." → "example.com"-like lower-case host; empty if
/// there is none. Unicode hosts in their NFKC form.
std::string host_of(std::string_view address);

/// Everything in `text` that could be a host: runs of labels joined by dots.
std::vector<std::string> hosts_in(std::string_view text);

/// True if `host` is `domain` or lies below it: labels are whole, so "notevil.com" is not under
/// "evil.com".
bool is_under(std::string_view host, std::string_view domain);

}  // namespace atelier::moderation

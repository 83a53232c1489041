#include "app/configuration.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "base/text.hpp"

namespace atelier::app {
namespace {

/// One option: its key in the file, its name in the environment, and where the value goes.
struct Option {
  const char* key;          ///< "mail.url"
  const char* environment;  ///< "ATELIER_MAIL_URL"
  std::function<bool(Configuration&, const std::vector<std::string>&)> take;
};

Option text(const char* key, const char* environment, std::string Configuration::*member) {
  return {key, environment, [member](Configuration& to, const std::vector<std::string>& values) {
            to.*member = values.front();
            return values.size() == 1;
          }};
}

Option list(const char* key, const char* environment,
            std::vector<std::string> Configuration::*member) {
  return {key, environment, [member](Configuration& to, const std::vector<std::string>& values) {
            to.*member = values;
            return true;
          }};
}

/// An origin as browsers write it: scheme and host, no path.
bool is_origin(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"})
    if (text.starts_with(scheme))
      return text.size() > scheme.size() &&
             text.find_first_of("/?# \r\n", scheme.size()) == text.npos;
  return false;
}

Option number(const char* key, const char* environment, int Configuration::*member, int max) {
  return {key, environment,
          [member, max](Configuration& to, const std::vector<std::string>& values) {
            const auto value = parse_whole(values.front());
            if (values.size() != 1 || !value || *value < 0 || *value > max) return false;
            to.*member = static_cast<int>(*value);
            return true;
          }};
}

template <class Part>
Option text(const char* key, const char* environment, Part Configuration::*part,
            std::string Part::*member) {
  return {key, environment,
          [part, member](Configuration& to, const std::vector<std::string>& values) {
            to.*part.*member = values.front();
            return values.size() == 1;
          }};
}

/// Where a server is asked by HTTP; it may lie below a path.
bool is_http_address(std::string_view text) {
  return text.starts_with("http://") || text.starts_with("https://")
             ? text.find_first_of("?#@ \r\n") == text.npos && !text.ends_with("//")
             : text.empty();
}

bool is_index_prefix(std::string_view text) {
  return !text.empty() && text.size() <= 40 && text.front() >= 'a' && text.front() <= 'z' &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == text.npos;
}

constexpr int dimensions_max = 4096;  // of ports/search.hpp
constexpr std::string_view log_levels[] = {"info", "warning", "error", "off"};

const std::vector<Option>& options() {
  static const std::vector<Option> all = {
      {"data", "ATELIER_DATA",
       [](Configuration& to, const std::vector<std::string>& values) {
         to.data = values.front();
         return values.size() == 1;
       }},
      list("listen", "ATELIER_LISTEN", &Configuration::listen),
      text("database", "ATELIER_DATABASE", &Configuration::database),
      {"origin", "ATELIER_ORIGIN",
       [](Configuration& to, const std::vector<std::string>& values) {
         to.origin = values.front();
         return values.size() == 1 && (to.origin.empty() || is_origin(to.origin));
       }},
      number("threads", "ATELIER_THREADS", &Configuration::threads, 256),
      number("pool_threads", "ATELIER_POOL_THREADS", &Configuration::pool_threads, 256),
      number("connections_per_address", "ATELIER_CONNECTIONS_PER_ADDRESS",
             &Configuration::connections_per_address, 1'000'000),
      number("rate_percent", "ATELIER_RATE_PERCENT", &Configuration::rate_percent, 100'000),
      list("trusted_proxies", "ATELIER_TRUSTED_PROXIES", &Configuration::trusted_proxies),
      text("tls.certificate", "ATELIER_TLS_CERTIFICATE", &Configuration::certificate),
      text("tls.private_key", "ATELIER_TLS_PRIVATE_KEY", &Configuration::private_key),
      {"log_level", "ATELIER_LOG_LEVEL",
       [](Configuration& to, const std::vector<std::string>& values) {
         to.log_level = values.front();
         return values.size() == 1 && std::ranges::count(log_levels, to.log_level) > 0;
       }},
      text("mail.url", "ATELIER_MAIL_URL", &Configuration::mail, &Configuration::Mail::url),
      text("mail.username", "ATELIER_MAIL_USERNAME", &Configuration::mail,
           &Configuration::Mail::username),
      text("mail.password", "ATELIER_MAIL_PASSWORD", &Configuration::mail,
           &Configuration::Mail::password),
      text("mail.from", "ATELIER_MAIL_FROM", &Configuration::mail, &Configuration::Mail::from),
      {"search.url", "ATELIER_SEARCH_URL",
       [](Configuration& to, const std::vector<std::string>& values) {
         to.search.url = values.front();
         return values.size() == 1 && is_http_address(to.search.url);
       }},
      text("search.username", "ATELIER_SEARCH_USERNAME", &Configuration::search,
           &Configuration::Search::username),
      text("search.password", "ATELIER_SEARCH_PASSWORD", &Configuration::search,
           &Configuration::Search::password),
      text("search.api_key", "ATELIER_SEARCH_API_KEY", &Configuration::search,
           &Configuration::Search::api_key),
      text("search.authority", "ATELIER_SEARCH_AUTHORITY", &Configuration::search,
           &Configuration::Search::authority),
      {"search.prefix", "ATELIER_SEARCH_PREFIX",
       [](Configuration& to, const std::vector<std::string>& values) {
         to.search.prefix = values.front();
         return values.size() == 1 && is_index_prefix(to.search.prefix);
       }},
      text("embeddings.url", "ATELIER_EMBEDDINGS_URL", &Configuration::embeddings,
           &Configuration::Embeddings::url),
      text("embeddings.key", "ATELIER_EMBEDDINGS_KEY", &Configuration::embeddings,
           &Configuration::Embeddings::key),
      text("embeddings.model", "ATELIER_EMBEDDINGS_MODEL", &Configuration::embeddings,
           &Configuration::Embeddings::model),
      {"embeddings.dimensions", "ATELIER_EMBEDDINGS_DIMENSIONS",
       [](Configuration& to, const std::vector<std::string>& values) {
         const auto value = parse_whole(values.front());
         if (values.size() != 1 || !value || *value < 1 || *value > dimensions_max) return false;
         to.embeddings.dimensions = static_cast<int>(*value);
         return true;
       }},
  };
  return all;
}

using Values = std::map<std::string, std::vector<std::string>>;

/// "a.b" → its text or texts. Anything but texts, numbers and lists of texts is left empty, which
/// no option takes.
void flatten(const toml::table& table, const std::string& prefix, Values& out) {
  for (const auto& [key, node] : table) {
    const std::string path = prefix + std::string(key.str());
    if (const toml::table* inner = node.as_table()) {
      flatten(*inner, path + ".", out);
      continue;
    }
    std::vector<std::string>& values = out[path];
    if (const auto word = node.value<std::string>()) values.push_back(*word);
    else if (const auto whole = node.value<std::int64_t>(); whole && !node.is_boolean())
      values.push_back(std::to_string(*whole));
    else if (const toml::array* items = node.as_array())
      for (const toml::node& item : *items)
        if (const auto text_item = item.value<std::string>()) values.push_back(*text_item);
  }
}

void apply_file(const Values& values, Configuration& to, Error& faults) {
  for (const auto& [key, given] : values) {
    const auto option = std::ranges::find_if(
        options(), [&](const Option& candidate) { return key == candidate.key; });
    if (option == options().end())
      faults.fields.push_back({key, "unknown", "There is no option '" + key + "'."});
    else if (given.empty() || !option->take(to, given))
      faults.fields.push_back({key, "wrong", "The value of '" + key + "' is not usable."});
  }
}

void apply_environment(const Environment& environment, Configuration& to, Error& faults) {
  for (const Option& option : options()) {
    const char* value = environment(option.environment);
    if (value == nullptr) continue;
    std::vector<std::string> values;
    for (const std::string_view part : split(value, ',')) values.emplace_back(trim(part));
    if (!option.take(to, values))
      faults.fields.push_back({option.environment, "wrong",
                               std::string(option.environment) + " is not usable."});
  }
}

// A link in a mail must not be made of what a request says of our name: whoever asks for somebody
// else's link could have it lead to a server of his own.
void check_mail(const Configuration& configuration, Error& faults) {
  if (configuration.mail.url.empty()) return;
  if (configuration.origin.empty())
    faults.fields.push_back({"origin", "required",
                             "Mail needs the public 'origin': its links begin with it."});
  const std::size_t at = configuration.mail.from.find('@');
  if (at == 0 || at == std::string::npos ||
      configuration.mail.from.find_first_of("<>\r\n ") != std::string::npos)
    faults.fields.push_back({"mail.from", "wrong",
                             "Mail needs 'mail.from', the address it comes from."});
}

void check_embeddings(const Configuration& configuration, Error& faults) {
  const Configuration::Embeddings& given = configuration.embeddings;
  if (given.url.empty() || (!given.model.empty() && given.dimensions > 0)) return;
  faults.fields.push_back({"embeddings", "required",
                           "'embeddings.url' needs 'embeddings.model' and"
                           " 'embeddings.dimensions', the length of its vectors."});
}

}  // namespace

Result<Configuration> load_configuration(const std::filesystem::path& file, bool must_exist,
                                         const Environment& environment) {
  Configuration configuration;
  Error faults{Fault::invalid, "configuration_invalid", "The configuration has faults.", {}, 0};
  if (std::filesystem::exists(file)) {
    std::ifstream stream(file);
    std::stringstream content;
    content << stream.rdbuf();
    Values values;
    try {
      flatten(toml::parse(content.str()), "", values);
    } catch (const toml::parse_error& error) {
      std::stringstream where;
      where << file.string() << ":" << error.source().begin.line << ": " << error.description();
      return fail(Fault::invalid, "configuration_invalid", where.str());
    }
    apply_file(values, configuration, faults);
  } else if (must_exist) {
    return fail(Fault::missing, "configuration_missing", file.string() + " does not exist.");
  }
  apply_environment(environment, configuration, faults);
  if (configuration.certificate.empty() != configuration.private_key.empty())
    faults.fields.push_back({"tls", "wrong", "TLS needs both a certificate and a private key."});
  check_mail(configuration, faults);
  check_embeddings(configuration, faults);
  for (const FieldFault& fault : faults.fields) faults.detail += " " + fault.detail;
  if (!faults.fields.empty()) return std::unexpected(std::move(faults));
  return configuration;
}

}  // namespace atelier::app

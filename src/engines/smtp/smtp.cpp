#include "engines/smtp/smtp.hpp"

#include <curl/curl.h>

#include <cstring>
#include <ctime>
#include <random>

#include "base/clock.hpp"
#include "base/text.hpp"

namespace atelier::engines::smtp {
namespace {

struct Reading {
  std::string text;
  std::size_t at = 0;
};

std::size_t give(char* buffer, std::size_t size, std::size_t count, void* state) {
  auto& reading = *static_cast<Reading*>(state);
  const std::size_t n = std::min(size * count, reading.text.size() - reading.at);
  std::memcpy(buffer, reading.text.data() + reading.at, n);
  reading.at += n;
  return n;
}

bool one_line(std::string_view text) { return text.find_first_of("\r\n") == text.npos; }

/// RFC 5322 with a base64 body, so that no line is too long and no dot needs stuffing.
std::string compose(const Account& account, const ports::Mail& mail) {
  std::random_device device;
  const std::string unique = std::to_string(device()) + "." + std::to_string(device());
  const std::string domain = account.from.substr(account.from.find('@') + 1);
  std::string text = "Date: " + http_time(SystemClock().now()) + "\r\nFrom: <" + account.from +
                     ">\r\nTo: <" + mail.to + ">\r\nMessage-ID: <" + unique + "@" + domain +
                     ">\r\nSubject: =?utf-8?B?" + base64(bytes_of(mail.subject)) +
                     "?=\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                     "Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n";
  const std::string body = base64(bytes_of(mail.text));
  for (std::size_t at = 0; at < body.size(); at += 76) text += body.substr(at, 76) + "\r\n";
  return text;
}

class Smtp final : public ports::Mailer {
 public:
  explicit Smtp(Account account) : account_(std::move(account)) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
  }

  Result<void> send(const ports::Mail& mail) override {
    if (!one_line(mail.to) || !one_line(mail.subject) ||
        mail.to.find_first_of("<>") != mail.to.npos)
      return fail(Fault::invalid, "bad_mail", "A mail address or subject has a line break.");
    Reading reading{compose(account_, mail)};
    const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
    const std::unique_ptr<curl_slist, void (*)(curl_slist*)> to(
        curl_slist_append(nullptr, ("<" + mail.to + ">").c_str()), curl_slist_free_all);
    const std::string from = "<" + account_.from + ">";
    curl_easy_setopt(curl.get(), CURLOPT_URL, account_.url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl.get(), CURLOPT_USE_SSL,
                     account_.username.empty() ? CURLUSESSL_TRY : CURLUSESSL_ALL);
    if (!account_.username.empty()) {
      curl_easy_setopt(curl.get(), CURLOPT_USERNAME, account_.username.c_str());
      curl_easy_setopt(curl.get(), CURLOPT_PASSWORD, account_.password.c_str());
    }
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, from.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, to.get());
    curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, give);
    curl_easy_setopt(curl.get(), CURLOPT_READDATA, &reading);
    curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
    const CURLcode code = curl_easy_perform(curl.get());
    if (code != CURLE_OK)
      return fail(Fault::unavailable, "mail_failed",
                  std::string("The mail server did not take the message: ") +
                      curl_easy_strerror(code));
    return {};
  }

 private:
  Account account_;
};

}  // namespace

std::unique_ptr<ports::Mailer> make_mailer(Account account) {
  return std::make_unique<Smtp>(std::move(account));
}

}  // namespace atelier::engines::smtp

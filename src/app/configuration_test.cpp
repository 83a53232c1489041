#include "app/configuration.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <map>

namespace atelier::app {
namespace {

class ConfigurationTest : public testing::Test {
 protected:
  std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("atelier-toml-" + std::to_string(::getpid()));
  std::map<std::string, std::string> variables;

  void write(const std::string& text) { std::ofstream(file) << text; }
  Result<Configuration> load() {
    return load_configuration(file, false, [this](const char* name) -> const char* {
      const auto found = variables.find(name);
      return found == variables.end() ? nullptr : found->second.c_str();
    });
  }
  void TearDown() override { std::filesystem::remove(file); }
};

TEST_F(ConfigurationTest, the_environment_wins_over_the_file) {
  write("listen = ['127.0.0.1:1', '[::1]:1']\nthreads = 3\norigin = 'https://a.test'\n"
        "[mail]\nurl = 'smtp://a'\nfrom = 'atelier@a.test'\n");
  variables["ATELIER_LISTEN"] = "127.0.0.1:2";
  const auto got = load();
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(got->listen, std::vector<std::string>{"127.0.0.1:2"});
  EXPECT_EQ(got->threads, 3);
  EXPECT_EQ(got->mail.url, "smtp://a");
}

TEST_F(ConfigurationTest, all_faults_are_told_at_once) {
  write("threads = -1\ncolour = 'red'\n[tls]\ncertificate = 'x.pem'\n");
  const auto got = load();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, "configuration_invalid");
  EXPECT_EQ(got.error().fields.size(), 3u);
}

TEST_F(ConfigurationTest, mail_needs_an_origin_and_a_sender) {
  write("[mail]\nurl = 'smtp://a'\nfrom = 'nobody'\n");
  const auto got = load();
  ASSERT_FALSE(got);
  ASSERT_EQ(got.error().fields.size(), 2u);
  EXPECT_EQ(got.error().fields[0].path, "origin");
  EXPECT_EQ(got.error().fields[1].path, "mail.from");
}

TEST_F(ConfigurationTest, a_search_server_has_an_address_and_a_prefix) {
  write("[search]\nurl = 'https://a.test:9200/search'\nusername = 'anna'\nprefix = 'hub-2'\n");
  auto got = load();
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(got->search.url, "https://a.test:9200/search");
  EXPECT_EQ(got->search.username, "anna");
  EXPECT_EQ(got->search.prefix, "hub-2");
  for (const char* wrong : {"a.test:9200", "ftp://a.test", "https://anna:s@a.test", "http://"}) {
    variables["ATELIER_SEARCH_URL"] = wrong;
    EXPECT_FALSE(load()) << wrong;
  }
  variables["ATELIER_SEARCH_URL"] = "";
  EXPECT_TRUE(load()) << "the one that is built in";
  for (const char* wrong : {"", "-a", "A", "a_b", "a,b", "a*"}) {
    variables["ATELIER_SEARCH_PREFIX"] = wrong;
    EXPECT_FALSE(load()) << wrong;
  }
}

TEST_F(ConfigurationTest, an_origin_has_no_path) {
  for (const char* wrong : {"a.test", "https://", "https://a.test/", "ftp://a.test"}) {
    variables["ATELIER_ORIGIN"] = wrong;
    EXPECT_FALSE(load()) << wrong;
  }
  variables["ATELIER_ORIGIN"] = "https://a.test:8443";
  EXPECT_TRUE(load());
}

TEST_F(ConfigurationTest, a_log_level_is_one_of_four) {
  for (const char* known : {"info", "warning", "error", "off"}) {
    variables["ATELIER_LOG_LEVEL"] = known;
    EXPECT_TRUE(load()) << known;
  }
  variables["ATELIER_LOG_LEVEL"] = "warn";
  EXPECT_FALSE(load());
}

TEST_F(ConfigurationTest, a_broken_file_names_its_line) {
  write("listen = [\nthreads =\n");
  const auto got = load();
  ASSERT_FALSE(got);
  EXPECT_NE(got.error().detail.find(":2:"), std::string::npos) << got.error().detail;
}

TEST_F(ConfigurationTest, a_missing_file_is_fine_unless_it_was_asked_for) {
  EXPECT_TRUE(load());
  EXPECT_EQ(load_configuration(file, true, [](const char*) -> const char* { return nullptr; })
                .error().code,
            "configuration_missing");
}

}  // namespace
}  // namespace atelier::app

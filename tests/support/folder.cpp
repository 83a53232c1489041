#include "tests/support/folder.hpp"

#include <cstdlib>
#include <string>
#include <system_error>

namespace atelier::test {

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "atelier-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr)
    throw std::system_error(errno, std::generic_category(), "mkdtemp");
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace atelier::test

#include "app/generators.hpp"

#include "engines/sketch/sketch.hpp"

namespace atelier::app {
namespace {

class Protocols final : public ports::Generators {
 public:
  explicit Protocols(ports::Imaging& imaging) : painter_(engines::sketch::make_painter(imaging)) {}

  std::shared_ptr<ports::Generator> open(const ports::BackendAddress& address) override {
    if (address.protocol == "sketch") return painter_;
    return nullptr;
  }
  std::vector<std::string> protocols() const override { return {"sketch"}; }
  std::vector<ports::BackendAddress> usual_places() const override {
    return {{"sketch", "", "", ""}};
  }

 private:
  std::shared_ptr<ports::Generator> painter_;
};

}  // namespace

std::unique_ptr<ports::Generators> make_generators(ports::Imaging& imaging) {
  return std::make_unique<Protocols>(imaging);
}

}  // namespace atelier::app

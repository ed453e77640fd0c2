#include <tandem/actors/servicer.hpp>

#include <memory>
#include <string>

using namespace tandem;

/// What a plugin could be: services that the program does not know.
std::shared_ptr<servicer> plugin_services() {
  auto result = std::make_shared<method_table>();
  result->add("shout", [](const operation_context&, const output_consumer& out) {
    return make_consumer([out](payload x) { out.consume(make_payload(get_payload<std::string>(x) + "!")); },
                         [out] { out.terminate(); });
  });
  return result;
}

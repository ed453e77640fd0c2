#include <cstdio>
#include <tandem/actors/all.hpp>

using namespace tandem;
using namespace std::literals;

int main() {
  system_config config; // CAF's configuration with Tandem's types and settings
  caf::actor_system system{config};

  auto services = std::make_shared<method_table>();
  services->add("shout", [](const operation_context&, const output_consumer& out) {
    return make_consumer([out](payload x) { out.consume(make_payload(get_payload<std::string>(x) + "!")); },
                         [out] { out.terminate(); });
  });
  back_end back{system, services};
  front_end front{system};
  join(front, back); // in one process; publish() and connect() across nodes

  auto results = make_consumer([](payload x) { std::puts(get_payload<std::string>(x).c_str()); });
  auto op = front.operate({.name = "shout", .timeout = 5s, .subscription = full_serviced_subscription(results)});
  op.context().add_termination_callback([](outcome x) { std::puts(to_string(x).c_str()); });
  op.consumer().consume(make_payload("hello"s));
  op.consumer().terminate();
  wait_for_idle(front); // prints: hello!  completed
}

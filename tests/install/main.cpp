#include <tandem/actors/compat/system.hpp>
#include <tandem/messages/operation_id.hpp>
#include <tandem/messages/ticket.hpp>
#include <tandem/messages/type_ids.hpp>

#include <iostream>
#include <string>

int main() {
  tandem::compat::init_types<caf::id_block::tandem>();
  const std::string text = "0123456789abcdef0123456789abcdef";
  const auto id = tandem::parse_operation_id(text);
  if (!id || to_string(*id) != text) {
    std::cerr << "an operation id does not come back as it went\n";
    return 1;
  }
  tandem::front_to_back_ticket ticket;
  ticket.operation = *id;
  ticket.kind = tandem::ticket_kind::entire;
  ticket.name = "greet";
  ticket.subscription = tandem::subscription_kind::full;
  ticket.payload = tandem::make_payload(std::string{"world"});
  if (auto wrong = check(ticket)) {
    std::cerr << *wrong << '\n';
    return 1;
  }
  ticket.name.reset();
  if (!check(ticket)) {
    std::cerr << "a first ticket without a name passed\n";
    return 1;
  }
  std::cout << "ok\n";
  return 0;
}

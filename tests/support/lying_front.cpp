#include "lying_front.hpp"

#include <caf/exit_reason.hpp>
#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>

#include <stdexcept>

namespace tandem_test {

using namespace tandem;

lying_front::lying_front(uint16_t port) {
  if (auto found = at.system.middleman().remote_actor("127.0.0.1", port))
    gateway = std::move(*found);
  if (!gateway || !greet().empty())
    throw std::runtime_error{"lying_front: cannot connect"};
}

lying_front::~lying_front() {
  leave();
}

void lying_front::leave() {
  if (own_)
    own_->end(caf::exit_reason::user_shutdown); // CAF's registry would keep it, and end it too late
}

std::string lying_front::greet(uint32_t format, const std::string& greeting, address where) {
  leave();
  own_ = compat::make_light_actor<callback_actor>(
    at.system, "liar", [this, to = answers, frames = frames](compat::envelope x) {
      std::vector<back_to_front_ticket> tickets;
      std::string error;
      if (is_message<ticket_frame>(x.content)
          && decode_frame(at.system, x.content.get_as<ticket_frame>(0).bytes, tickets, error)) {
        for (auto& ticket : tickets)
          to->note(to_string(ticket.kind) + ": " + ticket.details);
        frames->add({x.content.get_as<ticket_frame>(0).bytes.size(), std::move(tickets)});
      }
    });
  const auto link = where == address::own ? compat::handle_of(*own_) : where == address::none ? caf::actor{} : gateway;
  std::string error;
  caf::scoped_actor self{at.system};
  compat::request(self, gateway, hello{format, link, greeting})
    .receive([this](const welcome& x) { answer = x; }, [&error](const caf::error& e) { error = caf::to_string(e); });
  return error;
}

void lying_front::send(std::string frame, uint64_t number, uint64_t received) const {
  compat::anon_send(answer.link, ticket_frame{number, received, std::move(frame)});
}

void lying_front::send(const front_to_back_ticket& ticket) {
  send(frame_of(ticket));
}

std::string lying_front::frame_of(const front_to_back_ticket& ticket) {
  auto result = empty_frame();
  if (!append_ticket(at.system, ticket, result))
    throw std::runtime_error{"lying_front: a payload that cannot be sent"};
  return result;
}

front_to_back_ticket lying_front::first_ticket(uint64_t number) {
  front_to_back_ticket result;
  result.operation = {0xbad, number << 8};
  result.kind = ticket_kind::commencement;
  result.name = "hold";
  result.subscription = subscription_kind::full;
  return result;
}

} // namespace tandem_test

/// Checks of a link's handle(system): every link has to pass them.
#pragma once

#include "collecting_peers.hpp"
#include "link_requests.hpp"

#include <caf/sec.hpp>
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

namespace tandem_test {

using strings = std::vector<std::string>;

inline bool has_error(const caf::error& x) {
  return tandem::compat::is_error(x);
}

/// Takes tickets of this direction, single ones and several, sent and requested; `tickets` is where they come out, all
/// of them in order. `to` must be known as the handle of a link that takes all of them.
template <class Ticket, class Make>
void check_tickets_by_message(caf::actor_system& system, const caf::actor& to, journal& arrived, Make make) {
  using namespace tandem;
  caf::scoped_actor self{system};
  strings expected;
  auto next = [&, i = uint64_t{0}]() mutable {
    Ticket result = make(i++);
    expected.push_back(std::to_string(result.operation.low) + ": " + written(result));
    return result;
  };
  compat::anon_send(to, next());
  compat::anon_send(to, std::vector<Ticket>{next(), next(), next()});
  CHECK_FALSE(has_error(request_of_link(self, to, next())));
  CHECK_FALSE(has_error(request_of_link(self, to, std::vector<Ticket>{next(), next()})));
  CHECK_FALSE(has_error(request_of_link(self, to, std::vector<Ticket>{})));
  compat::send(self, to, next());
  CHECK(arrived.await(expected.size()) == expected);
  CHECK_FALSE(self->has_next_message()); // nobody answers a message that is not a request
}

/// `content` is not a ticket of a direction that the actor takes.
template <class Content>
void check_unexpected(caf::actor_system& system, const caf::actor& to, Content content) {
  caf::scoped_actor self{system};
  const auto error = request_of_link(self, to, std::move(content));
  CHECK_MESSAGE((error == caf::make_error(caf::sec::unexpected_message)), caf::to_string(error));
}

/// `link` is the last pointer to it.
template <class Link>
void check_end_of_handle(caf::actor_system& system, std::shared_ptr<Link>&& link) {
  using namespace tandem;
  caf::scoped_actor self{system};
  const auto handle = link->handle(system);
  CHECK((handle == link->handle(system)));
  self->monitor(handle);
  CHECK_FALSE(self->has_next_message());
  const std::weak_ptr<Link> weak = link;
  auto last = std::move(link);
  last.reset(); // a job of a pool may still hold it for a moment
  const auto [how, details] = down_of_link(self, handle);
  REQUIRE(weak.expired());
  CHECK(how == outcome::transmission_failure);
  CHECK(details == "the link is gone");
  CHECK(has_error(request_of_link(self, handle, commencement())));
  CHECK(has_error(request_of_link(self, handle, to_front(0, ticket_kind::completion))));
}

/// The tickets of one operation to the back: begins, goes on, and does not end.
inline tandem::front_to_back_ticket numbered_to_back(uint64_t number) {
  return number == 0 ? commencement() : to_back(number, tandem::ticket_kind::continuation, std::to_string(number));
}

inline tandem::back_to_front_ticket numbered_to_front(uint64_t number) {
  return to_front(number, tandem::ticket_kind::continuation, std::to_string(number));
}

} // namespace tandem_test

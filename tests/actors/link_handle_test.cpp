/// Links as actors: handle(system).
#include "../../actors/links/balanced_link.hpp"
#include "../../actors/links/in_memory_link.hpp"
#include "../../actors/links/null_links.hpp"
#include "../support/handle_checks.hpp"

#include <doctest/doctest.h>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// A link of the user's own, as relay_link.hpp shows one.
class plain_link final : public relay_link {};

template <class Link>
struct between_collectors {
  node at;
  std::shared_ptr<collecting_front> front = std::make_shared<collecting_front>();
  std::shared_ptr<collecting_back> back = std::make_shared<collecting_back>();
  std::shared_ptr<Link> link;

  explicit between_collectors(std::shared_ptr<Link> x) : link(std::move(x)) {
    link->join_fore_link(front);
    link->join_rear_link(back);
  }
};

/// A balanced link with one back.
struct balanced_between {
  node at;
  std::shared_ptr<collecting_back> back = std::make_shared<collecting_back>();
  std::shared_ptr<plain_link> member = std::make_shared<plain_link>();
  std::shared_ptr<balanced_link> link = balanced_link::make();

  balanced_between() {
    member->join_rear_link(back);
    link->add(member, "a");
  }
};

template <class Link>
void check_duplex(std::shared_ptr<Link> link) {
  between_collectors x{std::move(link)};
  auto& system = x.at.system;
  const auto handle = x.link->handle(system);
  check_tickets_by_message<front_to_back_ticket>(system, handle, *x.back->tickets, numbered_to_back);
  check_tickets_by_message<back_to_front_ticket>(system, handle, *x.front->tickets, numbered_to_front);
  check_unexpected(system, handle, int32_t{1});
  check_unexpected(system, handle, "text"s);
  check_end_of_handle(system, std::move(x.link));
}

} // namespace

TEST_CASE("S-STATS-8: the in-memory link's actor takes tickets of both directions") {
  check_duplex(std::make_shared<in_memory_link>());
}

TEST_CASE("S-STATS-8: the actor of an in-memory link with a pool takes tickets of both directions") {
  check_duplex(std::make_shared<in_memory_link>(std::make_shared<thread_pool>(3)));
}

TEST_CASE("S-STATS-8: the actor of a relay link takes tickets of both directions") {
  check_duplex(std::make_shared<plain_link>());
}

TEST_CASE("S-STATS-8: the balanced link's actor takes tickets to the back") {
  balanced_between x;
  auto& system = x.at.system;
  const auto handle = x.link->handle(system);
  check_tickets_by_message<front_to_back_ticket>(system, handle, *x.back->tickets, numbered_to_back);
  check_unexpected(system, handle, to_front(0, ticket_kind::completion));
  check_unexpected(system, handle, std::vector{to_front(0, ticket_kind::completion)});
  check_unexpected(system, handle, int32_t{1});
  check_end_of_handle(system, std::move(x.link));
}

TEST_CASE("S-STATS-6, S-STATS-8: the null links' actors take tickets of their direction") {
  node at;
  caf::scoped_actor self{at.system};
  auto rear = std::make_shared<null_rear_link>();
  const auto rear_handle = rear->handle(at.system);
  CHECK_FALSE(has_error(request_of_link(self, rear_handle, commencement())));
  CHECK_FALSE(has_error(request_of_link(self, rear_handle, std::vector{commencement(), entire()})));
  check_unexpected(at.system, rear_handle, to_front(0, ticket_kind::completion));
  check_end_of_handle(at.system, std::move(rear));
  auto fore = std::make_shared<null_fore_link>();
  const auto fore_handle = fore->handle(at.system);
  CHECK_FALSE(has_error(request_of_link(self, fore_handle, to_front(0, ticket_kind::completion))));
  CHECK_FALSE(has_error(request_of_link(self, fore_handle, std::vector{to_front(0, ticket_kind::completion)})));
  check_unexpected(at.system, fore_handle, commencement());
  check_end_of_handle(at.system, std::move(fore));
}

TEST_CASE("S-STATS-8: the actor of a back's port takes tickets to the back, and its end is the loss of its link") {
  node at;
  back_end back{at.system, test_services()};
  auto front = std::make_shared<collecting_front>();
  auto port = back.make_port();
  port->join_fore_link(front);
  const auto handle = port->handle(at.system);
  caf::scoped_actor self{at.system};
  compat::anon_send(handle, commencement());
  compat::anon_send(
    handle, std::vector{to_back(1, ticket_kind::continuation, "a"), to_back(2, ticket_kind::continuation, "b")});
  CHECK_FALSE(has_error(request_of_link(self, handle, to_back(3, ticket_kind::continuation, "c"))));
  CHECK(front->tickets->await(3) == strings{"1: 0 continuation(a)", "1: 1 continuation(b)", "1: 2 continuation(c)"});
  check_unexpected(at.system, handle, to_front(0, ticket_kind::completion));
  CHECK(back.operation_stats().ongoing == 1);
  check_end_of_handle(at.system, std::move(port));
  settle({back});
  CHECK(back.operation_stats().of(outcome::transmission_failure) == 1);
}

TEST_CASE("S-STATS-8: the actors of ends take tickets of their direction, as links do") {
  node at;
  caf::scoped_actor self{at.system};
  back_end back{at.system, test_services()};
  auto front = std::make_shared<collecting_front>();
  back.join_fore_link(front);
  const auto to_the_back = back.link()->handle(at.system);
  CHECK_FALSE(has_error(request_of_link(self, to_the_back, commencement())));
  CHECK_FALSE(has_error(request_of_link(self, to_the_back, std::vector{to_back(1, ticket_kind::continuation, "a")})));
  CHECK(front->tickets->await(1) == strings{"1: 0 continuation(a)"});
  check_unexpected(at.system, to_the_back, to_front(0, ticket_kind::completion));
  front_end front_of_none{at.system};
  const auto to_the_front = front_of_none.link()->handle(at.system);
  CHECK_FALSE(has_error(request_of_link(self, to_the_front, to_front(0, ticket_kind::completion))));
  check_unexpected(at.system, to_the_front, commencement());
}

TEST_CASE("S-STATS-8, S-SEND-7: a request for what a link refuses is answered by the first refusal") {
  between_collectors x{std::make_shared<in_memory_link>()};
  x.back->refused = {2, 3};
  x.front->refused = {2, 3};
  caf::scoped_actor self{x.at.system};
  const auto handle = x.link->handle(x.at.system);
  const auto check_refused = [&](const caf::error& e, const std::string& why) {
    CHECK(outcome_of(e) == outcome::transmission_failure);
    CHECK(details_of(e) == why);
  };
  check_refused(request_of_link(self, handle, of(3, commencement())), "not 3");
  check_refused(
    request_of_link(self, handle, std::vector{of(1, commencement()), of(2, commencement()), of(3, commencement())}),
    "not 2");
  check_refused(request_of_link(self, handle, of(3, to_front(0, ticket_kind::completion))), "not 3");
  CHECK(x.back->tickets->notes() == strings{"1: 0 commencement"});
  // A message that is not a request is refused without a word.
  compat::send(self, handle, of(3, commencement()));
  CHECK_FALSE(self->has_next_message());

  auto balanced = balanced_link::make();
  check_refused(request_of_link(self, balanced->handle(x.at.system), commencement()),
                "no back can take operations: there is none");
  // An exception of a link is a refusal of everything.
  x.front.reset();
  check_refused(request_of_link(self, handle, of(1, to_front(0, ticket_kind::completion))),
                "the link's other side is gone");
}

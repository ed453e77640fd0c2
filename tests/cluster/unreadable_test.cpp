/// Payloads that arrive by a handle and cannot be read there: for what the `inspect` of a customer's type throws, or
/// for a type that is not known.
#include "../../messages/caf/payload_apart.hpp"
#include "../../messages/commands.hpp"
#include "../../messages/ticket.hpp"
#include "../support/contains.hpp"
#include "../support/process.hpp"
#include "../support/skip.hpp"
#include "../support/test_types.hpp"
#include "../support/thrown_things.hpp"
#include "cluster_types.hpp"
#include "cluster_world.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <stdexcept>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// Throws where the value of this number is read, counted from 1.
void throw_at(int number, const std::function<void()>& how) {
  when_read = [number, how, read = std::make_shared<std::atomic<int>>(0)] {
    if (++*read == number)
      how();
  };
}

/// The whole of an operation that a front could have commenced.
front_to_back_ticket entire_of(uint64_t number) {
  front_to_back_ticket result;
  result.operation = {1, number};
  result.kind = ticket_kind::entire;
  result.subscription = subscription_kind::full;
  result.name = "echo";
  result.payload = make_payload(barbed{3});
  result.timeout = 1min;
  return result;
}

/// Both nodes still talk, by the link that is there and by another one.
void check_alive(near_front& near, const operation& held) {
  CHECK(held.context().is_active());
  CHECK(call_by_handle(near.front, "echo", make_payload(barbed{3})).value == outcome::completed);
  front_end other{near.at.system};
  join(other, connect(near.at.system, near.gateway));
  CHECK(echo_by_handle(other).value == outcome::completed);
}

} // namespace

TEST_CASE("S-CLUSTER-6, S-TICKET-2: what an inspect throws on arrival by a handle ends its operation alone") {
  if (!compat::reads_payloads_apart)
    return skip("CAF 1.x loses the message, and with it the link");
  for (const auto& x : all_thrown()) {
    CAPTURE(x.text);
    far_back far;
    near_front near{far.port};
    const auto held = hold(near.front);
    // At the back, where the front's payload is read first.
    throw_at(1, x.now);
    const auto there = call_by_handle(near.front, "echo", make_payload(barbed{3}));
    CHECK(there.value == outcome::servicer_failure);
    CHECK_MESSAGE(contains(there.details, "barbed"), there.details);
    CHECK_MESSAGE(contains(there.details, x.text), there.details);
    // At the front, where the answer is read.
    throw_at(2, x.now);
    const auto here = call_by_handle(near.front, "echo", make_payload(barbed{3}));
    CHECK(here.value == outcome::reception_failure);
    CHECK_MESSAGE(contains(here.details, "barbed"), here.details);
    when_read = nullptr;
    check_alive(near, held);
  }
}

TEST_CASE("S-CLUSTER-6: of several tickets in one message, only the one that cannot be read is spoilt") {
  if (!compat::reads_payloads_apart)
    return skip("CAF 1.x loses the message, and with it the link");
  far_back far;
  near_front near{far.port};
  std::vector<front_to_back_ticket> tickets;
  for (uint64_t i = 1; i <= 3; ++i)
    tickets.push_back(entire_of(i));
  throw_at(2, [] { throw std::runtime_error{"out of order"}; });
  near.link->accept(std::move(tickets));
  // The answers go to a front that knows of no such operations; the back has its outcomes.
  CHECK(echo_by_handle(near.front).value == outcome::completed);
  wait_for_idle(far.back);
  when_read = nullptr;
  CHECK(far.back.operation_stats().of(outcome::reception_failure) == 1);
  CHECK(far.back.operation_stats().of(outcome::completed) == 3);
}

TEST_CASE("S-CLUSTER-6: what an inspect throws on arrival at another process ends its operation alone") {
  if (!compat::reads_payloads_apart)
    return skip("CAF 1.x loses the message, and with it the link");
  process peer{{program("cluster_peer"), "barbed-back"}};
  near_front near{static_cast<uint16_t>(std::stoi(peer.read_line().value()))};
  const auto held = hold(near.front);
  const auto end = call_by_handle(near.front, "echo", make_payload(barbed{3}));
  CHECK(end.value == outcome::servicer_failure);
  CHECK_MESSAGE(contains(end.details, "barbed"), end.details);
  CHECK(echo_by_handle(near.front).value == outcome::completed);
  CHECK(held.context().is_active());
}

TEST_CASE("S-CLUSTER-6: a payload within a message to an end that throws when it is read costs that message alone") {
  far_back far;
  near_front near{far.port};
  const auto end = far.back.handle();
  const auto port = publish_by_caf(far.at.system, end);
  const auto back_by_caf = handle_by_caf(near.at.system, port);
  const auto held = hold(near.front);
  std::atomic<bool> was_read = false;
  when_read = [&] {
    was_read = true;
    throw std::runtime_error{"out of order"};
  };
  compat::anon_send(back_by_caf, consume{make_payload(barbed{3})});
  for (int i = 0; !was_read && i < 1000; ++i)
    CHECK(echo_by_handle(near.front).value == outcome::completed); // time passes
  // What comes later from the same node is handed over later.
  CHECK(echo_by_handle(near.front).value == outcome::completed);
  when_read = nullptr;
  CHECK(was_read);
  check_alive(near, held);
}

TEST_CASE("S-CLUSTER-6: a payload whose type the other side does not know ends its operation, or the link by CAF 1.x") {
  process peer{{program("cluster_peer"), "back"}};
  knowing_node at;
  const auto gateway = handle_by_caf(at.system, static_cast<uint16_t>(std::stoi(peer.read_line().value())));
  front_end front{at.system};
  join(front, connect(at.system, gateway));
  auto held = hold(front);
  auto held_end = ending_of(held);
  CHECK(echo_by_handle(front).value == outcome::completed);
  const auto unknown = call_by_handle(front, "echo", make_payload(known_here{1}));
  if (compat::reads_payloads_apart) {
    CHECK(unknown.value == outcome::servicer_failure);
    CHECK_MESSAGE(contains(unknown.details, "known_here"), unknown.details);
    CHECK(held.context().is_active());
  } else {
    CHECK(unknown.value == outcome::transmission_failure);
    const auto end = await(std::move(held_end));
    CHECK(end.value == outcome::transmission_failure);
    CHECK_MESSAGE(contains(end.details, "could not be read"), end.details);
    join(front, connect(at.system, gateway)); // the gateway is none the worse for it
  }
  CHECK(echo_by_handle(front).value == outcome::completed);
}

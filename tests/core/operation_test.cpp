/// How an operation is told of events. What the one who carries out the effects cannot let happen is an assertion, and
/// no state: each is tried in a process of its own, so this holds too that these tests run with assertions on.
#include "../support/skip.hpp"
#include "../support/ticket_builders.hpp"

#include "../../actors/core/operation.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <functional>

#include <sys/wait.h>
#include <unistd.h>

using namespace tandem;
using namespace tandem_test;
using namespace std::chrono_literals;

namespace {

constexpr time_point now{1h};

#ifdef NDEBUG
constexpr bool assertions_are_on = false;
#else
constexpr bool assertions_are_on = true;
#endif

bool aborts(const std::function<void()>& what) {
  const auto child = ::fork();
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);
    ::close(STDERR_FILENO); // the assertion's words are wanted by nobody
    what();
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

struct side {
  core::effects<core::back_side> effects{};
  core::operation<core::back_side> operation;

  explicit side(front_to_back_ticket first)
    : operation(core::settings_for(first, 4, 30s, 60s, now, {}), std::move(first), now, effects) {
  }

  template <class Event>
  void handle(Event x) {
    operation.handle(std::move(x), now, effects);
  }
};

} // namespace

TEST_CASE("assertions: the link cannot take a last ticket that was not issued, nor take it twice") {
  if (!assertions_are_on)
    return skip("assertions are off in this build");
  side x{commencement("a")};
  CHECK(aborts([&] { x.handle(core::last_ticket_taken{}); }));
  x.handle(core::payload_given{std::nullopt, true});
  x.handle(core::last_ticket_taken{});
  CHECK(aborts([&] { x.handle(core::last_ticket_taken{}); }));
}

TEST_CASE("assertions: customer code cannot return or throw without a call") {
  if (!assertions_are_on)
    return skip("assertions are off in this build");
  side x{commencement()};
  x.handle(core::customer_returned{});
  CHECK(aborts([&] { x.handle(core::customer_returned{}); }));
  CHECK(aborts([&] { x.handle(core::customer_threw{}); }));
}

TEST_CASE("S-END-6: after the end none of it matters") {
  side x{commencement("a")};
  x.handle(core::failure_requested{"no"});
  x.effects.clear();
  x.handle(core::last_ticket_taken{});
  x.handle(core::customer_returned{});
  x.handle(core::customer_returned{});
  x.handle(core::customer_threw{});
  CHECK(x.effects.empty());
  CHECK(x.operation.ended() == outcome::servicer_failure);
}

TEST_CASE("events: what customer code asks for is handed over as it came through an inbox") {
  side x{commencement("a")};
  x.effects.clear();
  core::customer_event given = core::payload_given{text("b"), true};
  x.operation.handle(std::move(given), now, x.effects);
  REQUIRE(x.effects.size() == 1);
  CHECK(std::get<core::send_ticket<back_to_front_ticket>>(x.effects[0]).ticket.kind == ticket_kind::completion);
  core::event<core::back_side> any = core::timer_fired{};
  x.operation.handle(std::move(any), now + 30s, x.effects);
  CHECK(x.operation.ended() == outcome::expired);
}

TEST_CASE("S-TICKET-2: what could not be read of a ticket comes before every rule that it breaks") {
  front_to_back_ticket ticket = commencement("a");
  ticket.name.reset();
  ticket.fault = "unreadable";
  CHECK(check(ticket) == "unreadable");
  back_to_front_ticket other = to_front(0, ticket_kind::continuation);
  other.fault = "unreadable";
  CHECK(check(other) == "unreadable");
}

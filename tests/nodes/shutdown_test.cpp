/// An actor system ends promptly, whatever its links and its operations wait for.
#include "../support/far_process.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <string>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

TEST_CASE("an actor system with operations under way ends promptly, whatever has become of the other side") {
  using steady = std::chrono::steady_clock;
  struct fate {
    std::string name;
    int signal;
  };
  constexpr int operations = 100'000;
  for (const auto& x : {fate{"well", 0}, fate{"killed", SIGKILL}, fate{"stopped", SIGSTOP}}) {
    for (const auto window : {500ms, 60'000ms}) {
      CAPTURE(x.name);
      CAPTURE(window.count());
      far_process back{{.window = window, .silence = 1min}}; // the machine may be busy for a while
      auto begin = steady::now();
      {
        node near;
        front_end front{near.system};
        auto link = connect(near.system, "127.0.0.1", back.port, patient(window));
        join(front, link);
        for (int i = 0; i < operations; ++i)
          hold(front);
        const auto echoed = echo(front, false);
        REQUIRE(echoed.details == "");
        REQUIRE(echoed.value == outcome::completed);
        if (x.signal != 0)
          back.running.send_signal(x.signal);
        begin = steady::now();
      }
      const auto took = steady::now() - begin;
      MESSAGE(operations << " operations, other side " << x.name << ", window " << window.count()
                         << " ms: shut down in " << took / 1ms << " ms");
      CHECK(took < 10s);
    }
  }
}

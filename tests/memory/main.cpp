/// What a stream costs in memory whose consumer is much slower than its producer (S-FLOW): each case runs in processes
/// of its own, and the peak of each, above what it had before the stream, must be within a bound. Twice as much to send
/// costs no more.
#include "../../actors/back_end.hpp"
#include "../../actors/compat/system.hpp"
#include "../../actors/front_end.hpp"
#include "../../actors/links/relay_link.hpp"
#include "../../actors/nodes/connect.hpp"
#include "../../actors/nodes/publish.hpp"
#include "../../actors/system.hpp"
#include "../../messages/type_ids.hpp"
#include "../support/flow_services.hpp"
#include "../support/process.hpp"

#include <CLI/CLI.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

// The support library is compiled with doctest's header; this provides what it refers to.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <future>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace tandem;
using namespace std::literals;

struct stream_case {
  bool nodes = false;    ///< front and back in two processes
  bool to_front = false; ///< results, not requests
  bool actor = false;    ///< the consumer is an actor
  bool pool = false;
  size_t bytes = 1024; ///< of a payload
  uint64_t count = 0;
  std::chrono::microseconds pace{}; ///< of the consumer
  uint16_t port = 0;                ///< of the back in the other process
};

/// In KiB, from /proc/self/status.
uint64_t memory_of_this(const std::string& field) {
  std::ifstream status{"/proc/self/status"};
  for (std::string word; status >> word;)
    if (word == field + ":") {
      uint64_t result = 0;
      status >> result;
      return result;
    }
  throw std::runtime_error{"/proc/self/status has no " + field};
}

/// The peak since it was made.
class peak {
public:
  uint64_t mebibytes() const {
    return (memory_of_this("VmHWM") - std::min(memory_of_this("VmHWM"), base_)) / 1024;
  }

private:
  uint64_t base_ = memory_of_this("VmRSS");
};

/// Keeps the processor, for a sleep is longer than the pace.
void consume_slowly(const stream_case& x) {
  const auto end = std::chrono::steady_clock::now() + x.pace;
  while (std::chrono::steady_clock::now() < end) {}
}

std::shared_ptr<consumer> slow_consumer(const stream_case& x, std::function<void()> at_end) {
  return make_consumer([x](const payload&) { consume_slowly(x); }, std::move(at_end));
}

/// Commences the operation, and gets its results as messages.
class slow_receiver final : public caf::event_based_actor {
public:
  slow_receiver(caf::actor_config& config, caf::actor front, const stream_case& x,
                std::shared_ptr<std::promise<outcome>> ended)
    : caf::event_based_actor(config), front_(std::move(front)), case_(x), ended_(std::move(ended)) {
  }

  caf::behavior make_behavior() override {
    auto* self = this;
    compat::request(self, front_, commence{.name = "stream", .complete = true, .timeout = 10min})
      .then(
        [this](const caf::actor& operation) {
          operation->attach_functor([ended = ended_](const caf::error& why) { ended->set_value(outcome_of(why)); });
        },
        [this](const caf::error&) { ended_->set_value(outcome::transmission_failure); });
    return {
      [this](const tandem::consume&) { consume_slowly(case_); },
      [](tandem::terminate) {},
    };
  }

private:
  caf::actor front_;
  stream_case case_;
  std::shared_ptr<std::promise<outcome>> ended_;
};

/// A servicer that ends its output when it has got everything.
class slow_servicer final : public caf::event_based_actor {
public:
  slow_servicer(caf::actor_config& config, const stream_case& x, std::function<void()> at_end)
    : caf::event_based_actor(config), case_(x), at_end_(std::move(at_end)) {
  }

  caf::behavior make_behavior() override {
    return {
      [this](const service_request& it) {
        it.operation->attach_functor([at_end = at_end_](const caf::error&) { at_end(); });
      },
      [this](const tandem::consume&) { consume_slowly(case_); },
      [this](tandem::terminate end) {
        auto* self = this;
        compat::send(self, caf::actor_cast<caf::actor>(current_sender()), end);
      },
    };
  }

private:
  stream_case case_;
  std::function<void()> at_end_;
};

end_options options_for(const stream_case& x) {
  end_options result;
  result.default_timeout = 10min;
  if (x.pool)
    result.work = std::make_shared<thread_pool>(2);
  return result;
}

/// `at_end` is called when the stream is over.
back_end make_back(caf::actor_system& system, const stream_case& x, std::function<void()> at_end) {
  auto options = options_for(x);
  if (x.actor && !x.to_front)
    return {system, system.spawn<slow_servicer>(x, at_end), options};
  auto services = std::make_shared<method_table>();
  services->add("stream", [x, at_end](const operation_context& it, const output_consumer& out) {
    it.add_termination_callback([at_end](outcome) { at_end(); });
    if (!x.to_front)
      return slow_consumer(x, [out] { out.terminate(); });
    return make_consumer(
      [](const payload&) {},
      [out, x] { tandem_test::pour(out, x.count, [size = x.bytes] { return make_payload(std::string(size, 'x')); }); });
  });
  return {system, services, options};
}

/// The whole stream; how it ended.
outcome run_stream(caf::actor_system& system, const front_end& front, const stream_case& x) {
  auto ended = std::make_shared<std::promise<outcome>>();
  auto result = ended->get_future();
  if (x.to_front && x.actor) {
    system.spawn<slow_receiver>(front.handle(), x, ended);
    return result.get();
  }
  auto op = front.operate({.name = "stream",
                           .complete = x.to_front,
                           .timeout = 10min,
                           .subscription = full_serviced_subscription(
                             x.to_front ? slow_consumer(x, {}) : make_consumer([](const payload&) {}))});
  op.context().add_termination_callback([ended](outcome value) { ended->set_value(value); });
  if (!x.to_front) {
    const auto out = op.consumer();
    for (uint64_t i = 0; i < x.count && out.wait_until_ready(10min); ++i)
      out.consume(make_payload(std::string(x.bytes, 'x')));
    out.terminate();
  }
  return result.get();
}

// -- the processes ---------------------------------------------------------------------------------------------------

/// Says the port; then, when the stream is over, the peak.
int be_the_back(const stream_case& x) {
  system_config config;
  caf::actor_system system{config};
  std::promise<void> over;
  const auto back = make_back(system, x, [&over] { over.set_value(); });
  auto publication = publish(system, back, {.address = "127.0.0.1"});
  const peak above;
  std::cout << publication.port() << std::endl;
  over.get_future().wait();
  wait_for_idle(back);
  publication.close(10s);
  std::cout << above.mebibytes() << std::endl;
  return 0;
}

/// Says the peak and the outcome.
int be_the_front(const stream_case& x) {
  system_config config;
  caf::actor_system system{config};
  const front_end front{system, options_for(x)};
  std::optional<back_end> back;
  std::shared_ptr<rear_link> link;
  if (x.nodes) {
    link = connect(system, "127.0.0.1", x.port);
    join_links(front.link(), link);
  } else {
    back.emplace(make_back(system, x, [] {}));
    join(front, *back);
  }
  const peak above;
  const auto how = run_stream(system, front, x);
  std::cout << above.mebibytes() << ' ' << to_string(how) << std::endl;
  return how == outcome::completed ? 0 : 1;
}

std::string name_of(const stream_case& x) {
  return std::string{x.nodes ? "two processes" : "one process"} + (x.to_front ? ", results" : ", requests")
         + (x.actor ? ", actor" : ", object") + (x.pool ? ", pool" : "") + ", " + std::to_string(x.count) + " times "
         + std::to_string(x.bytes) + " bytes";
}

std::vector<std::string> arguments_for(const std::string& role, const stream_case& x) {
  std::vector<std::string> result{tandem_test::program("flow_memory"),
                                  "--role",
                                  role,
                                  "--bytes",
                                  std::to_string(x.bytes),
                                  "--count",
                                  std::to_string(x.count),
                                  "--pace",
                                  std::to_string(x.pace.count()),
                                  "--port",
                                  std::to_string(x.port)};
  for (const auto& [is_set, flag] :
       {std::pair{x.nodes, "--nodes"}, {x.to_front, "--to-front"}, {x.actor, "--actor"}, {x.pool, "--pool"}})
    if (is_set)
      result.emplace_back(flag);
  return result;
}

/// True if all is well. Both processes are held to the bound.
bool run(stream_case x) {
  const uint64_t most = x.bytes > 4096 ? 96 : 64; // MiB
  std::optional<tandem_test::process> back;
  if (x.nodes) {
    back.emplace(arguments_for("back", x));
    x.port = static_cast<uint16_t>(std::stoul(back->read_line().value_or("0")));
  }
  tandem_test::process front{arguments_for("front", x)};
  const auto at_front = front.read_line().value_or("999999 died");
  const auto at_back = back ? back->read_line().value_or("999999") : "0";
  const bool good = front.wait() == 0 && std::stoull(at_front) <= most && std::stoull(at_back) <= most;
  std::cout << (good ? "ok:     " : "FAILED: ") << name_of(x) << ": " << std::stoull(at_front)
            << (back ? ", back " + at_back : "") << " MiB, " << most << " allowed" << std::endl;
  return good;
}

/// `quick`: a quarter of the cases, in which each way of consuming comes once; half a minute. `full`: with payloads of
/// 1 GiB and 10 GiB in all; half an hour.
int run_all(bool quick, bool full) {
  bool good = true;
  for (const bool nodes : {false, true})
    for (const bool to_front : {false, true})
      for (const bool actor : {false, true})
        for (const bool pool : {false, true}) {
          if (quick && (actor != to_front || pool != (nodes != to_front)))
            continue;
          good &= run({nodes, to_front, actor, pool, 1024, full ? 1'000'000u : 150'000u, full ? 50us : 10us});
          good &= run({nodes, to_front, actor, pool, size_t{1} << 20, full ? 10'000u : 400u, full ? 20ms : 2ms});
        }
  std::cout << (good ? "all within bounds" : "some are not within bounds") << std::endl;
  return good ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app{"The memory of streams whose consumer is slower than their producer", "flow_memory"};
  std::string role = "all";
  stream_case x;
  bool quick = false;
  bool full = false;
  int64_t pace = 0;
  app.add_flag("--quick", quick, "a quarter of the cases");
  app.add_flag("--full", full, "1,000,000 payloads of 1 KiB and 10,000 of 1 MiB for each case");
  app.add_option("--role", role, "all; or the front or the back of one case")
    ->check(CLI::IsMember({"all", "front", "back"}));
  app.add_option("--bytes", x.bytes, "of a payload");
  app.add_option("--count", x.count, "of payloads");
  app.add_option("--pace", pace, "microseconds for each");
  app.add_option("--port", x.port, "of the back");
  app.add_flag("--nodes", x.nodes, "front and back in two processes");
  app.add_flag("--to-front", x.to_front, "results in the place of requests");
  app.add_flag("--actor", x.actor, "the consumer is an actor");
  app.add_flag("--pool", x.pool, "with work pools");
  CLI11_PARSE(app, argc, argv);
  x.pace = std::chrono::microseconds{pace};
  try {
    return role == "all" ? run_all(quick, full) : role == "front" ? be_the_front(x) : be_the_back(x);
  } catch (const std::exception& e) {
    std::cerr << "flow_memory: " << e.what() << std::endl;
    return 2;
  }
}

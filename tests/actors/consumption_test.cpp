/// When customer code consumes payloads, as a recording tells (TRACE.md: `consumed`).
#include "../support/recorded_ends.hpp"

#include "../../actors/execution/thread_pool.hpp"
#include "../../messages/type_ids.hpp"

#include <caf/scoped_actor.hpp>
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// Ends whose clock customer code moves, so that each of its calls takes as long as it wants.
struct timed_ends {
  std::shared_ptr<manual_clock*> clock = std::make_shared<manual_clock*>(nullptr);
  std::vector<payload_charge> charges; ///< of what "keep" was given
  recorded_ends ends;

  explicit timed_ends(end_options options = {}) : ends(services(), std::move(options)) {
    *clock = ends.clock.get();
  }

  std::shared_ptr<method_table> services() {
    auto result = std::make_shared<method_table>();
    result->add("work", [clock = clock](const operation_context&, const output_consumer& out) {
      return make_consumer([clock](const payload& x) { (*clock)->advance(get_payload<std::string>(x).size() * 1ms); },
                           [out] { out.terminate(); });
    });
    result->add("keep", [this](const operation_context& context, const output_consumer& out) {
      return make_consumer([this, context](const payload&) { charges.push_back(context.take_charge()); },
                           [out] { out.terminate(); });
    });
    result->add("fail", [](const operation_context&, const output_consumer&) {
      return make_consumer([](const payload&) { throw std::runtime_error{"no"}; });
    });
    return result;
  }

  void record(bool consumption = true) {
    ends.front.recorder().start({.file = ends.front_file, .consumption = consumption});
    ends.back.recorder().start({.file = ends.back_file, .consumption = consumption});
  }

  /// Sends these, and the end.
  operation send(const std::string& name, const std::vector<std::string>& payloads) {
    auto result = ends.begin(name, text(payloads.front()), false);
    for (size_t i = 1; i < payloads.size(); ++i)
      result.consumer().consume(text(payloads[i]));
    settle({ends.front, ends.back});
    return result;
  }

  void finish(const operation& x) const {
    x.consumer().terminate();
    settle({ends.front, ends.back});
  }
};

/// "0 after 0 ms took 3 ms, ...": what was consumed, when its call began since the beginning of the operation.
std::string consumed_in(const std::vector<trace_entry>& entries) {
  std::string result;
  int64_t begun = 0;
  for (const auto& x : entries) {
    if (x.event == trace_event::begun)
      begun = x.monotonic_ns;
    if (x.event != trace_event::consumed)
      continue;
    CHECK(x.began_ns + x.took_ns <= x.monotonic_ns);
    result += (result.empty() ? "" : ", ") + std::to_string(x.sequence_number.value) + " after "
              + std::to_string((x.began_ns - begun) / 1'000'000) + " ms took " + std::to_string(x.took_ns / 1'000'000)
              + " ms";
  }
  return result;
}

} // namespace

TEST_CASE("recorder: consumption: when the call for each payload began, and how long it took") {
  timed_ends x;
  x.record();
  x.finish(x.send("work", {"abc", "", "abcde"}));
  const auto back = x.ends.at_back();
  CHECK(consumed_in(back) == "0 after 0 ms took 3 ms, 1 after 3 ms took 0 ms, 2 after 3 ms took 5 ms");
  CHECK(
    story_of(back)
    == "received commencement, begun work, consumed, received continuation, consumed, received continuation, consumed, "
       "received completion, sent completion, ended completed");
  CHECK(consumed_in(x.ends.at_front()).empty()); // nothing came
}

TEST_CASE("recorder: consumption: in a work pool, too") {
  timed_ends x{{.work = std::make_shared<thread_pool>(1)}};
  x.record();
  x.finish(x.send("work", {"abc", "abcde"}));
  CHECK(consumed_in(x.ends.at_back()) == "0 after 0 ms took 3 ms, 1 after 3 ms took 5 ms");
}

TEST_CASE("recorder: consumption: of a payload that customer code took charge of, until it gave the charge back") {
  timed_ends x;
  x.record();
  const auto op = x.send("keep", {"a", "b", "c"});
  REQUIRE(x.charges.size() == 3);
  x.ends.advance(10ms);
  x.charges.pop_back();
  x.ends.advance(20ms);
  x.charges.erase(x.charges.begin());
  settle({x.ends.front, x.ends.back});
  x.finish(op);
  x.charges.clear(); // the operation has ended, and its trace with it
  CHECK(consumed_in(x.ends.at_back()) == "2 after 0 ms took 10 ms, 0 after 0 ms took 30 ms");
}

TEST_CASE("recorder: consumption: a call that threw has consumed nothing") {
  timed_ends x;
  x.record();
  x.send("fail", {"a"});
  CHECK(story_of(x.ends.at_back())
        == "received commencement, begun fail, sent servicer failure, ended servicer failure");
}

TEST_CASE("recorder: consumption: off unless it is asked for, also by message") {
  timed_ends x;
  x.record(false);
  x.finish(x.send("work", {"a", "b"}));
  CHECK(consumed_in(x.ends.at_back()).empty());
  const auto file = x.ends.folder.file("by-message");
  caf::scoped_actor self{x.ends.at.system};
  compat::request(self, x.ends.back.handle(), start_recording{.file = file, .consumption = true})
    .receive([] {}, [](const caf::error& e) { FAIL_CHECK(caf::to_string(e)); });
  x.finish(x.send("work", {"ab"}));
  x.ends.back.recorder().stop();
  CHECK(consumed_in(entries_of(file)) == "0 after 0 ms took 2 ms");
}

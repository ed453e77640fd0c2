/// Traces of operations to which something happened while customer code was in a call.
#include "../../actors/replay/replay.hpp"
#include "../support/recorded_ends.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

std::string report_of(const replay_report& report) {
  std::string result = std::to_string(report.operations) + " played\n";
  for (const auto& x : report.differences)
    result += to_string(x).substr(to_string(x.operation).size() + 2) + "\n";
  for (const auto& x : report.skipped)
    result += "skipped: " + x + "\n";
  return result;
}

std::string played_at_front(const std::string& file) {
  std::ifstream trace{file, std::ios::binary};
  return report_of(replay_to_front(trace, {}));
}

std::string played_at_back(const std::string& file, const std::shared_ptr<servicer>& services) {
  std::ifstream trace{file, std::ios::binary};
  return report_of(replay(trace, services));
}

/// One method, "act".
std::shared_ptr<servicer> acting(method_table::method what) {
  auto result = std::make_shared<method_table>();
  result->add("act", std::move(what));
  return result;
}

/// A call of customer code that is under way until it is let go.
struct blocked_call {
  std::promise<void> begun;
  std::promise<void> go_on;

  void make() {
    begun.set_value();
    go_on.get_future().wait();
  }
};

/// Ends whose customer code has threads of its own. One call, of the last result or of the last input, is blocked.
struct blocking_ends {
  trace_folder folder;
  std::string front_file = folder.file("front");
  std::string back_file = folder.file("back");
  node at;
  std::shared_ptr<manual_clock> clock = std::make_shared<manual_clock>();
  std::shared_ptr<blocked_call> call = std::make_shared<blocked_call>();
  back_end back;
  front_end front;

  explicit blocking_ends(const std::function<std::shared_ptr<servicer>(std::shared_ptr<blocked_call>)>& services)
    : back(at.system, services(call),
           {.work = std::make_shared<thread_pool>(2), .clock = clock, .shards = 1, .maximum_timeout = 9s}),
      front(at.system, {.work = std::make_shared<thread_pool>(2), .clock = clock, .shards = 1}) {
    join(front, back);
    settle({front, back});
    front.recorder().start({.file = front_file});
    back.recorder().start({.file = back_file});
  }

  operation begin(bool blocks) const {
    auto results = make_consumer({}, [blocks, call = call] {
      if (blocks)
        call->make();
    });
    auto result = front.operate({.name = "act",
                                 .payload = text("a"),
                                 .complete = true,
                                 .timeout = 10s,
                                 .subscription = full_serviced_subscription(std::move(results))});
    call->begun.get_future().wait();
    settle({front, back}, 1);
    return result;
  }

  void advance(duration distance) const {
    clock->advance(distance, [this] { settle({front, back}, 1); });
  }

  void finish() {
    call->go_on.set_value();
    settle({front, back});
    front.recorder().stop();
    back.recorder().stop();
  }
};

std::shared_ptr<servicer> quick_services(const std::shared_ptr<blocked_call>& = nullptr) {
  return acting([](const operation_context&, const output_consumer& out) {
    return make_consumer([out](payload x) { out.consume(std::move(x)); }, [out] { out.terminate(); });
  });
}

/// Its last call is blocked after everything was sent.
std::shared_ptr<servicer> slow_services(std::shared_ptr<blocked_call> call) {
  return acting([call = std::move(call)](const operation_context&, const output_consumer& out) {
    return make_consumer([out](payload x) { out.consume(std::move(x)); },
                         [out, call] {
                           out.terminate();
                           call->make();
                         });
  });
}

/// The service that is recorded, in its last call.
std::shared_ptr<servicer> last_call(std::function<void(const operation_context&, const output_consumer&)> what) {
  return acting([what = std::move(what)](const operation_context& context, const output_consumer& out) {
    return make_consumer({}, [=] { what(context, out); });
  });
}

} // namespace

TEST_CASE("replay: what a caller does within the call of the last result happens within it again") {
  const auto story = "begun act, sent entire, received continuation, received completion, "s;
  struct {
    std::function<void(const operation&)> act;
    std::string end;
  } const cases[] = {
    {[](const operation& op) { op.cancel("enough"); }, "sent cancellation, ended cancelled"},
    {[](const operation& op) { op.context().fail("wrong"); }, "sent serviced failure, ended serviced failure"},
    {[](const operation& op) { op.set_timeout(0s); }, "sent expiration, ended expired"},
  };
  for (const auto& x : cases) {
    const recorded_ends ends{quick_services()};
    ends.start_recording();
    std::promise<operation> begun;
    auto results = make_consumer({}, [&] { x.act(begun.get_future().get()); });
    begun.set_value(ends.front.operate({.name = "act",
                                        .payload = text("a"),
                                        .complete = true,
                                        .timeout = 10s,
                                        .subscription = full_serviced_subscription(std::move(results))}));
    settle({ends.front, ends.back});
    CHECK(story_of(ends.at_front()) == story + x.end);
    CHECK(played_at_front(ends.front_file) == "1 played\n");
  }
}

TEST_CASE("replay: what happens while the last result is consumed happens before that has ended again") {
  const auto story = "begun act, sent entire, received continuation, received completion, "s;
  struct {
    std::function<void(const blocking_ends&, const operation&)> act;
    std::string end;
  } const cases[] = {
    {[](const auto&, const operation& op) { op.cancel("enough"); }, "sent cancellation, ended cancelled"},
    {[](const auto&, const operation& op) { op.set_timeout(0s); }, "sent expiration, ended expired"},
    {[](const auto& ends, const operation&) { ends.advance(10s); }, "sent expiration, ended expired"},
    {[](const auto&, const operation&) {}, "ended completed"},
  };
  for (const auto& x : cases) {
    blocking_ends ends{quick_services};
    const auto op = ends.begin(true);
    ends.advance(3s);
    x.act(ends, op);
    settle({ends.front, ends.back}, 1);
    ends.finish();
    CHECK(story_of(entries_of(std::filesystem::path{ends.front_file})) == story + x.end);
    CHECK(played_at_front(ends.front_file) == "1 played\n");
  }
}

TEST_CASE("replay: what happens while the last input is consumed happens before that has ended again") {
  const auto story = "received entire, begun act, sent continuation, sent completion, "s;
  struct {
    std::function<void(const blocking_ends&, const operation&)> act;
    std::string end;
  } const cases[] = {
    {[](const auto& ends, const operation&) { ends.advance(9s); }, "sent expiration, ended expired"},
    {[](const auto&, const operation&) {}, "ended completed"},
  };
  for (const auto& x : cases) {
    blocking_ends ends{slow_services};
    const auto op = ends.begin(false);
    ends.advance(3s);
    x.act(ends, op);
    settle({ends.front, ends.back}, 1);
    ends.finish();
    CHECK(story_of(entries_of(std::filesystem::path{ends.back_file})) == story + x.end);
    CHECK(played_at_back(ends.back_file, quick_services()) == "1 played\n");
  }
}

TEST_CASE("replay: a service that fails after it has sent something does so in the same order again") {
  struct {
    std::shared_ptr<servicer> services;
    std::string story;
  } const cases[] = {
    {last_call([](const operation_context&, const output_consumer& out) {
       out.consume(text("a"));
       throw std::runtime_error{"after all"};
     }),
     "received entire, begun act, sent continuation, sent servicer failure, ended servicer failure"},
    {last_call([](const operation_context&, const output_consumer& out) {
       out.consume_and_terminate(text("a"));
       throw std::runtime_error{"after all"};
     }),
     "received entire, begun act, sent completion, sent servicer failure, ended servicer failure"},
    {last_call([](const operation_context& context, const output_consumer& out) {
       out.consume_and_terminate(text("a"));
       context.fail("after all");
     }),
     "received entire, begun act, sent completion, sent servicer failure, ended servicer failure"},
    {acting([](const operation_context&, const output_consumer& out) -> std::shared_ptr<consumer> {
       out.consume(text("a"));
       throw std::runtime_error{"at once"};
     }),
     "received entire, begun act, sent continuation, sent servicer failure, ended servicer failure"},
  };
  for (const auto& x : cases) {
    const recorded_ends ends{x.services};
    ends.start_recording();
    ends.begin("act");
    CHECK(story_of(ends.at_back()) == x.story);
    CHECK(played_at_back(ends.back_file, x.services) == "1 played\n");
  }
}

TEST_CASE("replay: a service that fails where nobody wants its results") {
  const auto services = last_call([](const operation_context& context, const output_consumer& out) {
    out.terminate();
    context.fail("after all");
  });
  const recorded_ends ends{services};
  ends.start_recording();
  ends.front.operate({.name = "act", .complete = true, .timeout = 10s});
  settle({ends.front, ends.back});
  CHECK(story_of(ends.at_back()) == "received entire, begun act, ended servicer failure");
  CHECK(played_at_back(ends.back_file, services) == "1 played\n");
}

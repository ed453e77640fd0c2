/// The services of `tandem serve`, in one process.
#include "../support/world.hpp"

#include "../../tools/tandem/services.hpp"

#include <doctest/doctest.h>

#include <future>
#include <memory>
#include <thread>

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;

/// The result of an operation.
struct result {
  texts payloads;
  outcome value;
  std::string details;
};

/// All services behind a link, and a front before it.
struct world {
  explicit world(size_t work_threads = 2)
    : back{here.system, make_services(tools), with_pool(work_threads)}, front{here.system} {
    join(front, back);
  }

  static end_options with_pool(size_t threads) {
    end_options result;
    result.work = std::make_shared<thread_pool>(threads);
    return result;
  }

  operation begin(const std::string& name, const std::shared_ptr<journal>& results,
                  std::optional<payload> first = std::nullopt, bool complete = false) {
    return front.operate({.name = name,
                          .payload = std::move(first),
                          .complete = complete,
                          .timeout = 1min,
                          .subscription = full_serviced_subscription(noting_consumer(results))});
  }

  /// Sends the texts, ends the input, waits for the end.
  result run(const std::string& name, const texts& input) {
    auto results = std::make_shared<journal>();
    auto running = begin(name, results);
    auto end = ending_of(running);
    for (const auto& x : input)
      running.consumer().consume(make_payload(x));
    running.consumer().terminate();
    return finish(results, std::move(end));
  }

  /// One payload, in one ticket.
  result run(const std::string& name, const payload& only) {
    auto results = std::make_shared<journal>();
    auto end = ending_of(begin(name, results, only, true));
    return finish(results, std::move(end));
  }

  static result finish(const std::shared_ptr<journal>& results, std::future<ending> end) {
    const auto [value, details] = await(std::move(end));
    auto notes = results->notes();
    if (value == outcome::completed) {
      REQUIRE(!notes.empty());
      CHECK(notes.back() == "."); // the end of the stream
      notes.pop_back();
    }
    return {notes, value, details};
  }

  node here;
  service_tools tools;
  back_end back;
  front_end front;
};

void check_failure(const result& x, const std::string& details) {
  CHECK(x.value == outcome::servicer_failure);
  CHECK(x.details == details);
}

} // namespace

TEST_CASE("echo gives each payload back") {
  world w;
  CHECK(w.run("echo", texts{"a", "", "b"}).payloads == texts{"a", "", "b"});
  CHECK(w.run("echo", texts{}).payloads == texts{});
  CHECK(w.run("echo", make_payload(std::string{"only"})).payloads == texts{"only"});
}

TEST_CASE("word count counts as wc does") {
  world w;
  CHECK(w.run("word count", texts{}).payloads == texts{"lines 0 words 0 bytes 0"});
  CHECK(w.run("word count", texts{"One two,", "", "\tTWO  \"three\" -- "}).payloads
        == texts{"lines 3 words 5 bytes 28", "2 two", "1 one", "1 three"});
  CHECK(w.run("word count", make_payload(std::string{"a\nb"})).payloads
        == texts{"lines 2 words 2 bytes 4", "1 a", "1 b"});
}

TEST_CASE("word count names the ten most frequent words, and says on the way how far it is") {
  world w;
  texts input(2500, "again and again");
  for (char c = 'a'; c <= 'z'; ++c)
    input.emplace_back(1, c);
  const auto payloads = w.run("word count", input).payloads;
  CHECK(payloads.front() == "so far: lines 1000 words 3000 bytes 16000");
  REQUIRE(payloads.size() >= 12);
  const texts last{payloads.end() - 11, payloads.end()};
  CHECK(last
        == texts{"lines 2526 words 7526 bytes 40052", "5000 again", "2500 and", "1 a", "1 b", "1 c", "1 d", "1 e",
                 "1 f", "1 g", "1 h"});
}

TEST_CASE("hash is SHA-256") {
  world w;
  CHECK(w.run("hash", texts{}).payloads == texts{"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"});
  CHECK(w.run("hash", texts{"a", "", "bc"}).payloads
        == texts{"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"});
  CHECK(w.run("hash", make_payload(std::string{"abc"})).payloads
        == texts{"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"});
}

TEST_CASE("range") {
  world w;
  CHECK(w.run("range", make_payload(std::string{"3"})).payloads == texts{"1", "2", "3"});
  CHECK(w.run("range", texts{"-1 1"}).payloads == texts{"-1", "0", "1"});
  CHECK(w.run("range", texts{"0"}).payloads == texts{});
  CHECK(w.run("range", texts{"9223372036854775806 9223372036854775807"}).payloads
        == texts{"9223372036854775806", "9223372036854775807"});
  CHECK(w.run("range", texts{"5000"}).payloads.size() == 5000);
}

TEST_CASE("range: what is no range") {
  world w;
  const std::string usage
    = "range takes one payload, \"N\" or \"FROM TO\" (whole numbers; N from 0, FROM not above TO)";
  for (const auto* text : {"", "x", "-1", "2 1", "1 2 3", "1.5", "1  2", " 1", "99999999999999999999"})
    check_failure(w.run("range", texts{text}), usage + ", got \"" + text + "\"");
  check_failure(w.run("range", texts{}), usage + ", got no payload");
  check_failure(w.run("range", texts{"1", "2"}), usage + ", got a second payload");
  check_failure(w.run("range", make_payload(int64_t{5})), usage + ", got {\"type\":\"int64\",\"value\":5}");
}

TEST_CASE("range: a front that takes no results gets its outcome at once") {
  world w;
  auto running = w.front.operate({.name = "range",
                                  .payload = make_payload(std::string{"0 9223372036854775807"}),
                                  .complete = true,
                                  .timeout = 1min,
                                  .subscription = termination_only_serviced_subscription()});
  CHECK(await(ending_of(running)).value == outcome::completed);
}

TEST_CASE("range: as many as there are threads, cancelled while they run, leave the threads free") {
  world w{2};
  std::vector<operation> running;
  running.reserve(2);
  auto results = std::make_shared<journal>();
  for (int i = 0; i < 2; ++i)
    running.push_back(w.begin("range", results, make_payload(std::string{"0 9223372036854775807"}), true));
  results->await(10);
  for (auto& x : running) {
    x.cancel();
    CHECK(await(ending_of(x)).value == outcome::cancelled);
  }
  CHECK(w.run("echo", texts{"a"}).payloads == texts{"a"});
}

TEST_CASE("sleep") {
  world w;
  CHECK(w.run("sleep", make_payload(std::string{"1ms"})).payloads == texts{"slept 1ms"});
  CHECK(w.run("sleep", texts{"0s"}).payloads == texts{"slept 0ms"});
  check_failure(w.run("sleep", texts{"long"}),
                "sleep takes one payload, a duration such as 250ms, 2s, 1.5s, 1m or 1h, got \"long\"");
}

TEST_CASE("sleep: any number of operations, however few threads there are, and nothing is left of those cancelled") {
  world w{1};
  auto results = std::make_shared<journal>();
  std::vector<operation> running;
  running.reserve(50);
  for (int i = 0; i < 50; ++i)
    running.push_back(w.begin("sleep", results, make_payload(std::string{"1h"}), true));
  CHECK(w.run("sleep", texts{"1ms"}).value == outcome::completed); // has to wait for none of them
  for (auto& x : running)
    x.cancel();
  for (auto& x : running)
    CHECK(await(ending_of(x)).value == outcome::cancelled);
  wait_for_idle(w.back);
  settle({w.back, w.front});
  CHECK(w.tools.clock->pending() == 0);
}

TEST_CASE("sleep: an operation that expires does not wait for its end") {
  world w;
  auto results = std::make_shared<journal>();
  auto running = w.begin("sleep", results, make_payload(std::string{"1h"}), true);
  running.set_timeout(20ms);
  CHECK(await(ending_of(running)).value == outcome::expired);
}

TEST_CASE("fail") {
  world w;
  check_failure(w.run("fail", texts{"for a reason"}), "for a reason");
  check_failure(w.run("fail", texts{}), "fail takes one payload, the text to fail with, got no payload");
}

TEST_CASE("a service that is not there") {
  world w;
  check_failure(w.run("nothing", texts{}), "no such method: nothing");
}

TEST_CASE("help lists every service") {
  world w;
  for (const auto& x : service_descriptions())
    CHECK(w.run(x.name, texts{}).details.find("no such method") == std::string::npos);
}

TEST_CASE("the alarm clock calls in the order of time, and forgets what was cancelled") {
  alarm_clock clock;
  auto called = std::make_shared<journal>();
  const auto never = clock.set(1h, [called] { called->note("never"); });
  clock.set(20ms, [called] { called->note("second"); });
  clock.set(1ms, [called] { called->note("first"); });
  clock.cancel(never);
  CHECK(called->await(2) == texts{"first", "second"});
  CHECK(clock.pending() == 0);
}

TEST_CASE("an alarm clock may go with the last alarm that holds it") {
  std::promise<void> gone;
  std::promise<void> let_go;
  std::shared_ptr<alarm_clock> clock{new alarm_clock, [&gone](alarm_clock* x) {
                                       delete x;
                                       gone.set_value();
                                     }};
  clock->set(0s, [clock, &let_go] { let_go.get_future().wait(); });
  clock.reset();
  let_go.set_value();
  CHECK(gone.get_future().wait_for(10s) == std::future_status::ready);
}

/// Real ends over a link that loses, repeats, delays, swaps and refuses tickets: whatever it does, each side of each
/// operation ends once, customer code gets a beginning of what was sent, in order and nothing twice, no operation runs
/// twice, and nothing is left (S-END-6, S-END-7, S-END-9, S-RECV-2, S-RECV-6, S-RECV-7).
#include "../../actors/testing/faulty_link.hpp"
#include "../support/property.hpp"
#include "../support/temporary_folder.hpp"
#include "../support/trace_findings.hpp"
#include "../support/trace_folder.hpp"
#include "../support/world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// The actions and observations of customer code, of one side of one operation.
struct side_story {
  std::vector<std::string> sent;     ///< in order
  std::vector<std::string> received; ///< in order; "." is the end of the stream
  std::vector<outcome> ended;        ///< what the termination callback was called with
  int services = 0;                  ///< at the back: how often it was asked to perform the operation
};

/// All of them, by operation. Any thread.
class ends_story {
public:
  template <class Function>
  void with(bool at_front, const operation_id& id, Function f) {
    std::lock_guard guard{mutex_};
    f(stories_[{at_front, id}]);
  }

  side_story of(bool at_front, const operation_id& id) const {
    std::lock_guard guard{mutex_};
    const auto entry = stories_.find({at_front, id});
    return entry == stories_.end() ? side_story{} : entry->second;
  }

private:
  mutable std::mutex mutex_;
  std::map<std::pair<bool, operation_id>, side_story> stories_;
};

/// Notes what customer code gets.
std::shared_ptr<consumer> story_consumer(const std::shared_ptr<ends_story>& to, bool at_front, operation_id id,
                                         std::function<void(payload)> on_payload = {},
                                         std::function<void()> on_end = {}) {
  return make_consumer(
    [=](payload x) {
      to->with(at_front, id, [&](side_story& y) { y.received.push_back(*payload_as<std::string>(x)); });
      if (on_payload)
        on_payload(std::move(x));
    },
    [=] {
      to->with(at_front, id, [&](side_story& y) { y.received.emplace_back("."); });
      if (on_end)
        on_end();
    });
}

/// Says "0", "1", ... at once, as many as its name says, then answers each payload, and ends when the front does.
class story_servicer final : public servicer {
public:
  explicit story_servicer(std::shared_ptr<ends_story> to) : to_(std::move(to)) {
  }

  std::shared_ptr<consumer> service(const std::string& name, const operation_context& context,
                                    const output_consumer& output) override {
    const auto id = context.id();
    to_->with(false, id, [](side_story& x) { ++x.services; });
    context.add_termination_callback(
      [to = to_, id](outcome end) { to->with(false, id, [end](side_story& x) { x.ended.push_back(end); }); });
    const auto say = [to = to_, id, output](const std::string& x) {
      to->with(false, id, [&](side_story& y) { y.sent.push_back(x); });
      output.consume(text(x));
    };
    for (int i = 0; i < std::stoi(name); ++i)
      say(std::to_string(i));
    return story_consumer(
      to_, false, id, [say](payload x) { say("to " + *payload_as<std::string>(x)); },
      [to = to_, id, output] {
        to->with(false, id, [](side_story& x) { x.sent.emplace_back("."); });
        output.terminate();
      });
  }

private:
  std::shared_ptr<ends_story> to_;
};

struct faulty_ends {
  faulty_ends(caf::actor_system& system, const fault_options& faults, const std::string& folder)
    : link(std::make_shared<faulty_link>(faults)),
      back(system, std::make_shared<story_servicer>(story),
           {.clock = clock, .record = recording_options{.file = folder + "/back.jsonl", .consumption = true}}),
      front(system,
            {.clock = clock, .record = recording_options{.file = folder + "/front.jsonl", .consumption = true}}) {
    join(front, link, back);
  }

  void begin(size_t results, subscription_kind kind, duration timeout) {
    auto subscription = serviced_subscription{kind, nullptr};
    if (kind == subscription_kind::full)
      subscription = full_serviced_subscription(
        make_ingestor([to = story](const operation_context& x) { return story_consumer(to, true, x.id()); }));
    operations.push_back(
      front.operate({.name = std::to_string(results), .timeout = timeout, .subscription = subscription}));
    const auto id = operations.back().context().id();
    operations.back().context().add_termination_callback(
      [to = story, id](outcome end) { to->with(true, id, [end](side_story& x) { x.ended.push_back(end); }); });
  }

  void say(size_t which, const std::string& content) const {
    const auto& x = operations[which];
    story->with(true, x.context().id(), [&](side_story& y) { y.sent.push_back(content); });
    x.consumer().consume(text(content));
  }

  void terminate(size_t which) const {
    const auto& x = operations[which];
    story->with(true, x.context().id(), [](side_story& y) { y.sent.emplace_back("."); });
    x.consumer().terminate();
  }

  void settle() const {
    tandem::settle({front, back});
  }

  void advance(duration distance) const {
    settle(); // what has not begun yet has no timer to stop the clock
    clock->advance(distance, [this] { settle(); });
  }

  std::shared_ptr<manual_clock> clock = std::make_shared<manual_clock>();
  std::shared_ptr<ends_story> story = std::make_shared<ends_story>();
  std::shared_ptr<faulty_link> link;
  back_end back;
  front_end front;
  std::vector<operation> operations;
};

fault_options random_faults() {
  const auto chance = [] { return *rc::gen::element(0.0, 0.0, 0.02, 0.1, 0.3); };
  return {.seed = *rc::gen::arbitrary<uint64_t>(),
          .drop = chance(),
          .duplicate = chance(),
          .delay = chance(),
          .reorder = chance(),
          .fail = chance() / 4};
}

subscription_kind random_subscription() {
  return *rc::gen::weightedElement<subscription_kind>(
    {{4, subscription_kind::full}, {1, subscription_kind::termination_only}, {1, subscription_kind::none}});
}

/// One thing that customer code, the clock or the link does.
void stir_faulty(faulty_ends& x, int& said) {
  const auto which = x.operations.empty() ? 0 : any_below(x.operations.size());
  const auto what = x.operations.empty() ? 0 : any_below(20);
  if (what < 3)
    x.begin(any_below(5), random_subscription(), std::chrono::seconds(1 + any_below(60)));
  else if (what < 13)
    x.say(which, std::to_string(said++));
  else if (what < 15)
    x.terminate(which);
  else if (what == 15)
    x.operations[which].cancel();
  else if (what == 16)
    x.link->release();
  else if (what == 17)
    x.advance(std::chrono::milliseconds(any_below(3000)));
  else
    x.settle();
}

bool is_beginning(const std::vector<std::string>& x, const std::vector<std::string>& of) {
  return x.size() <= of.size() && std::equal(x.begin(), x.end(), of.begin());
}

std::string listed(const std::vector<std::string>& x) {
  std::string result;
  for (const auto& y : x)
    result += y + ", ";
  return result;
}

/// The traces may show the faults of the link, and no fault of an end.
void check_faulty_traces(const std::filesystem::path& folder) {
  const std::set<std::string> of_link{"S-RECV-1", "S-RECV-2", "S-RECV-4", "T-LOST", "T-TWICE", "T-MISSING"};
  for (const auto& x : findings_of({folder / "front.jsonl", folder / "back.jsonl"}))
    if (x.is_bad() && !of_link.contains(x.id))
      RC_FAIL(to_string(x));
}

/// How often what happened, over all cases: to see that the property is about something.
struct faulty_totals {
  std::map<outcome, int> at_front;
  int received = 0;
};

void check_operation(const faulty_ends& x, const operation& op, faulty_totals& totals) {
  const auto id = op.context().id();
  const auto front = x.story->of(true, id);
  const auto back = x.story->of(false, id);
  RC_ASSERT(front.ended.size() == 1u);
  RC_ASSERT(op.context().ended() == std::optional{front.ended.front()});
  RC_ASSERT(back.services <= 1);
  RC_ASSERT(back.ended.size() == static_cast<size_t>(back.services));
  if (!is_beginning(back.received, front.sent))
    RC_FAIL("the back got " + listed(back.received) + "of " + listed(front.sent));
  if (!is_beginning(front.received, back.sent))
    RC_FAIL("the front got " + listed(front.received) + "of " + listed(back.sent));
  ++totals.at_front[front.ended.front()];
  totals.received += static_cast<int>(front.received.size() + back.received.size());
}

} // namespace

TEST_CASE("real ends over a faulty link: one outcome, what was sent in order and once, and nothing is left") {
  node shared;
  faulty_totals totals;
  int cases = 0;
  check_property("faults harm nothing but their operations", 150, 60, [&] {
    const temporary_folder folder;
    {
      faulty_ends x{shared.system, random_faults(), folder.path.string()};
      int said = 0;
      for (auto left = 1 + any_below(60); left > 0; --left)
        stir_faulty(x, said);
      x.settle();
      x.link->release();
      x.settle();
      x.advance(2h); // past all deadlines
      x.link->release();
      x.settle();
      const auto at_front = x.front.operation_stats();
      const auto at_back = x.back.operation_stats();
      RC_ASSERT(at_front.ongoing == 0u);
      RC_ASSERT(at_back.ongoing == 0u);
      RC_ASSERT(x.clock->wishes() == 0u);
      uint64_t ended = 0;
      for (auto n : at_front.terminated)
        ended += n;
      RC_ASSERT(ended == x.operations.size());
      for (const auto& op : x.operations)
        check_operation(x, op, totals);
    }
    check_faulty_traces(folder.path);
    if (++cases % 15 == 0) // all of them would take the validator minutes
      keep(traces_in(folder.path));
  });
  // It is about something.
  CHECK(totals.received > 100);
  for (auto end : {outcome::completed, outcome::cancelled, outcome::expired, outcome::transmission_failure})
    CHECK_MESSAGE(totals.at_front[end] > 0, to_string(end));
}

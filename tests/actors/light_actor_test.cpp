/// Light actors lean on what CAF does not promise; here is what they need of it, on a real actor system.
#include "../../actors/compat/light_actor.hpp"
#include "../../actors/system.hpp"
#include "../../messages/outcome_error.hpp"

#include <caf/actor_registry.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/system_messages.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

using namespace tandem;

namespace {

std::atomic<int> living{0};

/// Answers a string with the same twice, and writes down what else it gets.
class probe final : public compat::light_actor {
public:
  probe(caf::actor_config& config, std::atomic<int>* unreachable = nullptr)
    : light_actor(config), unreachable_(unreachable) {
    ++living;
  }

  ~probe() override {
    --living;
  }

  const char* name() const override {
    return "probe";
  }

  std::vector<std::string> seen() {
    std::lock_guard guard{mutex_};
    return seen_;
  }

protected:
  void receive(compat::envelope what) override {
    std::lock_guard guard{mutex_};
    if (what.content.match_elements<std::string>()) {
      const auto& text = what.content.get_as<std::string>(0);
      seen_.push_back(text);
      compat::respond(what, strong(), caf::make_message(text + text));
    } else if (what.content.match_elements<caf::exit_msg>()) {
      seen_.push_back("exit: " + to_string(outcome_of(what.content.get_as<caf::exit_msg>(0).reason)));
    } else {
      seen_.push_back("something else");
    }
  }

  void unreachable() override {
    if (unreachable_ != nullptr)
      ++*unreachable_;
  }

private:
  std::mutex mutex_;
  std::vector<std::string> seen_;
  std::atomic<int>* unreachable_;
};

struct light_actor_test {
  system_config config;
  caf::actor_system system{config};
  caf::scoped_actor self{system};

  compat::light_ptr<probe> make() {
    return compat::make_light_actor<probe>(system);
  }

  /// Waits for the down message of `whom`; its reason as outcome and details.
  std::pair<outcome, std::string> down_of(const caf::actor& whom) {
    std::pair<outcome, std::string> result{};
    self->receive([&](const caf::down_msg& x) {
      CHECK(x.source == whom.address());
      result = {outcome_of(x.reason), details_of(x.reason)};
    });
    return result;
  }
};

} // namespace

TEST_CASE_FIXTURE(light_actor_test, "S-END-8: a monitor gets a down message with our outcome in its reason") {
  for (auto value : all_outcomes) {
    auto actor = make();
    const auto handle = compat::handle_of(*actor);
    self->monitor(handle);
    actor->end(to_error(value, "why"));
    const auto [got, details] = down_of(handle);
    CHECK(got == value);
    CHECK(details == (value == outcome::completed ? "" : "why"));
  }
}

TEST_CASE_FIXTURE(light_actor_test, "S-END-8: a monitor that comes late gets it, too") {
  auto actor = make();
  const auto handle = compat::handle_of(*actor);
  actor->end(to_error(outcome::expired));
  self->monitor(handle);
  CHECK(down_of(handle).first == outcome::expired);
}

TEST_CASE_FIXTURE(light_actor_test, "light actor: only the first end counts, and is told once") {
  auto actor = make();
  const auto handle = compat::handle_of(*actor);
  self->monitor(handle);
  actor->end(to_error(outcome::cancelled));
  actor->end(to_error(outcome::expired));
  CHECK(down_of(handle).first == outcome::cancelled);
  self->monitor(handle);
  CHECK(down_of(handle).first == outcome::cancelled);
  CHECK_FALSE(self->has_next_message());
}

TEST_CASE_FIXTURE(light_actor_test, "light actor: every one of several monitors is told") {
  auto actor = make();
  const auto handle = compat::handle_of(*actor);
  caf::scoped_actor other{system};
  self->monitor(handle);
  other->monitor(handle);
  actor->end(to_error(outcome::servicer_failure));
  CHECK(down_of(handle).first == outcome::servicer_failure);
  other->receive([](const caf::down_msg& x) { CHECK(outcome_of(x.reason) == outcome::servicer_failure); });
}

TEST_CASE_FIXTURE(light_actor_test, "light actor: what is linked to it is told to exit with its reason") {
  auto actor = make();
  const auto handle = compat::handle_of(*actor);
  self->link_to(handle);
  actor->end(to_error(outcome::servicer_failure));
  self->receive([&](const caf::exit_msg& x) {
    CHECK(x.source == handle.address());
    CHECK(outcome_of(x.reason) == outcome::servicer_failure);
  });
}

TEST_CASE_FIXTURE(light_actor_test, "light actor: it gets messages at once, in the sender's thread") {
  auto actor = make();
  compat::send(self, compat::handle_of(*actor), std::string{"a"});
  compat::anon_send(compat::handle_of(*actor), std::string{"b"});
  CHECK(actor->seen() == std::vector<std::string>{"a", "b"});
}

TEST_CASE_FIXTURE(light_actor_test, "light actor: requests are answered, and other messages are not") {
  auto actor = make();
  const auto handle = compat::handle_of(*actor);
  compat::send(self, handle, std::string{"a"});
  std::string answer;
  compat::request(self, handle, std::string{"b"})
    .receive([&](const std::string& x) { answer = x; },
             [&](const caf::error& x) { FAIL_CHECK("no answer: " << details_of(x)); });
  CHECK(answer == "bb");
  CHECK_FALSE(self->has_next_message());
}

TEST_CASE_FIXTURE(light_actor_test, "light actor: it sees that it is told to exit, and decides itself") {
  auto actor = make();
  const auto handle = compat::handle_of(*actor);
  self->monitor(handle);
  self->send_exit(handle, to_error(outcome::cancelled));
  CHECK(actor->seen() == std::vector<std::string>{"exit: cancelled"});
  CHECK_FALSE(self->has_next_message());
  actor->end(to_error(outcome::cancelled));
  CHECK(down_of(handle).first == outcome::cancelled);
}

TEST_CASE_FIXTURE(light_actor_test, "light actor: attached functions get the reason, once each, late ones too") {
  auto actor = make();
  const auto handle = compat::handle_of(*actor);
  std::vector<outcome> called;
  auto note = [&](const caf::error& reason) { called.push_back(outcome_of(reason)); };
  handle->attach_functor(note);
  CHECK(called.empty());
  actor->end(to_error(outcome::expired));
  CHECK(called == std::vector{outcome::expired});
  handle->attach_functor(note);
  CHECK(called == std::vector{outcome::expired, outcome::expired});
}

TEST_CASE_FIXTURE(light_actor_test, "light actor: without handles it is unreachable, and gone") {
  std::atomic<int> unreachable{0};
  const int before = living;
  auto actor = compat::make_light_actor<probe>(system, &unreachable);
  self->monitor(compat::handle_of(*actor));
  CHECK(living == before + 1);
  actor = {};
  CHECK(unreachable == 1);
  // The message may keep it alive: CAF 1.x names the actor as its sender.
  self->receive([](const caf::down_msg& x) { CHECK(outcome_of(x.reason) == outcome::transmission_failure); });
  CHECK(living == before);
  CHECK(unreachable == 1);
}

TEST_CASE_FIXTURE(light_actor_test, "light actor: ended, it is gone with its last handle") {
  const int before = living;
  auto actor = make();
  auto handle = compat::handle_of(*actor);
  actor->end(to_error(outcome::completed));
  actor = {};
  CHECK(living == before + 1);
  handle = nullptr;
  CHECK(living == before);
}

TEST_CASE_FIXTURE(light_actor_test, "S-END-9: nothing stays behind of a hundred thousand") {
  const int before = living;
  int called = 0;
  const auto running = system.registry().running();
  for (int i = 0; i < 100000; ++i) {
    auto actor = make();
    const auto handle = compat::handle_of(*actor);
    handle->attach_functor([&](const caf::error&) { ++called; });
    if (i % 100 == 0)
      self->monitor(handle);
    actor->end(to_error(outcome::completed));
    if (i % 100 == 0)
      down_of(handle);
  }
  CHECK(called == 100000);
  CHECK(living == before); // the address sanitizer's run sees what else would be left
  CHECK(system.registry().running() == running);
}

#include "../../messages/type_ids.hpp"
#include "../support/world.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scoped_actor.hpp>
#include <doctest/doctest.h>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// Commences one operation and notes everything that it gets of it.
class client : public caf::event_based_actor {
public:
  client(caf::actor_config& config, caf::actor front, commence what, std::shared_ptr<journal> notes,
         std::shared_ptr<journal> outcomes, std::shared_ptr<std::promise<caf::actor>> begun)
    : caf::event_based_actor(config),
      front_(std::move(front)),
      what_(std::move(what)),
      notes_(std::move(notes)),
      outcomes_(std::move(outcomes)),
      begun_(std::move(begun)) {
  }

  caf::behavior make_behavior() override {
    auto* self = this;
    compat::request(self, front_, what_)
      .then(
        [this](caf::actor operation) {
          operation->attach_functor(
            [notes = outcomes_](const caf::error& reason) { notes->note(to_string(outcome_of(reason))); });
          begun_->set_value(operation);
        },
        [this](const caf::error& reason) { notes_->note(details_of(reason)); });
    return {
      [this](const tandem::consume& x) { notes_->note(*payload_as<std::string>(x.payload)); },
      [this](const tandem::consume_and_terminate& x) { notes_->note(*payload_as<std::string>(x.payload) + "."); },
      [this](tandem::terminate) { notes_->note("."); },
    };
  }

private:
  caf::actor front_;
  commence what_;
  std::shared_ptr<journal> notes_;
  std::shared_ptr<journal> outcomes_; // apart: a functor that is attached runs in another thread than the actor
  std::shared_ptr<std::promise<caf::actor>> begun_;
};

/// A servicer that is an actor: answers each payload with itself, doubled.
class doubler : public caf::event_based_actor {
public:
  using caf::event_based_actor::event_based_actor;

  caf::behavior make_behavior() override {
    return {
      [](const service_request&) {},
      [this](const tandem::consume& x) {
        const auto& in = *payload_as<std::string>(x.payload);
        answer(tandem::consume{text(in + in)});
      },
      [this](const tandem::consume_and_terminate& x) {
        const auto& in = *payload_as<std::string>(x.payload);
        answer(tandem::consume_and_terminate{text(in + in)});
      },
      [this](tandem::terminate) { answer(tandem::terminate{}); },
    };
  }

private:
  template <class T>
  void answer(T x) {
    auto* self = this;
    compat::send(self, caf::actor_cast<caf::actor>(current_sender()), std::move(x));
  }
};

struct worker_pair : node {
  caf::actor worker;
  back_end back;
  front_end front{system};

  worker_pair() : worker(system.spawn<doubler>()), back(system, worker) {
    join(front, back);
  }

  ~worker_pair() {
    caf::anon_send_exit(worker, caf::exit_reason::user_shutdown);
  }

  /// The knowledge that an actor that commences shares with the test.
  struct begun {
    std::shared_ptr<journal> notes = std::make_shared<journal>();
    std::shared_ptr<journal> outcomes = std::make_shared<journal>();
    std::future<caf::actor> operation;
  };

  begun begin(commence what) {
    begun result;
    auto operation = std::make_shared<std::promise<caf::actor>>();
    result.operation = operation->get_future();
    clients.push_back(system.spawn<client>(front.handle(), std::move(what), result.notes, result.outcomes, operation));
    return result;
  }

  struct exits {
    std::vector<caf::actor> list;
    void push_back(caf::actor x) {
      list.push_back(std::move(x));
    }
    ~exits() {
      for (auto& x : list)
        caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
    }
  } clients;
};

using strings = std::vector<std::string>;

} // namespace

TEST_CASE("an actor commences an operation by message and gets its results and outcome as messages") {
  worker_pair x;
  auto [notes, outcomes, operation] = x.begin({"double", text("a"), false, 1min});
  auto op = operation.get();
  compat::anon_send(op, consume{text("b")});
  compat::anon_send(op, consume_and_terminate{text("c")});
  CHECK(notes->await(3) == strings{"aa", "bb", "cc."});
  CHECK(outcomes->await(1) == strings{"completed"});
}

TEST_CASE("S-END-8: a scoped actor gets the outcome in a down message, also when it monitors late") {
  worker_pair x;
  auto [notes, outcomes, operation] = x.begin({"double", text("a"), true, 1min});
  auto op = operation.get();
  outcomes->await(1);
  caf::scoped_actor self{x.system};
  self->monitor(op);
  self->receive([](const caf::down_msg& down) { CHECK(outcome_of(down.reason) == outcome::completed); });
}

TEST_CASE("cancel, fail and set_timeout come as messages too") {
  worker_pair x;
  auto [a, cancelled, first] = x.begin({"double", {}, false, 1min});
  compat::anon_send(first.get(), cancel{});
  CHECK(cancelled->await(1) == strings{"cancelled"});
  auto [b, failed, second] = x.begin({"double", {}, false, 1min});
  compat::anon_send(second.get(), fail{"no more"});
  CHECK(failed->await(1) == strings{"serviced failure"});
  auto [c, expired, third] = x.begin({"double", {}, false, 1min});
  const auto actor = third.get();
  caf::scoped_actor self{x.front.handle().home_system()};
  std::string refused;
  compat::request(self, actor, set_timeout{-1s})
    .receive([] { FAIL_CHECK("not refused"); }, [&](const caf::error& e) { refused = caf::to_string(e); });
  CHECK(refused.find("set_timeout: timeout must not be negative") != std::string::npos);
  compat::anon_send(actor, set_timeout{0s});
  CHECK(expired->await(1) == strings{"expired"});
}

TEST_CASE("S-END-10: an operation that is told to exit is cancelled") {
  worker_pair x;
  auto [notes, outcomes, operation] = x.begin({"double", {}, false, 1min});
  caf::anon_send_exit(operation.get(), caf::exit_reason::user_shutdown);
  CHECK(outcomes->await(1) == strings{"cancelled"});
  settle({x.front, x.back});
  CHECK(x.back.operation_stats().of(outcome::cancelled) == 1);
}

TEST_CASE("S-END-11: when the servicer's actor ends, so do its operations") {
  worker_pair x;
  auto [notes, outcomes, operation] = x.begin({"double", {}, false, 1min});
  operation.get();
  settle({x.front, x.back});
  caf::anon_send_exit(x.worker, caf::exit_reason::kill);
  CHECK(outcomes->await(1) == strings{"servicer failure"});
}

TEST_CASE("a commence that makes no sense is answered with an error that names the argument") {
  worker_pair x;
  auto [notes, outcomes, operation] = x.begin({"", {}, false, 1min});
  CHECK(notes->await(1).front().find("operate: name must not be empty") != std::string::npos);
}

TEST_CASE("ends tell their counts, and answer what they do not know with an error") {
  worker_pair x;
  caf::scoped_actor self{x.system};
  compat::request(self, x.front.handle(), get_stats{})
    .receive([](const stats& s) { CHECK(s.ongoing == 0); }, [](const caf::error& e) { FAIL(caf::to_string(e)); });
  compat::request(self, x.back.handle(), get_stats{})
    .receive([](const stats& s) { CHECK(s.of(outcome::completed) == 0); },
             [](const caf::error& e) { FAIL(caf::to_string(e)); });
  compat::request(self, x.back.handle(), int32_t{1})
    .receive([] { FAIL("answered"); }, [](const caf::error& e) { CHECK(compat::is_error(e)); });
}

TEST_CASE("tickets can be sent to an end by any actor") {
  worker_pair x;
  front_to_back_ticket ticket;
  ticket.operation = {1, 0};
  ticket.kind = ticket_kind::entire;
  ticket.name = "double";
  ticket.subscription = subscription_kind::none;
  compat::anon_send(x.back.handle(), std::vector{ticket});
  compat::anon_send(x.back.handle(), std::move(ticket));
  wait_for_idle(x.back);
  settle({x.back});
  // The second is a repetition: a breach while the operation runs, late after it.
  const auto counts = x.back.operation_stats();
  CHECK(counts.of(outcome::completed) + counts.of(outcome::reception_failure) == 1);
  CHECK(counts.of(outcome::reception_failure) + counts.late == 1);
}

TEST_CASE("S-END-8: an actor that nobody else has gets the down message of its operation") {
  class lonely final : public caf::event_based_actor {
  public:
    lonely(caf::actor_config& config, caf::actor front, std::shared_ptr<journal> notes)
      : caf::event_based_actor(config), front_(std::move(front)), notes_(std::move(notes)) {
    }

    caf::behavior make_behavior() override {
      auto* self = this;
      compat::request(self, front_, commence{"hold", std::nullopt, true, 20ms}).then([this](caf::actor operation) {
        compat::monitor(this, operation, [this](const caf::error& reason) {
          notes_->note(to_string(outcome_of(reason)));
          quit();
        });
      });
      return {[](const tandem::consume&) {}};
    }

  private:
    caf::actor front_;
    std::shared_ptr<journal> notes_;
  };
  node at;
  back_end back{at.system, test_services()};
  front_end front{at.system};
  join(front, back);
  const auto notes = std::make_shared<journal>();
  constexpr size_t actors = 50;
  for (size_t i = 0; i < actors; ++i)
    at.system.spawn<lonely>(front.handle(), notes);
  CHECK(notes->await(actors) == std::vector<std::string>(actors, "expired"));
}

TEST_CASE("S-END-11: operations that begin after the end of the servicer's actor fail at once") {
  node at;
  auto worker = at.system.spawn<doubler>();
  back_end back{at.system, worker};
  front_end front{at.system};
  join(front, back);
  std::promise<void> gone;
  worker->attach_functor([&](const caf::error&) { gone.set_value(); });
  caf::anon_send_exit(worker, caf::exit_reason::kill);
  gone.get_future().wait();
  const auto end = await(ending_of(front.operate({.name = "double",
                                                  .payload = text("x"),
                                                  .complete = true,
                                                  .timeout = 1h,
                                                  .subscription = full_serviced_subscription(make_consumer({}))})));
  CHECK(end.value == outcome::servicer_failure);
  CHECK(end.details == "the servicer's actor has ended");
}

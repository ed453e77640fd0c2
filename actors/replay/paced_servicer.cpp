#include "paced_servicer.hpp"
#include "../../messages/outcome_error.hpp"
#include "../../messages/type_ids.hpp"
#include "../compat/callback_actor.hpp"
#include "../ends/message_api.hpp"
#include "../ends/operation_actor.hpp"

#include <caf/sec.hpp>
#include <caf/system_messages.hpp>

#include <deque>
#include <utility>
#include <variant>

namespace tandem {

/// Stands before the real operation for its customer code: passes everything on at once, but for output.
class paced_operation final : public operation_actor {
public:
  paced_operation(caf::actor_config& config, const operation_context& real, output_consumer output)
    : operation_actor(config, real.id(), real.trace_id(), real.name()), real_(real), output_(std::move(output)) {
    set_peer(std::make_shared<const node_description>(real.peer()));
    set_subscription(real.subscription());
    real_actor_ = operation_ptr{static_cast<operation_actor*>(caf::actor_cast<caf::abstract_actor*>(real.handle()))};
  }

  duration time_remaining() const override {
    return real_.time_remaining();
  }

  void submit(core::customer_event&& wish) override {
    if (!std::holds_alternative<core::payload_given>(wish) && !std::holds_alternative<core::failure_requested>(wish))
      return; // the recording says when payloads were consumed
    {
      std::lock_guard guard{mutex_};
      if (!is_free_) {
        waiting_.push_back(std::move(wish));
        return;
      }
    }
    pass_on(std::move(wish));
  }

  /// Customer code is held back as it was when it was recorded: by what was allowed, and by what it has given.
  bool is_ready() const override {
    return may_ever_send() && given() < real_actor_->allowed();
  }

  void when_ready(std::function<void()> call) override {
    {
      std::lock_guard guard{mutex_};
      ready_calls_.push_back(std::move(call));
    }
    see_to_ready_calls();
  }

  bool wait_until_ready(duration timeout) override {
    real_actor_->wait_until_ready(timeout);
    return is_ready();
  }

  void add_callback(termination_callback callback) override {
    real_.add_termination_callback(std::move(callback));
  }

  void annotate(std::string text) override {
    real_.annotate(std::move(text));
  }

  const char* name() const override {
    return "tandem.paced-operation";
  }

  bool release() {
    core::customer_event next;
    {
      std::lock_guard guard{mutex_};
      if (waiting_.empty())
        return false;
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    pass_on(std::move(next));
    see_to_ready_calls();
    return true;
  }

  /// As was recorded; what customer code allows has no effect here.
  void allow(uint64_t payloads) {
    real_.allow(payloads);
  }

  void release_all() {
    while (release()) {}
    std::lock_guard guard{mutex_};
    is_free_ = true;
  }

  /// The real one has ended.
  void finish(outcome value) {
    outcome_.store(static_cast<uint8_t>(value), std::memory_order_release);
    {
      std::lock_guard guard{mutex_};
      ready_calls_.clear();
    }
    end(to_error(value));
  }

protected:
  void receive(compat::envelope what) override {
    auto wish = wish_in(what.content);
    if (!wish && is_message<caf::exit_msg>(what.content))
      wish = core::failure_requested{"its actor was told to exit"};
    const bool is_known = wish.has_value();
    if (is_known)
      submit(std::move(*wish));
    compat::respond(what, strong(),
                    is_known ? caf::make_message() : caf::make_message(caf::make_error(caf::sec::unexpected_message)));
  }

private:
  /// The real one knows where and when to make a call, unless output waits here: then its release sees to it.
  void see_to_ready_calls() {
    {
      std::lock_guard guard{mutex_};
      if (ready_calls_.empty() || asked_ || !may_ever_send() || (!waiting_.empty() && !is_ready()))
        return;
      asked_ = true;
    }
    real_actor_->when_ready([self = compat::light_ptr<paced_operation>{this}] { self->make_ready_call(); });
  }

  void make_ready_call() {
    std::function<void()> call;
    {
      std::lock_guard guard{mutex_};
      asked_ = false;
      if (is_ready() && !ready_calls_.empty()) {
        call = std::move(ready_calls_.front());
        ready_calls_.pop_front();
      }
    }
    if (call)
      call();
    see_to_ready_calls();
  }

  /// A wish that only the front has does nothing here.
  void pass_on(core::customer_event wish) {
    if (auto* failure = std::get_if<core::failure_requested>(&wish))
      return real_.fail(std::move(failure->details));
    auto* given = std::get_if<core::payload_given>(&wish);
    if (given == nullptr)
      return;
    if (!given->content)
      output_.terminate();
    else if (given->last)
      output_.consume_and_terminate(std::move(*given->content));
    else
      output_.consume(std::move(*given->content));
  }

  operation_context real_;
  operation_ptr real_actor_;
  output_consumer output_;
  std::mutex mutex_;
  std::deque<core::customer_event> waiting_;
  std::deque<std::function<void()>> ready_calls_;
  bool asked_ = false;
  bool is_free_ = false;
};

namespace {

/// Makes a call of customer code, which ends when the script says so if it is the last one or throws.
template <class Call>
auto call_held(held_calls& held, const operation_id& operation, Call call) {
  try {
    return call();
  } catch (...) {
    held.hold(operation);
    throw;
  }
}

/// Customer code whose calls are held where they have to be.
class held_consumer final : public consumer {
public:
  held_consumer(std::shared_ptr<consumer> real, std::shared_ptr<held_calls> held, const operation_id& operation)
    : real_(std::move(real)), held_(std::move(held)), operation_(operation) {
  }

  void consume(payload content) override {
    call_held(*held_, operation_, [&] { real_->consume(std::move(content)); });
  }

  void terminate() override {
    call_held(*held_, operation_, [&] { real_->terminate(); });
    held_->hold(operation_);
  }

  void consume_and_terminate(payload content) override {
    call_held(*held_, operation_, [&] { real_->consume_and_terminate(std::move(content)); });
    held_->hold(operation_);
  }

private:
  std::shared_ptr<consumer> real_;
  std::shared_ptr<held_calls> held_;
  operation_id operation_;
};

} // namespace

paced_servicer::paced_servicer(caf::actor_system& system, std::shared_ptr<servicer> services,
                               std::shared_ptr<held_calls> held)
  : system_(system), services_(std::move(services)), held_(std::move(held)) {
}

paced_servicer::~paced_servicer() = default;

std::shared_ptr<consumer> paced_servicer::service(const std::string& name, const operation_context& context,
                                                  const output_consumer& output) {
  auto paced = compat::make_light_actor<paced_operation>(system_, context, output);
  {
    std::lock_guard guard{mutex_};
    operations_[context.id()] = paced;
  }
  context.add_termination_callback([weak = weak_from_this(), paced, id = context.id()](outcome value) {
    paced->finish(value);
    if (auto self = weak.lock()) {
      std::lock_guard guard{self->mutex_};
      self->operations_.erase(id); // it refers to the real operation
      self->ended_[id] = value;
    }
  });
  const operation_ptr handle{paced};
  auto real = call_held(*held_, context.id(),
                        [&] { return services_->service(name, operation_context{handle}, output_consumer{handle}); });
  return real ? std::make_shared<held_consumer>(std::move(real), held_, context.id()) : nullptr;
}

compat::light_ptr<paced_operation> paced_servicer::find(const operation_id& operation) const {
  std::lock_guard guard{mutex_};
  const auto found = operations_.find(operation);
  return found == operations_.end() ? compat::light_ptr<paced_operation>{} : found->second;
}

bool paced_servicer::release(const operation_id& operation) {
  const auto found = find(operation);
  return found && found->release();
}

void paced_servicer::release_all(const operation_id& operation) {
  if (const auto found = find(operation))
    found->release_all();
}

void paced_servicer::allow(const operation_id& operation, uint64_t payloads) {
  if (const auto found = find(operation))
    found->allow(payloads);
}

std::optional<outcome> paced_servicer::ended(const operation_id& operation) const {
  std::lock_guard guard{mutex_};
  const auto found = ended_.find(operation);
  return found == ended_.end() ? std::nullopt : std::optional{found->second};
}

} // namespace tandem

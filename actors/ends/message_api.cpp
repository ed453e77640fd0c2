#include "message_api.hpp"
#include "../../messages/type_ids.hpp"
#include "../compat/callback_actor.hpp"

#include <caf/actor_cast.hpp>

#include <atomic>
#include <stdexcept>

namespace tandem {

std::optional<core::customer_event> wish_in(const caf::message& content) {
  if (is_message<consume>(content))
    return core::payload_given{content.get_as<consume>(0).payload, false};
  if (is_message<terminate>(content))
    return core::payload_given{std::nullopt, true};
  if (is_message<consume_and_terminate>(content))
    return core::payload_given{content.get_as<consume_and_terminate>(0).payload, true};
  if (is_message<allow>(content))
    return core::allowance_given{content.get_as<allow>(0).payloads};
  if (is_message<cancel>(content))
    return core::cancel_requested{"a cancel message came"};
  if (is_message<fail>(content))
    return core::failure_requested{content.get_as<fail>(0).details};
  if (is_message<set_timeout>(content))
    return core::timeout_given{content.get_as<set_timeout>(0).timeout};
  return std::nullopt;
}

namespace {

/// Sends what it consumes to an actor.
class actor_consumer final : public consumer {
public:
  actor_consumer(caf::strong_actor_ptr receiver, const operation_context& context)
    : receiver_(std::move(receiver)),
      context_(context),
      operation_(caf::actor_cast<caf::strong_actor_ptr>(context.handle())) {
  }

  void consume(payload content) override {
    send(tandem::consume{std::move(content), context_.take_charge()}); // S-FLOW-14
  }

  void terminate() override {
    send(tandem::terminate{});
  }

  void consume_and_terminate(payload content) override {
    send(tandem::consume_and_terminate{std::move(content)});
  }

private:
  template <class T>
  void send(T x) {
    compat::deliver(receiver_, operation_, caf::make_message(std::move(x)));
  }

  caf::strong_actor_ptr receiver_;
  operation_context context_;
  caf::strong_actor_ptr operation_; // released with this consumer, at the end of the operation
};

class actor_servicer final : public servicer {
public:
  explicit actor_servicer(const caf::actor& worker) : worker_(caf::actor_cast<caf::strong_actor_ptr>(worker)) {
    worker->attach_functor([gone = gone_](const caf::error&) { *gone = true; });
  }

  std::shared_ptr<consumer> service(const std::string& name, const operation_context& context,
                                    const output_consumer&) override {
    if (*gone_) // S-END-11
      throw std::runtime_error{"the servicer's actor has ended"};
    auto result = std::make_shared<actor_consumer>(worker_, context);
    compat::deliver(worker_, caf::actor_cast<caf::strong_actor_ptr>(context.handle()),
                    caf::make_message(service_request{name, context.trace_id(), context.handle()}));
    return result;
  }

private:
  caf::strong_actor_ptr worker_;
  std::shared_ptr<std::atomic<bool>> gone_ = std::make_shared<std::atomic<bool>>(false);
};

} // namespace

std::shared_ptr<serviced_ingestor> make_actor_ingestor(caf::strong_actor_ptr receiver) {
  if (receiver == nullptr)
    return nullptr;
  return make_ingestor(
    [receiver](const operation_context& context) { return std::make_shared<actor_consumer>(receiver, context); });
}

std::shared_ptr<servicer> make_actor_servicer(caf::actor worker) {
  return std::make_shared<actor_servicer>(worker);
}

} // namespace tandem

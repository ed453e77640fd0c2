#include "end_customer.hpp"
#include "../../../actors/ends/operation_actor.hpp"

#include <caf/abstract_actor.hpp>
#include <caf/actor_cast.hpp>

#include <future>

namespace tandem::conformance {

namespace {

class back_handle final : public end_handle {
public:
  back_handle(operation_context context, output_consumer output)
    : context_(std::move(context)), output_(std::move(output)) {
  }

  void cancel() override {
    throw scenario_error{"the servicer cannot cancel"};
  }
  void set_timeout(duration) override {
    throw scenario_error{"the servicer cannot set a timeout"};
  }

protected:
  operation_context context() const override {
    return context_;
  }
  output_consumer output() const override {
    return output_;
  }

private:
  operation_context context_;
  output_consumer output_;
};

class recording_consumer final : public consumer {
public:
  recording_consumer(std::shared_ptr<end_customer> code, handle_ptr operation)
    : code_(std::move(code)), operation_(std::move(operation)) {
  }

  void consume(payload content) override {
    code_->run(operation_, call_kind::consume, text_of(content));
  }
  void terminate() override {
    code_->run(operation_, call_kind::terminate, std::nullopt);
  }
  void consume_and_terminate(payload content) override {
    code_->run(operation_, call_kind::consume_and_terminate, text_of(content));
  }

private:
  std::shared_ptr<end_customer> code_;
  handle_ptr operation_;
};

/// A servicer made of a function.
class function_servicer final : public servicer {
public:
  using function
    = std::function<std::shared_ptr<consumer>(const std::string&, const operation_context&, const output_consumer&)>;

  explicit function_servicer(function f) : function_(std::move(f)) {
  }

  std::shared_ptr<consumer> service(const std::string& name, const operation_context& context,
                                    const output_consumer& output) override {
    return function_(name, context, output);
  }

private:
  function function_;
};

} // namespace

void front_handle::set(const operation_context& context) {
  // A context is not enough to cancel or to send; its actor is the operation.
  auto* actor = caf::actor_cast<caf::abstract_actor*>(context.handle());
  set(operation{operation_ptr{static_cast<operation_actor*>(actor)}});
}

void end_handle::give(std::optional<std::string> payload, bool last) {
  auto to = output();
  if (!payload)
    to.terminate();
  else if (last)
    to.consume_and_terminate(make_payload(std::move(*payload)));
  else
    to.consume(make_payload(std::move(*payload)));
}

std::shared_ptr<servicer> end_customer::make_servicer() {
  return std::make_shared<function_servicer>([self = shared_from_this()](const std::string& name,
                                                                         const operation_context& context,
                                                                         const output_consumer& output) {
    const auto operation = std::make_shared<back_handle>(context, output);
    self->run(operation, call_kind::open, name);
    return self->make_consumer(operation);
  });
}

std::shared_ptr<serviced_ingestor> end_customer::make_ingestor(const std::shared_ptr<front_handle>& operation) {
  return tandem::make_ingestor([self = shared_from_this(), operation](const operation_context& context) {
    operation->set(context);
    self->run(operation, call_kind::open, std::nullopt);
    return self->make_consumer(operation);
  });
}

std::shared_ptr<consumer> end_customer::make_consumer(const handle_ptr& operation) {
  return std::make_shared<recording_consumer>(shared_from_this(), operation);
}

void end_customer::run(const handle_ptr& operation, call_kind kind, std::optional<std::string> text) {
  const auto x = code_->begin(at_, operation, kind, std::move(text));
  if (const auto* gate = customer::gate_of(x))
    wait_at(*gate);
  code_->finish(x);
}

void end_customer::wait_at(const std::string& gate) {
  // Shared, since this thread may be gone before the one that opens the gate has left set_value.
  auto opened = std::make_shared<std::promise<void>>();
  auto future = opened->get_future();
  // The one who opens the gate counts the call as work again, before this thread does anything.
  const bool open = code_->gates().pass(gate, [end = end_, opened] {
    end->work_added();
    opened->set_value();
  });
  if (open)
    return;
  end_->work_done();
  future.wait();
}

} // namespace tandem::conformance

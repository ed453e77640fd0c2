#include "retry.hpp"
#include "../messages/outcome_error.hpp"
#include "../messages/type_ids.hpp"
#include "compat/callback_actor.hpp"
#include "compat/system.hpp"

#include <caf/exit_reason.hpp>

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>

namespace tandem {

namespace {

using steady = std::chrono::steady_clock;

/// Passes results on and notes that there were some.
class noting_results final : public consumer {
public:
  noting_results(std::shared_ptr<consumer> to, std::shared_ptr<std::atomic<bool>> arrived)
    : to_(std::move(to)), arrived_(std::move(arrived)) {
  }

  void consume(payload content) override {
    *arrived_ = true;
    to_->consume(std::move(content));
  }

  void terminate() override {
    to_->terminate();
  }

  void consume_and_terminate(payload content) override {
    *arrived_ = true;
    to_->consume_and_terminate(std::move(content));
  }

private:
  std::shared_ptr<consumer> to_;
  std::shared_ptr<std::atomic<bool>> arrived_;
};

} // namespace

class retrying_operation::series : public std::enable_shared_from_this<series> {
public:
  series(const abstract_front& front, operate_request request, retry_options options,
         std::function<void(const caf::error&)> ended)
    : front_(front), request_(std::move(request)), options_(options), ended_(std::move(ended)), pause_(options.pause) {
  }

  /// Throws what operate() throws.
  void attempt() {
    auto request = request_;
    if (request.timeout)
      *request.timeout = std::max<duration>(*request.timeout - (steady::now() - begin_), duration::zero());
    if (auto inner = request.subscription.ingestor)
      request.subscription.ingestor = make_ingestor([inner, arrived = arrived_](const operation_context& context) {
        return std::make_shared<noting_results>(inner->consumer(context), arrived);
      });
    auto current = front_.operate(std::move(request));
    system_ = &current.handle()->home_system();
    bool cancelled = false;
    {
      std::lock_guard guard{mutex_};
      ++attempts_;
      current_ = current;
      cancelled = cancelled_;
    }
    if (cancelled)
      current.cancel();
    current.handle()->attach_functor([self = shared_from_this()](const caf::error& reason) { self->over(reason); });
  }

  void cancel() {
    std::optional<operation> current;
    {
      std::lock_guard guard{mutex_};
      cancelled_ = true;
      current = current_;
    }
    if (current)
      current->cancel();
  }

private:
  void over(const caf::error& reason) {
    if (!worth_another(reason))
      return end(reason);
    // The timer's message keeps the actor, and that this series.
    timer_ = compat::make_light_actor<callback_actor>(
      *system_, "tandem.retry", [self = shared_from_this(), reason](const compat::envelope& what) {
        if (is_message<timer_due>(what.content))
          self->again(reason);
      });
    compat::send_after(std::exchange(pause_, pause_ * 2), compat::handle_of(*timer_), timer_due{});
  }

  void again(const caf::error& last) {
    if (auto timer = std::exchange(timer_, {}))
      timer->end(caf::exit_reason::normal);
    try {
      attempt();
    } catch (const std::exception&) { // the front was stopped meanwhile
      end(last);
    }
  }

  bool worth_another(const caf::error& reason) {
    std::lock_guard guard{mutex_};
    current_.reset();
    if (cancelled_ || attempts_ >= options_.attempts || *arrived_)
      return false;
    if (request_.timeout && steady::now() - begin_ + pause_ >= *request_.timeout)
      return false;
    return was_refused(reason) || (options_.after_loss && outcome_of(reason) == outcome::transmission_failure);
  }

  void end(const caf::error& reason) {
    if (auto ended = std::exchange(ended_, nullptr))
      ended(reason);
  }

  const abstract_front& front_;
  caf::actor_system* system_ = nullptr; // known from the first attempt on
  const operate_request request_;
  const retry_options options_;
  std::function<void(const caf::error&)> ended_;
  const steady::time_point begin_ = steady::now();
  const std::shared_ptr<std::atomic<bool>> arrived_ = std::make_shared<std::atomic<bool>>(false);
  compat::light_ptr<callback_actor> timer_;
  duration pause_;
  std::mutex mutex_; // guards the members below
  int attempts_ = 0;
  bool cancelled_ = false;
  std::optional<operation> current_;
};

void retrying_operation::cancel() const {
  series_->cancel();
}

retrying_operation operate_retrying(const abstract_front& front, operate_request request, retry_options options,
                                    std::function<void(const caf::error&)> ended) {
  if (!request.complete)
    throw std::invalid_argument{"operate_retrying: request must be complete"};
  if (options.attempts < 1)
    throw std::invalid_argument{"retry_options: attempts must be at least 1"};
  if (options.pause < duration::zero())
    throw std::invalid_argument{"retry_options: pause must not be negative"};
  if (!ended)
    throw std::invalid_argument{"operate_retrying: ended must not be empty"};
  auto series = std::make_shared<retrying_operation::series>(front, std::move(request), options, std::move(ended));
  series->attempt();
  return retrying_operation{std::move(series)};
}

} // namespace tandem

#include "retry.hpp"
#include "../messages/outcome_error.hpp"
#include "../messages/thrown.hpp"
#include "../messages/time.hpp"
#include "../messages/type_ids.hpp"
#include "compat/callback_actor.hpp"
#include "compat/system.hpp"
#include "moved_from.hpp"

#include <caf/exit_reason.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <unordered_map>
#include <utility>
#include <vector>

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

/// The series that pause before their next attempt at one front: they end when it does.
class pausing_series {
public:
  /// Those of the front with this actor.
  static std::shared_ptr<pausing_series> at(const caf::actor& front);

  void add(std::weak_ptr<retrying_operation::series> x);

private:
  static std::mutex& all_mutex() {
    static std::mutex mutex;
    return mutex;
  }
  static std::unordered_map<const void*, std::shared_ptr<pausing_series>>& all() {
    static std::unordered_map<const void*, std::shared_ptr<pausing_series>> fronts;
    return fronts;
  }
  void front_ended();

  std::mutex mutex_; // guards what follows
  std::vector<std::weak_ptr<retrying_operation::series>> waiting_;
  size_t clean_at_ = 64; ///< then those that have gone on are forgotten
  bool is_over_ = false;
};

class retrying_operation::series : public std::enable_shared_from_this<series> {
public:
  series(const abstract_front& front, operate_request request, retry_options options,
         std::function<void(const caf::error&)> ended)
    : front_(front),
      request_(std::move(request)),
      options_(std::move(options)),
      ended_(std::move(ended)),
      pause_(options_.pause) {
  }

  /// Throws what operate() throws.
  void attempt() {
    auto request = request_;
    if (request.timeout)
      *request.timeout = std::max<duration>(*request.timeout - (steady::now() - begin_), duration::zero());
    if (auto inner = request.subscription.ingestor)
      request.subscription.ingestor
        = make_ingestor([inner, arrived = arrived_](const operation_context& context) -> std::shared_ptr<consumer> {
            if (auto to = inner->consumer(context))
              return std::make_shared<noting_results>(std::move(to), arrived);
            return nullptr;
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
    else if (end_pause())
      end(to_error(outcome::cancelled, "cancel() was called"));
  }

  /// While it pauses.
  void front_ended() {
    if (end_pause())
      end(last_);
  }

private:
  void over(const caf::error& reason) {
    if (!worth_another(reason))
      return end(reason);
    auto timer = compat::make_light_actor<callback_actor>(
      *system_, "tandem.retry", [weak = weak_from_this()](const compat::envelope& what) {
        if (const auto self = weak.lock(); self != nullptr && is_message<timer_due>(what.content) && self->end_pause())
          self->again();
      });
    bool is_over = false;
    {
      std::lock_guard guard{mutex_};
      last_ = reason;
      timer_ = timer;
      paused_ = shared_from_this();
      is_over = cancelled_;
    }
    compat::send_after(pause_, compat::handle_of(*timer), timer_due{});
    pause_ = 2 * std::min(pause_, longest_timeout / 2);
    try {
      pausing_series::at(front_.link()->handle(*system_))->add(weak_from_this());
    } catch (...) { // the front was moved from: this runs in a shard, which must not end by that
      is_over = true;
    }
    if (is_over && end_pause())
      end(reason);
  }

  /// True for the one caller who is to go on.
  bool end_pause() {
    compat::light_ptr<callback_actor> timer;
    std::shared_ptr<series> self;
    {
      std::lock_guard guard{mutex_};
      timer = std::exchange(timer_, {});
      self.swap(paused_);
    }
    if (!timer)
      return false;
    timer->end(caf::exit_reason::normal);
    return true; // the caller has this series, too
  }

  void again() {
    constexpr duration least = std::chrono::milliseconds(1); // an attempt with less would only expire, and hide why
    if (request_.timeout && steady::now() - begin_ + least >= *request_.timeout)
      return end(last_);
    try {
      attempt();
    } catch (...) { // the front was stopped meanwhile
      end(last_);
    }
  }

  bool worth_another(const caf::error& reason) {
    std::lock_guard guard{mutex_};
    current_.reset();
    if (cancelled_ || attempts_ >= options_.attempts || *arrived_)
      return false;
    if (request_.timeout && steady::now() - begin_ >= *request_.timeout - pause_)
      return false;
    return was_refused(reason) || (options_.after_loss && outcome_of(reason) == outcome::transmission_failure);
  }

  void end(const caf::error& reason) {
    const auto ended = std::exchange(ended_, nullptr);
    if (!ended)
      return;
    try {
      ended(reason);
    } catch (...) {
      write_log(options_.log, "`ended` of operate_retrying threw: " + thrown_text());
    }
  }

  const abstract_front& front_;
  caf::actor_system* system_ = nullptr; // known from the first attempt on
  const operate_request request_;
  const retry_options options_;
  std::function<void(const caf::error&)> ended_;
  const steady::time_point begin_ = steady::now();
  const std::shared_ptr<std::atomic<bool>> arrived_ = std::make_shared<std::atomic<bool>>(false);
  duration pause_;
  std::mutex mutex_; // guards the members below
  int attempts_ = 0;
  bool cancelled_ = false;
  std::optional<operation> current_;
  compat::light_ptr<callback_actor> timer_; ///< of the pause; null at other times
  std::shared_ptr<series> paused_;          ///< this series, which nobody else needs to have during the pause
  caf::error last_;                         ///< why the attempt before the pause ended
};

std::shared_ptr<pausing_series> pausing_series::at(const caf::actor& front) {
  const void* key = caf::actor_cast<caf::abstract_actor*>(front);
  std::shared_ptr<pausing_series> result;
  {
    std::lock_guard guard{all_mutex()};
    auto& known = all()[key];
    if (known)
      return known;
    known = result = std::make_shared<pausing_series>();
  }
  front->attach_functor([key, result](const caf::error&) {
    {
      std::lock_guard guard{all_mutex()};
      all().erase(key);
    }
    result->front_ended();
  });
  return result;
}

void pausing_series::add(std::weak_ptr<retrying_operation::series> x) {
  {
    std::lock_guard guard{mutex_};
    if (!is_over_) {
      if (waiting_.size() >= clean_at_) {
        std::erase_if(waiting_, [](const auto& y) { return y.expired(); });
        clean_at_ = 2 * waiting_.size() + 64;
      }
      waiting_.push_back(std::move(x));
      return;
    }
  }
  if (const auto late = x.lock())
    late->front_ended();
}

void pausing_series::front_ended() {
  std::vector<std::weak_ptr<retrying_operation::series>> all;
  {
    std::lock_guard guard{mutex_};
    is_over_ = true;
    all.swap(waiting_);
  }
  for (const auto& weak : all)
    if (const auto x = weak.lock())
      x->front_ended();
}

void retrying_operation::cancel() const {
  held_by(series_, "retrying operation").cancel();
}

retrying_operation operate_retrying(const abstract_front& front, operate_request request, retry_options options,
                                    std::function<void(const caf::error&)> ended) {
  if (!request.complete)
    throw std::invalid_argument{"operate_retrying: request must be complete"};
  if (options.attempts < 1)
    throw std::invalid_argument{"retry_options: attempts must be at least 1"};
  check_duration("retry_options: pause", options.pause);
  if (!ended)
    throw std::invalid_argument{"operate_retrying: ended must not be empty"};
  auto series = std::make_shared<retrying_operation::series>(front, std::move(request), options, std::move(ended));
  series->attempt();
  return retrying_operation{std::move(series)};
}

} // namespace tandem

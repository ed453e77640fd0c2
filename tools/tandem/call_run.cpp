#include "call_run.hpp"

#include "../cli/duration_text.hpp"
#include "../cli/exit_status.hpp"
#include "../cli/text.hpp"
#include "call_progress.hpp"
#include "console.hpp"
#include "event_pipe.hpp"
#include "result_printer.hpp"

#include <optional>
#include <thread>

#include <unistd.h>

namespace tandem::cli {

namespace {

using clock = std::chrono::steady_clock;

constexpr auto time_between_progress_lines = std::chrono::milliseconds(250);

/// How long to wait for the back to take more before it is seen whether the operation goes on.
constexpr auto patience = std::chrono::minutes(1);

constexpr char ended = 'e';
constexpr char printed = 'p';
constexpr char not_printed = 'n';

/// Data that the threads of an operation share. Each member is written before the event that tells about it is sent.
struct call_state {
  event_pipe events;
  call_counts counts;
  const clock::time_point beginning = clock::now();
  caf::error reason;       ///< with `ended`
  duration elapsed{};      ///< with `ended`
  std::string print_error; ///< with `not_printed`
};

class call_run {
public:
  explicit call_run(const call_parts& parts)
    : parts_(parts), options_(parts.options), terminal_({options_.quiet, options_.progress}) {
  }

  outcome run() {
    const interruptions interrupted{state_->events};
    auto running = commence();
    std::thread sender;
    if (!is_complete())
      sender = std::thread{[this, running] { send_rest(running); }};
    await_end(std::move(running));
    if (parts_.input != nullptr)
      parts_.input->stop();
    if (sender.joinable())
      sender.join();
    return conclude();
  }

private:
  /// Nothing follows the first ticket.
  bool is_complete() const {
    return parts_.input == nullptr && options_.payloads.size() <= 1;
  }

  /// With the first payload.
  operation commence() {
    operate_request request{.name = options_.name};
    if (!options_.payloads.empty())
      request.payload = make_payload(options_.payloads.front());
    request.complete = is_complete();
    request.timeout = options_.timeout;
    request.subscription = subscription();
    request.trace_id = options_.trace_id;
    auto result = parts_.front.operate(std::move(request));
    result.handle()->attach_functor([state = state_](const caf::error& reason) {
      state->reason = reason;
      state->elapsed = clock::now() - state->beginning;
      state->events.send(ended);
    });
    return result;
  }

  /// Whether to try another back; by the key it would be the same one.
  bool is_refused() {
    if (!was_refused(state_->reason) || !is_complete() || !options_.key.empty() || ++refusals_ == parts_.backs.size())
      return false;
    terminal_.say(printable(details_of(state_->reason)) + "; trying another back");
    return true;
  }

  serviced_subscription subscription() {
    if (options_.subscription == subscription_kind::none)
      return none_serviced_subscription();
    if (options_.subscription == subscription_kind::termination_only)
      return termination_only_serviced_subscription();
    // The reader of the output sets the pace: a result is consumed when it is printed.
    return full_serviced_subscription(make_ingestor([state = state_, results = results_](const operation_context& it) {
      return make_consumer([state, results, it](payload content) {
        results->print(std::move(content), it.take_charge());
        ++state->counts.received;
      });
    }));
  }

  /// The payloads after the first one, then the stream, no faster than they arrive.
  void send_rest(const operation& running) {
    try {
      const auto output = running.consumer();
      const auto context = running.context();
      for (uint64_t given = 0; context.is_active();) {
        if (!output.wait_until_ready(patience))
          continue;
        auto content = next_content(given++);
        if (!content)
          break;
        output.consume(make_payload(std::move(*content)));
      }
      output.terminate(); // ignored if it has ended (S-SEND-5)
    } catch (const std::exception& e) {
      running.context().fail(e.what());
    }
  }

  std::optional<std::string> next_content(uint64_t given) {
    if (given + 1 < options_.payloads.size())
      return options_.payloads[given + 1];
    if (parts_.input == nullptr)
      return std::nullopt;
    auto result = parts_.input->next();
    if (result) {
      ++state_->counts.sent;
      state_->counts.sent_bytes += result->size() + (options_.pieces == piece::line ? 1 : 0);
    }
    return result;
  }

  /// Returns when the operation has ended and its results are printed.
  void await_end(operation running) {
    bool is_interrupted = false;
    for (;;) {
      const auto event = next_event();
      if (!event) {
        terminal_.progress(progress(clock::now() - state_->beginning));
      } else if (*event == ended && !is_interrupted && is_refused()) {
        running = commence();
      } else if (*event == ended) {
        is_interrupted = true; // what may take long now is a reader of results that does not read
        results_->finish([state = state_] { state->events.send(printed); });
      } else if (*event == printed) {
        return;
      } else if (*event == not_printed) {
        running.context().fail(state_->print_error);
      } else if (std::exchange(is_interrupted, true)) {
        _exit(exit_interrupted);
      } else {
        terminal_.say("interrupted: cancelling the operation; interrupt again to quit at once");
        running.cancel("interrupted");
      }
    }
  }

  std::optional<char> next_event() {
    return state_->events.wait(terminal_.shows_progress() ? std::optional{time_between_progress_lines} : std::nullopt);
  }

  std::string progress(duration elapsed) const {
    return progress_line(state_->counts, options_.pieces, elapsed);
  }

  outcome conclude() {
    const auto result = outcome_of(state_->reason);
    if (parts_.input != nullptr && terminal_.shows_progress())
      terminal_.say(progress(state_->elapsed));
    const auto details = printable(details_of(state_->reason));
    terminal_.say("outcome: " + to_string(result) + " (" + write_elapsed(state_->elapsed) + ")"
                  + (details.empty() ? "" : ": " + details));
    if (result == outcome::completed && !state_->print_error.empty())
      throw user_error{state_->print_error};
    return result;
  }

  const call_parts& parts_;
  const call_options& options_;
  console terminal_;
  size_t refusals_ = 0;
  const std::shared_ptr<call_state> state_ = std::make_shared<call_state>();
  const std::shared_ptr<result_printer> results_
    = std::make_shared<result_printer>(terminal_, [state = state_](const std::string& why) {
        state->print_error = why;
        state->events.send(not_printed);
      });
};

} // namespace

outcome run_call(const call_parts& parts) {
  return call_run{parts}.run();
}

} // namespace tandem::cli

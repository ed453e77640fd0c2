#include "observed_servicer.hpp"

#include "../cli/duration_text.hpp"
#include "../cli/text.hpp"

#include <chrono>

namespace tandem::cli {

std::shared_ptr<consumer> observed_servicer::service(const std::string& name, const operation_context& context,
                                                     const output_consumer& output) {
  const auto which = to_string(context.id()) + " " + printable(name);
  const auto beginning = std::chrono::steady_clock::now();
  say_("begun: " + which);
  // Not a termination callback, which would wait for a thread of the work pool.
  context.handle()->attach_functor([say = say_, which, beginning](const caf::error& reason) {
    const auto details = printable(details_of(reason));
    say("ended: " + which + ": " + to_string(outcome_of(reason)) + " ("
        + write_elapsed(std::chrono::steady_clock::now() - beginning) + ")" + (details.empty() ? "" : ": " + details));
  });
  return inner_->service(name, context, output);
}

} // namespace tandem::cli

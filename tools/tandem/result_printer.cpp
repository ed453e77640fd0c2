#include "result_printer.hpp"

#include <utility>

namespace tandem::cli {

result_printer::result_printer(console& terminal, std::function<void(const std::string&)> on_failure)
  : terminal_(terminal), on_failure_(std::move(on_failure)), thread_([this] { run(); }) {
}

result_printer::~result_printer() {
  {
    std::lock_guard guard{mutex_};
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void result_printer::print(payload content, payload_charge charge) {
  std::lock_guard guard{mutex_};
  results_.push_back(std::move(content));
  charges_.push_back(std::move(charge));
  changed_.notify_one();
}

void result_printer::finish(std::function<void()> on_printed) {
  std::lock_guard guard{mutex_};
  on_printed_ = std::move(on_printed);
  stopping_ = true;
  changed_.notify_one();
}

void result_printer::run() {
  bool failed = false;
  for (;;) {
    std::vector<payload_charge> charges; // go last
    std::vector<payload> taken;
    std::function<void()> on_printed;
    {
      std::unique_lock lock{mutex_};
      changed_.wait(lock, [this] { return stopping_ || !results_.empty(); });
      taken.swap(results_);
      charges.swap(charges_);
      if (taken.empty())
        on_printed = std::move(on_printed_);
    }
    if (taken.empty()) {
      if (on_printed)
        on_printed();
      return;
    }
    try {
      if (!failed)
        terminal_.print_results(taken);
    } catch (const std::exception& e) {
      failed = true;
      on_failure_(e.what());
    }
  }
}

} // namespace tandem::cli

/// Prints the results of an operation from a thread of its own, so that a slow reader, such as a pager, does not hold
/// up the operation: it can be cancelled, and can expire, meanwhile.
#pragma once

#include "console.hpp"

#include "../../actors/operation_context.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tandem::cli {

class result_printer {
public:
  /// `on_failure` is called at most once, with the cause, from the printer's thread; nothing is printed after that.
  result_printer(console& terminal, std::function<void(const std::string&)> on_failure);
  /// Waits until everything is printed.
  ~result_printer();

  result_printer(const result_printer&) = delete;
  result_printer& operator=(const result_printer&) = delete;

  /// Queues a result, which is in the printer's charge until it is printed. Any thread.
  void print(payload content, payload_charge charge);

  /// Calls `on_printed` from the printer's thread when everything is printed; no more results may come.
  void finish(std::function<void()> on_printed);

private:
  void run();

  console& terminal_;
  std::function<void(const std::string&)> on_failure_;
  std::mutex mutex_; // guards the members below
  std::condition_variable changed_;
  std::vector<payload> results_;
  std::vector<payload_charge> charges_; // of these
  std::function<void()> on_printed_;
  bool stopping_ = false;
  std::thread thread_; // last: it uses the others
};

} // namespace tandem::cli

/// A consumer takes payloads. Customer code implements one for the payloads that it gets, and is given one
/// (output_consumer) for those that it sends.
///
///     auto results = make_consumer([](payload x) { std::puts(get_payload<std::string>(x).c_str()); },
///                                  [] { std::puts("done"); });
///     auto op = front.operate({.name = "list", .subscription = full_serviced_subscription(results)});
#pragma once

#include "../messages/payload.hpp"

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

namespace tandem {

/// A stream's receiving end. For one operation, calls come one at a time and in order (S-RECV-7, S-RECV-8), in the
/// end's work pool or in CAF's scheduler: any number of consume(), then one terminate() or consume_and_terminate(),
/// unless the operation ends before. If an implementation throws, that is its side's failure (S-END-2).
class consumer {
public:
  virtual ~consumer() = default;

  /// One payload; more may follow.
  virtual void consume(payload content) = 0;

  /// The end of the stream.
  virtual void terminate() = 0;

  /// The last payload.
  virtual void consume_and_terminate(payload content) = 0;
};

/// A consumer made from two functions: `on_payload` for each payload, then `on_end` once. Either may be empty.
std::shared_ptr<consumer> make_consumer(std::function<void(payload)> on_payload, std::function<void()> on_end = {});

/// Thrown by a servicer's service(): it has no method of that name (S-END-5).
class no_such_method : public std::runtime_error {
public:
  explicit no_such_method(const std::string& name) : std::runtime_error("no such method: " + name) {
  }
};

/// Thrown by customer code that finds its operation aborted and gives up. While the operation is active it counts as
/// this side's failure, as any other exception does (S-END-2).
class abandoned : public std::runtime_error {
public:
  abandoned() : std::runtime_error("abandoned") {
  }
};

} // namespace tandem

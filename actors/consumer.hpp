/// What takes payloads: customer code implements it for what it wants to get, and is given one (output_consumer) for
/// what it has to say.
#pragma once

#include "../messages/payload.hpp"

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

namespace tandem {

/// A stream's receiving end. Of one operation, calls come one at a time and in order (S-RECV-7, S-RECV-8): any number
/// of consume(), then one terminate() or consume_and_terminate(), unless the operation ends before. What an
/// implementation throws is its side's failure (S-END-2).
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

/// A consumer made of two functions: `on_payload` for each payload, then `on_end` once. Either may be empty.
///
///     auto results = make_consumer([](payload x) { ... }, [] { puts("done"); });
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

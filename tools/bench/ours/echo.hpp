/// The services and the drivers of the benchmarks.
#pragma once

#include "../../../actors/back_end.hpp"
#include "../../../actors/front_end.hpp"
#include "../../../actors/system.hpp"
#include "../baselines/meter.hpp"

#include <memory>
#include <string>

namespace tandem::bench::ours {

/// An actor system as system_config sets it up, with two scheduler threads on every machine.
class bench_config : public system_config {
public:
  /// `certificates` as in baselines.hpp; `name` is whose.
  explicit bench_config(const std::string& certificates = {}, const std::string& name = {});
};

/// Sends back what it gets.
std::shared_ptr<servicer> echo_service();

/// The same for "echo". Of the other methods "sink" answers every payload with one byte, "drain" takes payloads and
/// answers nothing, and "source" sends as many as it is asked for, from within one call, as "source in a thread" does
/// from a thread of its own.
std::shared_ptr<servicer> all_services();

/// Runs unary operations, `in_flight` at a time, until the meter has enough.
void run_unary(const front_end& front, meter& progress, int in_flight, bool keep_time);

/// Runs one operation of which payloads_under_way are under way, until the meter has enough; then cancels it.
void run_stream(const front_end& front, meter& progress);

/// The same with bulk payloads for "sink".
void run_bulk(const front_end& front, meter& progress);

} // namespace tandem::bench::ours

/// The benchmarked work in Tandem; baselines/baselines.hpp has the same in gRPC C++ and in plain CAF.
///
/// Every function sets up what it needs, warms it up, measures and takes it down again, and throws std::runtime_error
/// if an operation did not complete.
#pragma once

#include "../baselines/baselines.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace tandem::bench::ours {

/// Keeps `in_flight` operations open: the termination callback of one commences the next.
throughput unary_in_process(int in_flight, int operations);
latency unary_in_process_one_at_a_time(int operations);

/// The same as unary_in_process while both ends record.
enum class tracing {
  none,    ///< not even the flight recorder
  flight,  ///< the flight recorder, as ends have it unless told otherwise
  file,    ///< everything, into one file
  sampled, ///< one operation in a hundred, into one file
};
struct traced_throughput {
  throughput measured;
  double written_share = 1; ///< of the records, the others were dropped
};
traced_throughput unary_recorded(tracing how, int in_flight, int operations);

/// One operation, echoed payload by payload.
throughput stream_in_process(int payloads);

/// The other process, and what is between: TCP over loopback unless it says otherwise.
struct route {
  std::string server_program;    ///< bench_tandem_server
  std::string certificates = {}; ///< as in baselines.hpp
  bool unix_socket = false;      ///< a socket in the file system
};

throughput unary_between_processes(const route& to, int in_flight, int operations);
/// Both sides keep nothing for resending.
throughput unary_without_resuming(const route& to, int in_flight, int operations);
latency unary_between_processes_one_at_a_time(const route& to, int operations);
throughput stream_between_processes(const route& to, int payloads);

/// One operation: bulk payloads one way, and answers of one byte.
throughput bulk_between_processes(const route& to, int payloads);

/// The resident memory of this process that an operation takes, both sides together, when it was commenced and is idle.
struct idle_memory {
  double bytes_per_operation; ///< while they are open
  double bytes_left;          ///< per operation, after all were cancelled and the allocator was asked to give back
};
idle_memory idle_operations(int operations);

/// Nanoseconds for one unary operation in process, 64 in flight, with `open` others open and idle.
double nanoseconds_per_operation(int open, int operations);

/// How long unary operations take, one at a time, each awaited by the thread that commenced it, beside streams of
/// `payloads` payloads: one after the other, over the same link and at the same back. What streams is a thread that
/// sends as fast as it can, or a servicer that sends everything from within one call.
enum class beside { nothing, stream_to_back, stream_to_front, echoed_stream };
struct spread {
  double median; ///< microseconds, as the next two
  double p99;
  double longest;
  double streamed_per_second; ///< payloads
  size_t operations;
};
spread unary_beside(beside what, bool work_pool, std::chrono::milliseconds how_long, int payloads);
spread unary_beside_between_processes(const route& to, beside what, std::chrono::milliseconds how_long, int payloads);

/// The work of bench_tandem_server: prints its port, serves until stdin ends, returns the exit code. It listens at
/// `place` if that is "unix:" and a path; else `place` is the folder with the certificates.
int serve(const std::string& place);

} // namespace tandem::bench::ours

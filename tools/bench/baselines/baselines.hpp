/// The same work as Tandem's own benchmarks, done in gRPC C++, and in plain CAF and Asio written by hand.
///
/// Every function sets up what it needs, warms it up, measures, takes it down again, and throws std::runtime_error if
/// anything failed, so that no figure stems from failed operations. A payload is a string of 16 bytes everywhere.
///
/// The functions "between processes" start `server_program` (bench_grpc_server, bench_caf_server, bench_asio_server)
/// and talk to it over loopback. The system ends it when the thread that called the function ends, so call them on a
/// thread that lives on. Where they take `certificates`, that is a folder with server.pem, client.pem, their keys and
/// authority.pem: both sides show a certificate and demand one. Empty: without TLS.
#pragma once

#include <cstddef>
#include <string>

namespace tandem::bench {

/// For streams: echoed payloads per second.
struct throughput {
  double operations_per_second;
};

/// From the start of an operation until its result is at hand, with never more than one operation open.
struct latency {
  double microseconds_median;
  double operations_per_second;
};

/// How many payloads of a stream are under way at a time where nothing else limits them. gRPC writes as fast as it
/// allows, which is up to its window of 64 KiB: some thousands.
inline constexpr int payloads_under_way = 1024;

/// Bulk: payloads of this size go one way, and each is answered with one byte; so many are under way at a time.
inline constexpr size_t bulk_payload_size = size_t{1} << 20;
inline constexpr int bulk_payloads_under_way = 4;

/// gRPC's callback API on both sides. In one process: over grpc::Server::InProcessChannel, without sockets.
namespace grpc_baseline {

/// Keeps `in_flight` calls open: the callback of an ended call starts the next one.
throughput unary_in_process(int in_flight, int operations);
latency unary_in_process_one_at_a_time(int operations);

/// One bidirectional stream; the client writes the next payload as soon as the write before is done.
throughput stream_in_process(int payloads);

throughput unary_between_processes(const std::string& server_program, int in_flight, int operations,
                                   const std::string& certificates = {});
latency unary_between_processes_one_at_a_time(const std::string& server_program, int operations);
throughput stream_between_processes(const std::string& server_program, int payloads,
                                    const std::string& certificates = {});

/// The resident memory of this process that an open, idle bidirectional stream takes, both sides together.
/// Memory that earlier work left to the allocator is reused unseen: for a true figure call this before all else, or
/// in a process of its own.
double bytes_per_idle_call(int calls);

} // namespace grpc_baseline

/// Plain CAF: one event-based actor per operation and side, one message each way.
namespace caf_baseline {

/// Makes this library's message types known to CAF. The functions below do so themselves; call it first thing in
/// main() if other actor systems run meanwhile, because CAF 1.x must not learn of types while a system runs.
void register_types();

/// Keeps `in_flight` operations open: the front actor of an ended operation spawns the next two actors.
throughput unary_in_process(int in_flight, int operations);
latency unary_in_process_one_at_a_time(int operations);

/// Two long-lived actors, one message per payload each way.
throughput stream_in_process(int payloads);

/// The server publishes a factory; each operation spawns an actor on both nodes, and their handles cross the wire.
throughput unary_between_processes(const std::string& server_program, int in_flight, int operations);
latency unary_between_processes_one_at_a_time(const std::string& server_program, int operations);
throughput stream_between_processes(const std::string& server_program, int payloads);

/// Bulk payloads per second: as messages between two actors, or, without any message, as the bytes of a TCP connection
/// that a broker of CAF's writes and another reads.
throughput bulk_by_actors(const std::string& server_program, int payloads);
throughput bulk_by_broker(const std::string& server_program, int payloads);

/// Two idle actors that have had their first message and hold each other's handles; see bytes_per_idle_call.
double bytes_per_idle_operation(int operations);

} // namespace caf_baseline

/// Asio, on which Tandem's ports stand, without anything of Tandem's.
namespace asio_baseline {

/// Bulk payloads per second as the bytes of a plain TCP connection, one thread at each side. The server reads each
/// payload whole into memory of its own, as a user would get it.
throughput bulk_by_stream(const std::string& server_program, int payloads);

} // namespace asio_baseline

} // namespace tandem::bench

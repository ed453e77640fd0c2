#include "comparisons.hpp"
#include "../certificates/certificates.hpp"
#include "ours/ours.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace tandem::bench {

namespace {

/// The folder with the certificates, which are made when they are wanted first.
std::string certificates() {
  static const auto files = [] {
    auto result = std::make_unique<tandem_test::certificate_folder>();
    result->add_authority("authority");
    result->add("server", "authority");
    result->add("client", "authority");
    return result;
  }();
  return files->path("");
}

/// Builds the list; where gRPC is missing, so are its contestants.
class builder {
public:
  explicit builder(const effort& x) : effort_(x) {
  }

  std::vector<comparison> build() {
    memory();
    in_process();
    recorded();
    fairness();
    between_processes();
    bulk();
    unix_socket();
    encrypted();
    crowd();
    return std::move(list_);
  }

private:
  int amount(double full) const {
    return std::max(1, static_cast<int>(full * effort_.scale));
  }

  std::string program(const std::string& name) const {
    return effort_.program_folder + "/" + name;
  }

  template <class Function>
  static std::function<double()> rate(Function f) {
    return [f] { return f().operations_per_second; };
  }

  template <class Function>
  static std::function<double()> median(Function f) {
    return [f] { return f().microseconds_median; };
  }

  void add(std::string name, unit measured_in, std::function<double()> ours, std::function<double()> grpc,
           std::function<double()> caf, std::function<double()> asio = {}) {
    comparison x{std::move(name), measured_in, {{"tandem", std::move(ours)}}};
    if (grpc)
      x.contestants.push_back({"grpc", std::move(grpc)});
    if (caf)
      x.contestants.push_back({"plain caf", std::move(caf)});
    if (asio)
      x.contestants.push_back({"asio", std::move(asio)});
    list_.push_back(std::move(x));
  }

  void memory() {
    const int n = amount(10'000);
    const int many = amount(1'000'000);
    std::function<double()> grpc;
#ifdef TANDEM_BENCH_GRPC
    grpc = [n] { return grpc_baseline::bytes_per_idle_call(n); };
#endif
    add(
      "idle operation", unit::bytes, [n] { return ours::idle_operations(n).bytes_per_operation; }, grpc,
      [n] { return caf_baseline::bytes_per_idle_operation(n); });
    add("idle operation, a million open", unit::bytes,
        [many] { return ours::idle_operations(many).bytes_per_operation; }, {}, {});
    add("left after a million were closed", unit::bytes, [many] { return ours::idle_operations(many).bytes_left; }, {},
        {});
  }

  void in_process() {
    const int unary = amount(400'000);
    const int single = amount(50'000);
    const int payloads = amount(1'000'000);
    std::function<double()> grpc_unary, grpc_single, grpc_stream;
#ifdef TANDEM_BENCH_GRPC
    const int fewer = amount(100'000);
    grpc_unary = rate([fewer] { return grpc_baseline::unary_in_process(64, fewer); });
    grpc_single = median([single] { return grpc_baseline::unary_in_process_one_at_a_time(single); });
    grpc_stream = rate([fewer] { return grpc_baseline::stream_in_process(fewer * 2); });
#endif
    add("unary in process", unit::operations_per_second, rate([unary] { return ours::unary_in_process(64, unary); }),
        grpc_unary, rate([unary] { return caf_baseline::unary_in_process(64, unary); }));
    add("unary in process one at a time", unit::microseconds,
        median([single] { return ours::unary_in_process_one_at_a_time(single); }), grpc_single,
        median([single] { return caf_baseline::unary_in_process_one_at_a_time(single); }));
    add("stream in process", unit::operations_per_second,
        rate([payloads] { return ours::stream_in_process(payloads); }), grpc_stream,
        rate([payloads] { return caf_baseline::stream_in_process(payloads); }));
  }

  /// The cost of recording: each row beside the first.
  void recorded() {
    const int unary = amount(400'000);
    auto measured
      = [unary](ours::tracing how) { return rate([=] { return ours::unary_recorded(how, 64, unary).measured; }); };
    add("unary in process, no recorder", unit::operations_per_second, measured(ours::tracing::none), {}, {});
    add("unary in process, flight recorder", unit::operations_per_second, measured(ours::tracing::flight), {}, {});
    add("unary in process, 1 % into a file", unit::operations_per_second, measured(ours::tracing::sampled), {}, {});
    add("unary in process, all into a file", unit::operations_per_second, measured(ours::tracing::file), {}, {});
    add("records of that which were written, in percent", unit::bytes,
        [unary] { return ours::unary_recorded(ours::tracing::file, 64, unary).written_share * 100; }, {}, {});
  }

  /// How long a unary operation takes beside streams: at worst, but for one in a hundred. In process and over a port.
  void fairness() {
    const std::chrono::milliseconds how_long{amount(5'000)};
    const int payloads = amount(1'000'000);
    const std::pair<const char*, ours::beside> all[] = {{"nothing", ours::beside::nothing},
                                                        {"a stream to the back", ours::beside::stream_to_back},
                                                        {"a stream to the front", ours::beside::stream_to_front},
                                                        {"an echoed stream", ours::beside::echoed_stream}};
    for (const bool pool : {false, true})
      for (const auto& [name, what] : all)
        add(std::string{"p99 of unary beside "} + name + (pool ? ", work pool" : ""), unit::microseconds,
            [=, what = what] { return ours::unary_beside(what, pool, how_long, payloads).p99; }, {}, {});
    const auto tandem = program("bench_tandem_server");
    for (const auto& [name, what] : all)
      add(std::string{"p99 of unary between processes beside "} + name, unit::microseconds,
          [=, what = what] { return ours::unary_beside_between_processes({tandem}, what, how_long, payloads).p99; }, {},
          {});
  }

  void between_processes() {
    const int unary = amount(300'000);
    const int fewer = amount(50'000);
    const int single = amount(10'000);
    const int payloads = amount(500'000);
    const auto tandem = program("bench_tandem_server");
    const auto caf = program("bench_caf_server");
    std::function<double()> grpc_unary, grpc_single, grpc_stream;
#ifdef TANDEM_BENCH_GRPC
    const auto grpc = program("bench_grpc_server");
    grpc_unary = rate([=] { return grpc_baseline::unary_between_processes(grpc, 64, fewer); });
    grpc_single = median([=] { return grpc_baseline::unary_between_processes_one_at_a_time(grpc, single); });
    grpc_stream = rate([=] { return grpc_baseline::stream_between_processes(grpc, fewer * 2); });
#endif
    add("unary between processes", unit::operations_per_second,
        rate([=] { return ours::unary_between_processes({tandem}, 64, unary); }), grpc_unary,
        rate([=] { return caf_baseline::unary_between_processes(caf, 64, fewer); }));
    std::function<double()> grpc_many;
#ifdef TANDEM_BENCH_GRPC
    grpc_many = rate([=] { return grpc_baseline::unary_between_processes(grpc, 1024, fewer); });
#endif
    add("unary between processes, 1024 in flight", unit::operations_per_second,
        rate([=] { return ours::unary_between_processes({tandem}, 1024, unary); }), grpc_many,
        rate([=] { return caf_baseline::unary_between_processes(caf, 1024, fewer); }));
    add("unary between processes, without resuming", unit::operations_per_second,
        rate([=] { return ours::unary_without_resuming({tandem}, 64, unary); }), {}, {});
    add("unary between processes one at a time", unit::microseconds,
        median([=] { return ours::unary_between_processes_one_at_a_time({tandem}, single); }), grpc_single,
        median([=] { return caf_baseline::unary_between_processes_one_at_a_time(caf, single); }));
    add("stream between processes", unit::operations_per_second,
        rate([=] { return ours::stream_between_processes({tandem}, payloads); }), grpc_stream,
        rate([=] { return caf_baseline::stream_between_processes(caf, fewer * 2); }));
  }

  /// Payloads of 1 MiB, so that payloads per second are MiB/s.
  void bulk() {
    const int payloads = amount(5'000);
    const auto tandem = program("bench_tandem_server");
    const auto caf = program("bench_caf_server");
    const auto asio = program("bench_asio_server");
    auto ours = rate([=] { return ours::bulk_between_processes({tandem}, payloads); });
    add("1 MiB payloads, CAF's actors", unit::mebibytes_per_second, ours, {},
        rate([=] { return caf_baseline::bulk_by_actors(caf, payloads); }));
    add("1 MiB payloads, plain TCP by a CAF broker", unit::mebibytes_per_second, ours, {},
        rate([=] { return caf_baseline::bulk_by_broker(caf, payloads); }));
    add("1 MiB payloads, plain TCP by Asio", unit::mebibytes_per_second, ours, {}, {},
        rate([=] { return asio_baseline::bulk_by_stream(asio, payloads); }));
  }

  /// The rows between processes again, over a socket in the file system.
  void unix_socket() {
    const int unary = amount(300'000);
    const int single = amount(10'000);
    const int payloads = amount(500'000);
    const int large = amount(5'000);
    const ours::route to{.server_program = program("bench_tandem_server"), .unix_socket = true};
    add("unary by unix socket", unit::operations_per_second,
        rate([=] { return ours::unary_between_processes(to, 64, unary); }), {}, {});
    add("unary by unix socket one at a time", unit::microseconds,
        median([=] { return ours::unary_between_processes_one_at_a_time(to, single); }), {}, {});
    add("stream by unix socket", unit::operations_per_second,
        rate([=] { return ours::stream_between_processes(to, payloads); }), {}, {});
    add("1 MiB payloads by unix socket", unit::mebibytes_per_second,
        rate([=] { return ours::bulk_between_processes(to, large); }), {}, {});
  }

  /// TLS, with certificates on both sides.
  void encrypted() {
    const int unary = amount(200'000);
    const int payloads = amount(300'000);
    const auto tandem = program("bench_tandem_server");
    std::function<double()> grpc_stream;
#ifdef TANDEM_BENCH_GRPC
    const int fewer = amount(40'000);
    const auto grpc = program("bench_grpc_server");
    grpc_stream = rate([=] { return grpc_baseline::stream_between_processes(grpc, fewer * 2, certificates()); });
#endif
    for (int in_flight : {64, 1024}) {
      std::function<double()> grpc_unary;
#ifdef TANDEM_BENCH_GRPC
      grpc_unary = rate([=] { return grpc_baseline::unary_between_processes(grpc, in_flight, fewer, certificates()); });
#endif
      add("unary with TLS" + std::string{in_flight > 64 ? ", 1024 in flight" : ""}, unit::operations_per_second,
          rate([=] {
            return ours::unary_between_processes({tandem, certificates()}, in_flight, unary);
          }),
          grpc_unary, {});
    }
    add("stream with TLS", unit::operations_per_second, rate([=] {
          return ours::stream_between_processes({tandem, certificates()}, payloads);
        }),
        grpc_stream, {});
  }

  /// The cost of an operation while others are open.
  void crowd() {
    const int operations = amount(400'000);
    for (int open : {0, 1, 1'000, 100'000})
      add("operation with " + std::to_string(open) + " others open", unit::nanoseconds,
          [=] { return ours::nanoseconds_per_operation(open, operations); }, {}, {});
  }

  effort effort_;
  std::vector<comparison> list_;
};

} // namespace

std::vector<comparison> all_comparisons(const effort& x) {
  return builder{x}.build();
}

} // namespace tandem::bench

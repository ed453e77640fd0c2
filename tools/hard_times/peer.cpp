/// The two processes of tools/hard-times. `back` serves; the others are fronts that do one thing over a link and print
/// what came of it as a line of JSON. What is between them, and what it is compared with, is the script's business.
#include "../../actors/back_end.hpp"
#include "../../actors/nodes/publish.hpp"
#include "../../messages/outcome_error.hpp"
#include "../certificates/certificates.hpp"
#include "chaos.hpp"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstring>
#include <fstream>
#include <iostream>

using namespace hard_times;

namespace {

/// Bytes of which none can be missing, or be in another place, unseen.
std::string pattern(size_t size) {
  std::string result(size, '\0');
  uint64_t state = 88172645463325252ull;
  for (size_t i = 0; i < size; ++i) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    result[i] = static_cast<char>(state);
  }
  return result;
}

/// Makes them in a folder that is there until the standard input ends.
int make_certificates() {
  tandem_test::certificate_folder folder;
  folder.add_authority("authority");
  for (const auto* name : {"back", "front"})
    folder.add(name, "authority");
  std::cout << folder.path({}) << std::endl;
  std::cin.get();
  return 0;
}

/// Payloads whose first bytes are their number, as fast as they can be given away.
void pour(uint64_t payloads, size_t bytes, const std::function<void(payload)>& give,
          const std::function<bool()>& goes_on) {
  for (uint64_t i = 0; i < payloads && goes_on(); ++i) {
    std::string content(bytes, 'r');
    std::memcpy(content.data(), &i, sizeof i);
    give(make_payload(std::move(content)));
  }
}

/// Whether what pour() gives away comes whole and in order.
class rain_gauge {
public:
  void take(const std::string& x) {
    uint64_t number = 0;
    std::memcpy(&number, x.data(), std::min(sizeof number, x.size()));
    in_order_ = in_order_ && number == next_;
    ++next_;
    bytes_ += x.size();
  }

  std::string text() const {
    return nlohmann::json{{"payloads", next_}, {"bytes", bytes_}, {"in order", in_order_}}.dump();
  }

private:
  uint64_t next_ = 0;
  uint64_t bytes_ = 0;
  bool in_order_ = true;
};

// -- the back --------------------------------------------------------------------------------------

/// In a thread of its own.
void send_when_ready(const output_consumer& out, payload x) {
  out.wait_until_ready(1min);
  out.consume(std::move(x));
}

/// "echo" gives each payload back, "take" says whether the payload is the pattern, and "give" gives a pattern;
/// "swallow" says what it has been given, and "pour" pours.
std::shared_ptr<servicer> services() {
  auto result = std::make_shared<method_table>();
  result->add("echo", [](const operation_context& context, const output_consumer& out) {
    return make_consumer(
      [context, out](payload x) {
        if (!out.consume(std::move(x)))
          out.when_ready([charge = context.take_charge()] {});
      },
      [out] { out.terminate(); });
  });
  result->add("take", [](const operation_context&, const output_consumer& out) {
    return make_consumer([out](const payload& x) {
      const auto& text = get_payload<std::string>(x);
      out.consume_and_terminate(make_payload(text == pattern(text.size()) ? "whole"s : "spoilt"s));
    });
  });
  result->add("give", [](const operation_context&, const output_consumer& out) {
    return make_consumer([out](const payload& x) {
      out.consume_and_terminate(make_payload(pattern(std::stoull(get_payload<std::string>(x)))));
    });
  });
  result->add("swallow", [](const operation_context&, const output_consumer& out) {
    auto rain = std::make_shared<rain_gauge>();
    return make_consumer([rain](const payload& x) { rain->take(get_payload<std::string>(x)); },
                         [rain, out] { out.consume_and_terminate(make_payload(rain->text())); });
  });
  result->add("pour", [](const operation_context& context, const output_consumer& out) {
    return make_consumer([context, out](const payload& x) {
      const auto wanted = nlohmann::json::parse(get_payload<std::string>(x));
      std::thread{[context, out, wanted] {
        pour(
          wanted.at("payloads"), wanted.at("bytes"), [&](payload y) { send_when_ready(out, std::move(y)); },
          [&] { return context.is_active(); });
        out.terminate();
      }}.detach();
    });
  });
  return result;
}

int run_back(const options& x) {
  sigset_t end{};
  sigemptyset(&end);
  sigaddset(&end, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &end, nullptr); // before there are threads
  system_config config;
  configure(config, x, "back");
  caf::actor_system system{config};
  const back_end back{system, services(), {.work = work_pool(x), .default_timeout = 24h, .maximum_timeout = 24h}};
  if (!x.trace.empty())
    back.recorder().start({.file = x.trace});
  auto publication = publish(
    system, back, {.port = x.port, .insecure = true, .link = large_link(x), .log = [](const std::string&) {}});
  std::cout << publication.port() << std::endl;
  int signal = 0;
  sigwait(&end, &signal);
  back.stop(1s);
  wait_for_idle(back);
  return publication.close(1s) == flush_result::arrived ? 0 : 1;
}

// -- fronts ----------------------------------------------------------------------------------------

/// One payload beside pings.
nlohmann::json send_payload(const options& x) {
  const far_end far{x};
  const auto content = x.to_front ? make_payload(std::to_string(x.bytes)) : make_payload(pattern(x.bytes));
  const auto expected = pattern(x.to_front ? x.bytes : 0);
  std::atomic<int> good{0};
  std::atomic<int> all{0};
  pings beside{*far.front};
  const auto begun = clock_type::now();
  auto end = call(*far.front, x.to_front ? "give" : "take", {content}, [&](const payload& y) {
    ++all;
    good += get_payload<std::string>(y) == (x.to_front ? expected : "whole"s) ? 1 : 0;
  });
  const auto how = end.get();
  nlohmann::json result{
    {"outcome", to_string(how)}, {"whole", good == 1 && all == 1}, {"seconds", seconds_since(begun)}};
  result["pings"] = beside.stop();
  add_counts(result, *far.link);
  return result;
}

/// What a distance does: connecting, unary operations, a stream.
nlohmann::json measure_path(const options& x) {
  const far_end far{x};
  nlohmann::json result{{"connect ms", 1000 * far.connect_seconds}};
  pings beside{*far.front};
  std::vector<payload> stream;
  stream.reserve(static_cast<size_t>(x.payloads));
  for (int i = 0; i < x.payloads; ++i)
    stream.push_back(make_payload(std::to_string(i)));
  int next = 0;
  bool in_order = true;
  const auto begun = clock_type::now();
  auto end = call(*far.front, "echo", stream, [&](const payload& y) {
    in_order = in_order && get_payload<std::string>(y) == std::to_string(next);
    ++next;
  });
  const auto how = end.get();
  result["stream"]
    = {{"outcome", to_string(how)}, {"whole", in_order && next == x.payloads}, {"seconds", seconds_since(begun)}};
  std::this_thread::sleep_until(begun + std::chrono::duration<double>(x.seconds));
  result["pings"] = beside.stop();
  add_counts(result, *far.link);
  return result;
}

/// The most memory that this process has had, in bytes.
uint64_t most_memory() {
  std::ifstream status{"/proc/self/status"};
  for (std::string word; status >> word;)
    if (uint64_t kilobytes = 0; word == "VmHWM:" && status >> kilobytes)
      return kilobytes << 10;
  return 0;
}

/// Many payloads, as fast as possible, to the back, to the front, or both.
nlohmann::json send_flood(const options& x) {
  const far_end far{x};
  const bool from_here = x.direction != "front";
  rain_gauge rain;
  std::string said;
  pings beside{*far.front};
  const auto begun = clock_type::now();
  const auto pause = std::chrono::microseconds(x.pause);
  auto ended = std::make_shared<std::promise<outcome>>();
  const auto name = x.direction == "back" ? "swallow" : x.direction == "front" ? "pour" : "echo";
  const auto op = far.front->operate(
    {.name = name, .timeout = 24h, .subscription = full_serviced_subscription(make_consumer([&](const payload& y) {
                                     if (x.direction == "back")
                                       said = get_payload<std::string>(y);
                                     else
                                       rain.take(get_payload<std::string>(y));
                                     if (pause > 0us)
                                       std::this_thread::sleep_for(pause);
                                   }))});
  op.context().add_termination_callback([ended](outcome y) { ended->set_value(y); });
  const auto out = op.consumer();
  const auto payloads = static_cast<uint64_t>(x.payloads);
  if (from_here)
    pour(
      payloads, x.bytes, [&](payload y) { send_when_ready(out, std::move(y)); },
      [&] { return op.context().is_active(); });
  else
    out.consume(make_payload(nlohmann::json{{"payloads", payloads}, {"bytes", x.bytes}}.dump()));
  out.terminate();
  const auto how = ended->get_future().get();
  const auto seconds = seconds_since(begun);
  auto result = nlohmann::json::parse(x.direction == "back" && !said.empty() ? said : rain.text());
  result["outcome"] = to_string(how);
  result["seconds"] = seconds;
  result["pings"] = beside.stop();
  result["memory"] = most_memory();
  add_counts(result, *far.link);
  return result;
}

void add_common(CLI::App& app, options& x) {
  app.add_option("--port", x.port, "of the back")->required();
  app.add_option("--trace", x.trace, "record into this file");
  app.add_option("--window", x.window, "how long links outlive their connections, in milliseconds");
  app.add_flag("--pool", x.pool, "run customer code in threads of its own");
  app.add_option("--tls", x.certificates, "a folder with authority.pem, front.pem, front.key, back.pem and back.key");
}

} // namespace

int main(int argc, char** argv) {
  options x;
  CLI::App app{"The processes of tools/hard-times: fronts print a line of JSON."};
  app.require_subcommand(1);
  auto& certificates = *app.add_subcommand("certificates", "make a folder for --tls, and keep it while there is input");
  auto& back = *app.add_subcommand("back", "serve, and print the port");
  add_common(back, x);
  auto& payload = *app.add_subcommand("payload", "one payload, beside operations of 16 bytes");
  add_common(payload, x);
  payload.add_option("--bytes", x.bytes, "how large")->required();
  payload.add_flag("--to-front", x.to_front, "a result instead of what the front sends");
  auto& path = *app.add_subcommand("path", "a stream beside operations of 16 bytes");
  add_common(path, x);
  path.add_option("--seconds", x.seconds, "how long at least")->capture_default_str();
  path.add_option("--payloads", x.payloads, "in the stream, there and back")->capture_default_str();
  auto& flood = *app.add_subcommand("flood", "a stream as fast as possible, beside operations of 16 bytes");
  add_common(flood, x);
  flood.add_option("--bytes", x.bytes, "of each payload")->required();
  flood.add_option("--payloads", x.payloads, "how many")->required();
  flood.add_option("--direction", x.direction, "back, front, or both: to the back, which gives them back")
    ->check(CLI::IsMember({"back", "front", "both"}))
    ->capture_default_str();
  flood.add_option("--pause", x.pause, "microseconds that the front takes for each result")->capture_default_str();
  auto& chaos = *app.add_subcommand("chaos", "operations of all kinds, many at a time");
  add_common(chaos, x);
  chaos.add_option("--seconds", x.seconds, "how long at least")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    if (certificates)
      return make_certificates();
    if (back)
      return run_back(x);
    const auto result = payload ? send_payload(x) : flood ? send_flood(x) : chaos ? be_chaotic(x) : measure_path(x);
    std::cout << result.dump() << std::endl;
    return 0;
  } catch (const std::exception& e) {
    std::cout << nlohmann::json{{"error", e.what()}}.dump() << std::endl;
    return 1;
  }
}

#include "configuration.hpp"

#include <caf/config_value.hpp>
#include <caf/settings.hpp>
#include <caf/timespan.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>

namespace tandem {

namespace {

/// What the configuration has under a key with dots; null: nothing. CAF 0.17 itself finds only values of a known type.
const caf::config_value* find_value(const caf::settings& in, const std::string& key) {
  const auto dot = key.find('.');
  const auto entry = in.find(key.substr(0, dot));
  if (entry == in.end())
    return nullptr;
  if (dot == std::string::npos)
    return &entry->second;
  const auto* inner = caf::get_if<caf::settings>(&entry->second);
  return inner ? find_value(*inner, key.substr(dot + 1)) : nullptr;
}

/// Sets `to` if the option is there; false if it is not.
template <class T>
bool take(const caf::actor_system_config& config, const std::string& key, T& to) {
  const auto* found = find_value(content(config), key);
  if (found == nullptr)
    return false;
  constexpr bool is_count = std::is_integral_v<T> && !std::is_same_v<T, bool>;
  using stored = std::conditional_t<is_count, int64_t, T>;
  const auto* value = caf::get_if<stored>(found);
  if constexpr (is_count) {
    if (value != nullptr && *value >= 0) {
      to = static_cast<T>(*value);
      return true;
    }
  } else if (value != nullptr) {
    to = *value;
    return true;
  }
  throw std::invalid_argument{key + ": expected "
                              + (is_count                           ? "a whole number that is not negative"
                                 : std::is_same_v<T, bool>          ? "true or false"
                                 : std::is_same_v<T, double>        ? "a number"
                                 : std::is_same_v<T, caf::timespan> ? "a duration such as 250ms, 2s or 1min"
                                                                    : "a text")};
}

template <class T>
bool take(const caf::actor_system& system, const std::string& key, T& to) {
  return take(system.config(), key, to);
}

void add_names(const caf::settings& in, const std::string& prefix, std::vector<std::string>& out) {
  for (const auto& [key, value] : in) {
    const auto name = prefix + "." + std::string{key};
    if (const auto* inner = caf::get_if<caf::settings>(&value))
      add_names(*inner, name, out);
    else
      out.push_back(name);
  }
}

/// The file's first line, without its end.
std::string read_passphrase(const std::string& path) {
  std::ifstream in{path};
  std::string result;
  if (!in)
    throw tls_error{"TLS passphrase " + path + ": " + std::strerror(errno)};
  if (!std::getline(in, result) || result.empty())
    throw tls_error{"TLS passphrase " + path + ": its first line is empty"};
  if (result.back() == '\r')
    result.pop_back();
  return result;
}

recording_options take_recording(const caf::actor_system& system) {
  recording_options result;
  take(system, "tandem.link.node-name", result.node);
  take(system, "tandem.trace.capture", result.capture);
  take(system, "tandem.trace.sample", result.sample);
  take(system, "tandem.trace.key", result.key);
  take(system, "tandem.trace.records-per-second", result.records_per_second);
  take(system, "tandem.trace.records", result.records);
  take(system, "tandem.trace.file-bytes", result.file_bytes);
  take(system, "tandem.trace.files", result.files);
  std::string profile = "full";
  take(system, "tandem.trace.profile", profile);
  if (profile != "full" && profile != "production")
    throw std::invalid_argument{"tandem.trace.profile: expected full or production, got " + profile};
  result.profile = profile == "full" ? recording_profile::full : recording_profile::production;
  return result;
}

template <class Options>
Options take_common(const caf::actor_system& system) {
  Options result;
  take(system, "tandem.end.shards", result.shards);
  take(system, "tandem.end.held-tickets", result.held_tickets);
  take(system, "tandem.trace.flight-records", result.flight_records);
  recording_options recording = take_recording(system);
  if (take(system, "tandem.trace.file", recording.file) && !recording.file.empty())
    result.record = recording;
  recording.records = 0; // of the other file
  if (take(system, "tandem.trace.failures-file", recording.file) && !recording.file.empty())
    result.record_failures = recording;
  return result;
}

link_options take_link(const caf::actor_system& system) {
  link_options result;
  take(system, "tandem.link.window", result.window);
  take(system, "tandem.link.resend-limit", result.resend_limit);
  take(system, "tandem.link.linger", result.linger);
  take(system, "tandem.link.node-name", result.node_name);
  return result;
}

} // namespace

void add_options(caf::config_option_set& options) {
  using caf::timespan;
  using group = caf::config_option_adder;
  group{options, "tandem.end"}
    .add<uint64_t>("shards", "actors that share the operations of an end; 0: one for each thread of the scheduler")
    .add<uint64_t>("held-tickets", "how many tickets of one operation may be held ahead of their turn");
  group{options, "tandem.front"}.add<timespan>("default-timeout", "for operations that are given no timeout");
  group{options, "tandem.back"}
    .add<timespan>("default-timeout", "for operations whose front gave none")
    .add<timespan>("maximum-timeout", "no operation is allowed more")
    .add<uint64_t>("maximum-operations", "how many may run at a time, others are refused; 0: no limit")
    .add<uint64_t>("remembered-operations", "how many ended operations each shard remembers");
  group{options, "tandem.link"}
    .add<timespan>("window", "how long a session outlives its connection; 0s: not at all")
    .add<uint64_t>("resend-limit", "bytes of sent tickets that are kept for resending")
    .add<timespan>("linger", "how long the network thread looks for more before it sleeps; 0s: not at all")
    .add<std::string>("node-name", "this node's name for others; default: HOST/PROCESS")
    .add<timespan>("connect-timeout", "how long connect() waits for an answer")
    .add<timespan>("first-pause", "between attempts to connect again, at first; doubles each time")
    .add<timespan>("longest-pause", "between attempts to connect again, at most")
    .add<uint64_t>("port", "where publish() listens; 0: any free port")
    .add<std::string>("address", "where publish() listens")
    .add<bool>("insecure", "let other machines reach that address without TLS: trust all of them");
  group{options, "tandem.trace"}
    .add<std::string>("file", "record the tickets and operations of every end into this file")
    .add<std::string>("capture", "which operations, such as: db.*{p:256}, -db.health")
    .add<double>("sample", "the share of operations that is recorded, from 0 to 1")
    .add<std::string>("profile", "full, or production: type, size and a keyed hash in the place of payloads")
    .add<std::string>("key", "for those hashes")
    .add<uint64_t>("records-per-second", "at most so many are written; 0: no limit")
    .add<uint64_t>("records", "the recording ends after so many; 0: no limit")
    .add<uint64_t>("file-bytes", "a file that has so many is renamed, and another begun; 0: no limit")
    .add<uint64_t>("files", "how many files there may be")
    .add<std::string>("failures-file", "write what the flight recorder has of operations that do not complete")
    .add<uint64_t>("flight-records", "how many records each shard's flight recorder keeps; 0: none");
  group{options, "tandem.tls"}
    .add<std::string>("certificate", "use TLS: show this certificate (PEM), and demand one")
    .add<std::string>("key", "the private key of that certificate (PEM)")
    .add<std::string>("authority", "accept certificates that these sign, and no others (PEM)")
    .add<std::string>("passphrase-file", "decrypt the key by the first line of this file");
}

std::vector<option_description> describe_options() {
  // Not every CAF has its texts as std::string_view.
  auto text = [](const auto& x) { return std::string{x.begin(), x.end()}; };
  caf::config_option_set options;
  add_options(options);
  std::vector<option_description> result;
  for (const auto& x : options)
    result.push_back({text(x.category()) + "." + text(x.long_name()), text(x.description())});
  return result;
}

front_options configured_front_options(const caf::actor_system& system) {
  auto result = take_common<front_options>(system);
  take(system, "tandem.front.default-timeout", result.default_timeout);
  return result;
}

back_options configured_back_options(const caf::actor_system& system) {
  auto result = take_common<back_options>(system);
  take(system, "tandem.back.default-timeout", result.default_timeout);
  take(system, "tandem.back.maximum-timeout", result.maximum_timeout);
  take(system, "tandem.back.maximum-operations", result.maximum_operations);
  take(system, "tandem.back.remembered-operations", result.remembered_operations);
  return result;
}

connect_options configured_connect_options(const caf::actor_system& system) {
  connect_options result;
  result.link = take_link(system);
  take(system, "tandem.link.connect-timeout", result.timeout);
  take(system, "tandem.link.first-pause", result.first_pause);
  take(system, "tandem.link.longest-pause", result.longest_pause);
  return result;
}

publish_options configured_publish_options(const caf::actor_system& system) {
  publish_options result;
  result.link = take_link(system);
  take(system, "tandem.link.address", result.address);
  take(system, "tandem.link.insecure", result.insecure);
  uint64_t port = result.port;
  take(system, "tandem.link.port", port);
  if (port > UINT16_MAX)
    throw std::invalid_argument{"tandem.link.port: expected a port from 0 to 65535, got " + std::to_string(port)};
  result.port = static_cast<uint16_t>(port);
  return result;
}

std::optional<tls_options> configured_tls_options(const caf::actor_system_config& config) {
  tls_options result;
  std::string passphrase_file;
  bool given = take(config, "tandem.tls.certificate", result.certificate);
  given |= take(config, "tandem.tls.key", result.key);
  given |= take(config, "tandem.tls.authority", result.authority);
  given |= take(config, "tandem.tls.passphrase-file", passphrase_file);
  if (!given)
    return std::nullopt;
  if (!passphrase_file.empty())
    result.passphrase = read_passphrase(passphrase_file);
  return result;
}

std::vector<std::string> configured_names(const caf::actor_system_config& config, const std::string& category) {
  std::vector<std::string> result;
  const auto* found = find_value(content(config), category);
  if (const auto* inner = found ? caf::get_if<caf::settings>(found) : nullptr)
    add_names(*inner, category, result);
  return result;
}

} // namespace tandem

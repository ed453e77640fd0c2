#include "configuration.hpp"
#include "../compat/option_reader.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>

namespace tandem {

namespace {

// Every option once, with the member that it sets and what --help says of it.

template <class Visitor>
void visit_link(Visitor& v, link_options& x) {
  v("tandem.link.window", x.window, "how long a session outlives its connection; 0s: not at all");
  v("tandem.link.resend-limit", x.resend_limit, "bytes that may be sent and not yet acknowledged");
  v("tandem.link.read-ahead", x.read_ahead, "bytes that may have come and not been consumed");
  v("tandem.link.send-ahead", x.send_ahead, "bytes that may wait to be sent before threads that send have to wait");
  v("tandem.link.maximum-payload", x.maximum_payload, "bytes that a payload may have");
  v("tandem.link.ping-interval", x.ping_interval,
    "after so long without a message of its own, a side says it is alive");
  v("tandem.link.silence-limit", x.silence_limit, "after so long without a byte, a connection is given up");
  v("tandem.link.handshake-timeout", x.handshake_timeout, "how long a connection may take to introduce itself");
  v("tandem.link.linger", x.linger, "how long the network thread looks for more before it sleeps; 0s: not at all");
  v("tandem.link.node-name", x.node_name, "this node's name for others; default: HOST/PROCESS");
}

template <class Visitor>
void visit_connect(Visitor& v, connect_options& x) {
  v("tandem.link.connect-timeout", x.timeout, "how long connect() waits for an answer");
  v("tandem.link.first-pause", x.first_pause, "between attempts to connect again, at first; doubles each time");
  v("tandem.link.longest-pause", x.longest_pause, "between attempts to connect again, at most");
}

template <class Visitor>
void visit_publish(Visitor& v, publish_options& x) {
  v("tandem.link.port", x.port, "where publish() listens; 0: any free port");
  v("tandem.link.address", x.address, "where publish() listens");
  v("tandem.link.insecure", x.insecure, "let other machines reach that address without TLS: trust all of them");
  v("tandem.link.operations-per-session", x.limits.operations_per_session,
    "how many operations a front may have under way at a time; 0: no limit");
  v("tandem.link.waiting-bytes-per-session", x.limits.waiting_bytes_per_session,
    "about how many bytes of payloads the operations of a front may hold together; 0: no limit");
}

/// True if one of these options is there.
template <class Visitor>
bool visit_tls(Visitor& v, tls_options& x, std::string& passphrase_file) {
  bool given = v("tandem.tls.certificate", x.certificate, "use TLS: show this certificate (PEM), and demand one");
  given |= v("tandem.tls.key", x.key, "the private key of that certificate (PEM)");
  given |= v("tandem.tls.authority", x.authority, "accept certificates that these sign, and no others (PEM)");
  given |= v("tandem.tls.revocations", x.revocations, "refuse certificates that these lists name (PEM)");
  given |= v("tandem.tls.tls-1-2", x.tls_1_2, "allow TLS 1.2, too");
  given |= v("tandem.tls.passphrase-file", passphrase_file, "decrypt the key by the first line of this file");
  return given;
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

} // namespace

void add_node_options(caf::config_option_set& options) {
  compat::option_adder add{options};
  link_options link;
  connect_options connect;
  publish_options publish;
  tls_options tls;
  std::string passphrase_file;
  visit_link(add, link);
  visit_connect(add, connect);
  visit_publish(add, publish);
  visit_tls(add, tls, passphrase_file);
}

connect_options configured_connect_options(const caf::actor_system& system) {
  return configured_connect_options(system.config());
}

connect_options configured_connect_options(const caf::actor_system_config& config) {
  compat::option_reader read{config};
  connect_options result;
  visit_link(read, result.link);
  visit_connect(read, result);
  return result;
}

publish_options configured_publish_options(const caf::actor_system& system) {
  return configured_publish_options(system.config());
}

publish_options configured_publish_options(const caf::actor_system_config& config) {
  compat::option_reader read{config};
  publish_options result;
  visit_link(read, result.link);
  visit_publish(read, result);
  return result;
}

std::optional<tls_options> configured_tls_options(const caf::actor_system_config& config) {
  compat::option_reader read{config};
  tls_options result;
  std::string passphrase_file;
  if (!visit_tls(read, result, passphrase_file))
    return std::nullopt;
  if (!passphrase_file.empty())
    result.passphrase = read_passphrase(passphrase_file);
  return result;
}

void use_configured_tls(caf::actor_system_config& config) {
  if (const auto options = configured_tls_options(config))
    use_tls(config, *options);
}

// -- functions with options from the configuration -----------------------------------------------

std::shared_ptr<node_link> connect(caf::actor_system& system, const std::string& host, uint16_t port) {
  return connect(system, host, port, configured_connect_options(system));
}

publication publish(caf::actor_system& system, port_factory make_port) {
  return publish(system, std::move(make_port), configured_publish_options(system));
}

publication publish(caf::actor_system& system, const back_end& back) {
  return publish(system, back, configured_publish_options(system));
}

} // namespace tandem

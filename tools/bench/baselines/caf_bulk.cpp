#include "caf_bulk.hpp"
#include "baselines.hpp"
#include "caf_node.hpp"
#include "meter.hpp"
#include "server_process.hpp"

#include "../../../actors/compat/system.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>

#include <future>
#include <stdexcept>

namespace tandem::bench::caf_baseline {

namespace {

using caf::io::broker;
using caf::io::connection_handle;
using caf::io::receive_policy;

/// The answer to a bulk payload: one byte.
constexpr char answer = 1;

caf::behavior sink(caf::event_based_actor*) {
  return {[](const std::string&) { return std::string(1, answer); }};
}

caf::behavior bulk_stream(caf::event_based_actor* self, meter* progress, const caf::actor& to) {
  // One message that is sent again and again: nothing is copied before CAF writes it.
  const auto content = caf::make_message(std::string(bulk_payload_size, 'x'));
  auto send_next = [self, to, content]() mutable { compat::send(self, to, content); };
  for (int i = 0; i < bulk_payloads_under_way && progress->claim(); ++i)
    send_next();
  return {[progress, send_next](const std::string&) mutable {
    if (progress->claim())
      send_next();
    progress->finished();
  }};
}

/// Takes bytes, and does nothing with them.
caf::behavior bytes_server(broker* self, std::promise<uint16_t>* port) {
  auto door = self->add_tcp_doorman(0, "127.0.0.1");
  port->set_value(door ? door->second : uint16_t{0});
  return {
    [self](const caf::io::new_connection_msg& x) {
      self->configure_read(x.handle, receive_policy::exactly(bulk_payload_size));
    },
    [self](const caf::io::new_data_msg& x) {
      self->write(x.handle, 1, &answer);
      self->flush(x.handle);
    },
    [](const caf::io::connection_closed_msg&) {},
    [](const caf::io::acceptor_closed_msg&) {},
  };
}

caf::behavior bytes_client(broker* self, connection_handle connection, meter* progress) {
  self->configure_read(connection, receive_policy::exactly(1));
  auto send_next = [self, connection, content = std::string(bulk_payload_size, 'x')] {
    self->write(connection, content.size(), content.data());
    self->flush(connection);
  };
  for (int i = 0; i < bulk_payloads_under_way && progress->claim(); ++i)
    send_next();
  return {
    [progress, send_next](const caf::io::new_data_msg&) {
      if (progress->claim())
        send_next();
      progress->finished();
    },
    [progress](const caf::io::connection_closed_msg&) { progress->abort("lost the CAF server"); },
  };
}

} // namespace

throughput bulk_by_actors(const std::string& server_program, int payloads) {
  server_process server{server_program, "actors"};
  networked_node node;
  auto to = connect(node.system(), server.port());
  return measure_throughput(payloads, [&](meter& progress) {
    auto self = node.system().spawn(bulk_stream, &progress, to);
    progress.wait();
    caf::anon_send_exit(self, caf::exit_reason::user_shutdown);
  });
}

throughput bulk_by_broker(const std::string& server_program, int payloads) {
  server_process server{server_program, "broker"};
  networked_node node;
  return measure_throughput(payloads, [&](meter& progress) {
    auto self = node.system().middleman().spawn_client(bytes_client, "127.0.0.1", server.port(), &progress);
    if (!self)
      throw std::runtime_error("cannot connect to the CAF server");
    progress.wait();
    caf::anon_send_exit(*self, caf::exit_reason::user_shutdown);
  });
}

int serve_bulk(bool by_broker) {
  networked_node node;
  uint16_t port = 0;
  caf::actor server;
  if (by_broker) {
    std::promise<uint16_t> chosen;
    server = node.system().middleman().spawn_broker(bytes_server, &chosen);
    port = chosen.get_future().get();
  } else {
    server = node.system().spawn(sink);
    if (auto published = node.system().middleman().publish(server, 0, "127.0.0.1"))
      port = *published;
  }
  if (port != 0)
    announce_and_wait(port);
  caf::anon_send_exit(server, caf::exit_reason::user_shutdown);
  return port == 0 ? 1 : 0;
}

} // namespace tandem::bench::caf_baseline

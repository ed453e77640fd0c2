#include <tandem/actors/compat/network.hpp>
#include <tandem/actors/nodes/publish.hpp>
#include <tandem/actors/nodes/remote_peer.hpp>
#include <tandem/messages/type_ids.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

#include <algorithm>
#include <map>
#include <mutex>
#include <stdexcept>

namespace tandem {

namespace {

using peer_type = remote_peer<back_to_front_ticket, front_to_back_ticket>;

/// The back's node's part of a link between nodes: one front.
class back_connection final : public fore_link {
public:
  explicit back_connection(std::shared_ptr<rear_link> port) : port_(std::move(port)) {
  }

  std::shared_ptr<peer_type> peer;

  void accept(back_to_front_ticket ticket) override {
    auto refused = peer->send({std::move(ticket)});
    if (!refused.empty())
      throw std::runtime_error{refused.front().reason};
  }

  std::vector<refusal> accept_all(std::vector<back_to_front_ticket>&& tickets) override {
    return peer->send(tickets);
  }

  void join_rear_link(std::shared_ptr<rear_link>) override {
    throw std::logic_error{"join_rear_link: this link was joined when the front connected"};
  }

  /// Null once the connection is lost.
  std::shared_ptr<rear_link> port() const {
    std::lock_guard guard{mutex_};
    return port_;
  }

  /// Tells the port, and lets go of it: the two hold each other.
  void lost(const std::string& details) {
    std::shared_ptr<rear_link> port;
    {
      std::lock_guard guard{mutex_};
      port.swap(port_);
    }
    if (port != nullptr)
      port->fore_lost(details);
  }

private:
  mutable std::mutex mutex_;
  std::shared_ptr<rear_link> port_;
};

/// The connections of one publication.
struct connection_table {
  std::mutex mutex;
  std::map<uint64_t, std::shared_ptr<back_connection>> entries;
  uint64_t next = 0;

  /// Takes one out, to be destroyed without the lock.
  std::shared_ptr<back_connection> take(uint64_t number) {
    std::lock_guard guard{mutex};
    auto entry = entries.find(number);
    if (entry == entries.end())
      return nullptr;
    auto result = std::move(entry->second);
    entries.erase(entry);
    return result;
  }
};

/// What is published: answers hello with a connection.
class gateway final : public caf::event_based_actor {
public:
  gateway(caf::actor_config& config, std::shared_ptr<connection_table> table,
          std::function<std::shared_ptr<rear_link>()> make_port)
    : caf::event_based_actor(config), table_(std::move(table)), make_port_(std::move(make_port)) {
  }

  const char* name() const override {
    return "tandem.gateway";
  }

  caf::behavior make_behavior() override {
    return {[this](const hello& x) { return greet(x); }};
  }

private:
  caf::result<welcome> greet(const hello& x) {
    if (!x.link)
      return caf::make_error(caf::sec::invalid_argument, std::string{"hello without a link"});
    if (x.format < oldest_ticket_format)
      return caf::make_error(caf::sec::invalid_argument,
                             "ticket format " + std::to_string(x.format) + " is too old, this side reads from "
                               + std::to_string(oldest_ticket_format));
    try {
      return welcome{std::min<uint32_t>(x.format, ticket_format), open(x.link)->peer->proxy()};
    } catch (const std::exception& e) {
      return caf::make_error(caf::sec::runtime_error, std::string{e.what()});
    }
  }

  std::shared_ptr<back_connection> open(const caf::actor& front) {
    auto connection = std::make_shared<back_connection>(make_port_());
    uint64_t number = 0;
    {
      std::lock_guard guard{table_->mutex};
      number = table_->next++;
      table_->entries.emplace(number, connection);
    }
    std::weak_ptr<back_connection> weak = connection;
    connection->peer = std::make_shared<peer_type>(
      system(), "a front",
      peer_type::callbacks{
        [weak](std::vector<front_to_back_ticket>&& tickets, std::vector<std::string> faults) {
          auto self = weak.lock();
          auto port = self ? self->port() : nullptr;
          if (port == nullptr)
            return;
          if (faults.empty())
            port->accept_all(std::move(tickets));
          else
            port->accept_faulty(std::move(tickets), std::move(faults));
        },
        [table = table_, number](const std::string& details) {
          if (auto self = table->take(number))
            self->lost(details);
        },
      });
    connection->peer->open();
    connection->port()->join_fore_link(connection);
    connection->peer->attach(front);
    return connection;
  }

  std::shared_ptr<connection_table> table_;
  std::function<std::shared_ptr<rear_link>()> make_port_;
};

} // namespace

struct publication::state {
  caf::actor_system& system;
  caf::actor gate;
  uint16_t port;
  std::shared_ptr<connection_table> table;
};

publication::publication(std::unique_ptr<state> x) : state_(std::move(x)) {
}

publication::publication(publication&&) noexcept = default;

publication& publication::operator=(publication&& other) noexcept {
  close();
  state_ = std::move(other.state_);
  return *this;
}

publication::~publication() {
  close();
}

uint16_t publication::port() const noexcept {
  return state_->port;
}

size_t publication::connections() const {
  std::lock_guard guard{state_->table->mutex};
  return state_->table->entries.size();
}

void publication::close() {
  if (state_ == nullptr)
    return;
  state_->system.middleman().unpublish(state_->gate, state_->port);
  caf::anon_send_exit(state_->gate, caf::exit_reason::user_shutdown);
  std::vector<std::shared_ptr<back_connection>> open;
  {
    std::lock_guard guard{state_->table->mutex};
    for (auto& [number, connection] : state_->table->entries)
      open.push_back(connection);
  }
  for (auto& connection : open)
    connection->peer->lose("it was closed");
  state_.reset();
}

publication publish(caf::actor_system& system, std::function<std::shared_ptr<rear_link>()> make_port,
                    publish_options options) {
  if (!make_port)
    throw std::invalid_argument{"publish: make_port must not be empty"};
  auto table = std::make_shared<connection_table>();
  auto gate = system.spawn<gateway>(table, std::move(make_port));
  const char* address = options.address.empty() ? nullptr : options.address.c_str();
  auto port = system.middleman().publish(gate, options.port, address);
  if (!port) {
    caf::anon_send_exit(gate, caf::exit_reason::user_shutdown);
    throw std::runtime_error{"cannot listen on " + options.address + ":" + std::to_string(options.port) + ": "
                             + caf::to_string(port.error())};
  }
  return publication{std::make_unique<publication::state>(system, gate, *port, table)};
}

publication publish(caf::actor_system& system, const back_end& back, publish_options options) {
  return publish(system, back.port_maker(), std::move(options));
}

} // namespace tandem

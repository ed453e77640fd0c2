#include "publish.hpp"
#include "../../messages/greeting.hpp"
#include "../../messages/node_name.hpp"
#include "../../messages/type_ids.hpp"
#include "../compat/network.hpp"
#include "../log.hpp"
#include "session_pump.hpp"
#include "sockets/loopback.hpp"
#include "sockets/unread_limit.hpp"
#include "tls/tls.hpp"
#include "tls/tls_watch.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>

namespace tandem {

namespace {

using peer_type = session_pump<back_to_front_ticket, front_to_back_ticket>;

/// The part of a link between nodes at the back's node: one front.
class back_connection final : public fore_peer {
public:
  back_connection(std::shared_ptr<rear_link> port, const greeting& front)
    : link(front.link), session(front.session), port_(std::move(port)) {
  }

  const std::string link;
  const uint64_t session;
  std::shared_ptr<peer_type> peer;

  std::vector<refusal> accept(std::vector<back_to_front_ticket>&& tickets) override {
    return peer->send(std::move(tickets));
  }

  void received(std::vector<front_to_back_ticket>&& tickets) {
    auto to = port();
    if (to == nullptr)
      return;
    if (auto refused = to->accept(std::move(tickets)); !refused.empty())
      peer->send(failures_of<back_to_front_ticket>(std::move(refused)));
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
class connection_table {
public:
  uint64_t add(const std::shared_ptr<back_connection>& x) {
    std::lock_guard guard{mutex_};
    entries_.emplace(++last_, x);
    return last_;
  }

  /// Takes one out, to be destroyed without the lock.
  std::shared_ptr<back_connection> take(uint64_t number) {
    std::lock_guard guard{mutex_};
    auto entry = entries_.find(number);
    if (entry == entries_.end())
      return nullptr;
    auto result = std::move(entry->second);
    entries_.erase(entry);
    return result;
  }

  std::shared_ptr<back_connection> find(uint64_t number) const {
    std::lock_guard guard{mutex_};
    auto entry = entries_.find(number);
    return entry == entries_.end() ? nullptr : entry->second;
  }

  /// By the name that the front gave its link; not for fronts that gave none.
  std::shared_ptr<back_connection> find(const std::string& link) const {
    std::lock_guard guard{mutex_};
    for (const auto& [number, connection] : entries_)
      if (!link.empty() && connection->link == link)
        return connection;
    return nullptr;
  }

  std::vector<std::shared_ptr<back_connection>> all() const {
    std::lock_guard guard{mutex_};
    std::vector<std::shared_ptr<back_connection>> result;
    for (const auto& [number, connection] : entries_)
      result.push_back(connection);
    return result;
  }

  size_t size() const {
    std::lock_guard guard{mutex_};
    return entries_.size();
  }

private:
  mutable std::mutex mutex_;
  std::map<uint64_t, std::shared_ptr<back_connection>> entries_;
  uint64_t last_ = 0;
};

/// The published actor: answers hello with a connection.
class gateway final : public caf::event_based_actor {
public:
  gateway(caf::actor_config& config, std::shared_ptr<connection_table> table, port_factory make_port,
          link_options options, uint64_t operations, caf::actor end)
    : caf::event_based_actor(config),
      table_(std::move(table)),
      make_port_(std::move(make_port)),
      options_(std::move(options)),
      operations_(operations),
      end_(std::move(end)) {
  }

  const char* name() const override {
    return "tandem.gateway";
  }

  caf::behavior make_behavior() override {
    compat::refuse_unexpected(this);
    return {
      [this](const hello& x) { return greet(x); },
      [this](const tandem::window_over& x) {
        if (auto connection = table_->find(x.link))
          connection->peer->window_over(x.occasion, options_.window);
      },
      [this](const get_operations& x) -> caf::result<std::string> {
        if (!end_)
          return refuse("this gateway does not list operations");
        auto promise = make_response_promise<std::string>();
        promise.delegate(end_, x);
        return promise;
      },
    };
  }

private:
  static caf::error refuse(const std::string& why) {
    return caf::make_error(caf::sec::invalid_argument, why);
  }

  caf::result<welcome> greet(const hello& x) {
    if (!x.link)
      return refuse("hello without a link");
    if (current_sender() == nullptr || x.link->node() != current_sender()->node())
      return refuse("hello with a link of another node"); // this node would not hear of its end
    if (x.format < oldest_ticket_format)
      return refuse("ticket format " + std::to_string(x.format) + " is too old, this side reads from "
                    + std::to_string(oldest_ticket_format));
    std::string error;
    const auto front = parse_greeting(x.greeting, error);
    if (!front)
      return refuse(error);
    try {
      if (front->resume)
        return welcome_back(x, *front);
      return begin(x, *front);
    } catch (const std::exception& e) {
      return refuse(e.what());
    }
  }

  /// The greeting of this side.
  greeting own_greeting(const greeting& front) const {
    greeting result;
    result.node = options_.node_name;
    result.link = front.link;
    result.session = front.session;
    result.window = options_.window;
    result.operations = operations_;
    return result;
  }

  static welcome make_welcome(const hello& x, caf::actor channel, const greeting& own) {
    return {std::min<uint32_t>(x.format, ticket_format), std::move(channel), to_text(own)};
  }

  /// Without an address if that cannot be: the front will begin anew (S-LINK-4).
  welcome welcome_back(const hello& x, const greeting& front) {
    auto own = own_greeting(front);
    auto connection = table_->find(front.link);
    if (connection == nullptr || connection->session != front.session)
      return make_welcome(x, {}, own);
    auto channel = connection->peer->open_channel();
    own.received = connection->peer->received(); // no more frames come over the old channel
    own.resume = connection->peer->resume(x.link, front.received);
    if (own.resume)
      return make_welcome(x, channel, own);
    connection->peer->lose("what the other side lacks is not kept any more");
    return make_welcome(x, {}, own);
  }

  caf::result<welcome> begin(const hello& x, const greeting& front) {
    if (auto former = table_->find(front.link))
      former->peer->lose("the other side has begun anew");
    auto port = make_port_(front.node);
    if (port == nullptr)
      return refuse("this back takes no fronts now");
    auto connection = std::make_shared<back_connection>(std::move(port), front);
    const auto number = table_->add(connection);
    std::weak_ptr<back_connection> weak = connection;
    connection->peer = std::make_shared<peer_type>(
      system(), front.node.empty() ? "a front" : front.node, options_.linger,
      peer_type::callbacks{
        [weak](std::vector<front_to_back_ticket>&& tickets) {
          if (auto self = weak.lock())
            self->received(std::move(tickets));
        },
        [self = caf::actor_cast<caf::weak_actor_ptr>(this), number, window = options_.window](uint64_t occasion) {
          if (auto gate = caf::actor_cast<caf::actor>(self))
            compat::send_after(window, gate, tandem::window_over{number, occasion});
        },
        [table = table_, number](const std::string& details) {
          if (auto connection = table->take(number))
            connection->lost(details);
        },
      });
    auto channel = connection->peer->open_channel();
    connection->port()->join_fore_link(connection);
    const bool will_resume = front.session > 0 && front.window > duration::zero();
    connection->peer->begin(x.link, will_resume ? options_.kept() : 0, std::min<uint32_t>(x.format, ticket_format));
    return make_welcome(x, channel, own_greeting(front));
  }

  std::shared_ptr<connection_table> table_;
  port_factory make_port_;
  link_options options_;
  uint64_t operations_;
  caf::actor end_;
};

/// Whether to use TLS; throws if the options make no sense.
bool check_options(const caf::actor_system& system, const publish_options& x) {
  check_options(x.link);
  const bool tls = decide_tls(system, x.tls);
  if (!tls && !x.insecure && !is_loopback(x.address))
    throw std::invalid_argument{
      "publish_options: " + (x.address.empty() ? "the empty address" : x.address)
      + " can be reached from other machines, and without TLS nothing is encrypted and everybody can connect and "
        "send any message of CAF; use TLS (use_tls) or set insecure"};
  return tls;
}

/// A log that can be closed: connections outlive their publication.
class closable_log {
public:
  explicit closable_log(log_function log) : log_(std::move(log)) {
  }

  void write(const std::string& line) {
    std::lock_guard guard{mutex_};
    if (log_)
      write_log(*log_, line);
  }

  /// Returns when no thread uses it; none will again.
  void close() {
    std::lock_guard guard{mutex_};
    log_.reset();
  }

private:
  std::mutex mutex_;
  std::optional<log_function> log_; // none once it was closed
};

} // namespace

struct publication::state {
  caf::actor_system& system;
  caf::actor gate;
  uint16_t port;
  std::shared_ptr<connection_table> table; ///< guarded by the mutex; null once it was closed
  std::shared_ptr<closable_log> log;
  std::unique_ptr<tls_watch> watch;
  std::mutex mutex = {};
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
  std::lock_guard guard{state_->mutex};
  return state_->table ? state_->table->size() : 0;
}

void publication::close() {
  if (state_ == nullptr) // it was moved from
    return;
  std::shared_ptr<connection_table> table;
  {
    std::lock_guard guard{state_->mutex};
    table = std::exchange(state_->table, nullptr);
  }
  if (table == nullptr)
    return;
  const auto gate = std::exchange(state_->gate, {});
  compat::unpublish(state_->system, gate, state_->port);
  caf::anon_send_exit(gate, caf::exit_reason::user_shutdown);
  for (auto& connection : table->all())
    connection->peer->lose("it was closed");
  state_->log->close();
  state_->watch.reset();
}

publication publish(caf::actor_system& system, port_factory make_port, publish_options options) {
  if (!make_port)
    throw std::invalid_argument{"publish: make_port must not be empty"};
  const bool tls = check_options(system, options);
  if (options.link.node_name.empty())
    options.link.node_name = default_node_name();
  auto table = std::make_shared<connection_table>();
  auto gate = system.spawn<gateway>(table, std::move(make_port), options.link, options.operations, options.end);
  const char* address = options.address.empty() ? nullptr : options.address.c_str();
  auto log = std::make_shared<closable_log>(options.log);
  const auto write = [log](const std::string& line) { log->write(line); };
  auto port = compat::publish(system, gate, options.port, address, tls, write);
  if (!port) {
    caf::anon_send_exit(gate, caf::exit_reason::user_shutdown);
    throw std::runtime_error{"cannot listen on " + options.address + ":" + std::to_string(options.port) + ": "
                             + caf::to_string(port.error())};
  }
  limit_unread_from(system, *port);
  auto watch = tls ? std::make_unique<tls_watch>(*port, write) : nullptr;
  // Clang 14 cannot make an aggregate in parentheses, as make_unique does.
  return publication{
    // NOLINTNEXTLINE(modernize-make-unique)
    std::unique_ptr<publication::state>{new publication::state{system, gate, *port, table, log, std::move(watch)}}};
}

publication publish(caf::actor_system& system, const back_end& back, publish_options options) {
  if (options.operations == 0)
    options.operations = back.maximum_operations();
  if (!options.end)
    options.end = back.handle();
  return publish(system, back.port_maker(), std::move(options));
}

} // namespace tandem

#include <tandem/actors/compat/network.hpp>
#include <tandem/actors/links/half_link.hpp>
#include <tandem/actors/nodes/connect.hpp>
#include <tandem/actors/nodes/remote_peer.hpp>
#include <tandem/messages/type_ids.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

#include <future>
#include <set>
#include <stdexcept>
#include <variant>

namespace tandem {

namespace {

using peer_type = remote_peer<front_to_back_ticket, back_to_front_ticket>;

/// The front's node's part of a link between nodes.
class front_connection final : public duplex_link {
public:
  /// Two steps, because callbacks hold weak pointers.
  static std::shared_ptr<front_connection> make(caf::actor_system& system, const std::string& name) {
    auto result = std::make_shared<front_connection>();
    std::weak_ptr<front_connection> weak = result;
    result->peer_ = std::make_shared<peer_type>(
      system, name,
      peer_type::callbacks{
        [weak](std::vector<back_to_front_ticket>&& tickets, std::vector<std::string> faults) {
          if (auto self = weak.lock())
            self->received(std::move(tickets), std::move(faults));
        },
        [weak](const std::string& details) {
          if (auto self = weak.lock())
            self->lost(details);
        },
      });
    result->peer_->open();
    return result;
  }

  peer_type& peer() const {
    return *peer_;
  }

  // -- towards the back -----------------------------------------------------------------

  void accept(front_to_back_ticket ticket) override {
    auto refused = peer_->send({std::move(ticket)});
    if (!refused.empty())
      throw std::runtime_error{refused.front().reason};
  }

  std::vector<refusal> accept_all(std::vector<front_to_back_ticket>&& tickets) override {
    return peer_->send(tickets);
  }

  void join_fore_link(std::shared_ptr<fore_link> front) override {
    if (front == nullptr)
      throw std::invalid_argument{"join_fore_link: peer must not be null"};
    to_front_.join(std::move(front));
  }

  void fore_lost(const std::string& details) override {
    peer_->lose(details);
  }

  // -- towards the front: the tickets come from the peer, not from a link in this process ----------

  void accept(back_to_front_ticket ticket) override {
    to_front_.pass({std::move(ticket)});
  }

  std::vector<refusal> accept_all(std::vector<back_to_front_ticket>&& tickets) override {
    return to_front_.pass(std::move(tickets));
  }

  void join_rear_link(std::shared_ptr<rear_link>) override {
    throw std::logic_error{"join_rear_link: this link is joined to the other node for good"};
  }

private:
  void received(std::vector<back_to_front_ticket>&& tickets, std::vector<std::string> faults) {
    if (faults.empty())
      to_front_.pass(std::move(tickets));
    else
      to_front_.pass_faulty(std::move(tickets), std::move(faults));
  }

  void lost(const std::string& details) {
    if (auto front = std::dynamic_pointer_cast<fore_link>(to_front_.peer()))
      front->rear_lost(details);
  }

  std::shared_ptr<peer_type> peer_;
  half_link<back_to_front_ticket> to_front_;
};

using answer = std::variant<welcome, std::string>;

/// Finds the published gateway, says hello and reports the answer.
class connector final : public caf::event_based_actor {
public:
  connector(caf::actor_config& config, std::string host, uint16_t port, caf::actor link,
            std::shared_ptr<std::promise<answer>> report)
    : caf::event_based_actor(config), host_(std::move(host)), port_(port), link_(std::move(link)),
      report_(std::move(report)) {
  }

  const char* name() const override {
    return "tandem.connector";
  }

  caf::behavior make_behavior() override {
    find_gateway();
    return {[](wake) {}};
  }

private:
  void find_gateway() {
    compat::request_connection(this, host_, port_)
      .then(
        [this](const caf::node_id&, const caf::strong_actor_ptr& gateway, const std::set<std::string>&) {
          if (gateway == nullptr)
            done("nothing is published there");
          else
            say_hello(gateway);
        },
        [this](const caf::error& reason) {
          // CAF counts a new connection as silent since the beginning of time, and gives it up when its heartbeat falls
          // before the other side's first word. Who really says nothing is connect's timeout to judge.
          if (reason == caf::make_error(caf::sec::connection_timeout))
            find_gateway();
          else
            done(caf::to_string(reason));
        });
  }

  void say_hello(const caf::strong_actor_ptr& gateway) {
    auto* self = this;
    compat::request(self, caf::actor_cast<caf::actor>(gateway), hello{ticket_format, link_})
      .then([this](const welcome& x) { done(x); },
            [this](const caf::error& reason) { done("it refused: " + caf::to_string(reason)); });
  }

  void done(answer x) {
    report_->set_value(std::move(x));
    quit();
  }

  std::string host_;
  uint16_t port_;
  caf::actor link_;
  std::shared_ptr<std::promise<answer>> report_;
};

} // namespace

std::shared_ptr<duplex_link> connect(caf::actor_system& system, const std::string& host, uint16_t port,
                                     connect_options options) {
  if (host.empty())
    throw std::invalid_argument{"connect: host must not be empty"};
  const std::string name = host + ":" + std::to_string(port);
  auto fail = [&](const std::string& why) -> void {
    throw std::runtime_error{"cannot connect to " + name + ": " + why};
  };
  auto link = front_connection::make(system, name);
  auto report = std::make_shared<std::promise<answer>>();
  auto result = report->get_future();
  auto worker = system.spawn<connector>(host, port, link->peer().proxy(), report);
  if (result.wait_for(options.timeout) != std::future_status::ready) {
    caf::anon_send_exit(worker, caf::exit_reason::kill);
    fail("no answer within "
         + std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(options.timeout).count()) + " ms");
  }
  const answer x = result.get();
  if (auto* why = std::get_if<std::string>(&x))
    fail(*why);
  const auto& accepted = std::get<welcome>(x);
  if (!accepted.link || accepted.format < oldest_ticket_format || accepted.format > ticket_format)
    fail("it speaks ticket format " + std::to_string(accepted.format) + ", this side "
         + std::to_string(oldest_ticket_format) + " to " + std::to_string(ticket_format));
  link->peer().attach(accepted.link);
  return link;
}

void join(const front_end& front, const std::shared_ptr<duplex_link>& link) {
  if (link == nullptr)
    throw std::invalid_argument{"join: link must not be null"};
  link->join_fore_link(front.link());
  front.join_rear_link(link);
}

} // namespace tandem

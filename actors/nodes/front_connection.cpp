#include "front_connection.hpp"
#include "../../messages/greeting.hpp"
#include "../../messages/type_ids.hpp"
#include "../compat/network.hpp"
#include "sockets/loopback.hpp"
#include "sockets/unread_limit.hpp"

#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

#include <algorithm>
#include <set>
#include <stdexcept>

namespace tandem {

namespace {

/// How long an attempt to connect again waits for the host's answer: the question may have been lost, so it is asked
/// anew soon.
constexpr duration host_patience = std::chrono::seconds(1);
constexpr duration first_look = std::chrono::milliseconds(1);
constexpr duration longest_look = std::chrono::milliseconds(20);

} // namespace

// -- the link --------------------------------------------------------------------------------

/// In two steps, because callbacks hold weak pointers.
std::shared_ptr<front_connection> front_connection::make(caf::actor_system& system, const std::string& name,
                                                         duration linger) {
  auto result = std::make_shared<front_connection>();
  std::weak_ptr<front_connection> weak = result;
  result->peer_ = std::make_shared<peer_type>(system, name, linger,
                                              peer_type::callbacks{
                                                [weak](std::vector<back_to_front_ticket>&& tickets) {
                                                  if (auto self = weak.lock())
                                                    self->received(std::move(tickets));
                                                },
                                                [weak](uint64_t occasion) {
                                                  if (auto self = weak.lock())
                                                    self->interrupted(occasion);
                                                },
                                                [weak](const std::string& details) {
                                                  if (auto self = weak.lock())
                                                    self->lost(details);
                                                },
                                                [weak] {
                                                  if (auto self = weak.lock())
                                                    compat::anon_send(self->connector_, connect_now{});
                                                },
                                              });
  return result;
}

front_connection::~front_connection() {
  if (connector_)
    caf::anon_send_exit(connector_, caf::exit_reason::user_shutdown);
}

void front_connection::set_connector(caf::actor connector, duration window) {
  connector_ = std::move(connector);
  window_ = window;
}

void front_connection::begin(const caf::actor& peer, size_t resend_limit, uint32_t format, greeting other) {
  std::lock_guard guard{notices_};
  other_ = std::move(other);
  peer_->begin(peer, resend_limit, format);
  if (auto x = to_front_.peer())
    x->rear_ready();
}

greeting front_connection::other_side() const {
  std::lock_guard guard{notices_};
  return other_;
}

flush_result front_connection::flush(duration timeout) {
  return peer_->flush(timeout);
}

std::vector<refusal> front_connection::accept(std::vector<front_to_back_ticket>&& tickets) {
  return peer_->send(std::move(tickets));
}

void front_connection::join_fore_link(std::shared_ptr<fore_peer> front) {
  if (front == nullptr)
    throw std::invalid_argument{"join_fore_link: peer must not be null"};
  std::lock_guard guard{notices_};
  auto refused = to_front_.join(front);
  if (!peer_->has_session())
    front->rear_lost(peer_->lost_details());
  else if (!refused.empty())
    peer_->send(failures_of<front_to_back_ticket>(std::move(refused)));
}

void front_connection::fore_lost(const std::string& details) {
  peer_->lose(details);
}

caf::actor front_connection::handle(caf::actor_system& system) {
  return address_.get(system, *this);
}

void front_connection::received(std::vector<back_to_front_ticket>&& tickets) {
  to_front_.pass(std::move(tickets));
}

void front_connection::interrupted(uint64_t occasion) {
  compat::anon_send(connector_, connect_now{});
  compat::send_after(window_, connector_, tandem::window_over{0, occasion});
}

void front_connection::lost(const std::string& details) {
  std::lock_guard guard{notices_};
  if (auto x = to_front_.peer())
    x->rear_lost(details);
}

// -- connecting --------------------------------------------------------------------------------

connector::connector(caf::actor_config& config, std::weak_ptr<front_connection> link, std::string host, uint16_t port,
                     connect_options options, std::shared_ptr<std::promise<std::string>> report)
  : caf::event_based_actor(config),
    link_(std::move(link)),
    host_(std::move(host)),
    port_(port),
    options_(std::move(options)),
    report_(std::move(report)),
    link_name_(to_string(operation_id{random_bits(), random_bits()})),
    pause_(options_.first_pause),
    jitter_(static_cast<std::minstd_rand::result_type>(random_bits())) {
}

const char* connector::name() const {
  return "tandem.connector";
}

caf::behavior connector::make_behavior() {
  compat::refuse_unexpected(this);
  return {
    [this](const connect_now&) {
      if (!attempting_ && !pausing_)
        attempt();
    },
    [this](const timer_due&) { // the pause is over
      pausing_ = false;
      if (!attempting_)
        attempt();
    },
    [this](const gateway_ended& x) {
      if (attempting_ && x.attempt == attempts_)
        failed("the connection broke", true);
    },
    [this](const look_for_host& x) {
      if (attempting_ && x.attempt == attempts_ && host_answers_)
        await_host(std::min<duration>(host_look_ * 2, longest_look));
    },
    [this](const tandem::window_over& x) {
      if (auto link = link_.lock())
        link->peer().window_over(x.occasion, options_.link.window);
    },
  };
}

void connector::attempt() {
  auto link = link_.lock();
  if (link == nullptr)
    return quit();
  if (link->peer().is_losing() || (link->peer().has_session() && !link->peer().is_interrupted()))
    return;
  attempting_ = true;
  ++attempts_;
  if (is_loopback(host_))
    return find_gateway();
  host_answers_.emplace(host_, port_);
  host_until_
    = std::chrono::steady_clock::now() + (report_ ? options_.timeout : std::min(options_.timeout, host_patience));
  await_host(first_look);
}

void connector::await_host(duration look) {
  if (host_answers_->answered()) {
    host_answers_.reset();
    find_gateway();
  } else if (std::chrono::steady_clock::now() >= host_until_) {
    host_answers_.reset();
    failed("the host does not answer");
  } else {
    host_look_ = look;
    compat::send_after(look, caf::actor_cast<caf::actor>(this), look_for_host{attempts_});
  }
}

void connector::find_gateway() {
  compat::request_connection(this, host_, port_, *options_.tls)
    .then(
      [this, number = attempts_](const caf::node_id&, const caf::strong_actor_ptr& gateway,
                                 const std::set<std::string>&) {
        if (number != attempts_ || !attempting_)
          return;
        if (gateway == nullptr)
          failed("nothing is published there");
        else
          say_hello(gateway);
      },
      [this, number = attempts_](const caf::error& reason) {
        if (number == attempts_ && attempting_)
          failed(caf::to_string(reason),
                 compat::is_worth_another_attempt(reason, *options_.tls, std::chrono::steady_clock::now() - begun_));
      });
}

void connector::say_hello(const caf::strong_actor_ptr& gateway) {
  auto link = link_.lock();
  if (link == nullptr)
    return quit();
  const bool resuming = link->peer().is_interrupted();
  auto channel = link->peer().open_channel();
  greeting own{
    options_.link.node_name, link_name_, resuming ? session_ : session_ + 1, resuming, link->peer().received(),
    options_.link.window,    0};
  // CAF does not answer a request for a node that goes away meanwhile.
  gateway->get()->attach_functor([self = caf::actor_cast<caf::actor>(this), number = attempts_](const caf::error&) {
    compat::anon_send(self, gateway_ended{number});
  });
  auto* self = this;
  compat::request(self, caf::actor_cast<caf::actor>(gateway), hello{ticket_format, channel, to_text(own)})
    .then(
      [this, gateway, resuming, number = attempts_](const welcome& x) {
        if (number == attempts_ && attempting_)
          welcomed(gateway, resuming, x);
      },
      [this, number = attempts_](const caf::error& reason) {
        if (number == attempts_ && attempting_)
          failed("it refused: " + caf::to_string(reason));
      });
}

void connector::welcomed(const caf::strong_actor_ptr& gateway, bool resuming, const welcome& x) {
  auto link = link_.lock();
  if (link == nullptr)
    return quit();
  if (x.format < oldest_ticket_format || x.format > ticket_format)
    return failed("it speaks ticket format " + std::to_string(x.format) + ", this side "
                  + std::to_string(oldest_ticket_format) + " to " + std::to_string(ticket_format));
  std::string error;
  const auto other = parse_greeting(x.greeting, error);
  if (!other)
    return failed(error);
  if (resuming && other->resume && x.link && x.link->node() == gateway->node()) {
    if (!link->peer().resume(x.link, other->received))
      link->peer().lose("what the other side lacks is not kept any more");
    return succeeded();
  }
  if (resuming) {
    link->peer().lose("the other side does not know it any more: it was restarted, or has given it up");
    return say_hello(gateway);
  }
  if (!x.link)
    return failed("it gave no address for tickets");
  if (x.link->node() != gateway->node())
    return failed("it gave an address of another node for tickets");
  if (link->peer().is_losing())
    return failed("the last session has not ended yet");
  ++session_;
  // Frames that neither side will resume need not be kept.
  link->begin(x.link, other->window > duration::zero() ? options_.link.kept() : 0, x.format, *other);
  succeeded();
}

void connector::succeeded() {
  attempting_ = false;
  limit_unread_to(system(), port_);
  pause_ = options_.first_pause;
  if (auto report = std::exchange(report_, nullptr))
    report->set_value({});
  // The connection may have broken again meanwhile.
  if (auto link = link_.lock(); link && (link->peer().is_interrupted() || !link->peer().has_session()))
    compat::anon_send(caf::actor_cast<caf::actor>(this), connect_now{});
}

/// `again`: even if it is the first attempt, since CAF takes a connection that it has, and may not know yet that it
/// broke.
void connector::failed(const std::string& why, bool again) {
  attempting_ = false;
  if (auto report = again ? nullptr : std::exchange(report_, nullptr)) {
    report->set_value(why);
    return quit();
  }
  pausing_ = true;
  compat::send_after(next_pause(), caf::actor_cast<caf::actor>(this), timer_due{});
}

/// Doubles up to the longest; between half of it and all of it, so that many fronts do not come back all at once.
duration connector::next_pause() {
  const auto result = pause_ / 2 + duration{std::uniform_int_distribution<int64_t>{0, pause_.count() / 2}(jitter_)};
  pause_ = std::min<duration>(pause_ * 2, options_.longest_pause);
  return result;
}

} // namespace tandem

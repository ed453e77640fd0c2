#include "connector.hpp"
#include "../../messages/operation_id.hpp"
#include "tls/certificate_names.hpp"

#include <asio/ip/address.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace tandem {

namespace {

/// A connection that held for so long was a good one: attempts begin with the shortest pause again.
constexpr duration long_enough = std::chrono::seconds(1);

std::string in_words(duration x) {
  const auto milliseconds = x / std::chrono::milliseconds(1);
  return milliseconds % 1000 == 0 ? std::to_string(milliseconds / 1000) + " s" : std::to_string(milliseconds) + " ms";
}

} // namespace

connector::connector(caf::actor_system& system, std::shared_ptr<network> network, endpoint to, connect_options options,
                     std::shared_ptr<tls_credentials> credentials, std::shared_ptr<std::promise<connect_report>> report)
  : system_(system),
    network_(std::move(network)),
    to_(std::move(to)),
    options_(std::move(options)),
    credentials_(std::move(credentials)),
    report_(std::move(report)),
    log_(options_.log),
    limit_(network_->context()),
    pause_timer_(network_->context()),
    pause_(options_.first_pause),
    jitter_(static_cast<std::minstd_rand::result_type>(random_bits())) {
}

void connector::start(std::weak_ptr<front_link> link) {
  link_ = std::move(link);
  attempt();
}

void connector::close() {
  is_closed_ = true;
  limit_.cancel();
  pause_timer_.cancel();
  if (auto x = std::exchange(dialer_, nullptr))
    x->cancel();
  if (auto x = std::exchange(handshake_, nullptr))
    x->cancel("the link was dropped");
  if (auto x = std::exchange(session_, nullptr))
    x->stop_here();
}

// -- an attempt ----------------------------------------------------------------------------------

void connector::attempt() {
  if (is_closed_ || is_attempting_ || (session_ != nullptr && !session_->is_interrupted()))
    return;
  is_attempting_ = true;
  was_connected_ = false;
  ++attempts_;
  begun_ = steady_now();
  const auto weak = weak_from_this();
  limit_.expires_after(options_.link.handshake_timeout);
  limit_.async_wait([weak](const asio::error_code& e) {
    const auto self = weak.lock();
    if (e || self == nullptr || self->dialer_ == nullptr)
      return;
    std::exchange(self->dialer_, nullptr)->cancel();
    self->failed(failure::unanswered, "the host does not answer");
  });
  dialer_ = std::make_shared<dialer>(*network_, to_);
  dialer_->start([weak](std::optional<byte_stream::socket> socket, const std::string& why) {
    if (const auto self = weak.lock())
      self->dialed(std::move(socket), why);
  });
}

void connector::dialed(std::optional<byte_stream::socket> socket, const std::string& why) {
  dialer_ = nullptr;
  limit_.cancel();
  if (!socket)
    return failed(failure::refused, why);
  was_connected_ = true;
  auto stream = std::make_unique<byte_stream>(std::move(*socket));
  const auto weak = weak_from_this();
  const auto timeout
    = std::max<duration>(options_.link.handshake_timeout, 4 * (steady_now() - begun_)); // on a long path
  if (credentials_ == nullptr) {
    handshake_ = handshake::make(std::move(stream), timeout);
    return greet();
  }
  stream->begin_tls(credentials_->context());
  asio::error_code not_an_address;
  asio::ip::make_address(to_.host, not_an_address);
  if (not_an_address && !to_.is_local())
    SSL_set_tlsext_host_name(stream->tls(), to_.host.c_str());
  handshake_ = handshake::make(std::move(stream), timeout);
  handshake_->secure(asio::ssl::stream_base::client, [weak](const std::string& error) {
    if (const auto self = weak.lock(); self && self->handshake_)
      self->secured(error);
  });
}

/// S-PORT-8: the certificate has to be for the host that was wanted.
void connector::secured(const std::string& why) {
  // Whoever does not speak TLS says so soon.
  if (!why.empty())
    return failed(steady_now() - begun_ > options_.link.handshake_timeout / 2 ? failure::unanswered : failure::tls,
                  why);
  const auto wanted = options_.names.empty() ? std::vector{to_.host} : options_.names;
  auto* tls = handshake_->stream().tls();
  if (is_for(tls, wanted))
    return greet();
  std::string list;
  for (const auto& x : wanted)
    list += (list.empty() ? "" : ", ") + x;
  failed(failure::tls, "its certificate is for other names: wanted " + list + ", it is for " + names_of_peer(tls));
}

void connector::greet() {
  greeting own;
  own.node = options_.link.node_name;
  own.room = options_.link.read_ahead;
  if (session_ != nullptr) {
    own.session = session_id_;
    own.secret = secret_;
    own.received = session_->received();
    own.room = session_->room();
  }
  const auto weak = weak_from_this();
  handshake_->write(own, [weak](const std::string& error) {
    const auto self = weak.lock();
    if (self == nullptr || self->handshake_ == nullptr)
      return;
    // A failure shows when reading, with the other side's reason.
    self->handshake_->read([weak](std::optional<greeting> x, const std::string& why) {
      if (const auto self = weak.lock(); self && self->handshake_)
        self->welcomed(std::move(x), why);
    });
    static_cast<void>(error);
  });
}

void connector::welcomed(std::optional<greeting> x, const std::string& why) {
  if (!x) {
    const bool silent = why.starts_with("no handshake");
    return failed(silent ? failure::unanswered : credentials_ ? failure::tls : failure::refused, why);
  }
  if (!x->refused.empty())
    return failed(x->refused == tls_only ? failure::tls : failure::refused, "it refused: " + x->refused);
  const auto link = link_.lock();
  if (link == nullptr)
    return;
  auto stream = std::exchange(handshake_, nullptr)->end();
  node_description other{x->node, stream->peer(), stream->identity(), x->operations};
  auto connection = std::make_shared<tandem::connection>(std::move(stream));
  const core::connected how{x->received, steady_now() - begun_};
  if (session_ != nullptr && x->session != session_id_)
    session_->unknown("the other side does not know it any more: it was restarted, or has given it up");
  is_attempting_ = false; // an end above must not begin another attempt, one below may
  if (session_ == nullptr) {
    if (how.received != 0 || x->secret.empty()) {
      connection->close();
      return failed(failure::refused, x->session == session_id_ && !session_id_.empty()
                                        ? "it goes on with a session that has ended here meanwhile"
                                        : "its greeting begins no session, and does not go on with one");
    }
    begin(*x);
  }
  link->connected(std::move(other));
  told_why_.clear();
  settled_ = steady_now();
  if (auto report = std::exchange(report_, nullptr))
    report->set_value({});
  session_->attach(std::move(connection), how, x->room);
}

void connector::begin(const greeting& x) {
  session_id_ = x.session;
  secret_ = x.secret;
  const auto weak = weak_from_this();
  session_ = std::make_shared<session_type>(system_, network_, options_.link, to_string(to_),
                                            session_type::callbacks{
                                              .received =
                                                [link = link_](std::vector<back_to_front_ticket>&& tickets) {
                                                  const auto to = link.lock();
                                                  return to ? to->received(std::move(tickets)) : std::vector<refusal>{};
                                                },
                                              .heard =
                                                [link = link_](core::session_notice x) {
                                                  if (const auto to = link.lock())
                                                    to->heard(x);
                                                },
                                              .news =
                                                [weak, link = link_](const link_news& x) {
                                                  if (const auto to = link.lock())
                                                    to->news(x);
                                                  const auto self = weak.lock();
                                                  if (self && x.what == link_news::kind::interrupted)
                                                    self->connection_broke(x.details);
                                                },
                                              .ended =
                                                [weak](const std::string& details, bool in_order) {
                                                  if (const auto self = weak.lock())
                                                    self->session_over(details, in_order);
                                                },
                                            });
  if (const auto link = link_.lock())
    link->begin(session_);
}

// -- when it does not work -----------------------------------------------------------------------

void connector::failed(failure how, const std::string& why) {
  is_attempting_ = false;
  handshake_ = nullptr;
  if (is_closed_)
    return;
  last_why_ = why;
  if (const auto link = link_.lock())
    link->failed(why);
  if (report_ != nullptr && how != failure::unanswered) {
    is_closed_ = true;
    return std::exchange(report_, nullptr)->set_value({why, how == failure::tls});
  }
  if (report_ == nullptr && std::exchange(told_why_, why) != why)
    log_.write("cannot connect to " + to_string(to_) + ": " + why);
  try_again_after(next_pause());
}

void connector::give_up(duration after) {
  auto report = std::exchange(report_, nullptr);
  if (report == nullptr)
    return;
  const auto tried = std::to_string(attempts_) + (attempts_ == 1 ? " attempt" : " attempts");
  report->set_value({"no answer within " + in_words(after) + ": " + tried
                     + (was_connected_ || last_why_.starts_with("no handshake")
                          ? ", connected but no handshake came; is another program listening there?"
                          : ", and the host does not answer; is its address right, and no firewall between?")});
  close();
}

void connector::connection_broke(const std::string& why) {
  if (is_closed_)
    return;
  if (const auto link = link_.lock())
    link->failed(why);
  log_.write("the connection to " + to_string(to_) + " broke: " + why);
  if (steady_now() - settled_ >= long_enough)
    pause_ = options_.first_pause;
  // Not from here: the session is in the middle of it.
  try_again_after(duration::zero());
}

void connector::session_over(const std::string& details, bool in_order) {
  session_ = nullptr;
  if (const auto link = link_.lock())
    link->lost(details);
  if (is_closed_)
    return;
  if (!in_order)
    log_.write(details);
  if (steady_now() - settled_ >= long_enough)
    pause_ = options_.first_pause;
  try_again_after(next_pause());
}

void connector::try_again_after(duration pause) {
  if (is_attempting_)
    return;
  pause_timer_.expires_after(pause);
  pause_timer_.async_wait([weak = weak_from_this()](const asio::error_code& e) {
    if (const auto self = weak.lock(); self && !e)
      self->attempt();
  });
}

/// S-PORT-6: doubles up to the longest; between half of it and all of it, so that many fronts do not come back all at
/// once.
duration connector::next_pause() {
  const auto result = pause_ / 2 + duration{std::uniform_int_distribution<int64_t>{0, pause_.count() / 2}(jitter_)};
  pause_ = std::min<duration>(pause_ * 2, options_.longest_pause);
  return result;
}

} // namespace tandem

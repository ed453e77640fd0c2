#include "port_server.hpp"
#include "../../messages/hex.hpp"
#include "endpoint.hpp"

#include <asio/ip/v6_only.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/steady_timer.hpp>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace tandem {

namespace {

/// One handshake of TLS begins in this time, at the most, for it takes a good part of it (S-PORT-8).
constexpr duration tls_pace = std::chrono::milliseconds(2);

/// Random bytes that nobody can guess, as hexadecimal digits.
std::string random_text(size_t bytes) {
  std::string raw(bytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(raw.data()), static_cast<int>(bytes)) != 1)
    throw std::runtime_error{"this machine has no random numbers"};
  std::string result;
  for (const char c : raw)
    hex::append(result, static_cast<unsigned char>(c), 2);
  return result;
}

/// The time that this takes does not tell how much of it was right.
bool is_same_secret(const std::string& x, const std::string& y) {
  return x.size() == y.size() && CRYPTO_memcmp(x.data(), y.data(), x.size()) == 0;
}

/// An address without its port.
std::string host_of(const std::string& peer) {
  return peer.substr(0, peer.rfind(':'));
}

/// What an error of the operating system means here.
std::string why_not_listening(const asio::error_code& e) {
  if (e == asio::error::address_in_use)
    return "the port is in use (0 takes any free one)";
  if (e == asio::error_code{EADDRNOTAVAIL, asio::error::get_system_category()})
    return "this machine has no such address";
  if (e == asio::error::access_denied)
    return "not permitted (ports below 1024 need privileges)";
  return e.message();
}

/// Removes a socket that a process left behind; false if somebody listens there, or if it is something else.
bool remove_leftover(const std::string& path) {
  struct stat what {};
  if (::lstat(path.c_str(), &what) != 0)
    return true;
  if (!S_ISSOCK(what.st_mode))
    return false;
  asio::io_context own;
  asio::local::stream_protocol::socket probe{own};
  asio::error_code e;
  probe.connect({path}, e);
  return e == asio::error::connection_refused && ::unlink(path.c_str()) == 0;
}

} // namespace

port_server::port_server(caf::actor_system& system, network& where, port_factory make_port, publish_options options,
                         std::shared_ptr<tls_credentials> credentials, std::shared_ptr<limited_log> log)
  : system_(system),
    network_(where),
    make_port_(std::move(make_port)),
    options_(std::move(options)),
    credentials_(std::move(credentials)),
    log_(std::move(log)),
    counts_(std::make_shared<connection_counts>()) {
}

// -- listening -----------------------------------------------------------------------------------

std::vector<any_address> port_server::addresses() const {
  const endpoint where{options_.address, options_.port};
  if (where.is_local())
    return {asio::local::stream_protocol::endpoint{where.path()}};
  if (options_.address.empty())
    return {asio::ip::tcp::endpoint{asio::ip::address_v4::any(), options_.port},
            asio::ip::tcp::endpoint{asio::ip::address_v6::any(), options_.port}};
  asio::error_code e;
  auto result = look_up(options_.address, options_.port, asio::ip::resolver_base::passive, e);
  if (result.empty())
    throw std::runtime_error{"its address cannot be looked up: " + e.message()};
  return result;
}

void port_server::listen_at(const any_address& where) {
  acceptor result{network_.context()};
  asio::error_code e;
  result.open(where.protocol(), e);
  const bool is_tcp = where.protocol().family() != AF_UNIX;
  if (!e && is_tcp)
    result.set_option(asio::socket_base::reuse_address{true}, e);
  if (!e && where.protocol().family() == AF_INET6)
    result.set_option(asio::ip::v6_only{true}, e);
  if (!e)
    result.bind(where, e);
  if (!e)
    result.listen(asio::socket_base::max_listen_connections, e);
  if (!e)
    result.non_blocking(true, e);
  if (e)
    throw std::runtime_error{why_not_listening(e)};
  if (is_tcp) {
    port_ = tcp_endpoint(result.local_endpoint()).port();
  } else {
    path_ = endpoint{options_.address, 0}.path();
  }
  acceptors_.push_back(std::move(result));
}

void port_server::listen() {
  const endpoint where{options_.address, options_.port};
  const auto name = where.host.empty() ? "port " + std::to_string(where.port) : to_string(where);
  try {
    if (where.is_local() && !remove_leftover(where.path()))
      throw std::runtime_error{"something else is there"};
    std::string why;
    for (auto x : addresses()) {
      // The others listen at the port that the first one got.
      if (port_ != 0 && options_.port == 0) {
        auto own = tcp_endpoint(x);
        own.port(port_);
        x = own;
      }
      try {
        listen_at(x);
      } catch (const std::runtime_error& e) {
        why = e.what();
      }
    }
    if (acceptors_.empty())
      throw std::runtime_error{why};
  } catch (const std::runtime_error& e) {
    throw std::runtime_error{"cannot listen on " + name + ": " + e.what()};
  }
}

void port_server::start() {
  for (size_t i = 0; i < acceptors_.size(); ++i)
    accept(i);
}

void port_server::accept(size_t index) {
  auto socket = std::make_shared<byte_stream::socket>(network_.context());
  acceptors_[index].async_accept(*socket, [self = shared_from_this(), socket, index](const asio::error_code& e) {
    if (self->is_closed_)
      return;
    if (e == asio::error::no_descriptors || e == asio::error::no_buffer_space || e == asio::error::no_memory
        || e == asio::error_code{ENFILE, asio::error::get_system_category()})
      return self->cannot_accept(index, e);
    if (!e) {
      self->is_short_of_descriptors_ = false;
      self->introduce(std::move(*socket));
    }
    self->accept(index);
  });
}

/// S-PORT-9: whoever waits goes on waiting.
void port_server::cannot_accept(size_t index, const asio::error_code& e) {
  if (!std::exchange(is_short_of_descriptors_, true))
    log_->write("takes no connections for now: " + e.message());
  auto pause = std::make_shared<asio::steady_timer>(network_.context(), std::chrono::milliseconds(100));
  pause->async_wait([weak = weak_from_this(), index, pause](const asio::error_code&) {
    if (const auto self = weak.lock(); self && !self->is_closed_)
      self->accept(index);
  });
}

void port_server::close() {
  if (std::exchange(is_closed_, true))
    return;
  asio::error_code ignored;
  for (auto& x : acceptors_)
    x.close(ignored);
  if (!path_.empty())
    ::unlink(path_.c_str());
  for (const auto& x : std::exchange(strangers_, {}))
    x->handshake->cancel("the port was closed");
  for (const auto& [id, front] : std::exchange(sessions_, {})) {
    front->session().stop_here();
    front->lost("the connection is lost: it was closed");
  }
  session_count_ = 0;
}

void port_server::say(core::session_notice x) {
  notice_ = x;
  for (const auto& [id, front] : sessions_)
    front->say(x);
}

port_status port_server::status() const {
  port_status result{counts_->all, strangers_.size(), {}, refused_};
  for (const auto& [id, front] : sessions_)
    result.fronts.push_back({front->description, front->session().status()});
  return result;
}

std::vector<std::shared_ptr<remote_front>> port_server::fronts() const {
  std::vector<std::shared_ptr<remote_front>> result;
  for (const auto& [id, front] : sessions_)
    result.push_back(front);
  return result;
}

// -- strangers -----------------------------------------------------------------------------------

void port_server::introduce(byte_stream::socket socket) {
  auto stream = std::make_unique<byte_stream>(std::move(socket));
  auto who = std::make_shared<stranger>();
  who->name = stream->peer();
  who->since = steady_now();
  const auto host = host_of(who->name);
  ++counts_->all;
  const auto of_host = ++counts_->of_host[host];
  stream->keep(std::shared_ptr<void>{nullptr, [counts = counts_, host](void*) {
                                       --counts->all;
                                       if (--counts->of_host[host] == 0)
                                         counts->of_host.erase(host);
                                     }});
  const auto refused = [&](const std::string& why) { log_refusal(who->name, "limit", why); };
  if (counts_->all > options_.limits.connections)
    return refused("limits.connections is " + std::to_string(options_.limits.connections));
  if (of_host > options_.limits.connections_per_address)
    return refused("limits.connections_per_address is " + std::to_string(options_.limits.connections_per_address));
  if (strangers_.size() >= options_.limits.strangers) {
    const auto oldest = strangers_.front();
    refuse(oldest, "limit",
           "others came after it, and limits.strangers is " + std::to_string(options_.limits.strangers));
  }
  who->handshake = handshake::make(std::move(stream), options_.link.handshake_timeout);
  strangers_.push_back(who);
  if (credentials_)
    wait_for_tls(who);
  else
    read(who);
}

/// A handshake costs something only when the other side has said something, and only a few at a time.
void port_server::wait_for_tls(const stranger_ptr& who) {
  who->handshake->wait_for_word([self = shared_from_this(), who](const std::string& error) {
    if (!error.empty())
      return self->refuse(who, "silence", error);
    if (const auto word = who->handshake->first_word(); !word.empty() && may_be_handshake(word))
      return self->turn_away(who, "TLS", std::string{tls_only});
    const auto at = std::max(steady_now(), self->next_tls_handshake_);
    self->next_tls_handshake_ = at + tls_pace;
    if (at <= steady_now())
      return self->secure(who);
    auto turn = std::make_shared<asio::steady_timer>(self->network_.context(), at);
    turn->async_wait([self, who, turn](const asio::error_code&) {
      if (!self->is_closed_)
        self->secure(who);
    });
  });
}

void port_server::secure(const stranger_ptr& who) {
  who->handshake->stream().begin_tls(credentials_->context());
  who->handshake->secure(asio::ssl::stream_base::server, [self = shared_from_this(), who](const std::string& error) {
    if (!error.empty())
      return self->refuse(who, "TLS", error);
    self->read(who);
  });
}

void port_server::read(const stranger_ptr& who) {
  who->handshake->read([self = shared_from_this(), who](std::optional<greeting> x, const std::string& why) {
    if (self->is_closed_)
      return;
    if (!x)
      return self->refuse(who, why.starts_with("no handshake") ? "silence" : "handshake", why);
    who->identity = who->handshake->stream().identity();
    self->greeted(who, *x);
  });
}

/// Not a word to it: whoever does not speak the protocol would not understand.
void port_server::refuse(const stranger_ptr& who, const char* cause, const std::string& why) {
  if (is_closed_)
    return;
  log_refusal(who->name, cause, why);
  strangers_.remove(who);
  who->handshake->cancel(why);
}

void port_server::log_refusal(const std::string& who, const char* cause, const std::string& why) {
  ++refused_[cause];
  log_->write("refused " + who + ": " + why);
}

/// It speaks the protocol, so it is told.
void port_server::turn_away(const stranger_ptr& who, const char* cause, const std::string& why) {
  log_refusal(to_string(node_description{.node = who->name, .identity = who->identity}), cause, why);
  greeting own;
  own.node = options_.link.node_name;
  own.refused = why;
  who->handshake->write(own, [self = shared_from_this(), who](const std::string&) {
    self->strangers_.remove(who);
    who->handshake->cancel("it was refused");
  });
}

// -- sessions ------------------------------------------------------------------------------------

void port_server::greeted(const stranger_ptr& who, const greeting& x) {
  if (const auto front = find(x, who->identity)) {
    front->session().detach("it connected anew"); // no more frames come over the old connection
    if (sessions_.contains(front->id))
      return welcome(who, front, false, x);
  }
  begin(who, x);
}

/// S-PORT-3: the session that this front has proved to have begun; null if there is none.
std::shared_ptr<remote_front> port_server::find(const greeting& x, const std::string& identity) const {
  const auto found = sessions_.find(x.session);
  if (found == sessions_.end() || !is_same_secret(found->second->secret, x.secret)
      || found->second->description.identity != identity)
    return nullptr;
  return found->second;
}

/// Whether this peer may have another session. If it has too many, one goes that is interrupted and has carried
/// nothing: its front has perhaps not heard of it.
bool port_server::has_room_for(const std::string& peer) {
  size_t count = 0;
  std::shared_ptr<remote_front> unused;
  for (const auto& [id, front] : sessions_)
    if (front->peer == peer) {
      ++count;
      if (front->session().is_interrupted() && front->session().received() == 0)
        unused = front;
    }
  if (count < options_.limits.sessions_per_peer)
    return true;
  if (unused == nullptr)
    return false;
  unused->session().unknown("others came after it");
  return true;
}

void port_server::begin(const stranger_ptr& who, const greeting& x) {
  const auto peer = who->identity.empty() ? host_of(who->name) : who->identity;
  if (!has_room_for(peer))
    return turn_away(who, "limit", "limits.sessions_per_peer is " + std::to_string(options_.limits.sessions_per_peer));
  const node_description description{.node = x.node,
                                     .address = who->name,
                                     .identity = who->identity,
                                     .operations = options_.limits.operations_per_session,
                                     .waiting_bytes = options_.limits.waiting_bytes_per_session};
  std::shared_ptr<remote_front> front;
  try {
    auto port = make_port_(description);
    if (port == nullptr)
      return turn_away(who, "back", "this back takes no fronts now");
    front = std::make_shared<remote_front>(random_text(8), random_text(16), description, peer, std::move(port));
    front->begin(system_, network_.shared_from_this(), options_.link, x.node.empty() ? who->name : x.node,
                 [weak = weak_from_this(), id = front->id](const std::string& details, bool in_order) {
                   if (const auto self = weak.lock())
                     self->session_over(id, details, in_order);
                 });
  } catch (...) { // of make_port, or of the port that it made, when it is joined
    return turn_away(who, "back", current_reason("the back"));
  }
  if (notice_ != core::session_notice::ready)
    front->say(notice_);
  sessions_.emplace(front->id, front);
  session_count_ = sessions_.size();
  welcome(who, front, true, x);
}

void port_server::welcome(const stranger_ptr& who, const std::shared_ptr<remote_front>& front, bool is_new,
                          const greeting& x) {
  greeting own;
  own.node = options_.link.node_name;
  own.session = front->id;
  own.secret = is_new ? front->secret : std::string{};
  own.received = front->session().received();
  own.room = front->session().room();
  own.operations = options_.operations;
  const uint64_t received = is_new ? 0 : x.received; // whatever session it had in mind
  who->handshake->write(
    own, [self = shared_from_this(), who, front, is_new, received, room = x.room](const std::string& error) {
      self->strangers_.remove(who);
      if (!error.empty() && is_new)
        front->session().unknown("its front has not heard of it: " + error);
      if (self->is_closed_ || !error.empty())
        return; // the front will try again
      const duration setup = steady_now() - who->since;
      front->session().attach(std::make_shared<connection>(who->handshake->end()), {received, setup}, room);
    });
}

void port_server::session_over(const std::string& id, const std::string& details, bool in_order) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end())
    return;
  const auto front = std::move(found->second);
  sessions_.erase(found);
  if (!in_order)
    log_->write(details);
  session_count_ = sessions_.size();
  front->lost(details);
}

} // namespace tandem

#include "guarded_connection.hpp"
#include "../../../messages/caf/bytes.hpp"
#include "../../../messages/caf/version.hpp"
#include "basp_guard.hpp"

#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/doorman_impl.hpp>
#include <caf/io/network/scribe_impl.hpp>
#include <caf/make_counted.hpp>

#include <algorithm>
#include <chrono>
#include <list>
#include <memory>
#include <type_traits>
#include <utility>

#include <sys/socket.h>

namespace tandem::compat {

namespace {

namespace io = caf::io;
namespace network = caf::io::network;

using multiplexer = network::default_multiplexer;
using network::native_socket;
using buffer = std::remove_reference_t<decltype(std::declval<io::scribe&>().rd_buf())>;
#if TANDEM_CAF_17
using run_context = caf::execution_unit;
#else
using run_context = caf::scheduler;
#endif

multiplexer& multiplexer_of(caf::actor_system& system) {
  return dynamic_cast<multiplexer&>(system.middleman().backend());
}

/// The network thread's data of a port.
class port_watch {
public:
  explicit port_watch(std::function<void(const std::string&)> log) : log_(std::move(log)) {
  }

  /// A peer that floods the port must not flood the log too.
  void refused(const std::string& who, const std::string& why) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= second_ + std::chrono::seconds(1)) {
      second_ = now;
      lines_ = 0;
    }
    if (++lines_ > most_lines)
      ++unsaid_;
    else if (log_)
      log_("refused " + who + ": " + why
           + (unsaid_ > 0 ? " (and " + std::to_string(std::exchange(unsaid_, 0)) + " others before)" : ""));
  }

  /// Those without a handshake, by what ends them; the longest first.
  std::list<std::function<void()>> strangers;

private:
  static constexpr size_t most_lines = 10; // in a second

  std::function<void(const std::string&)> log_;
  std::chrono::steady_clock::time_point second_{};
  size_t lines_ = 0;
  size_t unsaid_ = 0;
};

// -- a connection --------------------------------------------------------------------------

/// CAF's connection, but what comes is looked at first.
class guarded_scribe final : public network::scribe_impl {
public:
  /// `watch`: of the port where it came in.
  guarded_scribe(multiplexer& backend, native_socket socket, std::shared_ptr<port_watch> watch)
    : scribe_impl(backend, socket), watch_(std::move(watch)) {
    name_ = addr() + ":" + std::to_string(port()); // one that was reset no longer has an address
    place_ = watch_->strangers.insert(watch_->strangers.end(), [this] { refuse("others came after it"); });
  }

  ~guarded_scribe() override {
    leave_strangers();
  }

  /// CAF's protocol wants an exact number of bytes, always.
  void configure_read(io::receive_policy::config config) override {
    wanted_ = config.second;
    configure_piece();
  }

  bool consume(run_context* context, const void* data, size_t size) override {
    if (detached())
      return false;
    if (wanted_ <= allocated_at_once)
      return consume_all(context);
    const auto* bytes = static_cast<const buffer::value_type*>(data);
    collected_.insert(collected_.end(), bytes, bytes + size);
    if (collected_.size() < wanted_) {
      configure_piece();
      return true;
    }
    rd_buf().swap(collected_);
    collected_ = buffer{};
    const bool result = consume_all(context);
    rd_buf() = buffer{};
    return result;
  }

private:
  void configure_piece() {
    scribe_impl::configure_read(io::receive_policy::exactly(std::min(wanted_ - collected_.size(), allocated_at_once)));
  }

  /// A whole header or payload is in rd_buf().
  bool consume_all(run_context* context) {
    auto& bytes = rd_buf();
    auto& broker = static_cast<io::basp_broker&>(*parent()); // nobody else gets one of these
    const bool was_stranger = !guard_.is_introduced();
    const char* problem = nullptr;
    {
      const proxies_known known{&broker.instance.proxies()};
      problem = guard_.check(broker.system(), {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
    const bool result = problem == nullptr && scribe_impl::consume(context, bytes.data(), bytes.size());
    if (problem == nullptr && was_stranger && guard_.is_introduced() && !detached()) {
      leave_strangers();
      // CAF 1.x takes no second connection of a node, but does not close it.
      if (broker.instance.tbl().lookup_direct(hdl()) == caf::node_id{})
        problem = "its node is connected already";
    }
    if (problem == nullptr)
      return result;
    refuse(problem);
    return false;
  }

  /// As if the other side had closed.
  void refuse(const char* why) {
    watch_->refused(name_, why);
    ::shutdown(stream_.fd(), SHUT_RDWR);
    leave_strangers();
    io_failure(&stream_.backend(), network::operation::read);
  }

  void leave_strangers() {
    if (place_ != watch_->strangers.end())
      watch_->strangers.erase(std::exchange(place_, watch_->strangers.end()));
  }

  basp_guard guard_;
  std::shared_ptr<port_watch> watch_;
  std::string name_;                                 // for its log
  std::list<std::function<void()>>::iterator place_; // among its strangers
  size_t wanted_ = 0;
  buffer collected_; // of a message that comes in pieces
};

// -- a port --------------------------------------------------------------------------------

class guarded_doorman final : public network::doorman_impl {
public:
  guarded_doorman(multiplexer& backend, native_socket socket, std::function<void(const std::string&)> log)
    : doorman_impl(backend, socket), watch_(std::make_shared<port_watch>(std::move(log))) {
  }

  bool new_connection() override {
    if (detached())
      return false;
    auto& backend = acceptor_.backend();
    auto visitor = caf::make_counted<guarded_scribe>(backend, acceptor_.accepted_socket(), watch_);
    const auto handle = visitor->hdl();
    parent()->add_scribe(std::move(visitor));
    const bool result = doorman::new_connection(&backend, handle);
    if (watch_->strangers.size() > most_strangers)
      std::function<void()>{watch_->strangers.front()}();
    return result;
  }

private:
  std::shared_ptr<port_watch> watch_;
};

} // namespace

caf::expected<io::doorman_ptr> listen(caf::actor_system& system, uint16_t port, const char* address,
                                      std::function<void(const std::string&)> log) {
  auto& backend = multiplexer_of(system);
  auto socket = network::new_tcp_acceptor_impl(port, address, true);
  if (!socket)
    return std::move(socket.error());
  return io::doorman_ptr{caf::make_counted<guarded_doorman>(backend, *socket, std::move(log))};
}

} // namespace tandem::compat

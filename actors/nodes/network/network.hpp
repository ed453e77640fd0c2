/// The network thread: one for all links and publications of the process, there as long as one of them is. All that
/// moves over sockets runs in it, so what only it uses needs no lock. Internal to nodes/.
///
///     auto network = network::shared();
///     asio::post(network->context(), [] { ... });   // runs in the network thread
///
/// Between two events it also runs shards that few tickets have woken (execution/trampoline.hpp), and so customer code,
/// which may take its time. There are two threads therefore, of which one leads, and is the network thread; when it has
/// not come back from a shard in time, the other one takes the lead.
#pragma once

#include "../../../messages/time.hpp"

#include <asio/io_context.hpp>

#include <memory>

namespace tandem {

class network : public std::enable_shared_from_this<network> {
public:
  /// That of this process; begins a thread if there is none. Any thread.
  static std::shared_ptr<network> shared();

  /// For shared() only.
  network();

  /// Waits for the threads to end, except for the caller's.
  ~network();

  network(const network&) = delete;
  network& operator=(const network&) = delete;

  asio::io_context& context() noexcept;

  /// Whether the caller is the network thread, at an event.
  bool is_here() const noexcept;

  /// Whether shards may run in the network thread: another one is there to take the lead. Network thread only.
  bool may_visit_shards() const noexcept;

  /// A frame has come: the thread goes on looking for up to `linger` before it sleeps, and lets every other thread go
  /// first meanwhile. To wake a thread that sleeps on another core takes longer than all the rest of an operation that
  /// is alone. After each time that it looked in vain it tries only half as often, down to once in 256 frames, so that
  /// rare frames cost little. Network thread only.
  void linger(duration linger);

  /// For customer code in a shard that the network thread runs: while one exists, that is the network thread again, and
  /// keeps the lead, unless it has lost it. Does nothing in other threads.
  class return_from_shard {
  public:
    explicit return_from_shard(network& where);
    ~return_from_shard();

    return_from_shard(const return_from_shard&) = delete;
    return_from_shard& operator=(const return_from_shard&) = delete;

  private:
    network& network_;
    bool is_back_;
  };

private:
  struct threads;
  std::shared_ptr<threads> threads_;
};

} // namespace tandem

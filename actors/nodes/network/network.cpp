#include "network.hpp"
#include "../../execution/trampoline.hpp"
#include "../../links/link.hpp"
#include "../../log.hpp"
#include "lingering.hpp"

#include <asio/executor_work_guard.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace tandem {

namespace {

/// The network can do without the thread that leads for so long.
constexpr duration patience = std::chrono::milliseconds(10);

} // namespace

/// Shared with the threads, one of which may outlive the network if it destroys that itself.
struct network::threads {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  tandem::lingering lingering; // of the leader
  std::array<std::thread, 2> both;

  // -- who leads --------------------------------------------------------------------------------

  std::mutex mutex; // guards what follows
  std::condition_variable changed;
  size_t leader = 0;
  bool is_over = false;

  std::atomic<time_point> visits_since{time_point{}}; // the leader runs shards, since this time; zero: it does not
  std::atomic<uint64_t> visits{0};
  std::atomic<bool> other_waits{false};  // to be the leader ...
  std::atomic<bool> other_sleeps{false}; // ... and is to be woken at the next visit

  void run(size_t own);
  bool await_lead(size_t own);
  void lead(size_t own);
  void begin_visit();
  bool end_visit(size_t own);
};

namespace {

/// What the calling thread is to which network.
struct place {
  const void* threads = nullptr;
  size_t own = 0;
  bool visits = false;
};

thread_local place here;

} // namespace

void network::threads::run(size_t own) {
  here = {this, own, false};
  while (await_lead(own))
    lead(own);
}

/// False when it is over. A thread that waits looks after the leader every few milliseconds, as long as that visits
/// shards, and sleeps otherwise.
bool network::threads::await_lead(size_t own) {
  std::unique_lock lock{mutex};
  uint64_t seen = visits;
  other_waits = true;
  while (leader != own && !is_over) {
    const auto since = visits_since.load();
    if (since != time_point{} && steady_now() - since > patience) {
      leader = own;
      visits_since = time_point{};
    } else if (since != time_point{} || visits != seen) {
      seen = visits;
      changed.wait_for(lock, patience / 2);
    } else {
      other_sleeps = true;
      if (visits == seen)
        changed.wait(lock, [this] { return !other_sleeps || is_over; });
      other_sleeps = false;
    }
  }
  other_waits = false;
  return !is_over;
}

void network::threads::lead(size_t own) {
  while (!context.stopped()) {
    bool visited = false;
    {
      trampoline shards{trampoline::place::network};
      try {
        if (!lingering.is_looking())
          context.run_one();
        else if (context.poll_one() == 0)
          lingering.look();
      } catch (...) { // costs what threw, not the process
        write_to_standard_error("the network thread caught: " + current_reason("a handler"));
      }
      visited = !shards.empty();
      if (visited)
        begin_visit();
    }
    if (visited && !end_visit(own))
      return;
  }
}

void network::threads::begin_visit() {
  here.visits = true;
  visits_since = steady_now();
  ++visits;
  if (other_sleeps.exchange(false)) {
    std::lock_guard guard{mutex};
    changed.notify_all();
  }
}

/// False if the other thread has taken the lead meanwhile.
bool network::threads::end_visit(size_t own) {
  here.visits = false;
  std::lock_guard guard{mutex};
  if (leader == own)
    visits_since = time_point{};
  return leader == own;
}

// -- the network ---------------------------------------------------------------------------------

std::shared_ptr<network> network::shared() {
  static std::mutex mutex;
  static std::weak_ptr<network> known;
  std::lock_guard guard{mutex};
  auto result = known.lock();
  if (result == nullptr)
    known = result = std::make_shared<network>();
  return result;
}

network::network() : threads_(std::make_shared<threads>()) {
  for (size_t i = 0; i < threads_->both.size(); ++i)
    threads_->both[i] = std::thread{[x = threads_, i] { x->run(i); }};
}

network::~network() {
  {
    std::lock_guard guard{threads_->mutex};
    threads_->is_over = true;
    threads_->changed.notify_all();
  }
  threads_->work.reset();
  threads_->context.stop();
  for (auto& x : threads_->both)
    if (x.get_id() == std::this_thread::get_id())
      x.detach();
    else
      x.join();
}

asio::io_context& network::context() noexcept {
  return threads_->context;
}

bool network::is_here() const noexcept {
  return here.threads == threads_.get() && !here.visits;
}

bool network::may_visit_shards() const noexcept {
  return threads_->other_waits;
}

void network::linger(duration linger) {
  threads_->lingering.frame_came(linger);
}

network::return_from_shard::return_from_shard(network& where) : network_(where), is_back_(false) {
  if (here.threads != where.threads_.get() || !here.visits)
    return;
  is_back_ = where.threads_->end_visit(here.own);
  here.visits = !is_back_;
}

network::return_from_shard::~return_from_shard() {
  if (is_back_)
    network_.threads_->begin_visit();
}

} // namespace tandem

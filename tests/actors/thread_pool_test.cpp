#include "../../actors/execution/strand.hpp"
#include "../../actors/execution/thread_pool.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <latch>
#include <stdexcept>
#include <vector>

using namespace tandem;

namespace {

std::vector<int> numbers_up_to(int count) {
  std::vector<int> result;
  result.reserve(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i)
    result.push_back(i);
  return result;
}

} // namespace

TEST_CASE("thread pool: needs a thread") {
  CHECK_THROWS_AS(thread_pool{0}, std::invalid_argument);
}

TEST_CASE("thread pool: runs jobs on a thread of its own") {
  std::promise<std::thread::id> where;
  thread_pool pool{1};
  pool.post([&] { where.set_value(std::this_thread::get_id()); });
  CHECK(where.get_future().get() != std::this_thread::get_id());
}

TEST_CASE("thread pool: one thread runs jobs in the order given") {
  std::vector<int> order;
  {
    thread_pool pool{1};
    for (int i = 0; i < 1000; ++i)
      pool.post([&, i] { order.push_back(i); });
  }
  CHECK(order == numbers_up_to(1000));
}

TEST_CASE("thread pool: several threads run jobs at the same time") {
  std::latch all_run{3}; // none of the jobs ends before all have begun
  std::latch done{3};
  thread_pool pool{3};
  for (int i = 0; i < 3; ++i)
    pool.post([&] {
      all_run.arrive_and_wait();
      done.count_down();
    });
  done.wait();
}

TEST_CASE("thread pool: the destructor waits for what was posted, and for what that posts") {
  std::atomic<int> run{0};
  {
    thread_pool pool{2};
    std::promise<void> go;
    auto gate = go.get_future().share();
    for (int i = 0; i < 100; ++i)
      pool.post([&, gate] {
        gate.wait();
        pool.post([&] { ++run; });
        ++run;
      });
    go.set_value();
  }
  CHECK(run == 200);
}

TEST_CASE("thread pool: may be released by one of its own jobs") {
  for (size_t threads : {1u, 3u}) {
    // Shared: the pool's destructor does not wait for the thread that it runs on.
    struct events {
      std::promise<void> handed_over;
      std::promise<void> released;
      std::promise<void> later;
    };
    auto happened = std::make_shared<events>();
    auto pool = std::make_shared<thread_pool>(threads);
    auto last = std::make_shared<std::shared_ptr<thread_pool>>(pool);
    pool->post([happened, last] {
      happened->handed_over.get_future().wait(); // until this job is the only owner
      (*last)->post([happened] { happened->later.set_value(); });
      last->reset();
      happened->released.set_value();
    });
    last.reset();
    pool.reset();
    happened->handed_over.set_value();
    happened->released.get_future().wait();
    happened->later.get_future().wait(); // what was posted is run all the same
  }
}

TEST_CASE("thread pool: what a job holds is released when it has run") {
  struct witness {
    explicit witness(std::promise<void>& x) : gone(x) {
    }
    witness(const witness&) = delete;
    witness& operator=(const witness&) = delete;
    ~witness() {
      gone.set_value();
    }

    std::promise<void>& gone;
  };
  std::promise<void> gone;
  thread_pool pool{1};
  pool.post([held = std::make_shared<witness>(gone)] {});
  gone.get_future().wait();
}

TEST_CASE("strand: runs jobs in order and one at a time, on a pool of any size") {
  std::vector<int> first;
  std::vector<int> second; // without a lock: the thread sanitizer would see two at a time
  std::latch done{2};
  auto pool = std::make_shared<thread_pool>(4);
  auto one = std::make_shared<strand>(pool);
  auto other = std::make_shared<strand>(pool);
  for (int i = 0; i < 1000; ++i) {
    one->post([&, i] { first.push_back(i); });
    other->post([&, i] { second.push_back(i); });
  }
  one->post([&] { done.count_down(); });
  other->post([&] { done.count_down(); });
  done.wait();
  CHECK(first == numbers_up_to(1000));
  CHECK(second == numbers_up_to(1000));
}

TEST_CASE("strand: one that is blocked does not keep another from running") {
  std::promise<void> go;
  std::promise<void> free_ran;
  std::promise<void> blocked_ran;
  auto pool = std::make_shared<thread_pool>(2);
  auto blocked = std::make_shared<strand>(pool);
  auto free = std::make_shared<strand>(pool);
  blocked->post([gate = go.get_future().share()] { gate.wait(); });
  blocked->post([&] { blocked_ran.set_value(); });
  free->post([&] { free_ran.set_value(); });
  free_ran.get_future().wait();
  go.set_value();
  blocked_ran.get_future().wait();
}

TEST_CASE("strand: jobs may post to their own strand, and it starts again after it was idle") {
  std::vector<int> run;
  std::vector<std::promise<void>> done(100);
  auto pool = std::make_shared<thread_pool>(2);
  auto order = std::make_shared<strand>(pool);
  for (auto& signal : done) {
    order->post([&] {
      run.push_back(1);
      order->post([&] {
        run.push_back(3);
        signal.set_value();
      });
      run.push_back(2);
    });
    signal.get_future().wait();
  }
  REQUIRE(run.size() == 300);
  for (size_t i = 0; i < run.size(); ++i)
    CHECK(run[i] == static_cast<int>(i % 3) + 1);
}

TEST_CASE("strand: its jobs are run although nobody else holds it, and the pool goes with it") {
  auto done = std::make_shared<std::promise<void>>();
  std::vector<int> run;
  {
    auto order = std::make_shared<strand>(std::make_shared<thread_pool>(1));
    for (int i = 0; i < 100; ++i)
      order->post([&, i] { run.push_back(i); });
    order->post([done] { done->set_value(); });
  }
  done->get_future().wait();
  CHECK(run == numbers_up_to(100));
}

#include "customer_calls.hpp"
#include "../../messages/thrown.hpp"
#include "end_context.hpp"

#include <algorithm>
#include <stdexcept>

namespace tandem {

namespace {

/// In a catch block: the event for the exception of customer code.
core::customer_threw current_failure() {
  try {
    throw;
  } catch (const no_such_method& e) {
    return {core::customer_threw::kind::no_such_method, e.what()};
  } catch (...) {
    return {core::customer_threw::kind::error, thrown_text()};
  }
}

void hand_to(consumer& customer, core::deliver& x) {
  if (!x.content)
    customer.terminate();
  else if (x.last)
    customer.consume_and_terminate(std::move(*x.content));
  else
    customer.consume(std::move(*x.content));
}

template <class Side>
std::shared_ptr<consumer> checked(std::shared_ptr<consumer> opened) {
  if (opened == nullptr)
    throw std::runtime_error{Side::is_front ? "the ingestor returned no consumer" : "service() returned no consumer"};
  return opened;
}

} // namespace

template <class Side>
template <class Call>
void customer_calls<Side>::call_here(operation_type& operation, Call call) {
  owner_.end().watch_calls();
  try {
    const call_watch::call watched{watch_, operation};
    call();
  } catch (...) {
    return owner_.threw(operation, current_failure());
  }
  owner_.returned(operation);
}

template <class Side>
void customer_calls<Side>::hand_over(operation_type& operation, consumer& customer, core::deliver& x,
                                     const end_context* timed_by) {
  if (timed_by == nullptr || !x.content) {
    const customer_scope scope{operation, &x.receipt};
    return hand_to(customer, x);
  }
  timed_payload timed{x.sequence_number, timed_by->now()};
  {
    const customer_scope scope{operation, &x.receipt, &timed};
    hand_to(customer, x);
  }
  if (!timed.kept)
    operation.payload_consumed(timed);
}

template <class Side>
void customer_calls<Side>::open(operation_type& operation) {
  if (owner_.end().options().work) {
    // The pool's thread gets copies: the shard may clear the operation meanwhile.
    call_in_pool(operation, [this, ref = operation_ref{&operation}, parts = operation.parts] {
      const customer_scope scope{*ref};
      return checked<Side>(open_(*ref, parts));
    });
    return;
  }
  call_here(operation, [&] {
    const customer_scope scope{operation};
    operation.customer = checked<Side>(open_(operation, operation.parts));
  });
}

template <class Side>
bool customer_calls<Side>::deliver(operation_type& operation, core::deliver&& x) {
  if (owner_.end().options().work) {
    auto& together = operation.rare.get().delivered_together;
    together.push_back(std::move(x));
    const auto most = std::min<uint64_t>(most_together, operation.machine->until_allowance()); // S-FLOW-3
    if (!together.back().last && together.size() < most && operation.machine->how_far()->waiting > 0)
      return true;
    call_in_pool(operation, [this, customer = operation.customer, all = std::exchange(together, {}),
                             ref = operation_ref{&operation}, is_timed = owner_.is_timed(operation)]() mutable {
      for (auto& one : all)
        if (!ref->ended()) { // S-RECV-9
          hand_over(*ref, *customer, one, is_timed ? &owner_.end() : nullptr);
          one = {}; // its receipt goes now (S-PORT-11)
        }
      return std::shared_ptr<consumer>{};
    });
    return false;
  }
  const auto* timed_by = owner_.is_timed(operation) ? &owner_.end() : nullptr;
  call_here(operation, [&] { hand_over(operation, *operation.customer, x, timed_by); });
  return false;
}

template <class Side>
void customer_calls<Side>::report_ready(operation_type& operation) {
  auto& calls = operation.rare.get().ready_calls;
  auto call = std::move(calls.front());
  calls.pop_front();
  if (owner_.end().options().work) {
    call_in_pool(operation, [call = std::move(call), ref = operation_ref{&operation}]() mutable {
      const customer_scope scope{*ref};
      std::exchange(call, nullptr)();
      return std::shared_ptr<consumer>{};
    });
    return;
  }
  call_here(operation, [&] {
    const customer_scope scope{operation};
    call();
  });
}

/// `call` returns the consumer that was made, or null.
template <class Side>
void customer_calls<Side>::call_in_pool(operation_type& operation, std::function<std::shared_ptr<consumer>()> call) {
  auto& end = owner_.end();
  end.work_added();
  end.options().work->post(
    [owner = owner_.shared_from_this(), ref = operation_ref{&operation}, call = std::move(call)]() mutable {
      if (!ref->ended()) { // S-RECV-9: else it ended while this waited for a thread
        std::shared_ptr<consumer> opened;
        call_result result;
        try {
          opened = call();
        } catch (...) {
          result = current_failure();
        }
        owner->call_ended(ref, std::move(result), std::move(opened));
      }
      call = nullptr; // settle() relies on this: nothing is held any more
      ref = {};
      owner->end().work_done();
    });
}

template <class Side>
void customer_calls<Side>::run_callbacks(operation_type& operation) {
  if (auto callbacks = std::exchange(operation.callbacks, {}); !callbacks.empty())
    run(operation, std::move(callbacks));
  watch_.let_go();
}

template <class Side>
void customer_calls<Side>::run(operation_type& operation, std::vector<termination_callback> callbacks) {
  auto& end = owner_.end();
  strand* order = nullptr;
  if (end.options().work) {
    auto& made = operation.rare.get().callback_order;
    if (made == nullptr)
      made = std::make_shared<strand>(end.options().work);
    order = made.get();
  }
  end.watch_calls();
  const call_watch::call watched{watch_, operation};
  for (auto& callback : callbacks)
    run_callback(end, order, operation_ref{&operation}, std::move(callback));
}

template <class Side>
void customer_calls<Side>::run_callback(end_context& end, strand* order, operation_ref operation,
                                        termination_callback callback) {
  if (order == nullptr)
    return call_back(end, std::move(operation), std::move(callback));
  end.work_added();
  end.reason_added(); // S-STATS-2
  order->post(
    [end = end.shared_from_this(), operation = std::move(operation), callback = std::move(callback)]() mutable {
      call_back(*end, std::move(operation), std::move(callback));
      end->done_with(1);
      end->work_done();
    });
}

/// settle() relies on this: when it returns, nothing is held any more.
template <class Side>
void customer_calls<Side>::call_back(end_context& end, operation_ref operation, termination_callback callback) {
  const auto called = std::move(callback);
  try {
    const customer_scope scope{*operation};
    called(operation->how_it_ended());
  } catch (...) { // S-END-7: logged, and nothing else
    end.log("a termination callback threw: " + thrown_text());
  }
}

template class customer_calls<core::front_side>;
template class customer_calls<core::back_side>;

} // namespace tandem

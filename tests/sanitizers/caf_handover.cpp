/// Shows the thread sanitizer how CAF 0.17 hands things from thread to thread.
///
/// The sanitizer sees the synchronisation in what is compiled with it. A packaged CAF is not, so it misses the atomic
/// operations of CAF's mailboxes and reference counts, and reports what they put in order: every message that is read
/// by its receiver, every actor that is not destroyed by the thread that made it. To suppress these reports would be to
/// suppress ours, for nearly all that Tandem does begins with such a message.
///
/// So the few functions of CAF through which all of this goes are defined here once more. The dynamic linker prefers
/// these, also for the calls inside CAF's library. They do what CAF's do, and tell the sanitizer.
///
/// Linked into the test programs of thread sanitizer builds only.
#include <caf/actor_control_block.hpp>
#include <caf/blocking_actor.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/ref_counted.hpp>
#include <caf/scheduled_actor.hpp>

#include <cstdlib>
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>
#include <utility>

namespace {

/// CAF's own definition of a function that is defined here.
template <class Function>
Function* original(const char* symbol) {
  void* result = dlsym(RTLD_NEXT, symbol);
  if (result == nullptr)
    std::abort(); // another CAF than this file was written for
  return reinterpret_cast<Function*>(result);
}

void handed_over(const void* what) {
  __tsan_release(const_cast<void*>(what));
}

void taken_over(const void* what) {
  __tsan_acquire(const_cast<void*>(what));
}

} // namespace

namespace caf {

// -- mailboxes: from the sender to the receiver --------------------------------------------------------------------

void scheduled_actor::enqueue(mailbox_element_ptr element, execution_unit* host) {
  static auto* const next = original<void(scheduled_actor*, mailbox_element_ptr, execution_unit*)>(
    "_ZN3caf15scheduled_actor7enqueueESt10unique_ptrINS_15mailbox_elementENS_6detail8disposerEEPNS_14execution_unitE");
  handed_over(element.get());
  next(this, std::move(element), host);
}

void blocking_actor::enqueue(mailbox_element_ptr element, execution_unit* host) {
  static auto* const next = original<void(blocking_actor*, mailbox_element_ptr, execution_unit*)>(
    "_ZN3caf14blocking_actor7enqueueESt10unique_ptrINS_15mailbox_elementENS_6detail8disposerEEPNS_14execution_unitE");
  handed_over(element.get());
  next(this, std::move(element), host);
}

intrusive::task_result blocking_actor::mailbox_visitor::operator()(mailbox_element& element) {
  static auto* const next = original<intrusive::task_result(mailbox_visitor*, mailbox_element&)>(
    "_ZN3caf14blocking_actor15mailbox_visitorclERNS_15mailbox_elementE");
  taken_over(&element);
  return next(this, element);
}

// -- scheduled actors: from the thread that spawned one to the first that runs it, and from one run to the next ------

void scheduled_actor::launch(execution_unit* host, bool lazy, bool hide) {
  static auto* const next = original<void(scheduled_actor*, execution_unit*, bool, bool)>(
    "_ZN3caf15scheduled_actor6launchEPNS_14execution_unitEbb");
  handed_over(this);
  next(this, host, lazy, hide);
}

bool scheduled_actor::activate(execution_unit* host) {
  static auto* const next
    = original<bool(scheduled_actor*, execution_unit*)>("_ZN3caf15scheduled_actor8activateEPNS_14execution_unitE");
  taken_over(this);
  const bool result = next(this, host);
  handed_over(this);
  return result;
}

scheduled_actor::activation_result scheduled_actor::reactivate(mailbox_element& element) {
  static auto* const next = original<activation_result(scheduled_actor*, mailbox_element&)>(
    "_ZN3caf15scheduled_actor10reactivateERNS_15mailbox_elementE");
  taken_over(this);
  taken_over(&element);
  const auto result = next(this, element);
  handed_over(this);
  return result;
}

// -- reference counts: from all who used something to the one who destroys it ----------------------------------------
//
// Not instrumented themselves: the sanitizer need not know how the memory of CAF's own objects came to this thread to
// believe that counting their references is in order.

namespace {

#define TANDEM_NOT_INSTRUMENTED __attribute__((no_sanitize("thread")))

/// Takes one off `count`; true if it was the last.
template <class Count>
TANDEM_NOT_INSTRUMENTED bool was_last(Count& count) {
  auto* place = reinterpret_cast<size_t*>(&count);
  handed_over(place);
  if (__atomic_fetch_sub(place, 1, __ATOMIC_ACQ_REL) != 1)
    return false;
  taken_over(place);
  return true;
}

} // namespace

TANDEM_NOT_INSTRUMENTED void ref_counted::deref() const noexcept {
  if (was_last(rc_))
    request_deletion(true);
}

TANDEM_NOT_INSTRUMENTED void intrusive_ptr_release(actor_control_block* x) {
  if (was_last(x->strong_refs)) {
    x->data_dtor(x->get());
    intrusive_ptr_release_weak(x);
  }
}

TANDEM_NOT_INSTRUMENTED void intrusive_ptr_release_weak(actor_control_block* x) {
  if (was_last(x->weak_refs))
    x->block_dtor(x);
}

} // namespace caf

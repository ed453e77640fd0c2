/* Flow control of one operation (S-FLOW): two sides, each of which sends payloads to the other, with a window each,
 * over a link that keeps the order, as sequence numbers make it. Spin tries every order of their steps
 * (run_model.cmake): at any time customer code of either side may give a payload or end its output, consume, or abort.
 *
 * What it stands for: `given`, `sent` and `may_send` are those of credit.hpp, `allowed`, `consumed` and `told` those of
 * window.hpp. FIRST is the 16 of S-FLOW-2. Left out are numbers, since the order is kept; payloads' sizes; timeouts and
 * lost links, which are aborts here; and what customer code allows by hand. BROKEN is a defect that has to be found. */
#define PAYLOADS 3
#define FIRST 1
#ifndef FRONT_WINDOW
#define FRONT_WINDOW 2
#endif
#ifndef BACK_WINDOW
#define BACK_WINDOW 1
#endif
#ifndef MAY_ABORT
#define MAY_ABORT 0
#endif
#ifndef BROKEN
#define BROKEN nothing
#endif

mtype = { payload, completion, allowance, abort };
mtype = { nothing, no_allowance, tell_too_late, forget_end, hold_back_allowances, send_without_credit };
mtype = { running, completed, aborted };

/* One side's account of one operation; 0 is the front. */
typedef side_type {
  mtype state = running;
  byte given, sent, may_send;         /* payloads given by customer code, and sent; how many may be */
  bool ended_output, sent_completion; /* the end was given; and sent */
  byte arrived, consumed, allowed, told, size;
  bool got_completion;
};
side_type side[2];
chan way[2] = [8] of { mtype, byte }; /* to the side of that number */

#define other (1 - me)
#define self side[me]
#define is_done (self.sent_completion && self.got_completion && self.consumed == self.arrived)
#define minimum(x, y) (x < y -> x : y)

inline finish(how) {
  self.state = how
}

/* What may go now; the end behind the payloads. */
inline send_more() {
  do
  :: self.sent < self.given && (self.sent < self.may_send || BROKEN == send_without_credit) ->
       way[other]!payload(0); self.sent++
  :: else -> break
  od;
  if
  :: self.ended_output && !self.sent_completion && (self.sent == self.given || BROKEN == forget_end) ->
       way[other]!completion(0); self.sent_completion = true
  :: else
  fi
}

inline tell() {
  if
  :: !self.got_completion && BROKEN != no_allowance && self.consumed + self.size > self.allowed &&
     (BROKEN == tell_too_late -> self.allowed < self.consumed :
       self.allowed - self.consumed <= minimum(self.size, self.told) / 2) &&
     !(BROKEN == hold_back_allowances && self.sent < self.given) ->
       self.allowed = self.consumed + self.size; self.told = self.size;
       way[other]!allowance(self.allowed)
  :: else
  fi
}

proctype operation(byte me) {
  byte number;
  do
  :: atomic { self.state == running && self.given < PAYLOADS && !self.ended_output ->
       self.given++; send_more() }
  :: atomic { self.state == running && self.given == PAYLOADS && !self.ended_output ->
       self.ended_output = true; send_more() }
  :: atomic { self.state == running && self.consumed < self.arrived -> self.consumed++; tell() }
  :: atomic { self.state == running && is_done -> finish(completed) }
  :: atomic { self.state == running && MAY_ABORT ->
       finish(aborted); way[other]!abort(0) }
  :: atomic { way[me]?payload(number) ->
       if
       :: self.state == running -> self.arrived++; assert(self.arrived <= self.allowed) /* S-FLOW-5 */
       :: else
       fi }
  :: atomic { way[me]?completion(number) -> self.got_completion = true;
       assert(self.arrived == PAYLOADS || self.state != running) } /* S-FLOW-6 */
  :: atomic { way[me]?allowance(number) ->
       if
       :: self.state == running -> assert(number > self.may_send); self.may_send = number; send_more() /* S-FLOW-4 */
       :: else
       fi }
  :: atomic { way[me]?abort(number) ->
       if
       :: self.state == running -> finish(aborted)
       :: else
       fi }
  :: self.state != running && side[other].state != running && empty(way[me]) -> break
  od
}

init {
  atomic {
    side[0].size = FRONT_WINDOW; side[0].allowed = FRONT_WINDOW; side[0].told = FRONT_WINDOW;
    side[1].size = BACK_WINDOW; side[1].allowed = FIRST; side[1].told = FIRST;
    side[0].may_send = FIRST; side[1].may_send = FRONT_WINDOW;
    run operation(0); run operation(1)
  }
}

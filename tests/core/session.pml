/* The session (S-SESSION), one direction of it: a side that sends, one that receives, and a network that may cut each
 * connection, with all that is on its way, at any time. Spin tries every order of their steps (run_model.cmake).
 *
 * What it stands for in golden/session.txt: the states of the same names, with what is "kept", "new" and "full" there,
 * but that frames are written one by one. "disconnected", and "time came" after silence, are the step from up to
 * interrupted here; "time came" past the window, and "session unknown", are the step to ended. Left out are pings and
 * paused reading, which only say when a connection is dead (S-SESSION-4); the third resume in vain (S-SESSION-6), for
 * no frame breaks connections here; notices; and breaches, which are assertions: neither of these sides commits one.
 * BROKEN is a defect that has to be found. */
#define FRAMES 3
#define LIMIT 2 /* of kept frames, each of which counts as one */
#ifndef BROKEN
#define BROKEN nothing
#endif

mtype = { opening, up, interrupted, ended, frame, acknowledgement, introduction, goodbye };
mtype = { nothing, no_limit, drop_unacknowledged, no_resend, take_again, no_acknowledgement, no_window };

chan to_receiver = [2] of { mtype, byte };
chan to_sender = [2] of { mtype, byte };
bool is_connected, reaches; /* there is a connection; it is the one that the sender believes in */
bool calm;                  /* from now on nothing is cut, and nobody begins to wish to end */
mtype sender = opening, receiver = opening;
bool sender_stops, receiver_stops; /* each of them may wish to end in order */
byte last, written, most_written, acknowledged; /* as in outbound.hpp: frames are kept after `acknowledged` */
bool is_full, is_payload[FRAMES + 1]; /* the others are control */
byte payloads;                        /* that are kept */
byte received, told, taken; /* as in inbound.hpp; the frame that was handed on last */

#define kept (last - acknowledged)
#define all_arrived (acknowledged == FRAMES)
#define one_ended (sender == ended || receiver == ended)
#define both_ended (sender == ended && receiver == ended)
#define has_room(way) (len(way) < 2)

inline cut() { /* late messages of a connection are not delivered */
  is_connected = false; reaches = false;
  do :: to_receiver?_,_ :: empty(to_receiver) -> break od;
  do :: to_sender?_,_ :: empty(to_sender) -> break od
}

inline give(payload) {
  last++; is_payload[last] = payload; payloads = payloads + payload; is_full = is_full || kept >= LIMIT;
  assert(payloads <= LIMIT) /* S-SESSION-3 */
}

inline drop(number) { /* S-SESSION-1: the other side has all up to this number */
  do :: acknowledged < number -> acknowledged++; payloads = payloads - is_payload[acknowledged] :: else -> break od;
  is_full = is_full && 2 * kept > LIMIT; assert(acknowledged <= received) /* S-SESSION-3, -1 */
}

inline end_in_order(way, is_there) { /* S-SESSION-7: says goodbye, and nobody waits for that */
  if :: is_there && has_room(way) -> way!goodbye,0 :: !is_there || !has_room(way) -> cut() fi
}

active proctype sending() {
  byte n;
  do
  :: atomic { last < FRAMES && (!is_full || BROKEN == no_limit) -> give(1) } /* S-SESSION-3: payloads wait */
  :: atomic { last < FRAMES -> give(0) } /* S-SESSION-3: control does not */
  :: atomic { sender == up && written < last && (!reaches || has_room(to_receiver)) -> /* lost, if it does not reach */
       written++;
       if :: written > most_written -> most_written = written :: else fi;
       if :: reaches -> to_receiver!frame,written :: else fi;
       if :: BROKEN == drop_unacknowledged -> drop(written) :: else fi }
  :: atomic { to_sender?introduction,n -> /* connected, perhaps before it noticed that the one before is dead */
       assert(acknowledged <= n && n <= most_written); /* S-SESSION-1: neither fewer than before nor unwritten */
       sender = up; reaches = true; drop(n);
       if :: BROKEN != no_resend -> written = n :: else fi } /* S-SESSION-1: later ones are written again */
  :: atomic { to_sender?acknowledgement,n ->
       assert(acknowledged <= n && n <= most_written); drop(n); /* S-SESSION-1: as above */
       if :: n > written -> written = n :: else fi }
  :: atomic { sender == up && !reaches -> sender = interrupted } /* S-SESSION-5 */
  :: atomic { to_sender?goodbye,_ -> sender = ended; cut(); break } /* S-SESSION-7 */
  :: atomic { sender_stops && !all_arrived -> sender = ended; end_in_order(to_receiver, reaches); break }
  :: atomic { sender != up && receiver == ended && !is_connected -> sender = ended; break } /* S-SESSION-5 */
  :: all_arrived && receiver != ended -> break
  od
}

active proctype receiving() {
  byte n;
  do
  :: atomic { to_receiver?frame,n -> assert(n <= received + 1); /* S-SESSION-1: no gap */
       if :: n <= received && BROKEN != take_again /* S-SESSION-1: it came before, and is dropped */
          :: else -> assert(n == taken + 1); taken = n; received = n fi } /* each once, in order */
  :: atomic { receiver == up && told < received && (!is_connected || has_room(to_sender)) &&
         BROKEN != no_acknowledgement -> told = received; /* S-SESSION-1 */
       if :: is_connected -> to_sender!acknowledgement,told :: else fi }
  :: atomic { receiver == up && !is_connected -> receiver = interrupted } /* S-SESSION-5 */
  :: atomic { to_receiver?goodbye,_ -> receiver = ended; cut(); break } /* S-SESSION-7 */
  :: atomic { receiver_stops && !all_arrived -> receiver = ended; end_in_order(to_sender, is_connected); break }
  :: atomic { receiver != up && sender == ended && !is_connected && BROKEN != no_window -> receiver = ended; break }
  :: all_arrived && sender != ended -> break
  od
}

active proctype network() {
  do
  :: atomic { !is_connected && !one_ended && !all_arrived -> is_connected = true; receiver = up; /* S-SESSION-1, -5 */
       if :: told = received :: skip /* more came after it wrote how many it has */ fi; to_sender!introduction,told }
  :: atomic { !calm && is_connected -> cut() }
  :: atomic { !calm -> if :: calm = true :: sender_stops = true :: receiver_stops = true fi }
  :: both_ended || (all_arrived && !one_ended) -> break
  od; assert(both_ended || taken == FRAMES)
}

/* If cuts are finitely many, and nobody wishes to end: */
ltl all_arrive { (<>calm && [](!sender_stops && !receiver_stops)) -> <>(all_arrived && !one_ended) }
ltl both_end { [](one_ended -> <>both_ended) }

#include "random_tickets.hpp"
#include "property.hpp"
#include "test_types.hpp"

#include <caf/message_builder.hpp>

#include <limits>

namespace tandem_test {

namespace {

using namespace tandem;

template <class T>
T any() {
  return *rc::gen::arbitrary<T>();
}

template <class T>
T any_of(std::initializer_list<T> values) {
  return *rc::gen::elementOf(std::vector<T>(values));
}

drawing random_drawing(int depth) {
  drawing result;
  result.title = random_bytes();
  result.points.resize(*rc::gen::inRange(0, 3), point{any<int32_t>(), any<int32_t>()});
  if (any<bool>())
    result.colours[random_bytes()] = any<bool>() ? colour::red : static_cast<colour>(any<uint8_t>() | 4);
  if (any<bool>())
    result.notes[any<int32_t>()] = {random_bytes(), {}};
  if (any<bool>())
    result.scale = any<double>();
  if (any<bool>())
    result.centre = point{1, any<int32_t>()};
  result.shown = std::chrono::milliseconds{any<int32_t>()};
  result.attachment = random_payload(depth + 1);
  return result;
}

void append_value(caf::message_builder& builder, int depth) {
  switch (any_below(depth < 3 ? 14 : 11)) {
    case 0:
      builder.append(random_bytes());
      break;
    case 1:
      builder.append(random_number());
      break;
    case 2:
      builder.append(static_cast<uint64_t>(random_number()));
      break;
    case 3:
      builder.append(any_of<double>(
        {0.1, 1e300, -0.0, 5e-324, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}));
      break;
    case 4:
      builder.append(any<float>());
      break;
    case 5:
      builder.append(any<bool>());
      break;
    case 6:
      builder.append(any<int8_t>());
      break;
    case 7:
      builder.append(duration{random_number()});
      break;
    case 8:
      builder.append(std::vector<point>(static_cast<size_t>(*rc::gen::inRange(0, 3))));
      break;
    case 9:
      builder.append(credential{random_bytes(), random_bytes()});
      break;
    case 10:
      builder.append(opaque_payload{"somebody::thing", any<uint32_t>()});
      break;
    case 11:
      builder.append(random_drawing(depth));
      break;
    case 12:
      builder.append(random_payload(depth + 1));
      break;
    default:
      builder.append(person{"Ada", any<int32_t>()});
  }
}

template <class Ticket>
Ticket random_common() {
  Ticket result;
  result.operation = {any<uint64_t>(), any<uint64_t>()};
  result.sequence_number = {any<bool>() ? any_below(5) : static_cast<uint64_t>(random_number())};
  result.kind = static_cast<ticket_kind>(any_below(13));
  if (any<bool>())
    result.payload = random_payload();
  if (any<bool>())
    result.details = random_bytes();
  return result;
}

} // namespace

std::string random_bytes() {
  return *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
}

int64_t random_number() {
  constexpr int64_t second = 1'000'000'000;
  return *rc::gen::oneOf(rc::gen::arbitrary<int64_t>(), numbers_between<int64_t>(-10, 10),
                         rc::gen::element<int64_t>(INT64_MIN, INT64_MAX, INT64_MIN + 1, second / 10, 7 * second));
}

payload random_payload(int depth) {
  caf::message_builder builder;
  for (int left = *rc::gen::inRange(0, 4); left > 0; --left)
    append_value(builder, depth);
  return builder.to_message();
}

front_to_back_ticket random_front_to_back() {
  auto result = random_common<front_to_back_ticket>();
  if (any<bool>())
    result.name = random_bytes();
  if (any<bool>())
    result.subscription = static_cast<subscription_kind>(any_below(5));
  if (any<bool>())
    result.trace_id = tandem::trace_id{any<std::array<uint8_t, 16>>()};
  if (any<bool>())
    result.timeout = duration{random_number()};
  return result;
}

back_to_front_ticket random_back_to_front() {
  return random_common<back_to_front_ticket>();
}

} // namespace tandem_test

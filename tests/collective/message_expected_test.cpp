// SPDX-License-Identifier: Apache-2.0
// What a receiver of messages expects. spec/collectives.md COL-13.
#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/collective/message_definition.hpp>

#include "../support/messages.hpp"

using namespace lowp;
using namespace support;

TEST_CASE("COL-13: what a receiver expects") {
  const bytes data = sample();
  const message_header expected = read_message(data).header;
  using change = void (*)(message_header&);
  struct row {
    change make;
    message_error of_data;
    std::uint64_t offset;
    bool of_others;  // also without payload
  };
  constexpr row rows[] = {
      {[](message_header&) {}, message_error::none, 0, false},
      {[](message_header& h) { h.seed++; }, message_error::none, 0, false},
      {[](message_header& h) { h.stream++; }, message_error::none, 0, false},
      {[](message_header& h) { h.payload_bytes++; }, message_error::none, 0, false},
      {[](message_header& h) { h.operation ^= std::uint64_t{1} << 63; }, message_error::context, 56,
       true},
      {[](message_header& h) { h.step++; }, message_error::context, 64, true},
      {[](message_header& h) { h.sender++; }, message_error::context, 68, true},
      {[](message_header& h) { h.receiver++; }, message_error::context, 72, true},
      {[](message_header& h) { h.codec++; }, message_error::codec, 8, false},
      {[](message_header& h) { h.row *= 2; }, message_error::shape, 12, false},
      {[](message_header& h) { h.hadamard = 2; }, message_error::shape, 10, false},
      {[](message_header& h) { h.hadamard_seed++; }, message_error::shape, 48, false},
      {[](message_header& h) { h.elements++; }, message_error::elements, 16, false},
      {[](message_header& h) { h.first += 32; }, message_error::elements, 24, false},
  };
  constexpr message_kind failure = message_kind::failure, vote = message_kind::verdict;
  int index = 0;
  for (const row& r : rows) {
    INFO(index++);
    message_header h = expected;
    r.make(h);
    const read_result found = read_message(data, h);
    CHECK(found.error == r.of_data);
    CHECK(found.offset == r.offset);
    std::vector<float> out(40, 7.0f);
    CHECK(decode_message(data, h, std::span(out)).error == r.of_data);
    CHECK((std::count(out.begin(), out.end(), 7.0f) == 40) == (r.of_data != message_error::none));
    for (const message_kind kind : {failure, vote}) {
      // A failure may come in place of anything, a verdict where one is expected.
      const read_result f = read_message(without_payload(kind), h);
      const message_error other = kind == vote ? message_error::kind : message_error::none;
      CHECK(f.error == (r.of_others ? message_error::context : other));
      h.kind = vote;
      const read_result v = read_message(without_payload(kind), h);
      CHECK(v.error == (r.of_others ? message_error::context : message_error::none));
      CHECK(v.header.kind == kind);
      CHECK(read_message(data, h).error ==
            (r.of_others ? message_error::context : message_error::kind));
      h.kind = message_kind::data;
    }
  }
  // The first of several in this order.
  message_header h = expected;
  h.first += 32;
  h.row *= 2;
  h.sender++;
  CHECK(read_message(data, h).offset == 68);
  h.sender--;
  CHECK(read_message(data, h).offset == 12);
  // Wrong bytes stay what they are.
  CHECK(read_message(std::span(data).first(100), h).error == message_error::truncated);
  // decode_message takes data only.
  std::vector<float> out(0);
  const read_result none = decode_message(without_payload(failure), std::span(out));
  CHECK(none.error == message_error::kind);
  CHECK(none.offset == 76);
}

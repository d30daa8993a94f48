// SPDX-License-Identifier: Apache-2.0
// Tasks to learn that need no text: sequences made from random numbers, of which only what can be
// known is foreseen. A new task is one row.
#ifndef LOWP_EXAMPLES_LANGUAGE_TASK_SOURCE_HPP
#define LOWP_EXAMPLES_LANGUAGE_TASK_SOURCE_HPP

#include <cstring>
#include <span>
#include <stdexcept>

#include "batch.hpp"

namespace language {

// Random numbers one after the other.
class number_stream {
 public:
  number_stream(const lowp::random_source& s, std::uint64_t first) : source_(s), at_(first) {}
  std::uint8_t below(std::uint32_t n) {
    return static_cast<std::uint8_t>(std::uint64_t{lowp::random_word(source_, at_++)} * n >> 32);
  }

 private:
  lowp::random_source source_;
  std::uint64_t at_;
};

struct task {
  const char* name;
  const char* description;
  double guessing;  // the loss of who knows the task's letters only
  void (*write)(number_stream&, std::span<std::uint8_t>);
  bool (*is_counted)(std::size_t i, std::size_t n);  // byte i of n
};

namespace detail {

inline void write_copy(number_stream& random, std::span<std::uint8_t> out) {
  const std::size_t half = out.size() / 2;
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = i < half ? static_cast<std::uint8_t>('a' + random.below(16)) : out[i - half];
  }
}
inline bool is_copied(std::size_t i, std::size_t n) { return i >= n / 2; }

inline void write_sums(number_stream& random, std::span<std::uint8_t> out) {
  std::uint8_t term[6] = {0, '+', 0, '=', 0, ';'};
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i % 6 == 0) {
      const std::uint8_t a = random.below(10), b = random.below(10);
      term[0] = static_cast<std::uint8_t>('0' + a), term[2] = static_cast<std::uint8_t>('0' + b);
      term[4] = static_cast<std::uint8_t>('0' + (a + b) % 10);
    }
    out[i] = term[i % 6];
  }
}
inline bool is_result(std::size_t i, std::size_t) { return i % 6 == 4; }

}  // namespace detail

inline constexpr task all_tasks[] = {
    {"copy", "16 letters at random for half a sequence, and then the same again", 2.7726,
     detail::write_copy, detail::is_copied},
    {"sums", "sums of two digits modulo 10: 7+8=5;", 2.3026, detail::write_sums, detail::is_result},
};

inline const task* find_task(const char* name) {
  for (const task& t : all_tasks) {
    if (std::strcmp(t.name, name) == 0) return &t;
  }
  return nullptr;
}

class task_source : public data_source {
 public:
  // Throws std::invalid_argument for sequences too short to have anything to foresee.
  task_source(const task& t, std::size_t sequence) : task_(t), sequence_(sequence) {
    if (sequence < 8) {
      throw std::invalid_argument("sequence: " + std::to_string(sequence) +
                                  " is too short for a task, which needs 8 or more");
    }
  }

  batch training(std::uint64_t seed, std::uint64_t step, std::uint64_t first,
                 std::uint64_t count) const override {
    return write(batch_random(seed, step, false), first, count);
  }
  batch held_out(std::uint64_t first, std::uint64_t count) const override {
    return write(batch_random(0, 0, true), first, count);
  }
  std::uint64_t held_out_sequences() const override { return std::uint64_t{1} << 24; }
  std::string name() const override { return std::string("task ") + task_.name; }
  std::uint64_t digest() const override { return 0; }

 private:
  batch write(const lowp::random_source& random, std::uint64_t first, std::uint64_t count) const {
    batch b;
    std::vector<std::uint8_t> bytes(sequence_ + 1);
    for (std::uint64_t i = first; i < first + count; ++i) {
      number_stream numbers(random, i << 32);
      task_.write(numbers, bytes);
      b.add(bytes.data(), sequence_,
            [&](std::size_t place) { return task_.is_counted(place, bytes.size()); });
    }
    return b;
  }

  const task& task_;
  std::size_t sequence_;
};

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_TASK_SOURCE_HPP

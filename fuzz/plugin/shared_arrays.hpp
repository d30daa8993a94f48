// SPDX-License-Identifier: Apache-2.0
/// \file
/// The arrays of a plug-in's batches in memory that tool and worker share. In the worker each array
/// ends where an unreadable page begins, and operands lie in pages that cannot be written.
#ifndef LOWP_FUZZ_PLUGIN_SHARED_ARRAYS_HPP
#define LOWP_FUZZ_PLUGIN_SHARED_ARRAYS_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace lowp::tool {

/// Operand fields and result fields together, at most.
inline constexpr std::size_t most_arrays = 12;

/// Bytes before an array of results that are watched, too.
inline constexpr std::size_t watched_bytes = 64;

/// A page at the start of the file, where the worker notes what a fatal signal was about.
struct crash_note {
  enum kind : std::uint32_t { none, behind, before, read_only, null, misaligned, elsewhere };
  std::uint32_t what;
  std::uint32_t array;
  std::uint32_t write;     ///< 1: writing, 0: reading or unknown
  std::uint32_t distance;  ///< bytes behind the end or before the start
};

/// Where the arrays stand in the file: whole pages for each.
struct array_layout {
  std::uint32_t operands = 0;  ///< arrays 0...operands - 1 are operands, the others results
  std::uint32_t arrays = 0;
  std::array<std::uint64_t, most_arrays> bytes_of_case{};
  std::array<std::uint64_t, most_arrays> slot{};    ///< bytes; whole pages
  std::array<std::uint64_t, most_arrays> offset{};  ///< of the slot in the file
  std::uint64_t size = 0;                           ///< of the file

  /// Sets slots and offsets for batches of up to `cases`.
  void place(std::size_t cases);
  friend bool operator==(const array_layout&, const array_layout&) = default;
};

/// The file in the memory of one side.
class shared_arrays {
 public:
  shared_arrays() = default;
  ~shared_arrays() { release(); }
  shared_arrays(const shared_arrays&) = delete;
  shared_arrays& operator=(const shared_arrays&) = delete;

  /// For the tool: all of the file, readable and writable, set to the layout's size. False: no
  /// memory.
  bool map_all(int file, const array_layout& layout);
  /// For the worker: guard pages around each slot, operands read-only.
  bool map_guarded(int file, const array_layout& layout);

  crash_note* note() const { return static_cast<crash_note*>(note_); }
  /// Array k of a batch.
  std::byte* array(std::size_t k, std::size_t cases) const {
    return end_[k] - layout_.bytes_of_case[k] * cases;
  }
  const array_layout& layout() const { return layout_; }
  /// Fills the note for an address that was touched in a batch of that many cases.
  void classify(const void* address, bool write, bool known, std::size_t cases) const;

 private:
  void release();

  array_layout layout_{};
  void* note_ = nullptr;
  void* base_ = nullptr;
  std::size_t mapped_ = 0;
  std::array<std::byte*, most_arrays> end_{};
};

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_PLUGIN_SHARED_ARRAYS_HPP

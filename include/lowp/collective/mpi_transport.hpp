// SPDX-License-Identifier: Apache-2.0
/// \file
/// Messages between the processes of an MPI program. spec/collectives.md COL-25.
#ifndef LOWP_COLLECTIVE_MPI_TRANSPORT_HPP
#define LOWP_COLLECTIVE_MPI_TRANSPORT_HPP

#include <algorithm>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include <mpi.h>

#include "rank_task.hpp"

namespace lowp {

/// An error that MPI reports; the text has MPI's own.
class mpi_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

namespace detail {

inline void check_mpi(int status, const char* call) {
  if (status == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING] = {};
  int length = 0;
  MPI_Error_string(status, text, &length);
  throw mpi_error(std::string("lowp::mpi_transport: ") + call + ": " + text);
}

/// Some bytes as one element of a datatype, as MPI 3 counts elements in an `int`.
class mpi_bytes {
 public:
  explicit mpi_bytes(std::uint64_t n) {
    constexpr std::uint64_t piece = INT_MAX;
    const std::uint64_t pieces = n / piece, rest = n % piece;
    if (pieces > INT_MAX) throw mpi_error("lowp::mpi_transport: a message of over 2^62 bytes");
    MPI_Datatype whole = MPI_DATATYPE_NULL;
    check_mpi(MPI_Type_contiguous(INT_MAX, MPI_BYTE, &whole), "MPI_Type_contiguous");
    const int lengths[] = {static_cast<int>(pieces), static_cast<int>(rest)};
    const MPI_Aint places[] = {0, static_cast<MPI_Aint>(pieces * piece)};
    const MPI_Datatype types[] = {whole, MPI_BYTE};
    const int status = MPI_Type_create_struct(2, lengths, places, types, &type_);
    MPI_Type_free(&whole);
    check_mpi(status, "MPI_Type_create_struct");
    check_mpi(MPI_Type_commit(&type_), "MPI_Type_commit");
  }
  mpi_bytes(const mpi_bytes&) = delete;
  mpi_bytes& operator=(const mpi_bytes&) = delete;
  ~mpi_bytes() { MPI_Type_free(&type_); }

  MPI_Datatype get() const noexcept { return type_; }

 private:
  MPI_Datatype type_ = MPI_DATATYPE_NULL;
};

}  // namespace detail

/// A transport over the ranks of a communicator, of which it makes a copy: its messages meet no
/// others, and no tag is seen. MPI is initialised before and finalised after its life; calls of one
/// transport come from one thread at a time.
class mpi_transport final : public transport {
 public:
  /// Collective over `group`.
  explicit mpi_transport(MPI_Comm group = MPI_COMM_WORLD) {
    detail::check_mpi(MPI_Comm_dup(group, &group_), "MPI_Comm_dup");
    // Errors are returned, so that messages that do not fit are told like others that are wrong.
    detail::check_mpi(MPI_Comm_set_errhandler(group_, MPI_ERRORS_RETURN),
                      "MPI_Comm_set_errhandler");
    int rank = 0, size = 1;
    detail::check_mpi(MPI_Comm_rank(group_, &rank), "MPI_Comm_rank");
    detail::check_mpi(MPI_Comm_size(group_, &size), "MPI_Comm_size");
    self_ = {static_cast<std::uint32_t>(rank), static_cast<std::uint32_t>(size)};
  }
  mpi_transport(const mpi_transport&) = delete;
  mpi_transport& operator=(const mpi_transport&) = delete;
  ~mpi_transport() override { MPI_Comm_free(&group_); }

  rank_of self() const noexcept override { return self_; }

  /// One message from each rank to each at most, so that MPI's order per pair is enough. Messages
  /// are measured before they are received: what is longer than its room is received elsewhere,
  /// as Open MPI writes beyond rooms that are too short.
  void exchange(message_round& r) override {
    std::vector<std::vector<std::byte>> longer(r.receive.size());
    requests all(r.send.size() + r.receive.size());
    for (const outgoing_message& m : r.send) {
      with_type(m.bytes.size(), [&](int count, MPI_Datatype type) {
        const int to = static_cast<int>(m.to);
        detail::check_mpi(MPI_Isend(m.bytes.data(), count, type, to, tag, group_, all.next()),
                          "MPI_Isend");
      });
    }
    for (std::size_t i = 0; i < r.receive.size(); ++i) {
      incoming_message& m = r.receive[i];
      MPI_Message message = MPI_MESSAGE_NULL;
      MPI_Status status;
      MPI_Count bytes = 0;
      detail::check_mpi(MPI_Mprobe(static_cast<int>(m.from), tag, group_, &message, &status),
                        "MPI_Mprobe");
      detail::check_mpi(MPI_Get_elements_x(&status, MPI_BYTE, &bytes), "MPI_Get_elements_x");
      m.came = static_cast<std::uint64_t>(bytes);
      if (m.came > m.room.size()) longer[i].resize(m.came);
      std::byte* to = longer[i].empty() ? m.room.data() : longer[i].data();
      with_type(m.came, [&](int count, MPI_Datatype type) {
        detail::check_mpi(MPI_Imrecv(to, count, type, &message, all.next()), "MPI_Imrecv");
      });
    }
    all.wait();
    for (std::size_t i = 0; i < longer.size(); ++i) {
      if (!longer[i].empty())
        std::copy_n(longer[i].data(), r.receive[i].room.size(), r.receive[i].room.data());
    }
  }

 private:
  /// Requests of a round, which end before their buffers do.
  class requests {
   public:
    explicit requests(std::size_t most) { all_.reserve(most); }
    requests(const requests&) = delete;
    requests& operator=(const requests&) = delete;
    ~requests() { MPI_Waitall(count(), all_.data(), MPI_STATUSES_IGNORE); }

    MPI_Request* next() { return &all_.emplace_back(MPI_REQUEST_NULL); }
    void wait() {
      const int status = MPI_Waitall(count(), all_.data(), MPI_STATUSES_IGNORE);
      detail::check_mpi(status, "MPI_Waitall");
    }

   private:
    int count() const noexcept { return static_cast<int>(all_.size()); }

    std::vector<MPI_Request> all_;
  };

  static constexpr int tag = 0;

  /// Calls with what counts so many bytes: small messages as bytes, large ones as one element of a
  /// type of their size.
  template <class Call>
  static void with_type(std::uint64_t bytes, Call call) {
    if (bytes <= INT_MAX) return call(static_cast<int>(bytes), MPI_BYTE);
    const detail::mpi_bytes type(bytes);
    call(1, type.get());
  }

  MPI_Comm group_ = MPI_COMM_NULL;
  rank_of self_;
};

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_MPI_TRANSPORT_HPP

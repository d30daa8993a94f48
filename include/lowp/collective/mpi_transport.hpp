// SPDX-License-Identifier: Apache-2.0
/// \file
/// Messages between the processes of an MPI program. spec/collectives.md COL-25.
#ifndef LOWP_COLLECTIVE_MPI_TRANSPORT_HPP
#define LOWP_COLLECTIVE_MPI_TRANSPORT_HPP

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

  /// One message from each rank to each at most, so that MPI's order per pair is enough.
  void exchange(message_round& r) override {
    std::vector<MPI_Request> requests;
    requests.reserve(r.receive.size() + r.send.size());
    for (incoming_message& m : r.receive) {
      requests.emplace_back();
      post(m.room.size(), [&](int count, MPI_Datatype type) {
        return MPI_Irecv(m.room.data(), count, type, static_cast<int>(m.from), tag, group_,
                         &requests.back());
      });
    }
    for (const outgoing_message& m : r.send) {
      requests.emplace_back();
      post(m.bytes.size(), [&](int count, MPI_Datatype type) {
        return MPI_Isend(m.bytes.data(), count, type, static_cast<int>(m.to), tag, group_,
                         &requests.back());
      });
    }
    std::vector<MPI_Status> status(requests.size());
    const int all = MPI_Waitall(static_cast<int>(requests.size()), requests.data(), status.data());
    if (all != MPI_ERR_IN_STATUS) detail::check_mpi(all, "MPI_Waitall");
    for (std::size_t i = 0; i < status.size(); ++i) {
      const bool is_received = i < r.receive.size();
      const int error = all == MPI_ERR_IN_STATUS ? status[i].MPI_ERROR : MPI_SUCCESS;
      int kind = MPI_SUCCESS;
      if (error != MPI_SUCCESS) MPI_Error_class(error, &kind);
      if (is_received && kind == MPI_ERR_TRUNCATE) {
        r.receive[i].came = r.receive[i].room.size() + 1;
        continue;
      }
      detail::check_mpi(error, is_received ? "MPI_Irecv" : "MPI_Isend");
      if (!is_received) continue;
      MPI_Count bytes = 0;
      detail::check_mpi(MPI_Get_elements_x(&status[i], MPI_BYTE, &bytes), "MPI_Get_elements_x");
      r.receive[i].came = static_cast<std::uint64_t>(bytes);
    }
  }

 private:
  static constexpr int tag = 0;

  /// Small messages as bytes, large ones as one element of a type of their size.
  template <class Call>
  static void post(std::uint64_t bytes, Call call) {
    if (bytes <= INT_MAX) return detail::check_mpi(call(static_cast<int>(bytes), MPI_BYTE), "post");
    const detail::mpi_bytes type(bytes);
    detail::check_mpi(call(1, type.get()), "post");
  }

  MPI_Comm group_ = MPI_COMM_NULL;
  rank_of self_;
};

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_MPI_TRANSPORT_HPP

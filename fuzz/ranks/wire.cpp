// SPDX-License-Identifier: Apache-2.0
#include "wire.hpp"

#include <type_traits>

#include <nlohmann/json.hpp>

namespace lowp::tool {

using json = nlohmann::json;

// The members of every structure, for both directions: `io(name, member)` each. The bindings name
// all members, so that a new one does not compile before it is dealt with here.

template <class Io>
void members(Io& io, place_in_batch& x) {
  auto& [place, length] = x;
  io("place", place);
  io("length", length);
}

template <class Io>
void members(Io& io, mismatch& x) {
  auto& [inputs, expected, got, where] = x;
  io("inputs", inputs);
  io("expected", expected);
  io("got", got);
  io("where", where);
}

template <class Io>
void members(Io& io, difference_count& x) {
  auto& [numbers, nans] = x;
  io("numbers", numbers);
  io("nans", nans);
}

template <class Io>
void members(Io& io, tally& x) {
  auto& [cases, mismatches, first, known, against_default, places, faults] = x;
  io("cases", cases);
  io("mismatches", mismatches);
  io("first", first);
  io("known", known);
  io("against_default", against_default);
  io("places", places.counts());
  io("faults", faults);
}

template <class Io>
void members(Io& io, share& x) {
  auto& [found, done, failed, failure] = x;
  io("found", found);
  io("done", done);
  io("failed", failed);
  io("failure", failure);
}

template <class Io>
void members(Io& io, speed& x) {
  auto& [row, seconds_per_case, failure] = x;
  io("row", row);
  io("seconds_per_case", seconds_per_case);
  io("failure", failure);
}

template <class Io>
void members(Io& io, golden::finding& x) {
  auto& [inputs, cause, cases, in, expected, got, example] = x;
  io("inputs", inputs);
  io("cause", cause);
  io("cases", cases);
  io("in", in);
  io("expected", expected);
  io("got", got);
  io("example", example);
}

template <class Io>
void members(Io& io, outcome_map::tick& x) {
  auto& [at, words] = x;
  io("at", at);
  io("words", words);
}

template <class Io>
void members(Io& io, outcome_map& x) {
  auto& [x_words, y_words, x_ticks, y_ticks, columns, rows, first_row, left_out, cells, count] = x;
  io("x", x_words);
  io("y", y_words);
  io("x_ticks", x_ticks);
  io("y_ticks", y_ticks);
  io("columns", columns);
  io("rows", rows);
  io("first_row", first_row);
  io("left_out", left_out);
  io("cells", cells);
  for (int i = 0; i < outcomes; ++i) io("count " + std::to_string(i), count[i]);
}

template <class Io>
void members(Io& io, counted_difference& x) {
  auto& [what, source, count, by_rule, of_all_inputs] = x;
  io("what", what);
  io("source", source);
  io("count", count);
  io("by_rule", by_rule);
  io("of_all_inputs", of_all_inputs);
}

template <class Io>
void members(Io& io, row_result& x) {
  auto& [row, space_bits, cases, complete, mismatches, first, failure, findings, map, faults,
         unsteady, places, known, seconds] = x;
  static_cast<void>(row);
  io("space_bits", space_bits);
  io("cases", cases);
  io("complete", complete);
  io("mismatches", mismatches);
  io("first", first);
  io("failure", failure);
  io("findings", findings);
  io("map", map);
  io("faults", faults);
  io("unsteady", unsteady);
  io("places", places);
  io("known", known);
  io("seconds", seconds);
}

namespace {

class writer {
 public:
  json all = json::object();

  template <class T>
  void operator()(const std::string& name, T& x) {
    all[name] = of(x);
  }

  template <class T>
  static json of(T& x) {
    if constexpr (std::is_enum_v<T>) {
      return static_cast<std::underlying_type_t<T>>(x);
    } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
      return x;
    } else {
      writer w;
      members(w, x);
      return std::move(w.all);
    }
  }
  template <class T>
  static json of(std::optional<T>& x) {
    return x ? of(*x) : json(nullptr);
  }
  template <class T>
  static json of(std::vector<T>& x) {
    json list = json::array();
    for (T& element : x) list.push_back(of(element));
    return list;
  }
  static json of(conduct_faults& x) {
    json list = json::array();
    for (auto [kind, example] : x) list.push_back(json::array({of(kind), example}));
    return list;
  }
};

class reader {
 public:
  explicit reader(const json& from) : all_(from) {}

  template <class T>
  void operator()(const std::string& name, T& x) {
    to(all_.at(name), x);
  }

  template <class T>
  static void to(const json& from, T& x) {
    if constexpr (std::is_enum_v<T>) {
      x = static_cast<T>(from.get<std::underlying_type_t<T>>());
    } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
      x = from.get<T>();
    } else {
      reader r(from);
      members(r, x);
    }
  }
  template <class T>
  static void to(const json& from, std::optional<T>& x) {
    x.reset();
    if (!from.is_null()) to(from, x.emplace());
  }
  template <class T>
  static void to(const json& from, std::vector<T>& x) {
    x.clear();
    for (const json& element : from) to(element, x.emplace_back());
  }
  static void to(const json& from, conduct_faults& x) {
    x.clear();
    for (const json& fault : from) {
      disagreement kind{};
      to(fault.at(0), kind);
      to(fault.at(1), x[kind]);
    }
  }

 private:
  const json& all_;
};

// Strings are written as they are, also where they are no UTF-8.
template <class T>
std::string bytes_of(const T& x) {
  T copy = x;
  std::string bytes;
  json::to_cbor(writer::of(copy), bytes);
  return bytes;
}

template <class T>
T back(const std::string& bytes) {
  T x{};
  reader::to(json::from_cbor(bytes), x);
  return x;
}

}  // namespace

void share::add(const share& other) {
  found.add(other.found);
  done += other.done;
  if (!other.failure.empty() && (failure.empty() || other.failed < failed)) {
    failed = other.failed;
    failure = other.failure;
  }
}

std::string to_bytes(const share& s) { return bytes_of(s); }
std::string to_bytes(const std::vector<speed>& speeds) { return bytes_of(speeds); }
std::string to_bytes(const std::vector<row_result>& results) { return bytes_of(results); }
share share_of(const std::string& bytes) { return back<share>(bytes); }
std::vector<speed> speeds_of(const std::string& bytes) { return back<std::vector<speed>>(bytes); }
std::vector<row_result> results_of(const std::string& bytes) {
  return back<std::vector<row_result>>(bytes);
}

}  // namespace lowp::tool

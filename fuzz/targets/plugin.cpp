// SPDX-License-Identifier: Apache-2.0
/// \file
/// Fuzz target: a plug-in (lowp/golden/vendor.h) that is linked in, built with coverage, so that
/// the fuzzer sees its branches and comparisons. The input chooses an operation, how it is called,
/// and the operands of a batch; results must be those of the claim (GLD-16). `./run fuzz plugin`
/// builds it.
///
/// Besides libFuzzer's options: --operation=NAME (only this one), --seeds=DIRECTORY (writes the
/// seed corpus and ends), --tell (prints every batch before it runs).
// compile: -fno-sanitize=fuzzer-no-link
// links: tool
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <lowp/golden/vendor.h>

#include "../code_arrays.hpp"
#include "../explain.hpp"
#include "../inputs.hpp"
#include "../suggest.hpp"
#include "../usage_error.hpp"
#include "../vectors/vector_claim.hpp"
#include "../vectors/writers.hpp"
#include "input.hpp"
#include "plugin_seeds.hpp"

namespace {

using namespace lowp::tool;
using lowp::code_t;

/// An operation that the input can choose.
struct operation {
  const lowp_vendor_operation* vendor;
  vector_claim claim;
};

const char* plugin_name = "";
std::vector<operation> operations;
bool tells = false;

/// Operands and results of all cases of a batch, case after case.
struct cases {
  std::size_t count;
  std::vector<code_t> operands, results;
};

constexpr std::size_t most_cases = 128;
constexpr std::size_t header_bytes = 2;

std::size_t bytes_of_operands(const claim& c) {
  std::size_t n = 0;
  for (const field& f : c.in) n += bytes_of_case(f);
  return n;
}

/// An array of one field as the interface has it: nothing of it behind its end is anyone's.
struct code_array {
  code_array(const field& f, std::size_t cases, std::size_t offset)
      : memory(cases * bytes_of_case(f) + offset), at(memory.memory.get() + offset) {
    memory.fill(std::byte{0xa5});
  }
  buffer memory;
  std::byte* at;
};

/// What a batch is told besides its operands. Nothing of it may matter unless the claim says so.
lowp_vendor_batch batch_for(unsigned how, std::size_t count) {
  lowp_vendor_batch b{};
  b.size = sizeof b;
  b.cases = count;
  b.total = count;
  b.seed = 1;
  b.ranks = 1;
  if (how == 0) return b;
  b.first = random_bits(1, how) >> (how % 64);
  b.total = b.first + count + how % 5;
  b.seed = random_bits(2, how);
  b.stream = static_cast<std::uint32_t>(random_bits(3, how));
  b.ranks = 1 + how % 9;
  b.rank = how % b.ranks;
  return b;
}

void run(const operation& o, unsigned how, cases& x) {
  const claim& c = o.claim.functions;
  std::vector<code_array> in, out;
  for (const field& f : c.in) in.emplace_back(f, x.count, how % 8 * f.bytes());
  for (const field& f : c.out) out.emplace_back(f, x.count, how % 8 * f.bytes());
  std::size_t place = 0;
  for (std::size_t k = 0; k < in.size(); place += c.in[k++].count) {
    for (std::size_t i = 0; i < x.count; ++i) {
      for (std::size_t j = 0; j < c.in[k].count; ++j) {
        store_code(in[k].at, c.in[k].bytes(), i * c.in[k].count + j,
                   x.operands[i * o.claim.operands() + place + j]);
      }
    }
  }
  std::vector<const void*> ins;
  std::vector<void*> outs;
  for (const code_array& a : in) ins.push_back(a.at);
  for (const code_array& a : out) outs.push_back(a.at);
  lowp_vendor_batch b = batch_for(how, x.count);
  b.in = ins.data();
  b.out = outs.data();
  const int returned = o.vendor->run(o.vendor->context, &b);
  if (returned != 0) {
    fmt::print(stderr, "lowp: operation '{}' refused a batch of {}: it returned {}\n",
               o.vendor->name, x.count, returned);
    std::abort();
  }
  x.results.assign(x.count * o.claim.results(), 0);
  place = 0;
  for (std::size_t k = 0; k < out.size(); place += c.out[k++].count) {
    for (std::size_t i = 0; i < x.count; ++i) {
      for (std::size_t j = 0; j < c.out[k].count; ++j) {
        x.results[i * o.claim.results() + place + j] =
            load_code(out[k].at, c.out[k].bytes(), i * c.out[k].count + j);
      }
    }
  }
}

/// A row as lowp vectors writes it; without results as lowp verify --command sends it.
std::string line_of(const vector_claim& v, const code_t* operands, const code_t* results) {
  std::string line;
  for (const vector_column& column : v.columns) {
    if (column.is_result && results == nullptr) continue;
    for (std::size_t k = 0; k < column.data.count; ++k) {
      if (!line.empty()) line += ' ';
      append_hex(line, ((column.is_result ? results : operands) + column.place)[k],
                 column.digits());
    }
  }
  return line;
}

bool right(const operation& o, const code_t* operands, const code_t* results) {
  const claim& c = o.claim.functions;
  std::vector<code_t> expected(o.claim.results());
  c.golden(operands, expected.data());
  return std::equal(expected.begin(), expected.end(), results) ||
         (c.accepts && c.accepts(operands, results));
}

[[noreturn]] void report(const operation& o, unsigned how, const cases& x, std::size_t at) {
  const code_t* const operands = x.operands.data() + at * o.claim.operands();
  const code_t* const results = x.results.data() + at * o.claim.results();
  fmt::print(stderr, "lowp: {}, operation '{}', claim '{}', case {} of a batch of {}:\n",
             plugin_name, o.vendor->name, o.claim.text, at + 1, x.count);
  std::vector<code_t> expected(o.claim.results());
  o.claim.functions.golden(operands, expected.data());
  const implementation row{"", "", o.claim.model, [](const batch&) {}};
  for (const std::string& line : explain(row, {{operands, operands + o.claim.operands()},
                                               expected,
                                               {results, results + o.claim.results()}})) {
    fmt::print(stderr, "  {}\n", line);
  }
  const std::string line = line_of(o.claim, operands, results);
  cases alone{1, {operands, operands + o.claim.operands()}, {}};
  run(o, how, alone);
  fmt::print(stderr, "  alone in a batch it is {}\n",
             right(o, operands, alone.results.data()) ? "right" : "wrong, too");
  fmt::print(stderr, "  printf '{}\\n' | lowp check - --claim '{}'\n", line, o.claim.text);
  std::abort();
}

void write_seeds(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  std::size_t files = 0;
  for (std::size_t k = 0; k < operations.size(); ++k) {
    for (const std::string& bytes : seeds_of(operations[k].claim)) {
      std::ofstream out(folder / fmt::format("{}", files++), std::ios::binary);
      out.put(static_cast<char>(k)).put('\0') << bytes;
      if (!out.flush()) throw usage_error(fmt::format("{}: cannot be written", folder.string()));
    }
  }
  fmt::print("{} seeds\n", files);
}

/// The plug-in as it is linked in. usage_error as lowp verify --plugin has them.
void load(const std::string& only) {
  const lowp_vendor* const v = lowp_vendor_describe(LOWP_VENDOR_ABI);
  if (v == nullptr || v->abi != LOWP_VENDOR_ABI || v->name == nullptr || v->operations == nullptr) {
    throw usage_error("the plug-in is unusable: lowp verify --plugin says why");
  }
  plugin_name = v->name;
  std::vector<std::string> names;
  for (std::size_t k = 0; k < v->operation_count; ++k) {
    const lowp_vendor_operation& o = v->operations[k];
    if (o.name == nullptr || o.claim == nullptr || o.run == nullptr) {
      throw usage_error("the plug-in is unusable: lowp verify --plugin says why");
    }
    names.emplace_back(o.name);
    if (!only.empty() && only != o.name) continue;
    try {
      operations.push_back({&o, make_vector_claim({o.claim}, flags_choice::no)});
    } catch (const usage_error& e) {
      throw usage_error(
          fmt::format("operation '{}': its claim '{}': {}", o.name, o.claim, e.what()));
    }
  }
  if (operations.empty()) {
    throw usage_error(fmt::format("--operation: '{}' is none of {}{}", only, fmt::join(names, ", "),
                                  nearest_text(only, names)));
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  std::string only, seeds;
  for (int i = 1; i < *argc; ++i) {
    const std::string argument = (*argv)[i];
    const auto value = [&](const std::string& option, std::string& to) {
      if (argument.rfind(option, 0) == 0) to = argument.substr(option.size());
    };
    value("--operation=", only);
    value("--seeds=", seeds);
    tells = tells || argument == "--tell";
  }
  try {
    load(only);
    if (seeds.empty()) return 0;
    write_seeds(seeds);
  } catch (const std::exception& e) {
    fmt::print(stderr, "lowp: {}\n", e.what());
    std::_Exit(2);
  }
  std::fflush(stdout);
  std::_Exit(0);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < header_bytes) return 0;
  reader in(data, size);
  const operation& o = operations[in.number<std::uint8_t>() % operations.size()];
  const unsigned how = in.number<std::uint8_t>();
  const claim& c = o.claim.functions;
  const std::size_t width = std::max<std::size_t>(bytes_of_operands(c), 1);
  cases x{
      std::clamp<std::size_t>((size - header_bytes + width - 1) / width, 1, most_cases), {}, {}};
  for (std::size_t i = 0; i < x.count; ++i) {
    for (const field& f : c.in) {
      for (std::size_t j = 0; j < f.count; ++j) {
        code_t code = 0;
        in.bytes(&code, f.bytes());
        x.operands.push_back(code & lowp::detail::low_mask(f.of.width));
      }
    }
  }
  if (tells) {
    fmt::print(stderr, "lowp: operation '{}' (claim '{}'), a batch of {}:\n", o.vendor->name,
               o.claim.text, x.count);
    for (std::size_t i = 0; i < x.count; ++i) {
      fmt::print(stderr, "  {}\n", line_of(o.claim, &x.operands[i * o.claim.operands()], nullptr));
    }
  }
  run(o, how, x);
  for (std::size_t i = 0; i < x.count; ++i) {
    if (!right(o, &x.operands[i * o.claim.operands()], &x.results[i * o.claim.results()])) {
      report(o, how, x, i);
    }
  }
  return 0;
}

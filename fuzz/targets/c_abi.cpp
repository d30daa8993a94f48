// SPDX-License-Identifier: Apache-2.0
/// \file
/// Fuzz target: the C ABI, and that of simulators, with indices, enumerators, formats, names and
/// sizes of any values. Each call ends with a status of the list; what is refused writes nothing
/// and leaves a message; what is not, writes codes of the format and nothing outside its arrays.
// compile: src/lowp_c.cpp src/lowp_c_registry.cpp src/lowp_c_convert.cpp src/lowp_c_arrays.cpp
// compile: src/lowp_c_blocks.cpp src/lowp_c_hardware.cpp src/lowp_dpi.cpp
// compile: src/lowp_dpi_machines.cpp -O0
#include <cstring>
#include <string>

#include <lowp/interop/lowp.h>
#include <lowp/interop/lowp_dpi.h>

#include "input.hpp"

namespace {

constexpr std::byte untouched{0x5a};

/// Demands what holds of every call.
bool done(int status, std::initializer_list<const buffer*> results = {}) {
  demand(status >= LOWP_OK && status <= LOWP_NO_MEMORY && lowp_error_text(status) != nullptr);
  if (status == LOWP_OK) return true;
  demand(*lowp_last_message() != '\0');
  for (const buffer* b : results) demand(b->holds(untouched));
  return false;
}

/// An index, often beyond the end.
std::size_t some_index(reader& in, int registry) {
  std::size_t count = 0;
  const auto x = in.number<std::uint16_t>();
  if (!done(lowp_count(registry, &count)) || x >= 0xff00) return in.number<std::size_t>();
  return x % (count + 1);
}

/// A format of the registry, or one with a byte changed.
lowp_format some_format(reader& in) {
  lowp_format f{};
  done(lowp_format_at(some_index(in, LOWP_FORMATS), &f));
  const auto change = in.number<std::uint8_t>();
  if (change >= 192) {
    const std::size_t at = change % sizeof f;
    const auto byte = in.number<std::uint8_t>();
    std::memcpy(reinterpret_cast<char*>(&f) + at, &byte, 1);
  }
  return f;
}

lowp_projection some_projection(reader& in) {
  lowp_projection p{};
  for (unsigned n = in.below(4); n != 0; --n) {
    const std::size_t at = in.number<std::uint8_t>() % sizeof p;
    const auto byte = in.number<std::uint8_t>();
    std::memcpy(reinterpret_cast<char*>(&p) + at, &byte, 1);
  }
  return p;
}

std::size_t container(const lowp_format& f) {
  lowp_format_properties p{};
  return done(lowp_format_facts(&f, &p)) ? p.container_bytes : 8;
}

buffer result(std::size_t bytes) {
  buffer b(bytes);
  b.fill(untouched);
  return b;
}

void registries(reader& in) {
  const int registry = in.number<std::int8_t>();
  const char* text = nullptr;
  if (done(lowp_registry_name(registry, &text))) demand(text != nullptr);
  const std::size_t at = some_index(in, registry);
  if (done(lowp_row_text(registry, at, in.number<std::int8_t>(), &text))) demand(text != nullptr);
  char name[40] = {};
  in.bytes(name, sizeof name - 1);
  std::size_t found = 0;
  done(lowp_find(registry, name, &found));
  lowp_format f{};
  if (done(lowp_format_named(name, &f))) demand(f.width > 0 && f.width <= 64);
  done(lowp_projection_member(in.number<std::uint8_t>(), &text));
  done(lowp_projection_value(in.number<std::uint8_t>(), in.number<std::int16_t>(), &text));
  const lowp_format to = some_format(in);
  done(lowp_find_rule(name, &f, &to, &found));
}

void conversions(reader& in) {
  const lowp_format from = some_format(in), to = some_format(in);
  const lowp_projection p = some_projection(in);
  lowp_random random{};
  random.seed = in.number<std::uint64_t>();
  random.generator = in.number<std::uint8_t>() % 4;
  const std::size_t n = in.below(20);
  const buffer source(in, n * container(from));
  buffer out = result(n * container(to)), flags = result(n);
  done(lowp_convert(&from, source.memory.get(), &to, out.memory.get(), n, &p, &random,
                    reinterpret_cast<std::uint8_t*>(flags.memory.get())),
       {&out, &flags});
  buffer values = result(n * sizeof(lowp_value));
  done(lowp_decode(&from, source.memory.get(), n,
                   reinterpret_cast<lowp_value*>(values.memory.get())),
       {&values});
  lowp_value v;
  in.bytes(&v, sizeof v);
  std::uint64_t code = 0;
  std::uint8_t flag = 0;
  if (done(lowp_encode_value(&to, &v, &p, in.number<std::uint64_t>(), &code, &flag))) {
    demand(to.width == 64 || code >> to.width == 0);
  }
  const std::size_t rule = some_index(in, LOWP_CONVERSION_RULES);
  done(lowp_apply_rule_code(rule, in.number<std::uint64_t>(), in.number<std::uint64_t>(), &code));
}

void operations(reader& in) {
  const int operation = static_cast<int>(some_index(in, LOWP_OPERATIONS));
  const lowp_format formats[3] = {some_format(in), some_format(in), some_format(in)};
  const lowp_format to = some_format(in);
  const lowp_projection p = some_projection(in);
  const std::uint64_t codes[3] = {in.number<std::uint64_t>(), in.number<std::uint64_t>(),
                                  in.number<std::uint64_t>()};
  std::uint64_t out = 0;
  std::uint8_t flags = 0;
  if (done(lowp_compute_codes(operation, formats, codes, &to, &p, in.number<std::uint64_t>(), &out,
                              &flags))) {
    demand(to.width == 64 || out >> to.width == 0);
  }
}

void packings(reader& in) {
  const lowp_format f = some_format(in);
  const std::size_t packing = some_index(in, LOWP_PACKINGS);
  const std::size_t n = in.below(200);
  std::size_t bytes = 0;
  if (!done(lowp_packed_bytes(&f, packing, n, &bytes))) return;
  const unsigned missing = in.below(4) == 0 && bytes != 0;
  const buffer packed(in, bytes - missing);
  buffer codes = result(n * container(f));
  done(lowp_unpack(&f, packing, packed.memory.get(), packed.size, codes.memory.get(), n), {&codes});
  buffer again = result(bytes - missing);
  done(lowp_pack(&f, packing, codes.memory.get(), n, again.memory.get(), again.size), {&again});
}

void blocks(reader& in) {
  const std::size_t format = some_index(in, LOWP_BLOCK_FORMATS);
  const std::size_t layout = in.below(2) != 0 ? LOWP_DEFAULT : some_index(in, LOWP_BLOCK_LAYOUTS);
  const std::size_t recipe = in.below(2) != 0 ? LOWP_DEFAULT : some_index(in, LOWP_BLOCK_RECIPES);
  const bool huge = in.below(16) == 0;
  const std::uint64_t rows = huge ? in.number<std::uint64_t>() : in.below(5);
  const std::uint64_t columns = huge ? in.number<std::uint64_t>() : in.number<std::uint8_t>();
  std::size_t data = 0, scales = 0, outers = 0;
  if (!done(lowp_block_sizes(format, layout, rows, columns, &data, &scales, &outers))) return;
  if (data > 1 << 16 || scales > 1 << 16 || outers > 1 << 10 || rows * columns > 1 << 12) return;
  const buffer numbers(in, rows * columns * 4);
  const unsigned missing = in.below(8);
  buffer d = result(data - (missing == 1 && data != 0)),
         s = result(scales - (missing == 2 && scales != 0)), o = result(outers * 4);
  const bool good = done(
      lowp_quantise(format, recipe, layout, rows, columns, numbers.memory.get(), d.memory.get(),
                    d.size, s.memory.get(), s.size, o.memory.get(), nullptr, nullptr),
      {&d, &s, &o});
  if (!good) {
    in.bytes(d.memory.get(), d.size);
    in.bytes(s.memory.get(), s.size);
  }
  buffer back = result(numbers.size);
  done(lowp_dequantise(format, layout, rows, columns, d.memory.get(), d.size, s.memory.get(),
                       s.size, o.memory.get(), back.memory.get()),
       {&back});
}

void machines(reader& in) {
  const std::size_t at = some_index(in, LOWP_INSTRUCTIONS);
  lowp_instruction_state state{};
  done(lowp_default_state(&state));
  if (in.below(2) != 0) in.bytes(&state, sizeof state - sizeof state.reserved);
  lowp_instruction_properties p{};
  if (done(lowp_instruction_at(at, &state, &p))) {
    const buffer sources(in, p.source_registers * p.source_bytes);
    buffer out = result(p.result_bytes);
    done(lowp_run_instruction(at, sources.memory.get(), sources.size, out.memory.get(), out.size, 1,
                              &state, 1),
         {&out});
  }
  const std::size_t model = some_index(in, LOWP_MMA_MODELS);
  lowp_mma_properties m{};
  if (!done(lowp_mma_at(model, &m))) return;
  const std::uint64_t k = 1 + in.below(40);
  const std::uint64_t groups = m.scale_block != 0 ? (k + m.scale_block - 1) / m.scale_block : 0;
  const buffer a(in, k * container(m.a)), b(in, k * container(m.b)), c(in, container(m.c)),
      sa(in, groups * 8), sb(in, groups * 8);
  buffer d = result(container(m.d));
  done(lowp_mma(model, 1, 1, 1, k, a.memory.get(), b.memory.get(), c.memory.get(),
                groups != 0 ? sa.memory.get() : nullptr, groups != 0 ? sb.memory.get() : nullptr,
                d.memory.get()),
       {&d});
}

/// Handles of formats and projections are integers, which a simulator may make of anything.
std::uint64_t some_handle(reader& in, bool of_format) {
  if (in.below(8) == 0) return in.number<std::uint64_t>();
  if (of_format) {
    const char* name = nullptr;
    const std::size_t at = some_index(in, LOWP_FORMATS);
    return done(lowp_row_text(LOWP_FORMATS, at, LOWP_TEXT_NAME, &name)) ? lowp_dpi_format(name) : 0;
  }
  char words[60] = {};
  in.bytes(words, sizeof words - 1);
  return lowp_dpi_projection(words);
}

void simulators(reader& in) {
  const std::uint64_t from = some_handle(in, true), to = some_handle(in, true);
  const std::uint64_t p = in.below(2) != 0 ? 0 : some_handle(in, false);
  const int rm = static_cast<int>(in.below(9)) - 1;
  const auto code = in.number<std::uint64_t>();
  const auto random = in.number<std::uint32_t>();
  const int width = lowp_dpi_width(to);
  const std::uint64_t converted = lowp_dpi_convert(from, code, to, p, rm, random);
  constexpr auto refused = ~std::uint64_t{0};
  demand(converted == refused || width == 64 || (width > 0 && converted >> width == 0));
  (void)lowp_dpi_convert_flags(from, code, to, p, rm, random);
  (void)lowp_dpi_same(to, converted, code, static_cast<int>(in.below(4)));
  (void)lowp_dpi_apply_rule(static_cast<int>(some_index(in, LOWP_CONVERSION_RULES)), code, random);
  const int operation = static_cast<int>(some_index(in, LOWP_OPERATIONS));
  (void)lowp_dpi_compute(operation, from, code, to, random, from, code, to, p, rm, random);
  constexpr std::size_t bytes = LOWP_DPI_WORDS * 4;
  const buffer a(in, bytes), b(in, bytes), scales(in, LOWP_DPI_SCALE_WORDS * 4);
  const buffer out(bytes), state(LOWP_DPI_STATE_WORDS * 4);
  const auto words = [](const buffer& x) {
    return reinterpret_cast<std::uint32_t*>(x.memory.get());
  };
  (void)lowp_dpi_dot(static_cast<int>(some_index(in, LOWP_MMA_MODELS)), in.number<std::int16_t>(),
                     words(a), words(b), code, words(scales), words(scales));
  done(lowp_dpi_default_state(words(state)));
  if (in.below(2) != 0) in.bytes(state.memory.get(), state.size);
  done(lowp_dpi_run_instruction(static_cast<int>(some_index(in, LOWP_INSTRUCTIONS)), words(state),
                                words(a), words(b), words(out)));
  const int block = static_cast<int>(some_index(in, LOWP_BLOCK_FORMATS));
  const int recipe = static_cast<int>(some_index(in, LOWP_BLOCK_RECIPES)) - 1;
  std::uint64_t scale = 0;
  std::uint32_t outer = 0;
  done(lowp_dpi_quantise(block, recipe, code, words(a), random, words(out), &scale, &outer));
  done(lowp_dpi_dequantise(block, words(out), in.number<std::uint64_t>(), outer, words(a)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  reader in(data, size);
  switch (in.below(7)) {
    case 0: registries(in); break;
    case 1: conversions(in); break;
    case 2: operations(in); break;
    case 3: packings(in); break;
    case 4: blocks(in); break;
    case 5: simulators(in); break;
    default: machines(in);
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
/// \file
/// The C ABI gives what the headers give, over every registry, and its header has every enumerator.
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <regex>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/block/block_recipes.hpp>
#include <lowp/block/quantise_matrix.hpp>
#include <lowp/hardware/all_instructions.hpp>
#include <lowp/hardware/mma/all_mma_models.hpp>
#include <lowp/hardware/mma/mma.hpp>
#include <lowp/interop/lowp.h>
#include <lowp/operations.hpp>
#include <lowp/projection_members.hpp>

namespace {

using lowp::code_t;

constexpr unsigned seed = 20261122;

std::string text(int registry, std::size_t row, int which) {
  const char* out = nullptr;
  REQUIRE(lowp_row_text(registry, row, which, &out) == LOWP_OK);
  REQUIRE(out != nullptr);
  return out;
}

lowp_format named(const char* name) {
  lowp_format f;
  REQUIRE(lowp_format_named(name, &f) == LOWP_OK);
  return f;
}

bool same(const lowp_format& a, const lowp::format& b) {
  return a.kind == static_cast<int>(b.kind) && a.width == b.width && a.precision == b.precision &&
         a.exponent_bits == b.exponent_bits && (a.is_signed != 0) == b.is_signed &&
         (a.has_infinity != 0) == b.has_infinity && a.nans == static_cast<int>(b.nans) &&
         a.bottom == static_cast<int>(b.bottom) && a.table == static_cast<int>(b.table) &&
         a.bias == b.bias;
}

bool same(const lowp_projection& a, const lowp::projection& b) {
  std::uint8_t bytes[sizeof a];
  std::memcpy(bytes, &a, sizeof a);
  int i = 0;
  for (const lowp::projection_member& m : lowp::members(b)) {
    if (bytes[i++] != m.number) return false;
  }
  return true;
}

int bytes_of_code(int width) { return width <= 8 ? 1 : width <= 16 ? 2 : width <= 32 ? 4 : 8; }

/// Codes as the C ABI has them in arrays.
std::vector<std::uint8_t> packed(const std::vector<code_t>& codes, int width) {
  std::vector<std::uint8_t> out;
  for (const code_t code : codes) {
    for (int i = 0; i < bytes_of_code(width); ++i) out.push_back(code >> (8 * i) & 0xff);
  }
  return out;
}

code_t code_at(const std::vector<std::uint8_t>& bytes, int width, std::size_t i) {
  const auto n = static_cast<std::size_t>(bytes_of_code(width));
  code_t code = 0;
  for (std::size_t j = 0; j < n; ++j) code |= code_t{bytes[i * n + j]} << (8 * j);
  return code;
}

/// Every enumerator of the header with its value, by counting as C does.
std::map<std::string, int> enumerators() {
  std::ifstream file(LOWP_SOURCE_DIR "/include/lowp/interop/lowp.h");
  std::string all((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  all = std::regex_replace(all, std::regex("//[^\n]*"), "");
  std::map<std::string, int> found;
  const std::regex body("enum \\w+ \\{([^}]*)\\}"), item("(\\w+)(?:\\s*=\\s*(\\d+))?");
  for (std::sregex_iterator e(all.begin(), all.end(), body), end; e != end; ++e) {
    const std::string inside = (*e)[1];
    int next = 0;
    for (std::sregex_iterator i(inside.begin(), inside.end(), item); i != end; ++i) {
      if ((*i)[2].matched) next = std::stoi((*i)[2]);
      found[(*i)[1]] = next++;
    }
  }
  return found;
}

std::string upper(std::string s) {
  for (char& c : s) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return s;
}

}  // namespace

TEST_CASE("C ABI: the header has every enumerator of a projection under its name") {
  const std::map<std::string, int> known = enumerators();
  REQUIRE(known.size() > 90);
  const auto belongs = [](const std::string& name, const std::string& prefix) {
    return name.rfind(prefix, 0) == 0;
  };
  std::map<std::string, int> wanted;
  for (std::size_t member = 0; member < lowp::projection_member_count; ++member) {
    const char* text_of = nullptr;
    REQUIRE(lowp_projection_member(member, &text_of) == LOWP_OK);
    std::string prefix = upper(text_of);
    if (prefix.size() > 5 && prefix.ends_with("_SIGN")) prefix = "SIGN";
    CHECK(std::string(text_of) == lowp::members({}).rows[member].name);
    for (int value = 0; lowp_projection_value(member, value, &text_of) == LOWP_OK; ++value) {
      const lowp::member_kind kind = lowp::members({}).rows[member].kind;
      CHECK((text_of != nullptr) == (kind == lowp::member_kind::enumerator));
      if (text_of != nullptr) wanted["LOWP_" + prefix + "_" + upper(text_of)] = value;
    }
  }
  CHECK(wanted.size() > 40);
  for (const auto& [name, value] : wanted) {
    CAPTURE(name);
    REQUIRE(known.count(name) == 1);
    CHECK(known.at(name) == value);
  }
  for (const auto& [name, value] : known) {
    for (const char* prefix : {"LOWP_ROUND_", "LOWP_OVERFLOW_", "LOWP_NAN_", "LOWP_SIGN_",
                               "LOWP_NEGATIVE_", "LOWP_SUBNORMAL_INPUT_", "LOWP_RULES_"}) {
      CHECK_MESSAGE((!belongs(name, prefix) || wanted.count(name) == 1), name);
    }
  }
  CHECK(LOWP_KIND_CODEBOOK == static_cast<int>(lowp::number_kind::codebook));
  CHECK(LOWP_NANS_NEGATIVE_ZERO == static_cast<int>(lowp::nan_codes::negative_zero));
  CHECK(LOWP_BOTTOM_NO_ZERO == static_cast<int>(lowp::bottom_binade::no_zero));
  CHECK(LOWP_TABLE_BNB_FP4 == static_cast<int>(lowp::codebook_id::bnb_fp4));
  CHECK(LOWP_NOT_A_NUMBER == static_cast<int>(lowp::number_class::nan));
  CHECK(LOWP_KEYED_MIX == static_cast<int>(lowp::random_generator::keyed_mix));
  CHECK(LOWP_OUTER_ROW == static_cast<int>(lowp::outer_scale::row));
  CHECK(LOWP_SATURATED == lowp::status::saturated);
  CHECK(LOWP_DIVIDE_BY_ZERO == lowp::status::divide_by_zero);
}

TEST_CASE("C ABI: every row of every registry has its index, and its name finds it") {
  const std::size_t sizes[] = {lowp::format_count,
                               std::size(lowp::all_operations),
                               lowp::all_conversion_rules.size(),
                               lowp::all_policies.size(),
                               lowp::all_conversion_instructions.size(),
                               lowp::all_mma_models.size(),
                               lowp::block_format_count,
                               lowp::block_recipe_count};
  for (int registry = 0; registry < LOWP_REGISTRIES; ++registry) {
    std::size_t count = 0;
    REQUIRE(lowp_count(registry, &count) == LOWP_OK);
    if (registry < static_cast<int>(std::size(sizes))) CHECK(count == sizes[registry]);
    REQUIRE(count > 5);
    for (std::size_t i = 0; i < count; ++i) {
      std::size_t found = count;
      const std::string name = text(registry, i, LOWP_TEXT_NAME);
      REQUIRE_MESSAGE(lowp_find(registry, name.c_str(), &found) == LOWP_OK, name);
      CHECK_MESSAGE(found == i, name);
      for (int which = 0; which < LOWP_TEXTS; ++which) text(registry, i, which);
      if (registry != LOWP_PACKINGS)
        CHECK_MESSAGE(!text(registry, i, LOWP_TEXT_SOURCE).empty(), name);
    }
  }
  CHECK(text(LOWP_FORMATS, 1, LOWP_TEXT_ALIAS) == "float32");
  CHECK(text(LOWP_OPERATIONS, 0, LOWP_TEXT_MEANING) == "x + y");
  CHECK(text(LOWP_BLOCK_FORMATS, 0, LOWP_TEXT_RECIPE) == "ocp");
  CHECK(text(LOWP_CONVERSION_RULES, 0, LOWP_TEXT_POLICY) ==
        lowp::all_conversion_rules[0].origin.policy);
  CHECK(text(LOWP_MMA_MODELS, 0, LOWP_TEXT_VENDOR) == lowp::all_mma_models[0].origin.vendor);
  CHECK(text(LOWP_INSTRUCTIONS, 0, LOWP_TEXT_TARGET) ==
        lowp::all_conversion_instructions[0].target);
}

TEST_CASE("C ABI: formats, rules and policies are those of the headers") {
  for (std::size_t i = 0; i < lowp::format_count; ++i) {
    lowp_format f;
    REQUIRE(lowp_format_at(i, &f) == LOWP_OK);
    CHECK(same(f, lowp::all_formats[i].value));
    lowp_format_properties facts;
    REQUIRE(lowp_format_facts(&f, &facts) == LOWP_OK);
    CHECK(facts.max_finite == max_finite(lowp::all_formats[i].value));
    CHECK(facts.canonical_nan == canonical_nan(lowp::all_formats[i].value));
    CHECK(facts.container_bytes == bytes_of_code(f.width));
  }
  for (std::size_t i = 0; i < lowp::all_policies.size(); ++i) {
    lowp_projection p;
    REQUIRE(lowp_policy_at(i, &p) == LOWP_OK);
    CHECK(same(p, lowp::all_policies[i].value));
  }
  std::mt19937_64 random(seed);
  for (std::size_t i = 0; i < lowp::all_conversion_rules.size(); ++i) {
    const lowp::conversion_rule& rule = lowp::all_conversion_rules[i];
    CAPTURE(rule.name);
    lowp_rule r;
    REQUIRE(lowp_rule_at(i, &r) == LOWP_OK);
    CHECK(same(r.from, rule.from));
    CHECK(same(r.to, rule.to));
    CHECK(same(r.last, rule.last));
    CHECK((r.via.width != 0) == rounds_twice(rule));
    std::vector<code_t> codes(64);
    std::vector<std::uint32_t> words(codes.size());
    for (code_t& code : codes) code = random();
    for (std::uint32_t& word : words) word = static_cast<std::uint32_t>(random());
    const auto in = packed(codes, rule.from.width);
    std::vector<std::uint8_t> out(codes.size() * 8);
    const lowp_random given{
        .words = words.data(), .seed = 0, .stream = 0, .first = 0, .generator = 0, .reserved = {}};
    REQUIRE(lowp_apply_rule(i, in.data(), out.data(), codes.size(), &given) == LOWP_OK);
    bool all = true;
    for (std::size_t j = 0; j < codes.size(); ++j) {
      all = all && code_at(out, rule.to.width, j) == apply(rule, codes[j], words[j]);
    }
    CHECK(all);
    // Without words of the caller's, which is the way of vectors.
    REQUIRE(lowp_apply_rule(i, in.data(), out.data(), codes.size(), nullptr) == LOWP_OK);
    for (std::size_t j = 0; j < codes.size(); ++j) {
      const std::uint64_t word = lowp::random_word_of(rule.last, {}, j);
      all = all && code_at(out, rule.to.width, j) == apply(rule, codes[j], word);
    }
    CHECK(all);
  }
}

TEST_CASE("C ABI: conversions between all formats under many projections, with flags") {
  std::mt19937_64 random(seed);
  MESSAGE("seed ", seed);
  std::size_t cases = 0, wrong = 0;
  for (const lowp::named_format& from : lowp::all_formats) {
    for (const lowp::named_format& to : lowp::all_formats) {
      lowp_projection p{};
      p.round = static_cast<std::uint8_t>(random() % 12);
      p.overflow = static_cast<std::uint8_t>(random() % 4);
      p.nan = static_cast<std::uint8_t>(random() % 8);
      p.negative = static_cast<std::uint8_t>(random() % 5);
      p.random_bits = static_cast<std::uint8_t>(random() % 33);
      p.flush_subnormal_result = random() % 2;
      lowp::projection q;
      q.round = static_cast<lowp::rounding>(p.round);
      q.overflow = static_cast<lowp::overflow_rule>(p.overflow);
      q.nan = static_cast<lowp::nan_rule>(p.nan);
      q.negative = static_cast<lowp::negative_rule>(p.negative);
      q.random_bits = p.random_bits;
      q.flush_subnormal_result = p.flush_subnormal_result != 0;
      const lowp_random source{.words = nullptr,
                               .seed = random(),
                               .stream = random(),
                               .first = random(),
                               .generator = static_cast<std::uint8_t>(random() % 2),
                               .reserved = {}};
      const lowp::random_source same_source{source.seed, source.stream,
                                            static_cast<lowp::random_generator>(source.generator)};
      std::vector<code_t> codes(16);
      for (code_t& code : codes) code = random();
      const auto in = packed(codes, from.value.width);
      std::vector<std::uint8_t> out(codes.size() * 8), flags(codes.size());
      const lowp_format f = named(from.name), t = named(to.name);
      REQUIRE(lowp_convert(&f, in.data(), &t, out.data(), codes.size(), &p, &source,
                           flags.data()) == LOWP_OK);
      for (std::size_t i = 0; i < codes.size(); ++i) {
        const std::uint64_t word = lowp::random_word_of(q, same_source, source.first + i);
        const lowp::encoded e = convert_with_status(from, codes[i], to, q, word);
        ++cases;
        wrong += code_at(out, to.value.width, i) != e.code || flags[i] != e.flags.bits;
      }
      std::vector<std::uint8_t> same(out.size());
      REQUIRE(lowp_convert(&f, in.data(), &t, same.data(), codes.size(), &p, &source, nullptr) ==
              LOWP_OK);
      CHECK(same == out);
    }
  }
  CHECK(wrong == 0);
  CHECK(cases == 16 * lowp::format_count * lowp::format_count);
}

TEST_CASE("C ABI: every operation, in three formats") {
  std::mt19937_64 random(seed);
  const char* const names[] = {"e4m3fn", "binary16", "posit8"};
  for (int op = 0; op < lowp::detail::operation_count; ++op) {
    for (const char* to : names) {
      lowp_format formats[3];
      lowp::coded x[3];
      std::vector<std::uint8_t> arrays[3];
      const void* operands[3] = {};
      std::vector<code_t> codes[3];
      for (int i = 0; i < 3; ++i) {
        const char* name = names[random() % 3];
        formats[i] = named(name);
        x[i].f = lowp::find_format(name)->value;
        for (int n = 0; n < 8; ++n) codes[i].push_back(random());
        arrays[i] = packed(codes[i], formats[i].width);
        operands[i] = arrays[i].data();
      }
      const lowp_format t = named(to);
      const lowp::format target = *lowp::find_format(to);
      std::vector<std::uint8_t> out(8 * 8), flags(8);
      REQUIRE(lowp_compute(op, formats, operands, &t, out.data(), 8, nullptr, nullptr,
                           flags.data()) == LOWP_OK);
      for (std::size_t n = 0; n < 8; ++n) {
        for (int i = 0; i < 3; ++i) x[i].code = codes[i][n];
        const lowp::encoded e =
            compute_with_status(static_cast<lowp::operation>(op), target, {}, 0, x);
        CAPTURE(lowp::all_operations[op].name);
        CHECK(code_at(out, t.width, n) == e.code);
        CHECK(flags[n] == e.flags.bits);
      }
    }
  }
}

TEST_CASE("C ABI: every instruction on random registers") {
  std::mt19937_64 random(seed);
  int differ = 0;
  for (std::size_t i = 0; i < lowp::all_conversion_instructions.size(); ++i) {
    const lowp::conversion_instruction& row = lowp::all_conversion_instructions[i];
    CAPTURE(row.name);
    lowp_instruction_state c_state;
    REQUIRE(lowp_default_state(&c_state) == LOWP_OK);
    c_state.scale = static_cast<std::uint32_t>(random());
    c_state.random = static_cast<std::uint32_t>(random());
    c_state.fpcr = random();
    c_state.fpmr = random();
    c_state.select = static_cast<std::uint8_t>(random() % 16);
    c_state.frm = static_cast<std::uint8_t>(random() % 5);
    c_state.immediate = static_cast<std::uint8_t>(random() % 8);
    c_state.length = row.lengths == lowp::vector_length::fixed ? 1 : 2;
    const lowp::instruction_state state{.scale = c_state.scale,
                                        .random = c_state.random,
                                        .length = c_state.length,
                                        .select = c_state.select,
                                        .immediate = c_state.immediate,
                                        .frm = c_state.frm,
                                        .fpcr = c_state.fpcr,
                                        .fpmr = c_state.fpmr};
    lowp_instruction_properties facts;
    REQUIRE(lowp_instruction_at(i, &c_state, &facts) == LOWP_OK);
    REQUIRE(facts.source_registers == static_cast<unsigned>(source_registers(row)));
    CHECK(facts.elements == static_cast<unsigned>(elements_of(row, state)));
    std::vector<std::uint8_t> sources(facts.source_registers * facts.source_bytes);
    for (std::uint8_t& byte : sources) byte = static_cast<std::uint8_t>(random());
    std::vector<std::uint8_t> got(facts.result_bytes, 0x5a), wanted = got;
    REQUIRE(lowp_run_instruction(i, sources.data(), sources.size(), got.data(), got.size(), 1,
                                 &c_state, 1) == LOWP_OK);
    const std::byte* registers[8] = {};
    for (std::size_t r = 0; r < facts.source_registers; ++r) {
      registers[r] = reinterpret_cast<const std::byte*>(sources.data() + r * facts.source_bytes);
    }
    run_instruction(row, registers, reinterpret_cast<std::byte*>(wanted.data()), state);
    CHECK(got == wanted);

    // Two runs, each with a state of its own.
    lowp_instruction_state both[2] = {c_state, c_state};
    both[1].scale ^= 0x0f800003;
    both[1].random ^= 0xffffffff;
    both[1].fpmr ^= 0x3f'7f7f'0000;
    std::vector<std::uint8_t> twice(sources), second(facts.result_bytes, 0x5a);
    twice.insert(twice.end(), sources.begin(), sources.end());
    std::vector<std::uint8_t> results(2 * second.size(), 0x5a);
    REQUIRE(lowp_run_instruction(i, twice.data(), twice.size(), results.data(), results.size(), 2,
                                 both, 2) == LOWP_OK);
    REQUIRE(lowp_run_instruction(i, sources.data(), sources.size(), second.data(), second.size(), 1,
                                 &both[1], 1) == LOWP_OK);
    differ += second != wanted;
    wanted.insert(wanted.end(), second.begin(), second.end());
    CHECK(results == wanted);
  }
  CHECK(differ > 20);
}

TEST_CASE("C ABI: every matrix unit, one instruction and what two and a part make") {
  std::mt19937_64 random(seed);
  for (std::size_t i = 0; i < lowp::all_mma_models.size(); ++i) {
    const lowp::mma_model& m = lowp::all_mma_models[i].value;
    CAPTURE(lowp::all_mma_models[i].name);
    lowp_mma_properties facts;
    REQUIRE(lowp_mma_at(i, &facts) == LOWP_OK);
    CHECK(same(facts.d, m.d));
    CHECK(facts.k == m.k);
    const bool chains = m.c == m.d && m.k > 1;
    const std::size_t k = m.k, longer = chains ? 2 * k + 1 : k;
    const auto codes = [&](std::size_t n, int width) {
      std::vector<code_t> all(n);
      for (code_t& code : all) code = random() & lowp::detail::low_mask(width);
      return all;
    };
    const std::vector<code_t> a = codes(longer, facts.a.width), b = codes(longer, facts.b.width);
    const code_t c = codes(1, m.c.width)[0];
    const std::size_t block = m.scale_block == 0 ? 1 : m.scale_block;
    const std::size_t blocks = m.scale_block == 0 ? 0 : (longer + block - 1) / block;
    const std::vector<code_t> sa = codes(blocks, 8), sb = codes(blocks, 8);
    const auto run = [&](std::size_t n) {
      const auto in_a = packed({a.begin(), a.begin() + static_cast<long>(n)}, facts.a.width);
      const auto in_b = packed({b.begin(), b.begin() + static_cast<long>(n)}, facts.b.width);
      const auto in_c = packed({c}, m.c.width), in_sa = packed(sa, 8), in_sb = packed(sb, 8);
      std::vector<std::uint8_t> d(8);
      REQUIRE(lowp_mma(i, 1, 1, 1, n, in_a.data(), in_b.data(), in_c.data(),
                       blocks == 0 ? nullptr : in_sa.data(), blocks == 0 ? nullptr : in_sb.data(),
                       d.data()) == LOWP_OK);
      return code_at(d, m.d.width, 0);
    };
    code_t sum = multiply_add(m, a.data(), b.data(), c, sa.data(), sb.data());
    CHECK(run(k) == sum);
    if (!chains) continue;
    const std::size_t per = k / block;
    sum = multiply_add(m, a.data() + k, b.data() + k, sum, sa.data() + (blocks == 0 ? 0 : per),
                       sb.data() + (blocks == 0 ? 0 : per));
    // The third is one product and products of +0, under scales of 1.
    std::vector<code_t> last_a(k), last_b(k), one_a(per + 1), one_b(per + 1);
    last_a[0] = a[2 * k];
    last_b[0] = b[2 * k];
    if (blocks != 0) {
      for (std::size_t j = 0; j < per; ++j) one_a[j] = one_b[j] = one(m.scale);
      one_a[0] = sa[2 * per];
      one_b[0] = sb[2 * per];
    }
    sum = multiply_add(m, last_a.data(), last_b.data(), sum, one_a.data(), one_b.data());
    CHECK(run(longer) == sum);
  }
}

TEST_CASE("C ABI: a product of matrices has the elements of its dot products, in every unit") {
  constexpr std::size_t batch = 2, rows = 5, columns = 4, results = batch * rows * columns;
  std::mt19937_64 random(seed);
  for (std::size_t i = 0; i < lowp::all_mma_models.size(); ++i) {
    lowp_mma_properties m;
    REQUIRE(lowp_mma_at(i, &m) == LOWP_OK);
    CAPTURE(lowp::all_mma_models[i].name);
    const std::size_t k =
        lowp::all_mma_models[i].value.c == lowp::all_mma_models[i].value.d && m.k > 1 ? m.k + 1
                                                                                      : m.k;
    const std::size_t blocks = m.scale_block == 0 ? 0 : (k + m.scale_block - 1) / m.scale_block;
    const auto codes = [&](std::size_t n) {
      std::vector<code_t> all(n);
      for (code_t& code : all) code = random();
      return all;
    };
    const auto a = codes(batch * rows * k), b = codes(batch * k * columns), c = codes(results);
    const auto sa = codes(batch * rows * blocks), sb = codes(batch * blocks * columns);
    const auto bytes = [](const std::vector<code_t>& x, const lowp_format& f) {
      return packed(x, f.width == 0 ? 8 : f.width);
    };
    const auto run = [&](std::size_t number, std::size_t height, std::size_t width, const auto& xa,
                         const auto& xb, const auto& xc, const auto& xsa, const auto& xsb) {
      std::vector<std::uint8_t> d(results * 8);
      const auto in_a = bytes(xa, m.a), in_b = bytes(xb, m.b), in_c = bytes(xc, m.c);
      const auto in_sa = bytes(xsa, m.scale), in_sb = bytes(xsb, m.scale);
      REQUIRE(lowp_mma(i, number, height, width, k, in_a.data(), in_b.data(), in_c.data(),
                       blocks == 0 ? nullptr : in_sa.data(), blocks == 0 ? nullptr : in_sb.data(),
                       d.data()) == LOWP_OK);
      return d;
    };
    // Every element's own operands, one after the other.
    std::vector<code_t> each_a, each_b, each_sa, each_sb;
    for (std::size_t at = 0; at < results; ++at) {
      const std::size_t matrix = at / (rows * columns), row = at / columns, column = at % columns;
      for (std::size_t j = 0; j < k; ++j) {
        each_a.push_back(a[row * k + j]);
        each_b.push_back(b[(matrix * k + j) * columns + column]);
      }
      for (std::size_t j = 0; j < blocks; ++j) {
        each_sa.push_back(sa[row * blocks + j]);
        each_sb.push_back(sb[(matrix * blocks + j) * columns + column]);
      }
    }
    CHECK(run(batch, rows, columns, a, b, c, sa, sb) ==
          run(results, 1, 1, each_a, each_b, c, each_sa, each_sb));
  }
}

TEST_CASE("C ABI: every recipe with every block format that takes it, there and back") {
  std::mt19937_64 random(seed);
  constexpr std::uint64_t rows = 3, columns = 140;
  std::vector<float> x(rows * columns);
  for (float& v : x) v = static_cast<float>(static_cast<std::int64_t>(random() % 2001) - 1000) / 64;
  int pairs = 0;
  for (std::size_t f = 0; f < lowp::block_format_count; ++f) {
    for (std::size_t r = 0; r < lowp::block_recipe_count; ++r) {
      lowp::block_quantisation q{.to = lowp::all_block_formats[f].value,
                                 .recipe = lowp::all_block_recipes[r].value,
                                 .random = {.seed = seed, .stream = r}};
      std::size_t data = 0, scales = 0, outers = 0;
      REQUIRE(lowp_block_sizes(f, LOWP_DEFAULT, rows, columns, &data, &scales, &outers) == LOWP_OK);
      std::vector<std::uint8_t> d(data), s(scales);
      std::vector<float> outer(outers), back(x.size()), wanted(x.size());
      const lowp_random source{
          .words = nullptr, .seed = seed, .stream = r, .first = 0, .generator = 0, .reserved = {}};
      const int status = lowp_quantise(f, r, LOWP_DEFAULT, rows, columns, x.data(), d.data(), data,
                                       s.data(), scales, outer.data(), nullptr, &source);
      const bool fits = check(q.to.f, q.recipe) == lowp::block_recipe_error::none;
      REQUIRE(status == (fits ? LOWP_OK : LOWP_BAD_COMBINATION));
      if (!fits) continue;
      ++pairs;
      CAPTURE(lowp::all_block_formats[f].name);
      CAPTURE(lowp::all_block_recipes[r].name);
      const lowp::number_matrix<const float> in{x.data(), columns, {rows, columns}};
      std::vector<lowp::float32> amax(rows), P(rows);
      for (std::size_t i = 0; i < outers; ++i) {
        const bool whole = outers == 1;
        amax[i] = outer_amax_of(q.recipe,
                                lowp::number_matrix<const float>{
                                    x.data() + i * columns, columns, {whole ? rows : 1, columns}});
        P[i] = outer_scale_of(q.to.f, q.recipe, amax[i]);
        CHECK(static_cast<float>(P[i]) == outer[i]);
      }
      std::vector<std::byte> wanted_d(data), wanted_s(scales);
      REQUIRE(quantise_matrix(q, in, amax.data(), {wanted_d, wanted_s}) ==
              lowp::block_matrix_error::none);
      CHECK(std::memcmp(d.data(), wanted_d.data(), data) == 0);
      CHECK(std::memcmp(s.data(), wanted_s.data(), scales) == 0);
      REQUIRE(lowp_dequantise(f, LOWP_DEFAULT, rows, columns, d.data(), data, s.data(), scales,
                              outer.data(), back.data()) == LOWP_OK);
      REQUIRE(dequantise_matrix(q.to, {wanted_d, wanted_s}, P.data(),
                                {wanted.data(), columns, {rows, columns}}) ==
              lowp::block_matrix_error::none);
      CHECK(std::memcmp(back.data(), wanted.data(), back.size() * sizeof(float)) == 0);
    }
  }
  CHECK(pairs > 200);
}

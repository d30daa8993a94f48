// SPDX-License-Identifier: Apache-2.0
#include "gpu.hpp"

#include <algorithm>
#include <memory>
#include <mutex>

#include <dlfcn.h>
#include <fmt/format.h>

#include <lowp/hardware/all_instructions.hpp>
#include <lowp/hardware/mma/all_mma_models.hpp>

#include "layouts.hpp"

namespace lowp::tool {

namespace {

using device_run = std::function<void(const std::uint32_t*, std::uint32_t*, std::size_t)>;

// One device for all threads.
std::mutex& device_mutex() {
  static std::mutex mutex;
  return mutex;
}

code_t load_any(const void* from, std::size_t bytes, std::size_t i) {
  switch (bytes) {
    case 1: return detail::load<std::uint8_t>(from, i);
    case 2: return detail::load<std::uint16_t>(from, i);
    default: return detail::load<std::uint32_t>(from, i);
  }
}

void store_any(void* to, std::size_t bytes, std::size_t i, code_t code) {
  switch (bytes) {
    case 1: return detail::store(to, i, static_cast<std::uint8_t>(code));
    case 2: return detail::store(to, i, static_cast<std::uint16_t>(code));
    default: return detail::store(to, i, static_cast<std::uint32_t>(code));
  }
}

// Dot products: one in each column of as many tiles as that takes.
batch_run tiles(const gpu_tile& tile, const mma_model& m, device_run run) {
  return [tile, arrays = fields_of(m), run = std::move(run)](const void* const* in, void* out,
                                                             std::size_t n) {
    const std::size_t count = (n + tile.columns() - 1) / tile.columns();
    std::vector<std::uint32_t> words(count * tile.words_in());
    std::vector<std::uint32_t> results(count * tile.words_out());
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t t = i / tile.columns();
      const auto column = static_cast<unsigned>(i % tile.columns());
      const unsigned row = tile.row_of(t, column);
      const auto put = [&](gpu_place p, std::size_t array, std::size_t at) {
        const auto code =
            static_cast<std::uint32_t>(load_any(in[array], arrays[array].bytes(), at));
        words[t * tile.words_in() + p.word] |= code << p.shift;
      };
      for (unsigned k = 0; k < tile.k; ++k) {
        put(tile.a(row, k), 0, i * tile.k + k);
        put(tile.b(column, k), 1, i * tile.k + k);
      }
      put(tile.c(row, column), 2, i);
    }
    {
      const std::lock_guard lock(device_mutex());
      run(words.data(), results.data(), count);
    }
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t t = i / tile.columns();
      const auto column = static_cast<unsigned>(i % tile.columns());
      const gpu_place p = tile.d(tile.row_of(t, column), column);
      const std::uint32_t word = results[t * tile.words_out() + p.word] >> p.shift;
      store_any(out, tile.d_bits / 8, i, word);
    }
  };
}

// Six words of a conversion: sources, random bits, scales.
constexpr std::size_t cvt_words = 6;

batch_run registers(const conversion_instruction& row, device_run run) {
  const instruction_model model{&row};
  std::vector<std::size_t> bytes;
  for (const field& f : operand_fields(model)) bytes.push_back(f.bytes());
  const std::size_t out_bytes = result_field(model).bytes();
  const bool has_random = row.random != random_origin::none;
  return [=, sources = std::size_t{row.sources}, run = std::move(run)](const void* const* in,
                                                                       void* out, std::size_t n) {
    std::vector<std::uint32_t> words(cvt_words * n);
    std::vector<std::uint32_t> results(n);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t k = 0; k < bytes.size(); ++k) {
        const std::size_t at = k < sources ? k : k == sources && has_random ? 4 : 5;
        words[cvt_words * i + at] = static_cast<std::uint32_t>(load_any(in[k], bytes[k], i));
      }
    }
    {
      const std::lock_guard lock(device_mutex());
      run(words.data(), results.data(), n);
    }
    for (std::size_t i = 0; i < n; ++i) store_any(out, out_bytes, i, results[i]);
  };
}

// The same number in all elements; a result whose elements differ is no right one.
batch_run each_element(const conversion_instruction& row, device_run run) {
  const register_layout r = row.result;
  const int width = row.rules[0]->to.width;
  return [r, width, run = std::move(run)](const void* const* in, void* out, std::size_t n) {
    std::vector<std::uint32_t> words(cvt_words * n);
    std::vector<std::uint32_t> results(n);
    for (std::size_t i = 0; i < n; ++i) {
      const auto x = detail::load<std::uint32_t>(in[0], i);
      std::fill_n(&words[cvt_words * i], 4, x);
    }
    {
      const std::lock_guard lock(device_mutex());
      run(words.data(), results.data(), n);
    }
    for (std::size_t i = 0; i < n; ++i) {
      const auto element = [&](unsigned k) {
        return results[i] >> (r.slot * k + r.lift) & lowp::detail::low_mask(width);
      };
      code_t code = element(0);
      for (unsigned k = 1; k < r.elements; ++k) code = element(k) == element(0) ? code : code ^ 1;
      store_any(out, static_cast<std::size_t>(lowp::detail::storage_bytes(width)), i, code);
    }
  };
}

void add_conversion(catalogue& c, const std::string& family, const gpu_instruction& g) {
  const conversion_instruction* const row = find_instruction(g.name.c_str());
  if (row == nullptr) {
    c.absent.push_back({family + " " + g.name, "the tables have no instruction of this name"});
    return;
  }
  c.rows.push_back({family, g.name, instruction_model{row}, registers(*row, g.run)});
  const bool plain = row->random == random_origin::none && row->scale == scale_kind::none &&
                     (row->options & instruction_option::relu) == 0;
  if (plain && row->rules[0]->from == formats::binary32) {
    c.rows.push_back(
        {family, g.name + ", each element", *row->rules[0], each_element(*row, g.run)});
  }
}

}  // namespace

const named_mma_model* gpu_model(const std::string& name, int capability) {
  std::vector<std::string> machines;
  const std::string own = fmt::format("sm{}", capability);
  machines = {own + "a.", own + "."};
  if (capability == 86) machines.push_back("sm80.");
  for (const std::string& machine : machines) {
    if (const auto* row = find_mma_model((machine + name).c_str()); row != nullptr) return row;
  }
  // Integers are the same everywhere.
  for (const char* machine : {"sm80.", "sm75."}) {
    const auto* row = find_mma_model((machine + name).c_str());
    if (row != nullptr && row->value.sum == mma_sum::integer) return row;
  }
  return nullptr;
}

void add_gpu(catalogue& c, const gpu_device& device) {
  for (const gpu_instruction& g : device.instructions) {
    if (g.kind == gpu_kind::cvt) {
      add_conversion(c, device.name, g);
      continue;
    }
    const named_mma_model* const row = gpu_model(g.name, device.capability);
    if (row == nullptr) {
      c.absent.push_back({device.name + " " + g.name, "the tables have no row of this machine"});
      continue;
    }
    const mma_model& m = row->value;
    const auto bits = static_cast<unsigned>(stored_width(m, m.a));
    const gpu_tile tile{g.kind, m.k, bits, static_cast<unsigned>(m.d.width)};
    if (tile.words_in() != g.words_in || tile.words_out() != g.words_out) {
      c.absent.push_back({device.name + " " + g.name, "the library is of another version"});
      continue;
    }
    c.rows.push_back({device.name, g.name, named_dot(row->name), tiles(tile, m, g.run)});
  }
}

void add_gpu_library(catalogue& c, const std::string& path) {
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    c.absent.push_back({"GPU", dlerror()});
    return;
  }
  void* const symbol = dlsym(library, "lowp_gpu_library");
  if (symbol == nullptr) {
    c.absent.push_back({"GPU", path + " is no library of GPU instructions"});
    return;
  }
  const auto found = reinterpret_cast<gpu_library (*)()>(symbol)();
  if (found.device == nullptr) {
    c.absent.push_back({"GPU", found.error});
    return;
  }
  gpu_device device{found.device, found.capability, {}};
  for (std::size_t i = 0; i < found.count; ++i) {
    const gpu_entry& e = found.entries[i];
    device.instructions.push_back({e.name, e.kind, e.words_in, e.words_out, e.run});
  }
  add_gpu(c, device);
}

}  // namespace lowp::tool

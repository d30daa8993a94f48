// SPDX-License-Identifier: Apache-2.0
#include "box.hpp"

#include <algorithm>
#include <memory>
#include <new>

namespace lowp::tool {

namespace {

// One array of a batch, 64-byte aligned, with room up to the next multiple of 64 cases.
class aligned_array {
 public:
  aligned_array(const field& f, std::size_t cases)
      : bytes_(f.bytes()),
        size_(f.count * ((cases + 63) / 64 * 64) * bytes_),
        data_(static_cast<std::byte*>(::operator new[](size_, std::align_val_t{64}))) {
    std::fill_n(data_.get(), size_, std::byte{0});
  }
  void* data() const { return data_.get(); }
  void put(std::size_t i, code_t code) { std::memcpy(&data_[i * bytes_], &code, bytes_); }
  code_t get(std::size_t i) const {
    code_t code = 0;
    std::memcpy(&code, &data_[i * bytes_], bytes_);
    return code;
  }

 private:
  struct release {
    void operator()(std::byte* p) const { ::operator delete[](p, std::align_val_t{64}); }
  };
  std::size_t bytes_;
  std::size_t size_;
  std::unique_ptr<std::byte[], release> data_;
};

std::vector<aligned_array> arrays_for(const std::vector<field>& fields, std::size_t cases) {
  std::vector<aligned_array> out;
  for (const field& f : fields) out.emplace_back(f, cases);
  return out;
}

std::vector<void*> pointers(const std::vector<aligned_array>& arrays) {
  std::vector<void*> out;
  for (const aligned_array& a : arrays) out.push_back(a.data());
  return out;
}

// Calls move(array, place in it, place among the codes) for every code of a batch.
template <class Move>
void each_code(const std::vector<field>& fields, std::size_t cases, const Move& move) {
  const std::size_t per_case = code_count(fields);
  for (std::size_t i = 0; i < cases; ++i) {
    std::size_t code = i * per_case;
    for (std::size_t k = 0; k < fields.size(); ++k) {
      for (std::size_t j = 0; j < fields[k].count; ++j) {
        move(k, i * fields[k].count + j, code++);
      }
    }
  }
}

}  // namespace

golden::black_box box_of(const implementation& row, const box_options& options) {
  return [&row, options, in = operand_fields(row.model), out = result_fields(row.model)](
             std::span<const code_t> operands, std::span<code_t> results) {
    const std::size_t n_in = code_count(in);
    const std::size_t n_out = code_count(out);
    const std::size_t all = operands.size() / n_in;
    for (std::size_t begin = 0; begin < all; begin += options.cases_per_batch) {
      const std::size_t n = std::min(options.cases_per_batch, all - begin);
      std::vector<aligned_array> ins = arrays_for(in, n);
      const std::vector<aligned_array> outs = arrays_for(out, n);
      each_code(in, n, [&](std::size_t k, std::size_t place, std::size_t code) {
        ins[k].put(place, operands[begin * n_in + code]);
      });
      const std::vector<void*> from = pointers(ins);
      const std::vector<void*> to = pointers(outs);
      const std::vector<const void*> const_from(from.begin(), from.end());
      row.run({const_from.data(), to.data(), n, begin, options.seed, options.stream});
      each_code(out, n, [&](std::size_t k, std::size_t place, std::size_t code) {
        results[begin * n_out + code] = outs[k].get(place);
      });
    }
  };
}

}  // namespace lowp::tool

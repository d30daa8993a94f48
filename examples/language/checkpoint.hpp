// SPDX-License-Identifier: Apache-2.0
// A training as a file, from which it goes on with the same bits. Little-endian: 8 bytes of magic;
// the length of a header in JSON as 64 bits, and the header, which has the setting, the state and
// the shapes; binary32 numbers: values and both moments of each parameter, then factor, amax and
// history of each operand of each linear layer; CRC-32C of all that as 32 bits.
#ifndef LOWP_EXAMPLES_LANGUAGE_CHECKPOINT_HPP
#define LOWP_EXAMPLES_LANGUAGE_CHECKPOINT_HPP

#include <stdexcept>
#include <string>

#include "trainer.hpp"

namespace language {

// A file that is no checkpoint, or of another run; the text names it and says what is wrong.
class checkpoint_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Throws std::runtime_error where the file cannot be written; then an older one is still there.
void write_checkpoint(const std::string& path, trainer& t);

// Throws checkpoint_error, or std::runtime_error where there is no file; then nothing has changed.
void read_checkpoint(const std::string& path, trainer& t);

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_CHECKPOINT_HPP

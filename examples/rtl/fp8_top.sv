// SPDX-License-Identifier: Apache-2.0
// All in one program, as Verilator takes ten seconds to build one: alone it checks both units, with +pipe it is
// fp8_pipe, with +tour it shows what else can be asked.
module fp8_top;
  fp8_bench bench ();
  fp8_pipe pipe ();
  tour tour ();
endmodule

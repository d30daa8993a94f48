// SPDX-License-Identifier: Apache-2.0
// fp8_convert between two programs: reads lines that begin with a binary16 code, writes lines of code, result
// and flags, as TestFloat does, and nothing else.
//
//     lowp vectors f16_to_e5m2 | obj_dir/fp8_sim +pipe +e5m2 | lowp check - --claim f16_to_e5m2
//
// +saturate: infinities and what overflows become the greatest finite number.
module fp8_pipe;
  localparam int STDIN = 32'h8000_0000;

  logic [15:0] in;
  logic [7:0] out[2][2];
  logic [4:0] flags[2][2];
  for (genvar f = 0; f < 2; f++) begin : g_format
    for (genvar s = 0; s < 2; s++) begin : g_saturate
      fp8_convert #(.EXP(4 + f), .FRAC(3 - f), .SATURATE(s)) unit (.in, .out(out[f][s]), .flags(flags[f][s]));
    end
  end

  bit e5m2, saturate;
  string line;
  int code;
  initial begin
    if ($test$plusargs("pipe")) begin
      e5m2     = $test$plusargs("e5m2") != 0;
      saturate = $test$plusargs("saturate") != 0;
      while ($fgets(line, STDIN) != 0) begin
        if ($sscanf(line, "%h", code) != 1) $fatal(1, "no code in this line: %s", line);
        in = code[15:0];
        #1 $write("%04X %02X %02X\n", in, out[e5m2][saturate], flags[e5m2][saturate]);
      end
      // No $finish: Verilator's would write a line of its own.
    end
  end
endmodule

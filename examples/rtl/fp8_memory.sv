// SPDX-License-Identifier: Apache-2.0
// fp8_convert on vectors of a file, for simulators without DPI:
//
//     lowp vectors f16_to_e4m3fn --cases exhaustive --as readmemh --output e4m3.hex
//     iverilog -g2012 -o fp8_memory fp8_memory.sv fp8_convert.sv && vvp -n fp8_memory +vectors=e4m3.hex
//
// The last words of output are counts. A mismatch fails, and so does a file without vectors.
module fp8_memory;
  parameter int EXP = 4, FRAC = 3, SATURATE = 0, MISTAKE = 0;

  logic [31:0] word[0:65535];  // code, result, flags; unknown behind the last vector
  logic [15:0] in;
  logic [7:0] out;
  logic [4:0] flags;
  fp8_convert #(.EXP(EXP), .FRAC(FRAC), .SATURATE(SATURATE != 0), .MISTAKE(MISTAKE)) unit (
      .in(in), .out(out), .flags(flags));

  reg [8*1000:1] file;
  int cases, mismatches;
  initial begin
    cases      = 0;
    mismatches = 0;
    if (!$value$plusargs("vectors=%s", file)) $fatal(1, "+vectors=FILE is missing");
    $readmemh(file, word);
    while (cases < 65536 && (^word[cases]) !== 1'bx) begin
      in = word[cases][31:16];
      #1;
      if ({out, 3'b0, flags} !== word[cases][15:0]) begin
        mismatches++;
        if (mismatches <= 3) $display("MISMATCH %h: %h with flags %b, expected %h", in, out, flags, word[cases][15:0]);
      end
      cases++;
    end
    $display("%0d cases, %0d mismatches", cases, mismatches);
    if (cases == 0) $fatal(1, "no vectors");
    if (mismatches != 0) $fatal(1, "mismatches");
    $finish;
  end
endmodule

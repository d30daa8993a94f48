// SPDX-License-Identifier: Apache-2.0
// Checks fp8_convert and fp8_dot against lowp, which is called through DPI-C. Ends with a failure after any
// mismatch. +mistake=N tries a unit with mistake N, +seed=N other random operands.
module fp8_bench;
  import lowp_pkg::*;

  localparam int K = 4, KEPT = 13, UNITS = 3;
  localparam int SUMS = 200000;

  // Every unit in every kind: right, and with its mistakes; E4M3 and E5M2; without and with saturation.
  logic [15:0] half;
  logic [31:0] single, c, sum[2];
  logic [7:0] of_half[UNITS][2][2], of_single[2][2];
  logic [4:0] half_flags[UNITS][2][2], single_flags[2][2];
  logic [K-1:0][7:0] a, b;

  for (genvar f = 0; f < 2; f++) begin : g_format
    for (genvar s = 0; s < 2; s++) begin : g_saturate
      for (genvar m = 0; m < UNITS; m++) begin : g_mistake
        fp8_convert #(.EXP(4 + f), .FRAC(3 - f), .SATURATE(s), .MISTAKE(m)) unit (
            .in(half), .out(of_half[m][f][s]), .flags(half_flags[m][f][s]));
      end
      fp8_convert #(.IN_EXP(8), .IN_FRAC(23), .EXP(4 + f), .FRAC(3 - f), .SATURATE(s)) wide (
          .in(single), .out(of_single[f][s]), .flags(single_flags[f][s]));
    end
  end
  fp8_dot #(.K(K), .KEPT(KEPT)) dot (.a, .b, .c, .d(sum[0]));
  fp8_dot #(.K(K), .KEPT(KEPT + 1)) longer_dot (.a, .b, .c, .d(sum[1]));

  int mistake, seed, cases, mismatches, all_mismatches;
  longint unsigned binary16, binary32, fp8[2], policy[2];
  string fp8_name[2] = '{"e4m3fn", "e5m2"};

  // Counts a case; 1 for the first mismatches, which are printed.
  function automatic bit is_shown(bit right);
    cases++;
    if (right) return 0;
    mismatches++;
    return mismatches <= 3;
  endfunction
  function automatic void conclude(string what);
    $display("%s: %0d cases, %0d mismatches", what, cases, mismatches);
    if (cases == 0) $fatal(1, "nothing was checked");
    all_mismatches += mismatches;
    cases      = 0;
    mismatches = 0;
  endfunction

  // A conversion; lowp's own flag of saturation is not one of the unit's.
  function automatic void judge(longint unsigned from, longint unsigned x, int f, int s, logic [7:0] code,
                                logic [4:0] flags);
    logic [7:0] right_code;
    logic [4:0] right_flags;
    right_code  = 8'(lowp_convert(from, x, fp8[f], policy[s], LOWP_RNE, 0));
    right_flags = 5'(lowp_convert_flags(from, x, fp8[f], policy[s], LOWP_RNE, 0));
    if (is_shown(code === right_code && flags === right_flags)) begin
      $display("MISMATCH %0h in %s: %h with flags %b, lowp: %h with flags %b", x, fp8_name[f], code, flags,
               right_code, right_flags);
    end
  endfunction

  task automatic check_half(int f, int s);
    for (int x = 0; x < 65536; x++) begin
      half = 16'(x);
      #1 judge(binary16, 64'(half), f, s, of_half[mistake][f][s], half_flags[mistake][f][s]);
    end
    conclude($sformatf("binary16 to %s, saturate %0d", fp8_name[f], s));
  endtask

  // Every binary16 number and its neighbours in binary32: all ties and thresholds are among them.
  task automatic check_single(int f, int s);
    for (int x = 0; x < 65536; x++) begin
      for (int beside = -1; beside <= 1; beside++) begin
        single = 32'(lowp_convert(binary16, 64'(x), binary32, 0, LOWP_RNE, 0)) + 32'(beside);
        #1 judge(binary32, 64'(single), f, s, of_single[f][s], single_flags[f][s]);
      end
    end
    conclude($sformatf("binary32 to %s, saturate %0d", fp8_name[f], s));
  endtask

  // xorshift32: the same numbers in every simulator.
  int unsigned random_state;
  function automatic int unsigned random();
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
  endfunction

  task automatic check_dot();
    int model;
    logic [31:0] got, right;
    model = lowp_find(LOWP_MMA_MODELS, "sm90a.wgmma.m64nNk32.f32.e4m3.e4m3");
    lowp_check();
    for (int x = 0; x < 65536 + SUMS; x++) begin
      if (x < 65536) begin  // every product alone
        a = {24'b0, x[15:8]};
        b = {24'b0, x[7:0]};
        c = 0;
      end else begin
        a = random();
        b = random();
        c = random();
        case (x % 8)
          0, 4: ;  // anything
          1: c = 0;
          // An accumulator that is subnormal, infinite or NaN, also alone.
          5: begin
            c[30:23] = {8{x[3]}};
            if (x[4]) c[22:0] = 0;
            if (x[5]) a = 0;
          end
          // An accumulator that takes part, NaN left out, then terms of like size that cancel.
          default: begin
            c[30:23] = 8'(127 + int'(c[27:23]) - 16);
            for (int i = 0; i < K; i++) begin
              if (&a[i][6:0]) a[i][0] = 0;
              if (&b[i][6:0]) b[i][0] = 0;
              if (x % 4 == 3) {a[i][6], b[i][6]} = 2'b01;
            end
          end
        endcase
      end
      #1 got = sum[mistake == 0 ? 0 : 1];
      right = 32'(lowp_dot(model, K, 8192'(a), 8192'(b), 64'(c), '0, '0));
      if (is_shown(got === right)) $display("MISMATCH %h . %h + %h: %h, lowp: %h", a, b, c, got, right);
    end
    conclude($sformatf("dot of %0d products", K));
  endtask

  initial begin
    if ($test$plusargs("pipe") == 0 && $test$plusargs("tour") == 0) begin
      if (!$value$plusargs("mistake=%d", mistake)) mistake = 0;
      if (!$value$plusargs("seed=%d", seed)) seed = 1;
      if (mistake < 0 || mistake >= UNITS) $fatal(1, "+mistake=%0d: there are mistakes 1 and 2", mistake);
      random_state = seed == 0 ? 1 : seed;
      binary16  = lowp_format("binary16");
      binary32  = lowp_format("binary32");
      for (int f = 0; f < 2; f++) fp8[f] = lowp_format(fp8_name[f]);
      policy[0] = lowp_projection("");
      policy[1] = lowp_projection("overflow=saturate");
      lowp_check();

      $display("lowp %s, seed %0d, mistake %0d", lowp_version(), seed, mistake);
      for (int f = 0; f < 2; f++) begin
        for (int s = 0; s < 2; s++) begin
          check_half(f, s);
          if (mistake == 0) check_single(f, s);
        end
      end
      check_dot();
      lowp_check();
      if (all_mismatches != 0) $fatal(1, "%0d mismatches", all_mismatches);
      $finish;
    end
  end
endmodule

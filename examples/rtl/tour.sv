// SPDX-License-Identifier: Apache-2.0
// What a predictor asks of lowp, one thing after the other; +tour prints it.
module tour;
  import lowp_pkg::*;

  longint unsigned binary16, binary32, bfloat16, e4m3, stochastic, scale, sum;
  longint unsigned c = 64'h3f800000;
  int fma, rule, instruction, unit, blocks, flags, status;
  int unsigned outer;
  lowp_instruction_state state;
  bit [8191:0] numbers, codes, result;

  initial if ($test$plusargs("tour") != 0) begin
    // Names become handles, once.
    binary16    = lowp_format("binary16");
    binary32    = lowp_format("binary32");
    bfloat16    = lowp_format("bfloat16");
    e4m3        = lowp_format("e4m3fn");
    stochastic  = lowp_projection("round=stochastic_a random_bits=16");
    fma         = lowp_find(LOWP_OPERATIONS, "fma");
    rule        = lowp_find(LOWP_CONVERSION_RULES, "ml_dtypes.e4m3fn");
    instruction = lowp_find(LOWP_INSTRUCTIONS, "VCVTNEPS2BF16");
    unit        = lowp_find(LOWP_MMA_MODELS, "sm100a.tcgen05.mma.block_scale.mMnNk64.block16.f32.e2m1.e2m1.ue4m3");
    blocks      = lowp_find(LOWP_BLOCK_FORMATS, "nvfp4");
    lowp_check();

    // 1.1 in the five roundings of RISC-V; 1 + 3/4 of the last place of bfloat16 with random bits.
    for (int rm = LOWP_RNE; rm <= LOWP_RMM; rm++) begin
      $display("1.1 in E4M3, rm %0d: %h", rm, 8'(lowp_convert(binary32, 64'h3f8ccccd, e4m3, 0, rm, 0)));
    end
    for (int unsigned random = 'h3fff; random <= 'h4000; random++) begin
      $display("random bits %h: %h", 16'(random),
               16'(lowp_convert(binary32, 64'h3f80c000, bfloat16, stochastic, LOWP_DYN, random)));
    end

    // 448 x 448 + 1 with operands of E4M3 and a sum in binary16, and what NumPy's ml_dtypes does with 465.
    sum   = lowp_compute(fma, e4m3, 64'h7e, e4m3, 64'h7e, binary16, 64'h3c00, binary16, 0, LOWP_RNE, 0);
    flags = lowp_compute_flags(fma, e4m3, 64'h7e, e4m3, 64'h7e, binary16, 64'h3c00, binary16, 0, LOWP_RNE, 0);
    $display("448 x 448 + 1: %h, flags %b", 16'(sum), 5'(flags));
    $display("465 by ml_dtypes: %h", 8'(lowp_apply_rule(rule, 64'h43e88000, 0)));
    $display("7c01 for 7e00: %0d by code, %0d by class, %0d as any NaN",
             lowp_same(binary16, 64'h7c01, 64'h7e00, LOWP_SAME_CODE),
             lowp_same(binary16, 64'h7c01, 64'h7e00, LOWP_SAME_NAN_CLASS),
             lowp_same(binary16, 64'h7c01, 64'h7e00, LOWP_SAME_ANY_NAN));

    // One instruction on a register of four numbers.
    status = lowp_default_state(state);
    status |= lowp_run_instruction(instruction, state, 8192'({32'h7f800001, 32'h3f818000, 32'h00008001, 32'h3f808000}),
                                   '0, result);
    $display("VCVTNEPS2BF16: %h, status %0d", result[63:0], status);

    // 16 numbers 1, 2, ... in one block of NVFP4 and back; then their products with themselves.
    for (int i = 0; i < 16; i++) begin
      numbers[32*i+:32] = 32'(lowp_convert(lowp_format("int8"), 64'(i) + 1, binary32, 0, LOWP_RNE, 0));
    end
    status = lowp_quantise(blocks, -1, 0, numbers, 32'h41800000, codes, scale, outer);
    $display("NVFP4: %h, scale %h, outer %h, status %0d", codes[63:0], 8'(scale), outer, status);
    status = lowp_dequantise(blocks, codes, scale, outer, result);
    $display("back: %h ... %h, status %0d", result[31:0], result[511:480], status);
    $display("dot: %h", 32'(lowp_dot(unit, 16, codes, codes, c, 2048'(scale), 2048'(scale))));

    // A name that is not there.
    if (lowp_format("e4m3fm") == '1) $display("%s", lowp_last_message());
    // No $finish: Verilator's would write a line of its own.
  end
endmodule

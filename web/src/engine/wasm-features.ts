/** Which WebAssembly SIMD instructions this browser has, asked with modules of a few bytes. */

const vector = 0x7b; // v128
const simdPrefix = 0xfd;
const zeroVector = [0x41, 0x00, simdPrefix, 0x0f]; // i32.const 0, i8x16.splat

/** Whether a module compiles whose only function takes nothing and returns the vector `code` leaves. */
function validates(code: readonly number[]): boolean {
  const body = [0x00, ...code, 0x0b]; // no locals, code, end
  const functions = [0x01, body.length, ...body];
  return WebAssembly.validate(
    new Uint8Array([
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // magic, version 1
      ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, vector], // type section: () -> v128
      ...[0x03, 0x02, 0x01, 0x00], // function section: one function of type 0
      ...[0x0a, functions.length, ...functions], // code section
    ]),
  );
}

export const hasSimd = (): boolean => validates(zeroVector);

export const hasRelaxedSimd = (): boolean =>
  validates([...zeroVector, ...zeroVector, ...zeroVector, simdPrefix, 0x85, 0x02]); // f32x4.relaxed_madd

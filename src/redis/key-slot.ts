/** Bits that CRC16 (XMODEM) turns over. */
const POLYNOMIAL = 0x1021;
const SLOTS = 16_384;

/**
 * The slot of a name in a cluster: of what stands in its first braces, or of all of it
 * (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#key-distribution-model).
 */
export function keySlot(name: string): number {
  const braced = /\{([^}]+)\}/.exec(name)?.[1];
  let crc = 0;
  for (const byte of Buffer.from(braced ?? name)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ POLYNOMIAL : crc << 1) & 0xffff;
  }
  return crc % SLOTS;
}

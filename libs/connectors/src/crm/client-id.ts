import { createHash } from 'node:crypto';

/** Our own namespace of ids (RFC 9562, 5.5): never changed, or calls that are logged would be logged again. */
const namespace = Buffer.from('6f1f3c0a5d0b4f9e8a6f2c6f5a1f7d21', 'hex');

/** The UUID (version 5) that always belongs to a key: for CRMs in which whoever makes a record chooses its id. */
export function clientId(key: string): string {
  const bytes = createHash('sha1').update(namespace).update(key).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

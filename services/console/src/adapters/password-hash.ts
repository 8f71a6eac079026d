import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);

interface Cost {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** OWASP's Password Storage Cheat Sheet, the second of its equivalent choices for argon2id: 19 MiB, 2 passes. */
const cost: Cost = { memory: 19_456, passes: 2, parallelism: 1 };
/** What a hash that came from elsewhere may cost us at most. */
const highest: Cost = { memory: 262_144, passes: 10, parallelism: 8 };
const tagLength = 32;

/** Hashes a password by argon2id. Returns a PHC string. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return phcOf(cost, salt, await tagOf(password, { cost, salt, length: tagLength }));
}

/** Compared with where there is nothing to compare with, so that the time tells nobody which names exist. */
const nobodysHash = phcOf(cost, Buffer.alloc(16), Buffer.alloc(tagLength));

/** Whether it is the password of this PHC string. Without one, or with one of no use, it costs the same and is not. */
export async function verifyPassword(password: string, phc: string | undefined): Promise<boolean> {
  const known = phc === undefined ? undefined : parse(phc);
  const { cost, salt, tag } = known ?? parse(nobodysHash) ?? unreachable();
  const given = await tagOf(password, { cost, salt, length: tag.length });
  return timingSafeEqual(given, tag) && known !== undefined;
}

interface Derivation {
  readonly cost: Cost;
  readonly salt: Buffer;
  readonly length: number;
}

const tagOf = (password: string, { cost, salt, length }: Derivation): Promise<Buffer> =>
  derive('argon2id', { message: password.normalize('NFKC'), nonce: salt, tagLength: length, ...cost });

function phcOf({ memory, passes, parallelism }: Cost, salt: Buffer, tag: Buffer): string {
  const text = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${text(salt)}$${text(tag)}`;
}

const PHC = /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,4}),p=(\d{1,4})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

/** The parts of a PHC string that node can work with: salt of 8 bytes or more, tag of 16 or more. */
function parse(phc: string): { cost: Cost; salt: Buffer; tag: Buffer } | undefined {
  const [match, memory, passes, parallelism, salt = '', tag = ''] = PHC.exec(phc) ?? [];
  if (match === undefined) return undefined;
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const fits = (name: keyof Cost): boolean => cost[name] >= 1 && cost[name] <= highest[name];
  const sound = fits('memory') && fits('passes') && fits('parallelism') && cost.memory >= 8 * cost.parallelism;
  return sound ? { cost, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') } : undefined;
}

function unreachable(): never {
  throw new TypeError('our own hash cannot be read');
}

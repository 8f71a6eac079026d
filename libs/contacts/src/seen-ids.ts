/** Which contact ids a file has named already, and on which line. Grows by 12 to 24 bytes an id: 1 million ids are 24 MB. */
export interface SeenIds {
  /** The line that named it before; undefined, and remembered, when none did. */
  lineBefore(contactId: string, line: number): number | undefined;
}

interface Table {
  readonly keys: BigUint64Array;
  readonly lines: Uint32Array;
}

const tableOf = (size: number): Table => ({ keys: new BigUint64Array(size), lines: new Uint32Array(size) });

/** Open addressing over the first 64 bits of the ids, which are digests and so spread evenly. */
export function createSeenIds(): SeenIds {
  let table = tableOf(1024);
  let used = 0;
  const grow = (): void => {
    const old = table;
    table = tableOf(old.keys.length * 2);
    old.keys.forEach((key, at) => {
      if (key !== 0n) put(table, key, old.lines[at] ?? 0);
    });
  };
  return {
    lineBefore: (contactId, line) => {
      if (used * 2 > table.keys.length) grow();
      const before = put(table, keyOf(contactId), line);
      if (before === undefined) used += 1;
      return before;
    },
  };
}

/** Never 0, which marks a free place. */
const keyOf = (contactId: string): bigint => Buffer.from(contactId.slice(1), 'base64url').readBigUInt64LE(0) | 1n;

function put({ keys, lines }: Table, key: bigint, line: number): number | undefined {
  const mask = keys.length - 1;
  let at = Number((key >> 1n) & BigInt(mask));
  while (keys[at] !== 0n) {
    if (keys[at] === key) return lines[at];
    at = (at + 1) & mask;
  }
  keys[at] = key;
  lines[at] = line;
  return undefined;
}

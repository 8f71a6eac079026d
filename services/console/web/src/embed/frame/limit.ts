/** So many at once, and then so many a second: a page that asks without end is not listened to. */
export interface Limit {
  take(): boolean;
}

export function createLimit(atOnce: number, perSecond: number, now: () => number = () => performance.now()): Limit {
  let left = atOnce;
  let last = now();
  return {
    take: () => {
      const at = now();
      left = Math.min(atOnce, left + ((at - last) / 1000) * perSecond);
      last = at;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}

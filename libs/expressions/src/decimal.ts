/** A decimal number by its digits, so that ids and numbers longer than 2^53 compare exactly. */
export interface Decimal {
  readonly negative: boolean;
  /** Without leading zeros; empty for numbers below 1. */
  readonly whole: string;
  /** Without trailing zeros. */
  readonly fraction: string;
}

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/**
 * Reads `12`, `-3.50`, `+7`, `007`; undefined for everything else. Exponents, thousands separators and units are text.
 */
export function parseDecimal(text: string): Decimal | undefined {
  const [, sign, digits, decimals] = DECIMAL.exec(text.trim()) ?? [];
  if (digits === undefined) return undefined;
  const whole = digits.replace(/^0+/, '');
  const fraction = trimZerosAtEnd(decimals ?? '');
  return { negative: sign === '-' && whole + fraction !== '', whole, fraction };
}

/** Negative when `a` is less than `b`, 0 when equal, positive when greater. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.negative !== b.negative) return a.negative ? -1 : 1;
  const bySize = a.whole.length - b.whole.length || order(a.whole, b.whole) || order(a.fraction, b.fraction);
  return a.negative ? -bySize : bySize;
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A loop instead of `/0+$/`, which is quadratic on long runs of zeros that something else ends. */
function trimZerosAtEnd(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}

export interface Caller {
  readonly number: string;
  readonly name: string;
}

/** Who calls, in turn: somebody known, a number of two, nobody we know, somebody known from another country. */
export const callers: readonly Caller[] = [
  { number: '+14155550123', name: 'Maria Keller' },
  { number: '+14155550124', name: 'Keller' },
  { number: '+12025550188', name: '<unknown>' },
  { number: '+543515550199', name: 'Lucía Ibáñez' },
];

export * from './decimal.ts';
export * from './operators.ts';
export * from './phone-number.ts';

export * from './decimal.ts';
export * from './operators.ts';
export * from './phone-number.ts';
export { maxRegexInput, maxRegexPattern, regexProblem } from './safe-regex.ts';

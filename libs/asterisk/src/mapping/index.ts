export { type AmiMapper, type AmiMapperOptions, createAmiMapper } from './mapper.ts';
export { internalFamilies, internalVariables } from './variables.ts';

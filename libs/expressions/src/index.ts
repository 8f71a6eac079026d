export * from './decimal.ts';
export * from './operators.ts';
export * from './phone-number.ts';
export type { Rendered, RenderFailure, SiteFacts } from './sites/facts.ts';
export { type CatalogueEntry, parameterCatalogue } from './sites/families.ts';
export { type ParameterProblem, parameterProblems } from './sites/parameter-problems.ts';
export { renderPopAction } from './sites/pop-action.ts';
export { renderServerRequest, type ServerRequest } from './sites/server-request.ts';

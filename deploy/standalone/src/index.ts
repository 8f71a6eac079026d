export { createPortBook } from './ports.ts';
export { type House, startHouse } from './services.ts';

import type { Texts } from '../texts.ts';

export const common: Texts<'common'> = {
  again: 'Reintentar',
  cancel: 'Cancelar',
  close: 'Cerrar',
  loading: 'Cargando',
  nothing: 'Aún no hay nada.',
  save: 'Guardar',
  unreachable: 'La consola no responde. Compruebe la conexión y vuelva a intentarlo.',
};

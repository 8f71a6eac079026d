import type { Texts } from '../texts.ts';

export const timeline: Texts<'timeline'> = {
  title: 'Lo que pasó en esta llamada',
  back: 'Todas las llamadas',
  decision: 'Regla {{rule}}: a {{destination}}',
  row: 'coincidió la fila {{row}}',
  took: '{{ms}} ms',
  trace: 'traza {{traceId}}',
  attempt: 'Intento {{attempt}}',
  missing: {
    dispositions: 'Las tipificaciones no se pueden mostrar ahora.',
    deliveries: 'Lo enviado a los CRM no se puede mostrar ahora.',
  },
};

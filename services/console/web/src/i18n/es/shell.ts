import type { Texts } from '../texts.ts';

export const shell: Texts<'shell'> = {
  desk: 'Escritorio del agente',
  live: 'Llamadas en curso',
  work: 'Envíos',
  admin: 'Administración',
  menu: 'Menú',
  skip: 'Ir al contenido',
  signOut: 'Cerrar sesión',
  language: 'Idioma',
  colours: { label: 'Colores', light: 'Claro', dark: 'Oscuro', auto: 'Como el sistema' },
  stream: { connecting: 'Conectando', open: 'En directo', lost: 'Conexión perdida, reintentando' },
};

import type { Texts } from '../texts.ts';

export const adminPeople: Texts<'adminPeople'> = {
  roles: { agent: 'Agente', supervisor: 'Supervisor', admin: 'Administrador' },
  roleHelp: {
    agent: 'Solo su puesto: las llamadas de un agente.',
    supervisor: 'Ve todas las llamadas y su historia.',
    admin: 'Puede hacerlo todo, también esta administración.',
  },
  user: {
    username: 'Usuario',
    usernameHelp: 'Lo que se escribe para entrar. Pertenece a una sola persona.',
    role: 'Rol',
    agent: 'Agente',
    agentHelp: 'Cuyas llamadas aparecen en el puesto.',
    disabled: 'Desactivado',
    disabledHelp: 'No puede entrar y su sesión termina al instante.',
    state: 'Estado',
    enabled: 'Activo',
    password: 'Fijar una contraseña',
    newPassword: 'Nueva contraseña',
    passwordHelp: 'Al menos 10 caracteres. Termina todas las sesiones de esta persona.',
    passwordSet: 'La contraseña está fijada.',
    passwordFirst: 'Guarde primero al usuario; después se puede fijar aquí la contraseña.',
  },
};

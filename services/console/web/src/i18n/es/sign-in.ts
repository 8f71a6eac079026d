import type { Texts } from '../texts.ts';

export const signIn: Texts<'signIn'> = {
  title: 'Iniciar sesión',
  username: 'Usuario',
  password: 'Contraseña',
  tenant: 'Cliente',
  tenantHelp: 'Solo si su usuario existe en varios.',
  submit: 'Iniciar sesión',
  refused: {
    password:
      'El nombre de usuario o la contraseña no es correcto. Si varios clientes tienen ese nombre, indique también el cliente.',
    token: 'No se conoce este token de API.',
    limited: 'Demasiadas contraseñas incorrectas. Espere unos minutos e inténtelo de nuevo.',
  },
  withToken: 'Entrar con un token de API',
  withPassword: 'Entrar con una contraseña',
  token: 'Token de API',
  tokenHelp: 'Un token con el alcance sessions:read muestra las llamadas; uno con admin, todo.',
  soon: {
    title: 'Su sesión está a punto de cerrarse',
    unused: 'Nadie ha usado esta página desde hace un rato.',
    longest:
      'La sesión ha llegado a su duración máxima. Termine lo que está haciendo; después tendrá que iniciarla de nuevo.',
    stay: 'Mantener la sesión',
  },
  again: {
    title: 'Inicie sesión de nuevo',
    text: 'Su sesión ha terminado. La página sigue como la dejó, también lo que ha escrito.',
    other: 'Soy otra persona',
  },
};

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
  with: 'Iniciar sesión con {{name}}',
  withHelp: 'Se abre una pestaña nueva. Vuelva aquí cuando haya iniciado sesión.',
  or: 'o',
  problems: {
    provider_unavailable:
      'El proveedor de identidad no responde. Inténtelo de nuevo en un momento o avise a su administrador.',
    provider_answer_invalid: 'La respuesta del proveedor de identidad no es de confianza. Avise a su administrador.',
    provider_refused:
      'El proveedor de identidad no le ha dejado entrar. Inténtelo de nuevo o avise a su administrador.',
    not_found: 'Esta forma de iniciar sesión ya no existe. Elija otra.',
    sign_in_unknown: 'Este inicio de sesión ya se usó o duró más de 10 minutos. Empiécelo de nuevo.',
    person_unknown: 'Aún no es usuario aquí. Pida a su administrador que le añada.',
    person_disabled: 'Su usuario está desactivado. Consulte a su administrador.',
    person_refused: 'Su usuario no está configurado del todo, por ejemplo sin agente. Consulte a su administrador.',
    mail_refused: 'Su dirección de correo no está verificada o su dominio no se admite aquí.',
    role_missing: 'El proveedor de identidad no le da ningún rol aquí. Consulte a su administrador.',
    username_missing: 'El proveedor de identidad no dice quién es usted. Consulte a su administrador.',
    username_taken: 'Su nombre de usuario pertenece aquí a otra persona. Consulte a su administrador.',
    too_many_tries: 'Demasiados intentos. Espere unos minutos e inténtelo de nuevo.',
    other: 'No se ha podido iniciar sesión. Inténtelo de nuevo o avise a su administrador.',
  },
};

import type { Texts } from '../texts.ts';

export const embed: Texts<'embed'> = {
  demo: {
    title: 'Pruébelo en un minuto',
    call: 'Inicie las llamadas: entra una cada pocos segundos',
    answer: 'Descuelgue y mire la ficha del cliente',
    dispose: 'Cuelgue, elija una calificación y guárdela',
    done: 'hecho',
    start: 'Iniciar llamadas',
    stop: 'Detener llamadas',
    pickUp: 'Descolgar el teléfono',
    look: 'Lo que guarda se escribe solo en el CRM:',
    arrived: 'Ya ha llegado. Vea lo que se ha escrito:',
    crm: 'abrir el CRM de demostración',
    now: {
      idle: 'Clientes grabados llaman a este puesto cuando usted lo diga.',
      soon: 'La próxima llamada suena en un momento.',
      away: 'Está en pausa o desconectado: no suena ninguna llamada hasta que esté disponible.',
      after: 'Trabajo posterior: la próxima llamada suena cuando lo termine.',
      ringing: 'Su teléfono suena.',
      calling: 'El teléfono del cliente suena.',
      talking: 'Está hablando con el cliente.',
      held: 'El cliente está en espera.',
    },
  },
  frame: {
    signIn: 'Iniciar sesión',
    signInHelp: 'La sesión se inicia en una ventana aparte: no escriba nunca su contraseña en otra página.',
    blocked:
      'El navegador ha bloqueado la ventana. Permita las ventanas emergentes de esta dirección y pulse otra vez el botón.',
    late: 'Ha tardado demasiado. Pulse otra vez el botón.',
    noCookie:
      'El navegador no guarda cookies en un marco. Permita las cookies de esta dirección en su configuración, o use el puesto en una pestaña.',
    signedIn: 'Ha iniciado sesión',
    closeHelp: 'El puesto de la otra página ya lo sabe. Puede cerrar esta ventana.',
    apart: 'Cierre ahora esta ventana y pulse una vez más «Iniciar sesión» en la otra página: entrará enseguida.',
    otherTenant:
      'Tiene la sesión iniciada en otro sitio. Este es el puesto de «{{tenant}}»: inicie sesión allí para usarlo.',
    elsewhere: {
      title: 'Tiene la sesión iniciada en «{{here}}»',
      help: 'La página que abrió esta ventana muestra el puesto de «{{there}}». Un navegador tiene sesión en uno solo a la vez: si cambia, se cierra la sesión de «{{here}}» en todas las pestañas.',
      change: 'Cerrar la sesión e iniciarla en «{{there}}»',
      stay: 'Seguir en «{{here}}»',
    },
    whole: 'Abrir el puesto en una pestaña',
  },
};
